"""Where bodies came from and what stands for them: the graph in memory, and the answers read off it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from organisations.domain.lineage import Edge, Holding, LineageGraph, Walk
from organisations.domain.vocabulary import ChangeKind, ChangeStatus, ShareBasis, Term
from organisations.models import LineageEdge, Organisation
from organisations.models.codes import as_recorded
from organisations.queries.spells import briefs_of
from pcorg.audit.memory import recall

PLACES = Decimal("0.000001")
BATCH = 900  # codes in one query


class Direction(Term):
    """Which way to follow the lineage."""

    PREDECESSORS = "predecessors", "Where it came from"
    SUCCESSORS = "successors", "What became of it"
    BOTH = "both", "Both ways"


class Unresolved(Term):
    """Why nothing, or not everything, stands for a code on a day."""

    BLANK = "blank-code", "The code is blank"
    UNKNOWN = "unknown-code", "No organisation has this code"
    NOT_YET = "not-in-force", "The organisation opens after the date"
    ENDED = "no-successor", "The organisation ended and nothing stands for it"
    PARTLY = "partly-without-successor", "Part of it ended and nothing stands for that part"


def graph() -> LineageGraph:
    """All lineage of effected changes, kept in the process for as long as the data stay the same; one
    query to fill."""
    return recall("lineage", _read_graph)


def _read_graph() -> LineageGraph:
    rows = (
        LineageEdge.objects.standing()
        .filter(change__status=ChangeStatus.EFFECTED)
        .values_list(
            "original_id",
            "resulting_id",
            "share",
            "change__effective_on",
            "change__sequence",
            "change_id",
            "change__kind",
            "basis",
        )
    )
    return LineageGraph.of(
        Edge(original, resulting, share, on, sequence, change, ChangeKind(kind), ShareBasis(basis))
        for original, resulting, share, on, sequence, change, kind, basis in rows.iterator()
    )


def share_text(share: Decimal) -> str:
    """A share as clients read it: a decimal of at most six places without trailing zeros."""
    return f"{share.quantize(PLACES).normalize():f}"


def lineage_of(code: str, *, direction: Direction, depth: int | None = None, on: date | None = None) -> dict[str, Any]:
    """The lineage of a body (contract shape): the nodes reached, the body itself first, and the edges between
    them.

    `depth` limits how many changes away nodes and edges lie; the latest successors and earliest predecessors
    are always those of the whole graph. With a day, only what had happened by the end of it.
    """
    known = graph()
    walks: list[Walk] = []
    latest: tuple[Holding, ...] = ()
    earliest: tuple[Holding, ...] = ()
    if direction is not Direction.SUCCESSORS:
        walks.append(known.predecessors(code, depth=depth, until=on))
        earliest = known.origins(code, on=on)
    if direction is not Direction.PREDECESSORS:
        walks.append(known.successors(code, depth=depth, until=on))
        latest = known.stand_ins(code, on=on)
        if [holding.code for holding in latest] == [code]:
            latest = ()
    codes = list(dict.fromkeys([code, *(found for walk in walks for found in walk.codes)]))
    edges = dict.fromkeys(edge for walk in walks for edge in walk.edges)
    bodies = briefs_of([*codes, *(held.code for held in (*latest, *earliest))], on=on)
    return {
        "root": code,
        "nodes": [bodies[found] for found in codes if found in bodies],
        "edges": [_edge(edge) for edge in edges],
        "latest_successors": [_holding(held, bodies, on) for held in latest],
        "earliest_predecessors": [_holding(held, bodies, on) for held in earliest],
    }


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "predecessor": edge.original,
        "successor": edge.resulting,
        "share": share_text(edge.share),
        "basis": edge.basis.value,
        "change": edge.change,
        "kind": edge.kind.value,
        "effective_on": edge.effective_on,
    }


def _holding(held: Holding, bodies: dict[str, dict], on: date | None) -> dict[str, Any]:
    body = bodies.get(held.code)
    closed = body["closed"] if body else None
    is_open = closed is None or (on is not None and on < closed)
    return {
        "code": held.code,
        "name": body["name"] if body else held.code,
        "share": share_text(held.share),
        "status": "open" if is_open else "closed",
        "path": list(held.path),
    }


def resolve(codes: Sequence[str], *, on: date | None) -> list[dict[str, Any]]:
    """For each code, in either case, the bodies that stand for it on a day (None: in the end), with shares; in the
    order asked, each under the code as it was asked for.

    Shares multiply along a path and add over paths. A code that nothing stands for has a problem instead.
    """
    known = graph()
    recorded = as_recorded(Organisation.objects.order_by(), codes)
    standing = {code: known.stand_ins(code, on=on) for code in dict.fromkeys(recorded.values())}
    lives = _lives(
        held.code for code, holdings in standing.items() for held in (Holding(code, Decimal(0), ()), *holdings)
    )
    answers = {code: _resolved(code, holdings, lives, on) for code, holdings in standing.items()}
    return [{**answers[recorded[code]], "code": code} if code in recorded else _not_known(code) for code in codes]


def _not_known(code: str) -> dict[str, Any]:
    problem = Unresolved.UNKNOWN if code else Unresolved.BLANK
    return {"code": code, "bodies": [], "problem": problem.value}


def _lives(codes: Iterable[str]) -> dict[str, tuple[date, date | None]]:
    wanted = list(dict.fromkeys(codes))
    lives: dict[str, tuple[date, date | None]] = {}
    for start in range(0, len(wanted), BATCH):
        rows = Organisation.objects.filter(code__in=wanted[start : start + BATCH])
        lives.update({code: (opened, closed) for code, opened, closed in rows.values_list("code", "opened", "closed")})
    return lives


def _resolved(
    code: str,
    holdings: tuple[Holding, ...],
    lives: dict[str, tuple[date, date | None]],
    on: date | None,
) -> dict[str, Any]:
    if on is not None and on < lives[code][0]:
        return {"code": code, "bodies": [], "problem": Unresolved.NOT_YET.value}
    alive = [held for held in holdings if held.code in lives and _open(lives[held.code], on)]
    problem = None
    if not alive:
        problem = Unresolved.ENDED.value
    elif any(held.share for held in holdings if held not in alive):
        problem = Unresolved.PARTLY.value
    bodies = [{"code": held.code, "share": share_text(held.share), "path": list(held.path)} for held in alive]
    return {"code": code, "bodies": bodies, "problem": problem}


def _open(life: tuple[date, date | None], on: date | None) -> bool:
    opened, closed = life
    return closed is None if on is None else opened <= on and (closed is None or on < closed)
