"""Where bodies came from and what became of them.

Changes draw weighted edges from originals to resulting organisations. A share is the fraction of the original's
population that the resulting body takes. Through several changes shares multiply along a path and add over paths.
An original that lives on keeps what its edges do not give away.

    5P3 ─1─▶ 5QV ─┬─0.51─▶ 06N          shares of 5P3 in 2014: 06N 0.51, 06K 0.49
    5P4 ─1─▶ 5QV  └─0.49─▶ 06K          (rounded, a sliver to 06H left out)

Succession is a graph, not a tree, and registers have contained loops (a body that succeeds itself). Walks visit a
body once; sweeps follow edges only forwards in time. Both end on any input.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from organisations.domain.vocabulary import ChangeKind, ShareBasis

WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Edge:
    """One original handing a share of its population to one resulting organisation on a day.

    `sequence` orders the changes of one day; `share` lies between 0 and 1.
    """

    original: str
    resulting: str
    share: Decimal
    effective_on: date
    sequence: int = 0
    change: int | None = None
    kind: ChangeKind = ChangeKind.RECONFIGURATION
    basis: ShareBasis = ShareBasis.POPULATION

    @property
    def moment(self) -> tuple[date, int]:
        """When it happened, ordered within the day."""
        return self.effective_on, self.sequence


@dataclass(frozen=True, slots=True)
class Holding:
    """A body that holds a share of what another once was, and the most weighty path it came by."""

    code: str
    share: Decimal
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """The part of the lineage reached from a body: its codes in the order found, and the edges between them."""

    root: str
    codes: tuple[str, ...]
    edges: tuple[Edge, ...]


@dataclass(slots=True)
class _Flow:
    """Share arriving at a body during a sweep, with the weight of its best single path."""

    share: Decimal
    best: Decimal
    path: tuple[str, ...]

    def add(self, other: _Flow) -> None:
        self.share += other.share
        if other.best > self.best:
            self.best, self.path = other.best, other.path

    def part(self, share: Decimal, to: str) -> _Flow:
        return _Flow(self.share * share, self.best * share, (*self.path, to))


@dataclass(frozen=True)
class LineageGraph:
    """All known edges, indexed from both ends. Immutable; asking it costs in proportion to what is reached."""

    forwards: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict)
    backwards: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> LineageGraph:
        """Index the edges. An edge from a body to itself says nothing and is left out."""
        forwards: dict[str, list[Edge]] = defaultdict(list)
        backwards: dict[str, list[Edge]] = defaultdict(list)
        for edge in sorted(edges, key=lambda edge: (edge.moment, edge.original, edge.resulting)):
            if edge.original != edge.resulting:
                forwards[edge.original].append(edge)
                backwards[edge.resulting].append(edge)
        return cls(
            {code: tuple(out) for code, out in forwards.items()},
            {code: tuple(into) for code, into in backwards.items()},
        )

    def successors(self, code: str, *, depth: int | None = None, until: date | None = None) -> Walk:
        """What became of a body, at most `depth` changes away, by the end of `until`."""
        return self._walk(code, self.forwards, depth, until)

    def predecessors(self, code: str, *, depth: int | None = None, until: date | None = None) -> Walk:
        """Where a body came from, at most `depth` changes away, counting only what had happened by `until`."""
        return self._walk(code, self.backwards, depth, until)

    def _walk(self, root: str, index: Mapping[str, tuple[Edge, ...]], depth: int | None, until: date | None) -> Walk:
        outward = index is self.forwards
        found = {root: None}
        edges: list[Edge] = []
        frontier, steps = [root], 0
        while frontier and (depth is None or steps < depth):
            steps += 1
            reached: list[str] = []
            for code in frontier:
                for edge in index.get(code, ()):
                    if until is not None and edge.effective_on > until:
                        continue
                    edges.append(edge)
                    neighbour = edge.resulting if outward else edge.original
                    if neighbour not in found:
                        found[neighbour] = None
                        reached.append(neighbour)
            frontier = reached
        return Walk(root, tuple(found), tuple(edges))

    def stand_ins(self, code: str, *, on: date | None = None) -> tuple[Holding, ...]:
        """The bodies that stand for `code` on a day (None: in the end), largest share first.

        A body with no change by then stands for itself with share 1. A body that took a share of 0 (a provider arm
        takes services, not people) stands among them with share 0. Whether the bodies are open is for the caller.
        """
        return self._sweep(code, self.forwards, on)

    def origins(self, code: str, *, on: date | None = None) -> tuple[Holding, ...]:
        """The earliest bodies behind `code`, each with the share of it that came to `code`.

        What joined a body only after it had handed on to `code` is not behind `code`.
        """
        edges = sorted(self.predecessors(code, until=on).edges, key=lambda edge: edge.moment, reverse=True)
        handed_on: dict[str, tuple[date, int]] = {}
        """When each body behind `code` last handed on something that reached it."""
        for edge in edges:
            if edge.resulting == code or edge.moment < handed_on.get(edge.resulting, edge.moment):
                handed_on.setdefault(edge.original, edge.moment)
        fed = {edge.resulting for edge in edges if edge.moment < handed_on.get(edge.resulting, edge.moment)}
        first = handed_on.keys() - fed - {code}
        holdings = [
            replace(held, code=origin, path=held.path)
            for origin in first
            for held in self._sweep(origin, self.forwards, on, stop=code)
            if held.code == code
        ]
        return tuple(sorted(holdings, key=lambda held: (-held.share, held.code)))

    def _sweep(
        self, code: str, index: Mapping[str, tuple[Edge, ...]], on: date | None, stop: str | None = None
    ) -> tuple[Holding, ...]:
        """Carry a whole forwards in time through every change that meets it.

        Each body's edges of one change apply together, to what the body holds at that moment; what arrives at a body
        later never leaves by an earlier edge.
        """
        holds: dict[str, _Flow] = {code: _Flow(WHOLE, WHOLE, (code,))}
        queue: list[tuple[date, int, str]] = []
        queued: set[tuple[date, int, str]] = set()

        def expect(body: str, after: tuple[date, int] | None) -> None:
            for edge in index.get(body, ()):
                moment = (*edge.moment, body)
                if (
                    (on is None or edge.effective_on <= on)
                    and (after is None or edge.moment > after)
                    and moment not in queued
                ):
                    queued.add(moment)
                    heapq.heappush(queue, moment)

        expect(code, None)
        while queue:
            moment = queue[0][:2]
            givers = []
            while queue and queue[0][:2] == moment:
                givers.append(heapq.heappop(queue)[2])
            arriving: list[tuple[str, _Flow]] = []
            for body in givers:
                held = holds.get(body)
                if held is None or body == stop:
                    continue
                leaving = [edge for edge in index[body] if edge.moment == moment]
                arriving += [(edge.resulting, held.part(edge.share, edge.resulting)) for edge in leaving]
                kept = WHOLE - sum((edge.share for edge in leaving), Decimal(0))
                if kept > 0:
                    held.share, held.best = held.share * kept, held.best * kept
                else:
                    del holds[body]
            for body, flow in arriving:
                if body in holds:
                    holds[body].add(flow)
                else:
                    holds[body] = flow
                expect(body, moment)
        ordered = sorted(holds.items(), key=lambda item: (-item[1].share, item[0]))
        return tuple(Holding(body, flow.share, flow.path) for body, flow in ordered)
