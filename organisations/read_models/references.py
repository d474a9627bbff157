"""Reference records: forms, transition rules, checks, sources, the glossary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, NotRequired, TypedDict

from organisations.domain.vocabulary import Applies, Family, Nature, Route
from pcorg.core.read_models import (
    SUPPLIED,
    Address,
    Digits,
    Source,
    component,
)


@component("Citation")
class CitationOfRecord(TypedDict):
    """Where a record is from: the source's slug, the place in it, and a note."""

    slug: Annotated[str | None, Source("source_id")]
    locator: str
    note: str


class FormDocument(TypedDict):
    """An organisational form: what such a body is, may do, and when it could exist.

    A capability is null where no source states it. `commissioning_share` is the fraction (0 to 1) of services it
    commissions for its population, where a source gives a number; `commissioning_note` says it in words.
    `population_min` and `population_max` are the sizes that such bodies had in patients, both included;
    `population_expected` is the average that was predicted for them, which is no limit. `last_date` is the first
    day on which no such body could exist any more. `checks` are asked of such a body where no declared step leads
    to it.
    """

    slug: str
    label: str
    plural: str
    family: Annotated[str, Family]
    level: int | None
    nature: Annotated[str, Nature]
    free_standing: bool | None
    pilot: bool
    advises: bool | None
    holds_budget: bool | None
    commissions: bool | None
    provides_primary_care: bool | None
    provides_community_services: bool | None
    provides_social_care: bool | None
    commissioning_share: Annotated[Decimal | None, Digits(4, 3)]
    commissioning_note: str
    accountable_to: Annotated[list[str], "Slugs of the forms it answers to", SUPPLIED]
    population_min: int | None
    population_max: int | None
    population_expected: int | None
    population_note: str
    first_date: date | None
    last_date: date | None
    ods_role: Annotated[str, "Role of the NHS Organisation Data Service, or empty"]
    summary: str
    checks: Annotated[list[str], "Codes of the checks asked where no step leads to it", SUPPLIED]
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:form-detail", "slug")]]


class TransitionRuleDocument(TypedDict):
    """One step of the declared graph: from a form to a form by a route, between two days, both included."""

    id: int
    from_form: Annotated[str, Source("from_form_id")]
    to_form: Annotated[str, Source("to_form_id")]
    route: Annotated[str, Route]
    earliest: date | None
    latest: date | None
    consultation: Annotated[bool, "Consultation is required: `consultation-held` is among its checks", SUPPLIED]
    joint_agreement: Annotated[
        bool, "Agreement of the NHS and council partners is required: `joint-agreement` is among its checks", SUPPLIED
    ]
    checks: Annotated[list[str], "Codes of the checks that apply", SUPPLIED]
    source: Annotated[str | None, Source("source_id")]
    locator: str
    note: str


class SourceDocument(TypedDict):
    """Where facts come from."""

    slug: str
    title: str
    author: str
    publisher: str
    year: int | None
    licence: str
    note: str
    url: NotRequired[Annotated[str, Address("api:source-detail", "slug")]]


class GlossaryDocument(TypedDict):
    """A term and what it means."""

    term: str
    abbreviation: str
    meaning: str
    forms: Annotated[list[str], "Slugs of the forms it is about", SUPPLIED]
    citation: Annotated[CitationOfRecord, Source("*")]


class CheckDocument(TypedDict):
    """A policy check: what it asks, how strictly, of which changes, and what can settle it.

    `severity` is the outcome where the check is not met; what is not known only advises. `applies` is `always` for a
    check of every change that it concerns, `declared` for one that the rule of the step or the form names.
    """

    code: str
    title: str
    question: str
    severity: Literal["advise", "block"]
    applies: Annotated[str, Applies]
    settled_by: Literal["data", "evidence", "either"]
    citation: Annotated[CitationOfRecord, Source("*")]
