"""Provider arms with their groups of services, pilots of personal medical services, answers to recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, NotRequired, TypedDict

from commissioning.domain.vocabulary import AnswerState, PilotEnd, PilotVariant, Separation
from commissioning.read_models.holdings import (
    HoldingItem,
    OwnedSpell,
    Pounds,
    ThingDetail,
    WholeTime,
    by_then,
    in_force,
    is_after,
    keys,
)
from organisations.domain.vocabulary import Basis
from organisations.read_models.references import CitationOfRecord
from pcorg.core.read_models import (
    LAST,
    SUPPLIED,
    Address,
    Converted,
    Source,
)


def days_left(term_ends: date, context: Mapping[str, Any]) -> int | None:
    """Days of a term that are left from the day asked about on, that day included; negative where it is over. None
    where no day is asked about."""
    on = context.get("as_of")
    return (term_ends - on).days if on is not None else None


def form_by_then(group: Any, context: Mapping[str, Any]) -> str | None:
    """The form chosen for a group of services by the day asked about."""
    return None if group.chosen_on is None or is_after(group.chosen_on, context) else group.chosen_form_id


def approaches_by_then(arm: Any, context: Mapping[str, Any]) -> list[str]:
    """The approaches a trust takes, but for those recorded of a later day than the one asked about."""
    return [] if is_after(arm.approaches_on, context) else keys(arm.approaches, context)


def groups_held(groups: Any, context: Mapping[str, Any]) -> list[Any]:
    """The groups of an arm; with a day, those that somebody holds then."""
    return [group for group in groups.all() if context["as_of"] is None or in_force(group.holdings, context)]


class ArmItem(HoldingItem):
    """A provider arm, the trust it is part of, and how far it is separated."""

    organisation: Annotated[str, Source("organisation_id")]
    separation: Annotated[str, Separation]
    approaches: Annotated[
        list[str],
        "Slugs of the approaches the trust takes; not those recorded of a later day than the one asked about",
        SUPPLIED,
    ]
    approaches_on: Annotated[date | None, "The day of which they are recorded; null where they are not dated"]
    groups: Annotated[list[str], "Codes of its groups of services", SUPPLIED]
    url: NotRequired[Annotated[str, Address("api:provider-arm-detail", "item_id"), LAST]]


class GroupItem(HoldingItem):
    """Services of a provider arm that belong together, who holds them, and the form chosen for them, if any."""

    arm: Annotated[str, "Code of the provider arm", Source("item.arm_id")]
    organisation: Annotated[str, Source("organisation_id")]
    services: Annotated[list[str], "Slugs of its services", SUPPLIED]
    coherence: Annotated[str, "Why they belong together", Source("item.coherence")]
    chosen_form: Annotated[str | None, "Slug of the form; null where none had been chosen by the day asked about"]
    chosen_on: date | None
    url: NotRequired[Annotated[str, Address("api:portfolio-group-detail", "item_id"), LAST]]


class PmsPilotItem(TypedDict):
    """A pilot of personal medical services: a body with a local contract for a term. What is not recorded is null."""

    organisation: Annotated[str, "Code of the pilot body", Source("code")]
    name: str | None
    wave: int | None
    variant: Annotated[str | None, PilotVariant]
    provider: Annotated[str | None, "Code of the body that runs it"]
    contract: str | None
    commissioner: Annotated[str | None, "Code of the body it has the contract with"]
    annual_value: Annotated[Pounds | None, "Of the contract"]
    salaried_gps: Annotated[WholeTime | None, "Whole-time equivalent"]
    nurses: Annotated[WholeTime | None, "Whole-time equivalent"]
    practices: Annotated[list[str], "Codes of the practices that take part", SUPPLIED]
    opened: date
    closed: date | None
    term_ends: Annotated[date | None, "First day after the term"]
    days_left: Annotated[int | None, Source("term_ends"), Converted(days_left)]
    at_end: Annotated[str | None, PilotEnd]
    portfolio: Annotated[str, Source("portfolio_id")]
    illustrative: Annotated[bool, "Invented", Source("portfolio.illustrative")]
    url: NotRequired[Annotated[str, Address("api:pms-pilot-detail", "code")]]


class AnswerItem(TypedDict):
    """How a trust answers a recommendation on a day. The latest answer stands."""

    id: int
    organisation: Annotated[str, Source("organisation_id")]
    recommendation: Annotated[str, "Slug of the recommendation", Source("recommendation_id")]
    state: Annotated[str, AnswerState]
    evidence: str
    answered_on: date
    by: str
    portfolio: Annotated[str, Source("organisation.portfolio_id")]
    illustrative: Annotated[bool, "Invented", Source("organisation.portfolio.illustrative")]
    url: NotRequired[Annotated[str, Address("api:recommendation-answer-detail", "id")]]


class SeparationSpell(OwnedSpell):
    """The trust an arm was part of, and how far it was separated."""

    separation: Annotated[str, Separation]


class MilestoneDocument(TypedDict):
    """A step on the way of an arm's separation."""

    title: str
    due: date
    reached: Annotated[date | None, "Null where it had not been reached by the day asked about", Converted(by_then)]
    basis: Annotated[str, Basis]
    source: Annotated[str, Source("citation")]


class GroupDetail(ThingDetail):
    """A group of services of a provider arm, the form chosen for it by the day, and who held it."""

    arm: Annotated[str, Source("arm_id")]
    services: Annotated[list[str], Converted(keys)]
    coherence: str
    chosen_form: Annotated[str | None, Source("*"), Converted(form_by_then)]
    chosen_on: Annotated[date | None, Converted(by_then)]
    holdings: Annotated[list[OwnedSpell], Converted(in_force)]
    url: NotRequired[Annotated[str, Address("api:portfolio-group-detail", "code")]]


class ArmDetail(ThingDetail):
    """A provider arm: how far it was separated over time, its groups of services, its milestones."""

    approaches: Annotated[
        list[str],
        "Not those recorded of a later day than the one asked about",
        Source("*"),
        Converted(approaches_by_then),
    ]
    approaches_on: Annotated[
        date | None, "The day of which they are recorded; null where not dated", Converted(by_then)
    ]
    separations: Annotated[list[SeparationSpell], Source("holdings"), Converted(in_force)]
    groups: Annotated[list[GroupDetail], "With a day, those that somebody holds then", Converted(groups_held)]
    milestones: list[MilestoneDocument]
    url: NotRequired[Annotated[str, Address("api:provider-arm-detail", "code")]]


class PilotCitation(CitationOfRecord):
    """Where the particulars of a pilot are from, else where the body is."""

    slug: Annotated[str | None, Source("cited")]
    locator: Annotated[str, Source("cited_at")]
    note: Annotated[str, Source("noted")]


class PmsPilotDetail(PmsPilotItem):
    """A pilot with how it is known."""

    basis: Annotated[str, Source("known_basis"), Basis]
    citation: Annotated[PilotCitation, Source("*")]
