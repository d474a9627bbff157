"""The page of one organisation, in words: its standing on the day, what it was, and everything dated about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from organisations.domain.lineage import HeldShare
from organisations.domain.vocabulary import (
    ChangeKind,
    ChangeStatus,
    Constituency,
    RelationshipKind,
)
from organisations.models import Form, Source
from organisations.read_models.lineage import Lineage
from organisations.read_models.organisations import (
    ChangeBrief,
    FormSpell,
    OrganisationDetail,
    RelationshipSpell,
    SeatSpell,
    Spell,
)
from organisations.web.drawing.lineage import BoxState
from organisations.web.presenters.forms import CAPABILITIES, commissioned, population_bounds
from organisations.web.presenters.organisation_drawings import (
    ANSWERING,
    LifeDrawing,
    LineageDrawing,
    last_day,
    life_of,
    lineage_of,
    standing,
)
from organisations.web.presenters.populations import CountRow, chart_of, counts_of
from organisations.web.presenters.references import Citation, Ended, ProvenanceNote, References
from pcorg.core.names import fold
from pcorg.core.pages.jinja2 import day, percent
from pcorg.core.pages.scope import Scope

STANDINGS = {
    BoxState.IN_FORCE: ("In force", "green"),
    BoxState.NOT_YET_OPEN: ("Not yet open", "blue"),
    BoxState.CLOSED: ("Closed", "grey"),
}
# How each tie reads from the body's own side, in the order of the page.
TIES = {
    (RelationshipKind.ACCOUNTABLE_TO, "to"): "Answers to",
    (RelationshipKind.SUB_COMMITTEE_OF, "to"): "Sub-committee of",
    (RelationshipKind.OPERATED_BY, "to"): "Run by",
    (RelationshipKind.COMMISSIONED_BY, "to"): "Commissioned by",
    (RelationshipKind.MEMBER_OF, "to"): "Member of",
    (RelationshipKind.LOCATED_IN, "to"): "Councils of its area",
    (RelationshipKind.SERVES, "to"): "Serves",
    (RelationshipKind.MEMBER_OF, "from"): "Members",
    (RelationshipKind.SUB_COMMITTEE_OF, "from"): "Its sub-committees",
    (RelationshipKind.ACCOUNTABLE_TO, "from"): "Bodies that answer to it",
    (RelationshipKind.OPERATED_BY, "from"): "Runs",
    (RelationshipKind.COMMISSIONED_BY, "from"): "Commissions",
    (RelationshipKind.SERVES, "from"): "Served by",
    (RelationshipKind.LOCATED_IN, "from"): "Bodies in its area",
    (RelationshipKind.PARTNER_OF, "both"): "Partners",
    (RelationshipKind.NEIGHBOUR_OF, "both"): "Neighbours",
    (RelationshipKind.OVERLAPS, "to"): "Overlaps the area of",
    (RelationshipKind.OVERLAPS, "from"): "Its area is overlapped by",
}


@dataclass(frozen=True)
class RelationshipRow:
    """A tie to another body, between two days."""

    name: str
    code: str
    href: str
    share: str
    start: date
    last: date | None
    known: ProvenanceNote
    ended: Ended | None


@dataclass(frozen=True)
class Status:
    """How the body stands on the day. Where it is not in force, `shown` is the nearest day on which it was."""

    label: str
    colour: str
    in_force: bool
    closed: bool
    opened: date
    opened_recorded: bool
    last: date | None
    shown: date
    shown_href: str


@dataclass(frozen=True)
class FormShown:
    """The form on the day and what a body of it may do."""

    label: str
    href: str
    level: int | None
    abilities: list[str]
    commissioned: str
    bounds: str
    known: ProvenanceNote


@dataclass(frozen=True)
class Seats:
    """Seats of one constituency on the board."""

    constituency: str
    seats: int
    start: date
    last: date | None
    known: ProvenanceNote
    ended: Ended | None


@dataclass(frozen=True)
class OrganisationChangeRow:
    """A change it took part in; `part` says how."""

    number: int
    title: str
    href: str
    on: date
    kind: str
    status: str
    part: str


@dataclass(frozen=True)
class StandInRow:
    """A body that holds a share of the people of this one, by way of the bodies between them. `known` says how the
    share is known."""

    name: str
    code: str
    href: str
    share: str
    by_way_of: list[str]
    known: str
    open: bool


@dataclass(frozen=True)
class OrganisationPage:
    """Everything the page of one organisation shows."""

    code: str
    name: str
    illustrative: bool
    portfolio: str
    status: Status
    form: FormShown | None
    answers_to: list[RelationshipRow]
    councils: list[RelationshipRow]
    population: CountRow | None
    counts: list[CountRow]
    chart: dict[str, Any] | None
    board: list[Seats]
    ties: list[tuple[str, list[RelationshipRow]]]
    other_ties: list[tuple[str, list[RelationshipRow]]]
    life: LifeDrawing
    lineage: LineageDrawing | None
    stand_ins: list[StandInRow]
    stand_ins_of: str
    data_from: date
    data_to: date
    since: date | None
    origins: list[StandInRow]
    changes: list[OrganisationChangeRow]
    known: ProvenanceNote
    closing: Ended | None
    sources: list[tuple[int, Citation]]
    api: list[tuple[str, str]]


def page_of(
    detail: OrganisationDetail,
    lineage: Lineage,
    stand_ins: Iterable[tuple[HeldShare, bool]],
    *,
    since: date | None,
    origins: Iterable[tuple[HeldShare, bool]],
    forms: Mapping[str, Form],
    sources: Mapping[str, Source],
    portfolio: str,
    scope: Scope,
) -> OrganisationPage:
    """The page from what the queries tell of a body at all times; `stand_ins` are those of the day, for the
    people whom it had on the day `since` (None: when it opened); so are `origins`, the bodies behind it."""
    references = References(sources, about=scope.link("about-the-data"))
    status = status_of(detail, scope)
    shown = status.shown
    labels = {slug: form.label for slug, form in forms.items()}
    ties = [tie for tie in detail["relationships"] if _holds(tie, shown)]
    others = [tie for tie in detail["relationships"] if not _holds(tie, shown)]
    name = _of_day(detail["names"], shown)
    # In the order in which the page cites them, so that its references count up.
    known = references.known(detail)
    closing = references.ended(detail["closing"], scope)
    form = _form(_of_day(detail["forms"], shown), forms, scope, references)
    answers_to = [_relationship(tie, scope, references) for tie in ties if _reads(tie, ANSWERING)]
    councils = [_relationship(tie, scope, references) for tie in ties if _reads(tie, {RelationshipKind.LOCATED_IN})]
    counts = counts_of(detail["populations"], shown, references)
    return OrganisationPage(
        code=detail["code"],
        name=name["name"] if name else detail["name"],
        illustrative=detail["illustrative"],
        portfolio=portfolio,
        status=status,
        known=known,
        closing=closing,
        form=form,
        answers_to=answers_to,
        councils=councils,
        population=next((count for count in counts if count.applies), None),
        counts=counts,
        chart=chart_of(detail, counts, scope),
        life=life_of(detail, scope, references),
        lineage=lineage_of(lineage, labels, scope, records_begin=detail["coverage"]["from"]),
        stand_ins=[_stand_in(*holding, lineage, scope) for holding in stand_ins],
        stand_ins_of=f"it had on {day(since)}" if since else f"it opened with on {day(detail['opened'])}",
        data_from=detail["opened"],
        data_to=min(scope.on, shown),
        since=since,
        origins=[_stand_in(*holding, lineage, scope) for holding in origins],
        changes=[_change(change, number, scope) for number, change in enumerate(detail["changes"], start=1)],
        ties=_grouped(ties, scope, references),
        other_ties=_grouped(others, scope, references),
        board=[_seats(seat, scope, references) for seat in detail["board_seats"] if _holds(seat, shown)],
        sources=references.listed,
        api=_api(detail["code"], shown),
    )


def status_of(detail: OrganisationDetail, scope: Scope) -> Status:
    """How the body stands on the day of the page."""
    stands = standing(detail["opened"], detail["closed"], scope.on)
    last = last_day(detail["closed"])
    shown = scope.on
    if stands is BoxState.NOT_YET_OPEN:
        shown = detail["opened"]
    elif stands is BoxState.CLOSED and last is not None:
        shown = last
    label, colour = STANDINGS[stands]
    return Status(
        label=label,
        colour=colour,
        in_force=stands is BoxState.IN_FORCE,
        closed=stands is BoxState.CLOSED,
        opened=detail["opened"],
        opened_recorded=detail["opened_basis"] == "recorded",
        last=last,
        shown=shown,
        shown_href=scope.link("organisation", detail["code"], as_of=shown.isoformat()),
    )


def _holds(fact: Mapping[str, Any], on: date) -> bool:
    return fact["start"] <= on and (fact["end"] is None or on < fact["end"])


Fact = TypeVar("Fact", bound=Spell)


def _of_day(facts: Iterable[Fact], on: date) -> Fact | None:
    return next((fact for fact in facts if _holds(fact, on)), None)


def _reads(tie: Mapping[str, Any], kinds: Iterable[RelationshipKind]) -> bool:
    return tie["direction"] == "to" and tie["kind"] in kinds


def _form(fact: FormSpell | None, forms: Mapping[str, Form], scope: Scope, references: References) -> FormShown | None:
    if fact is None:
        return None
    form = forms[fact["slug"]]
    return FormShown(
        label=form.label,
        href=scope.link("form", form.slug),
        level=form.level,
        abilities=[meaning for field, _, meaning in CAPABILITIES if getattr(form, field)],
        commissioned=commissioned(form) if form.commissions else "",
        bounds=population_bounds(form)
        if form.population_min or form.population_max or form.population_expected
        else "",
        known=references.known(fact),
    )


def _relationship(tie: RelationshipSpell, scope: Scope, references: References) -> RelationshipRow:
    return RelationshipRow(
        name=tie["name"],
        code=tie["organisation"],
        href=scope.link("organisation", tie["organisation"]),
        share=percent(tie["share"]) if tie["share"] is not None else "",
        start=tie["start"],
        last=last_day(tie["end"]),
        known=references.known(tie),
        ended=references.ended(tie["ended"], scope),
    )


def _grouped(
    ties: Iterable[RelationshipSpell], scope: Scope, references: References
) -> list[tuple[str, list[RelationshipRow]]]:
    """Ties under the words that say how they read from this body, by name."""
    groups: dict[tuple[str, str], list[RelationshipRow]] = {}
    for tie in sorted(ties, key=lambda tie: (fold(tie["name"]), tie["start"])):
        groups.setdefault((tie["kind"], tie["direction"]), []).append(_relationship(tie, scope, references))
    return [(heading, groups[key]) for key, heading in TIES.items() if key in groups]


def _seats(seat: SeatSpell, scope: Scope, references: References) -> Seats:
    return Seats(
        constituency=Constituency.stored(seat["constituency"]).label,
        seats=seat["seats"],
        start=seat["start"],
        last=last_day(seat["end"]),
        known=references.known(seat),
        ended=references.ended(seat["ended"], scope),
    )


def _change(change: ChangeBrief, number: int, scope: Scope) -> OrganisationChangeRow:
    roles = set(change["roles"])
    part = "Came out of it" if roles == {"resulting"} else "Went into it"
    if roles == {"original", "resulting"}:
        part = "Went on through it"
    return OrganisationChangeRow(
        number=number,
        title=change["title"],
        href=scope.link("change", change["id"]),
        on=change["effective_on"],
        kind=ChangeKind.stored(change["kind"]).label,
        status=ChangeStatus.stored(change["status"]).label,
        part=part,
    )


def _stand_in(holding: HeldShare, is_open: bool, lineage: Lineage, scope: Scope) -> StandInRow:
    names = {node["code"]: node["name"] for node in lineage["nodes"]}
    return StandInRow(
        name=names.get(holding.code, holding.code),
        code=holding.code,
        href=scope.link("organisation", holding.code),
        share=percent(holding.share),
        by_way_of=[names.get(code, code) for code in holding.path[1:-1]],
        known=_how_known([names.get(code, code) for code in holding.composed_through]),
        open=is_open,
    )


def _how_known(mixed: list[str]) -> str:
    """How a share is known, from the names of the bodies in which people had mixed."""
    return f"Estimated: everyone in {' and '.join(mixed)} is treated alike" if mixed else "Stated"


def _api(code: str, on: date) -> list[tuple[str, str]]:
    """What programs find, and where: the body on a day on which it was in force, its lineage, its timeline."""
    root = f"/api/v1/organisations/{code}/"
    return [
        (f"This organisation on {day(on)}", f"{root}?as_of={on.isoformat()}"),
        ("Its lineage", f"{root}lineage/?direction=both"),
        ("Its timeline", f"{root}timeline/"),
    ]
