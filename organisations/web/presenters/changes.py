"""Changes in words: what went in, what came out, in which shares, on whose decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from organisations.domain.vocabulary import Basis, ChangeKind, ChangeStatus, Outcome, Route, ShareBasis
from organisations.models import Change, PolicyCheck, Source
from organisations.read_models.changes import ChangeDetail, ChangeEdge, ChangeParties, FindingOfChange
from organisations.web.presenters.listing import SearchField
from organisations.web.presenters.references import Citation, citation
from pcorg.core.names import fold
from pcorg.core.pages.scope import Scope

# When a body opened, and when it closed.
Life = tuple[date, date | None]

# With more bodies than this on one side a list names the number alone.
MOST_NAMED = 3


@dataclass(frozen=True)
class ChangedBody:
    """A body as a change names it."""

    code: str
    name: str
    href: str


@dataclass(frozen=True)
class ChangeRow:
    """A change in a list."""

    number: int
    title: str
    href: str
    on: date
    kind: str
    status: str
    recorded: bool
    originals: str
    resulting: str


@dataclass(frozen=True)
class TakenShare:
    """What one resulting body took of an original."""

    resulting: ChangedBody
    share: str
    basis: str
    note: str


@dataclass(frozen=True)
class Giver:
    """An original with what each resulting body took of it, largest share first."""

    original: ChangedBody
    parts: list[TakenShare]


@dataclass(frozen=True)
class RecordedFinding:
    """What a check found when the change was recorded."""

    title: str
    outcome: str
    message: str
    href: str
    citation: Citation | None = None
    source: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ChangePage:
    """One change with all it did."""

    detail: ChangeDetail
    kind: str
    route: str
    status: str
    basis: str
    citation: Citation | None
    originals: list[ChangedBody]
    resulting: list[ChangedBody]
    continuing: list[ChangedBody]
    givers: list[Giver]
    moves: list[tuple[str, ChangedBody, ChangedBody]]
    findings: list[RecordedFinding]
    evidence: list[tuple[str, str]]
    history: list[tuple[str, str, Any, str]]
    summary: str = field(default="")


def rows(changes: Iterable[Change], parties: Mapping[int, ChangeParties], scope: Scope) -> list[ChangeRow]:
    """Changes as rows of a list."""
    listed = []
    for change in changes:
        sides: ChangeParties = parties.get(change.pk, {"originals": [], "resulting": [], "problem": None})
        listed.append(
            ChangeRow(
                number=change.pk,
                title=change.title,
                href=scope.link("change", change.pk),
                on=change.effective_on,
                kind=kind_label(change.kind, change.route),
                status=ChangeStatus.stored(change.status).label
                + (", undone since" if change.undone_by_id else "")
                + (", cannot be read" if sides["problem"] else ""),
                recorded=change.recorded,
                originals=_side(sides["originals"]),
                resulting=_side(sides["resulting"]),
            )
        )
    return listed


def kind_label(kind: str, route: str | None) -> str:
    """The kind of a change, with the route of a transition."""
    label = ChangeKind.stored(kind).label
    if kind == ChangeKind.TRANSITION and route:
        return f"{label}: {Route.stored(route).label.partition(':')[0].lower()}"
    return label


def page(
    detail: ChangeDetail,
    *,
    lives: dict[str, Life],
    checks: dict[str, PolicyCheck],
    sources: dict[str, Source],
    scope: Scope,
) -> ChangePage:
    """One change as its page tells it. `detail` has the contract's shape; `lives` holds every body it names."""

    def body(code: str) -> ChangedBody:
        href = scope.body(code, *lives[code]) if code in lives else ""  # a proposal names bodies that are not there yet
        return ChangedBody(code, detail["names"].get(code, code), href)

    originals, resulting = set(detail["originals"]), set(detail["resulting"])
    about = scope.link("about-the-data")
    return ChangePage(
        detail=detail,
        kind=ChangeKind.stored(detail["kind"]).label,
        route=Route.stored(detail["route"]).label if detail["route"] else "",
        status=ChangeStatus.stored(detail["status"]).label,
        basis=Basis.stored(detail["basis"]).label,
        citation=_cite(detail["source"], sources, about),
        originals=_named(body(code) for code in detail["originals"] if code not in resulting),
        resulting=_named(body(code) for code in detail["resulting"] if code not in originals),
        continuing=_named(body(code) for code in detail["resulting"] if code in originals),
        givers=givers_of(detail["edges"], body),
        moves=[(move["what"], body(move["from"]), body(move["to"])) for move in detail["moves"]],
        findings=[_finding(row, checks, sources, scope) for row in detail["findings"]],
        evidence=[
            (checks[code].title if code in checks else code, str(summary))
            for code, summary in (detail["evidence"] or {}).items()
        ],
        history=[
            (ChangeStatus.stored(step["status"]).label, _actor(step["by"]), step["at"], step["comment"])
            for step in detail["history"]
        ],
        summary=_summary(detail, originals, resulting),
    )


def _named(bodies: Iterable[ChangedBody]) -> list[ChangedBody]:
    """Bodies in order of name."""
    return sorted(bodies, key=lambda body: (fold(body.name), body.code))


def givers_of(edges: Sequence[ChangeEdge], body: Callable[[str], ChangedBody]) -> list[Giver]:
    """The edges of a change by original, in order of name; `body` gives a body by its code."""
    by_original: dict[str, list[ChangeEdge]] = {}
    for edge in edges:
        by_original.setdefault(edge["original"], []).append(edge)
    givers = [
        Giver(
            body(code),
            [
                TakenShare(body(edge["resulting"]), edge["share"], ShareBasis.stored(edge["basis"]).label, edge["note"])
                for edge in sorted(taken, key=lambda edge: -float(edge["share"]))
            ],
        )
        for code, taken in by_original.items()
    ]
    return sorted(givers, key=lambda giver: (fold(giver.original.name), giver.original.code))


SHARES = ("divided", "whole")
"""Whether an original was divided among several bodies or passed as a whole to one."""


def sift(givers: Sequence[Giver], *, body: str, shares: str) -> list[Giver]:
    """The originals a reader asks for: by a word of the name, or the code, of it or of a body that took from it, and
    by whether it was divided among several (`divided`) or passed as a whole (`whole`)."""
    word = fold(body)

    def fits(giver: Giver) -> bool:
        if (shares == "divided" and len(giver.parts) < 2) or (shares == "whole" and len(giver.parts) > 1):
            return False
        named = [giver.original, *(part.resulting for part in giver.parts)]
        return any(word in fold(one.name) or word == fold(one.code) for one in named)

    return [giver for giver in givers if fits(giver)]


def _finding(
    row: FindingOfChange, checks: dict[str, PolicyCheck], sources: dict[str, Source], scope: Scope
) -> RecordedFinding:
    check = checks.get(row["code"])
    return RecordedFinding(
        title=check.title if check else row["code"],
        outcome=Outcome.stored(row["outcome"]).label,
        message=row["message"],
        href=f"{scope.link('forms')}#check-{row['code']}",
        citation=_cite(row["source"], sources, scope.link("about-the-data")),
        source=row["source"],
        reason=f"{row['overridden_by']} went on all the same: {row['override_reason']}" if row["overridden_by"] else "",
    )


def _cite(text: str, sources: dict[str, Source], about: str) -> Citation | None:
    """A citation from its stored form: the source's slug, then the place in it."""
    slug, _, locator = text.partition(" ")
    return citation(sources[slug], locator, about=about) if slug in sources else None


def _actor(by: str) -> str:
    """Who took a step, as people say it: a command of the product is named as one."""
    kind, _, name = by.partition(":")
    return f"the command {name}" if kind == "command" and name else by


def _summary(detail: ChangeDetail, originals: set[str], resulting: set[str]) -> str:
    """How many went in and came out, in a sentence."""
    new, ended, same = len(resulting - originals), len(originals - resulting), len(originals & resulting)
    parts = []
    if ended and new:
        parts.append(f"{_bodies(ended)} gave way to {_bodies(new, 'new ')}")
    elif new:
        parts.append(f"{_bodies(new, 'new ')} {'was' if new == 1 else 'were'} set up")
    elif ended:
        parts.append(f"{_bodies(ended)} came to an end")
    if same:
        parts.append(f"{_bodies(same)} went on")
    edges = len(detail["edges"])
    if edges > len({edge["original"] for edge in detail["edges"]}):
        parts.append(f"{edges:,} shares of population passed from one to another")
    return "; ".join(parts).capitalize() + "." if parts else ""


def _bodies(number: int, which: str = "") -> str:
    return f"{number:,} {which}{'body' if number == 1 else 'bodies'}"


def _side(codes: Sequence[str]) -> str:
    if not codes:
        return "none"
    return ", ".join(codes) if len(codes) <= MOST_NAMED else f"{len(codes):,} bodies"


SEARCHED = {
    "q": "Words of the title",
    "organisation": "Code of an organisation that took part",
    "kind": "Kind of change",
    "status": "Status",
    "effective_after": "Took effect on or after",
    "effective_before": "Took effect on or before",
}


def fields(query: dict[str, str]) -> list[SearchField]:
    """The fields of the search for changes."""
    choices = {
        "kind": [("", "All kinds"), *ChangeKind.choices()],
        "status": [("", "All statuses"), *ChangeStatus.choices()],
    }
    types = {"q": "search", "effective_after": "date", "effective_before": "date"}
    return [
        SearchField(name, label, query[name], choices.get(name), types.get(name, "text"))
        for name, label in SEARCHED.items()
    ]


def errors(found: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is wrong with the search, for the error summary."""
    return [
        {"text": f"{SEARCHED.get(name, name)}: {fault}", "href": f"#{name}"}
        for name, faults in found.items()
        for fault in faults
    ]
