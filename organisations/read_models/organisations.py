"""Organisations in lists and in full, with everything dated about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from organisations.domain.counts import readable
from organisations.domain.vocabulary import (
    Basis,
    ChangeKind,
    ChangeStatus,
    Constituency,
    OpenedBasis,
    PopulationBasis,
    RelationshipKind,
)
from pcorg.core.portfolios import Coverage
from pcorg.core.read_models import (
    Address,
    Converted,
    Share,
    Source,
    component,
)

AT_LEAST = "Whether some of its people are not known, so that there may be more"


def carried_back(counted_on: date, context: Mapping[str, Any]) -> bool:
    """Whether a count was made after the day asked about, for want of an earlier one."""
    on = context.get("as_of")
    return on is not None and counted_on > on


def part_codes(parts: list[Any], context: Mapping[str, Any]) -> list[str]:
    """The codes of the organisations from whose counts a population was computed."""
    return [part["code"] for part in readable(parts)]


class FormBrief(TypedDict):
    """The form of an organisation."""

    slug: Annotated[str, Source("form")]
    label: Annotated[str, Source("form_label")]
    level: Annotated[int | None, Source("form_level")]


class PopulationBrief(TypedDict):
    """People of an organisation; everything null where unknown."""

    count: Annotated[int | None, Source("people")]
    on: Annotated[date | None, Source("people_on")]
    basis: Annotated[str | None, Source("people_basis"), PopulationBasis]
    carried_back: Annotated[bool | None, Source("people_on"), Converted(carried_back)]
    at_least: Annotated[bool | None, AT_LEAST, Source("people_at_least")]
    computed_from: Annotated[
        list[str] | None, "Codes of whose counts it was computed", Source("people_parts"), Converted(part_codes)
    ]


@component("CountPart")
class CountedPart(TypedDict):
    """A count that a computed population was worked out from; null where the body's population was not known."""

    code: str
    share: Annotated[Share, "The part of its people that was taken"]
    count: Annotated[int | None, "All of its people"]
    on: Annotated[date | None, "The day of the count, or of its own oldest part"]
    basis: Annotated[str | None, PopulationBasis]
    at_least: Annotated[bool, "Whether that count was itself known only in part"]


class OrganisationItem(TypedDict):
    """An organisation in a list. Form, name, people and accountability are those of the day, or the last
    known."""

    code: str
    name: str | None
    form: Annotated[FormBrief, Source("*")]
    opened: date
    closed: date | None
    population: Annotated[PopulationBrief, Source("*")]
    accountable_to: str | None
    portfolio: Annotated[str, Source("portfolio_id")]
    illustrative: Annotated[bool, Source("portfolio.illustrative")]
    url: NotRequired[Annotated[str, Address("api:organisation-detail", "code")]]


class Known(TypedDict):
    """How a fact is known."""

    basis: Annotated[str, Basis]
    source: Annotated[str, "Slug of the source and the place in it; empty where there is none"]
    note: str


class Ending(TypedDict):
    """How an end is known: the change that brought it, with its basis and source; without one, those of the fact."""

    change: Annotated[int | None, "Null where the end is stated and no change brought it"]
    basis: Annotated[str, Basis]
    source: str


class Spell(Known):
    """A fact that holds from `start` up to, and not including, `end`."""

    start: date
    end: date | None
    begun_by: Annotated[int | None, "The change that began it; null where none did"]
    ended: Annotated[Ending | None, "How its end is known; null while it has none"]


class NameSpell(Spell):
    """A name for a period."""

    name: str


class FormSpell(Spell):
    """A form for a period."""

    slug: str
    label: str
    level: int | None


class RelationshipSpell(Spell):
    """A tie seen from the organisation: `to` the other, `from` the other, or `both` where it reads the
    same."""

    kind: Annotated[str, RelationshipKind]
    organisation: Annotated[str, "Code of the other body"]
    name: str
    direction: Literal["to", "from", "both"]
    share: Share | None


class SeatSpell(Spell):
    """Seats of a constituency on the board for a period."""

    constituency: Annotated[str, Constituency]
    seats: int


@component("PopulationCount")
class RecordedPopulation(TypedDict):
    """People counted on a day: `basis` says how they were counted, `known` how the figure is known."""

    count: int
    on: Annotated[date, "The day of the count, or of the oldest one that it was computed from"]
    basis: Annotated[str, PopulationBasis]
    at_least: Annotated[bool, AT_LEAST]
    standing_from: Annotated[date, "From this day on it stands: a computed one from its change"]
    parts: list[CountedPart]
    known: Annotated[str, Basis]
    source: str
    note: str


class ChangeBrief(TypedDict):
    """A change an organisation took part in."""

    id: int
    kind: Annotated[str, ChangeKind]
    effective_on: date
    status: Annotated[str, ChangeStatus]
    recorded: Annotated[bool, "History from a register or document, not a proposal made here"]
    basis: Annotated[str, Basis]
    title: str
    roles: list[Literal["original", "resulting"]]


class CurrentForm(TypedDict):
    """The form of the day with how it is known."""

    slug: str
    label: str
    level: int | None
    basis: Annotated[str, Basis]


class CurrentPopulation(TypedDict):
    """The count that stands for the day; everything null where nothing is known. A computed one was worked out by a
    change from the counts in `parts`; its day is that of the oldest."""

    count: int | None
    on: date | None
    basis: Annotated[str | None, PopulationBasis]
    carried_back: bool | None
    at_least: Annotated[bool | None, AT_LEAST]
    standing_from: date | None
    parts: list[CountedPart]


class BodyName(TypedDict):
    """An organisation by code and name."""

    code: str
    name: str


class OrganisationDetail(TypedDict):
    """Everything about one organisation."""

    code: str
    name: str
    portfolio: str
    illustrative: bool
    opened: date
    opened_basis: Annotated[str, OpenedBasis]
    closed: date | None
    form: CurrentForm | None
    population: CurrentPopulation
    accountable_to: BodyName | None
    names: list[NameSpell]
    forms: list[FormSpell]
    relationships: list[RelationshipSpell]
    populations: list[RecordedPopulation]
    board: Annotated[dict[str, int], "Seats by constituency"]
    board_seats: list[SeatSpell]
    changes: list[ChangeBrief]
    coverage: Coverage
    basis: Annotated[str, Basis]
    source: str
    note: str
    closing: Annotated[Ending | None, "How its closing is known; null while it is open"]
    url: NotRequired[Annotated[str, Address("api:organisation-detail", "code")]]


class TimelineEntry(TypedDict):
    """One dated fact; its further fields are those of its type."""

    type: Literal["change", "name", "form", "board", "population", "relationship"]
    start: date
    end: date | None


class Timeline(TypedDict):
    """Everything dated about an organisation in order of time."""

    code: str
    name: str
    opened: date
    opened_basis: Annotated[str, OpenedBasis]
    closed: date | None
    coverage: Coverage
    entries: list[TimelineEntry]
