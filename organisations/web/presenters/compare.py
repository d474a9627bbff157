"""Organisations side by side: one line per property, one column per organisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from organisations.domain.vocabulary import ChangeKind, Constituency, OpenedBasis, PopulationBasis, RelationshipKind
from organisations.read_models.organisations import OrganisationDetail
from pcorg.core.pages.scope import Scope

NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class ComparedOrganisation:
    """An organisation at the head of a column; `without` is the comparison that leaves it out."""

    code: str
    name: str
    href: str
    illustrative: bool
    without: str


@dataclass(frozen=True)
class ComparedCell:
    """What a line says of one organisation: items, each with an address or none; `known` is false for a gap."""

    items: list[tuple[str, str]]
    note: str = ""
    known: bool = True


@dataclass(frozen=True)
class ComparedLine:
    """A property with a cell per organisation; `differs` where the cells are not all alike."""

    label: str
    cells: list[ComparedCell]

    @property
    def differs(self) -> bool:
        return any(cell != self.cells[0] for cell in self.cells[1:])


@dataclass(frozen=True)
class Missing:
    """A code that cannot be shown on the day, why not, and where it can."""

    code: str
    reason: str
    href: str


def not_in_force(code: str, opened: date, closed: date | None, scope: Scope) -> Missing:
    """A body that was not in force on the day shown."""
    life = f"from {_day(opened)} until it closed on {_day(closed)}" if closed else f"from {_day(opened)}"
    return Missing(code, f"It was not in force on {_day(scope.on)}, but {life}.", scope.body(code, opened, closed))


def columns(found: Sequence[OrganisationDetail], scope: Scope) -> list[ComparedOrganisation]:
    """The organisations compared."""
    codes = [body["code"] for body in found]
    return [
        ComparedOrganisation(
            code=body["code"],
            name=body["name"],
            href=scope.link("organisation", body["code"]),
            illustrative=body["illustrative"],
            without=scope.link("compare", code=[code for code in codes if code != body["code"]]),
        )
        for body in found
    ]


def lines(found: Sequence[OrganisationDetail], scope: Scope) -> list[ComparedLine]:
    """The properties compared, in the order of the page of one organisation."""
    rows: list[tuple[str, Callable[[OrganisationDetail, Scope], ComparedCell]]] = [
        ("Form", _form),
        ("Opened", _opened),
        ("Closed", _closed),
        ("Population", _population),
        ("Answers to", _answers_to),
        ("Lies in the area of", _relationships(RelationshipKind.LOCATED_IN, "to")),
        ("Member of", _relationships(RelationshipKind.MEMBER_OF, "to")),
        ("Members", _relationships(RelationshipKind.MEMBER_OF, "from")),
        ("Partners", _relationships(RelationshipKind.PARTNER_OF, "both")),
        ("Neighbours", _relationships(RelationshipKind.NEIGHBOUR_OF, "both")),
        ("Board", _board),
        ("Changes it took part in", _changes),
    ]
    return [ComparedLine(label, [tell(body, scope) for body in found]) for label, tell in rows]


def _form(body: OrganisationDetail, scope: Scope) -> ComparedCell:
    form = body["form"]
    if form is None:
        return ComparedCell([(NOT_KNOWN, "")], known=False)
    note = "inferred" if form["basis"] == "inferred" else ""
    return ComparedCell([(form["label"], scope.link("form", form["slug"]))], note)


def _opened(body: OrganisationDetail, _scope: Scope) -> ComparedCell:
    recorded = body["opened_basis"] == OpenedBasis.RECORDED
    if recorded:
        return ComparedCell([(_day(body["opened"]), "")])
    return ComparedCell([(f"{_day(body['opened'])} or earlier", "")], "start of the period covered")


def _closed(body: OrganisationDetail, _scope: Scope) -> ComparedCell:
    return (
        ComparedCell([(_day(body["closed"]), "")])
        if body["closed"]
        else ComparedCell([("Open at the end of the record", "")])
    )


def _population(body: OrganisationDetail, _scope: Scope) -> ComparedCell:
    people = body["population"]
    if people["count"] is None or people["on"] is None or people["basis"] is None:
        return ComparedCell([(NOT_KNOWN, "")], known=False)
    note = f"{PopulationBasis.stored(people['basis']).label.lower()}, {_day(people['on'])}"
    if people["carried_back"]:
        note += "; the earliest figure, later than the date shown"
    return ComparedCell([(f"{'at least ' if people['at_least'] else ''}{people['count']:,}", "")], note)


def _answers_to(body: OrganisationDetail, scope: Scope) -> ComparedCell:
    above = body["accountable_to"]
    if above is None:
        return ComparedCell([(NOT_KNOWN, "")], known=False)
    return ComparedCell([(above["name"], scope.link("organisation", above["code"]))])


def _relationships(kind: RelationshipKind, direction: str) -> Callable[[OrganisationDetail, Scope], ComparedCell]:
    def tell(body: OrganisationDetail, scope: Scope) -> ComparedCell:
        ties = [
            (tie["name"], scope.link("organisation", tie["organisation"]))
            for tie in body["relationships"]
            if tie["kind"] == kind and tie["direction"] == direction
        ]
        return ComparedCell(sorted(ties)) if ties else ComparedCell([("None recorded", "")], known=False)

    return tell


def _board(body: OrganisationDetail, _scope: Scope) -> ComparedCell:
    seats = [(f"{Constituency.stored(who).label}: {number}", "") for who, number in body["board"].items()]
    return ComparedCell(seats) if seats else ComparedCell([("None recorded", "")], known=False)


def _changes(body: OrganisationDetail, scope: Scope) -> ComparedCell:
    parts = [
        (
            f"{_day(part['effective_on'])}: {ChangeKind.stored(part['kind']).label.lower()}",
            scope.link("change", part["id"]),
        )
        for part in body["changes"]
    ]
    return ComparedCell(parts) if parts else ComparedCell([("None recorded", "")], known=False)


def _day(value: date) -> str:
    return f"{value.day} {value:%B} {value.year}"
