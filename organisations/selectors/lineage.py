"""Where bodies came from and what stands for them: the graph in memory, and the answers read off it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from organisations.domain.lineage import Edge, HeldShare, LineageGraph, LineageShare, Walk
from organisations.domain.vocabulary import ChangeKind, ChangeStatus, ShareBasis, Unresolved
from organisations.models import Change, ChangeParty, LineageEdge, LineageLink, Organisation
from organisations.models.querysets import edges_of
from organisations.read_models.lineage import (
    Evidenced,
    Lineage,
    LineageEnd,
    LineageNode,
    LineageStep,
    LinkOfLineage,
    Resolution,
    Resolved,
)
from organisations.selectors.periods import briefs_of
from pcorg.core.audit.kinds import RECORDED
from pcorg.core.audit.memory import recall
from pcorg.core.names import as_recorded
from pcorg.core.portfolios import Coverage, of_portfolios, portfolios
from pcorg.core.vocabulary import Term

PLACES = Decimal("0.000001")


class Direction(Term):
    """Which way to follow the lineage."""

    PREDECESSORS = "predecessors", "Where it came from"
    SUCCESSORS = "successors", "What became of it"
    BOTH = "both", "Both ways"


@dataclass(frozen=True, slots=True)
class BodyLife:
    """From when to when a body was in force, and the portfolio that holds it."""

    opened: date
    closed: date | None
    portfolio: str

    def holds(self, on: date | None) -> bool:
        """Whether the body is in force on a day; without one, whether it still is."""
        if on is None:
            return self.closed is None
        return self.opened <= on and (self.closed is None or on < self.closed)


def lives() -> dict[str, BodyLife]:
    """The lives of all bodies, kept in the process as the lineage is; one query to fill."""
    rows = Organisation.objects.values_list("code", "opened", "closed", "portfolio_id")
    return recall(
        "lives",
        lambda: {code: BodyLife(opened, closed, held_by) for code, opened, closed, held_by in rows.iterator()},
        rests_on=RECORDED,
    )


def graph() -> LineageGraph:
    """All lineage of effected changes, kept in the process for as long as the data stay the same; four
    queries to fill."""
    return recall("lineage", _read_graph, rests_on=RECORDED)


def _read_graph() -> LineageGraph:
    made = Change.objects.standing().filter(kind=ChangeKind.ESTABLISHMENT)
    established = ChangeParty.objects.filter(change__in=made, role=ChangeParty.RESULTING)
    return LineageGraph.of(
        edges_of(LineageEdge.objects.filter(change__status=ChangeStatus.EFFECTED)),
        links=[*_stated_links(), *_links_of_corrected_changes()],
        opened={code: life.opened for code, life in lives().items()},
        established=set(established.values_list("organisation_id", flat=True)),
    )


def _stated_links() -> Iterator[LineageShare]:
    rows = LineageLink.objects.filter(change__status=ChangeStatus.EFFECTED)
    columns = ("original_id", "resulting_id", "share", "change__effective_on", "change__sequence", "change_id", "basis")
    for original, resulting, share, on, sequence, change, basis in rows.values_list(*columns):
        yield LineageShare(original, resulting, share, on, sequence, change=change, basis=ShareBasis(basis))


def _links_of_corrected_changes() -> Iterator[LineageShare]:
    """What changes stated of bodies that a correction has since put an earlier end to. The body that came between has
    shares of its own in the change; what was stated of each original stays true of it."""
    rows = LineageEdge.with_struck_out.filter(
        superseded_by__isnull=False, superseded_by__undone_by=None, change__undone_by=None
    )
    columns = ("original_id", "resulting_id", "share", "change__effective_on", "change__sequence", "change_id", "basis")
    found = list(rows.values_list(*columns, "superseded_by_id"))
    heirs = ChangeParty.objects.filter(change__in={correction for *_, correction in found}, role=ChangeParty.RESULTING)
    instead = dict(heirs.values_list("change_id", "organisation_id")) if found else {}
    for original, resulting, share, on, sequence, change, basis, correction in found:
        yield LineageShare(
            original, resulting, share, on, sequence, instead.get(correction, ""), change, ShareBasis(basis)
        )


def share_text(share: Decimal) -> str:
    """A share as clients read it: a decimal of at most six places without trailing zeros."""
    return f"{share.quantize(PLACES).normalize():f}"


def lineage_of(code: str, *, direction: Direction, depth: int | None = None, on: date | None = None) -> Lineage:
    """The lineage of a body (contract shape): the nodes reached, the body itself first, and the edges between
    them.

    `depth` limits how many changes away nodes and edges lie; the latest successors and earliest predecessors
    are always those of the whole graph. With a day, only what had happened by the end of it.
    """
    known, alive = graph(), lives()
    walks: list[Walk] = []
    latest: tuple[HeldShare, ...] = ()
    earliest: tuple[HeldShare, ...] = ()
    if direction is not Direction.SUCCESSORS:
        walks.append(known.predecessors(code, depth=depth, until=on))
        earliest = known.origins(code, on=on, rounded=True)
    if direction is not Direction.PREDECESSORS:
        walks.append(known.successors(code, depth=depth, until=on))
        latest = known.stand_ins(code, on=on, rounded=True)
        if [holding.code for holding in latest] == [code]:
            latest = ()
    codes = list(dict.fromkeys([code, *(found for walk in walks for found in walk.codes)]))
    edges = dict.fromkeys(edge for walk in walks for edge in walk.edges)
    bodies = briefs_of([*codes, *(heir.code for heir in (*latest, *earliest))], on=on)
    return {
        "root": code,
        "nodes": [bodies[found] for found in codes if found in bodies],
        "edges": [_edge(edge) for edge in edges],
        "links": [_link(link) for found in codes for link in known.links.get(found, ()) if on is None or link.on <= on],
        "latest_successors": [_holding(heir, bodies, on) for heir in latest],
        "earliest_predecessors": [_holding(heir, bodies, on) for heir in earliest],
        "coverage": _coverage(on, [code, *bodies], alive),
    }


def _edge(edge: Edge) -> LineageStep:
    return {
        "predecessor": edge.original,
        "successor": edge.resulting,
        "share": share_text(edge.share),
        "basis": edge.basis.value,
        "of": list(edge.of),
        "change": cast("int", edge.change),  # what is recorded has the number of its change
        "kind": edge.kind.value,
        "effective_on": edge.effective_on,
    }


def _link(link: LineageShare) -> LinkOfLineage:
    return {
        "predecessor": link.original,
        "successor": link.descendant,
        "share": share_text(link.share),
        "basis": link.basis.value,
        "change": cast("int", link.change),
        "effective_on": link.on,
    }


def _holding(holding: HeldShare, bodies: dict[str, LineageNode], on: date | None) -> LineageEnd:
    body = bodies.get(holding.code)
    closed = body["closed"] if body else None
    is_open = closed is None or (on is not None and on < closed)
    return {
        "code": holding.code,
        "name": body["name"] if body else holding.code,
        "share": share_text(holding.share),
        "status": "open" if is_open else "closed",
        "path": list(holding.path),
        **_evidence(holding),
    }


def _evidence(holding: HeldShare) -> Evidenced:
    return {"basis": holding.basis.value, "composed_through": list(holding.composed_through)}


def resolve(codes: Sequence[str], *, on: date | None, since: date | None = None) -> Resolution:
    """For each code, in either case, the bodies that stand for it on a day (None: in the end), with shares; in the
    order asked, each under the code as it was asked for (contract shape).

    `since` is the day of the data: followed are the people whom the body had then, and without it those with whom it
    opened. Shares multiply along a path and add over paths. A code that nothing stands for has a problem instead. Each
    answer says what its portfolios cover, and so does the whole.
    """
    known, alive = graph(), lives()
    recorded = {code: code for code in codes if code in alive}
    recorded |= as_recorded(Organisation.objects.order_by(), (code for code in codes if code not in alive))
    answers = {code: _resolved(code, known, alive, since, on) for code in dict.fromkeys(recorded.values())}
    named = [code for answer in answers.values() for code in (answer["code"], *_codes(answer))]
    return {
        "from": since,
        "on": on,
        "coverage": _coverage(on, named, alive),
        "from_coverage": _coverage(since, answers, alive) if since else None,
        "results": [
            {**answers[recorded[code]], "code": code} if code in recorded else _not_known(code) for code in codes
        ],
    }


def _not_known(code: str) -> Resolved:
    problem = Unresolved.UNKNOWN if code else Unresolved.BLANK
    return {"code": code, "bodies": [], "problem": problem.value, "coverage": None, "from_coverage": None}


def _codes(answer: Resolved) -> list[str]:
    return [body["code"] for body in answer["bodies"]]


def _coverage(on: date | None, codes: Iterable[str], alive: Mapping[str, BodyLife]) -> Coverage:
    """Return the periods covered by the portfolios of the organisations."""
    slugs = {alive[code].portfolio for code in codes if code in alive}
    return of_portfolios(on, [found for slug, found in portfolios().items() if slug in slugs])


def _resolved(
    code: str, known: LineageGraph, alive: Mapping[str, BodyLife], since: date | None, on: date | None
) -> Resolved:
    bodies: list[HeldShare] = []
    problem = None
    if (on is not None and on < alive[code].opened) or (since is not None and not alive[code].holds(since)):
        problem = Unresolved.NOT_YET
    else:
        holdings = known.stand_ins(code, since=since, on=on, rounded=True)
        bodies = [holding for holding in holdings if holding.code in alive and alive[holding.code].holds(on)]
        if not bodies:
            problem = Unresolved.ENDED
        elif any(holding.share for holding in holdings if holding not in bodies):
            problem = Unresolved.PARTLY
    return {
        "code": code,
        "bodies": [
            {"code": holding.code, "share": share_text(holding.share), **_evidence(holding), "path": list(holding.path)}
            for holding in bodies
        ],
        "problem": problem.value if problem else None,
        "coverage": _coverage(on, [code, *(holding.code for holding in bodies)], alive),
        "from_coverage": _coverage(since, [code], alive) if since else None,
    }
