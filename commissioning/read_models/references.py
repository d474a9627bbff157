"""Reference records: services, staff groups, contract types, approaches, recommendations, options for provider arms."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from commissioning.domain.vocabulary import Addressee, Answer, ApproachList, Axis, ClientGroup, Tier
from commissioning.models.reference import LEGAL_ATTRIBUTES
from organisations.domain.vocabulary import Family
from organisations.read_models.references import CitationOfRecord
from pcorg.core.read_models import (
    SUPPLIED,
    Address,
    Converted,
    Source,
    without_nothing,
)


class ServiceGroupDocument(TypedDict):
    """A group of community services."""

    slug: str
    label: str
    summary: str
    services: Annotated[list[str], "Slugs of its services, in the order of the source", SUPPLIED]
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:service-group-detail", "slug")]]


class ServiceDocument(TypedDict):
    """A community service of the catalogue. `tier` is null where the source's figure does not name the service."""

    slug: str
    label: str
    group: Annotated[str, "Slug of its group", Source("group_id")]
    tier: Annotated[str | None, Tier, Converted(without_nothing)]
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:service-detail", "slug")]]


class RoleDocument(TypedDict):
    """What a staff group does for a client group. `ambiguous`: the source's layout leaves open whom it is about."""

    client_group: Annotated[str, ClientGroup]
    text: str
    ambiguous: bool
    source: Annotated[str, "Source and place", Source("citation")]
    note: str


class StaffGroupDocument(TypedDict):
    """A profession or other group of staff, and whom it serves."""

    slug: str
    label: str
    summary: str
    roles: Annotated[list[RoleDocument], SUPPLIED]
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:staff-group-detail", "slug")]]


class ContractTypeDocument(TypedDict):
    """A kind of contract. An `agreement` cannot be enforced in law, and a body may have it with itself."""

    slug: str
    label: str
    summary: str
    agreement: bool
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:contract-type-detail", "slug")]]


class ApproachDocument(TypedDict):
    """What trusts do about provision: a stance of the review or a route named at the seminar."""

    slug: str
    list: Annotated[str, "Which list it is of", Source("drawn_from"), ApproachList]
    axis: Annotated[str | None, "What a stance is about; null for a route", Axis, Converted(without_nothing)]
    label: str
    summary: str
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:approach-detail", "slug")]]


class RecommendationDocument(TypedDict):
    """A recommendation of the report, in our words. General ones stand under a theme."""

    slug: str
    addressee: Annotated[str, Addressee]
    theme: str
    text: str
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:recommendation-detail", "slug")]]


class BenefitDocument(TypedDict):
    """A benefit of a form, in our words."""

    text: str
    source: Annotated[str, "Source and place", Source("citation")]


class RiskDocument(BenefitDocument):
    """A risk of a form, in our words. `ambiguous`: the source leaves open whether it is one; `note` says why."""

    ambiguous: bool
    note: str


class AttributesDocument(TypedDict):
    """Legal attributes. The coding is ours: `yes` and `no` where the source says so, `possible` where it says might,
    could or under a condition, `unknown` where it does not say. Of `untested`, `no` means that it is called
    established."""

    separate_entity: Annotated[str, LEGAL_ATTRIBUTES["separate_entity"], Answer]
    charity: Annotated[str, LEGAL_ATTRIBUTES["charity"], Answer]
    pensions: Annotated[str, LEGAL_ATTRIBUTES["pensions"], Answer]
    asset_lock: Annotated[str, LEGAL_ATTRIBUTES["asset_lock"], Answer]
    monopoly: Annotated[str, LEGAL_ATTRIBUTES["monopoly"], Answer]
    profit: Annotated[str, LEGAL_ATTRIBUTES["profit"], Answer]
    staff_ownership: Annotated[str, LEGAL_ATTRIBUTES["staff_ownership"], Answer]
    untested: Annotated[str, LEGAL_ATTRIBUTES["untested"], Answer]
    accountability_framework: Annotated[str, LEGAL_ATTRIBUTES["accountability_framework"], Answer]
    regulator: Annotated[str, "Who regulates it; empty where the source does not say"]


class ArmOptionDocument(TypedDict):
    """A form that a provider arm may take: benefits, risks, legal attributes. The coding of the attributes is ours."""

    slug: Annotated[str, "Slug of the form", Source("form_id")]
    label: Annotated[str, Source("form.label")]
    family: Annotated[str, Source("form.family"), Family]
    benefits: Annotated[list[BenefitDocument], SUPPLIED]
    risks: Annotated[list[RiskDocument], SUPPLIED]
    attributes: Annotated[AttributesDocument, Source("*")]
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:provider-arm-option-detail", "form_id")]]
