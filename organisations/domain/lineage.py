"""Where bodies came from and what became of them.

Changes draw weighted edges from originals to resulting organisations. A share is the fraction of the original's
population that the resulting body takes. Through several changes shares multiply along a path and add over paths.
An original that lives on keeps what its edges do not give away.

    5P3 ─1─▶ 5QV ─┬─0.51─▶ 06N          shares of 5P3 in 2014: 06N 0.51, 06K 0.49
    5P4 ─1─▶ 5QV  └─0.49─▶ 06K          (rounded, a sliver to 06H left out)

Succession is a graph, not a tree, and registers have contained loops (a body that succeeds itself). Walks visit a
body once; people are followed only forwards in time. Both end on any input.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from organisations.domain.edges import WHOLE, Edge, HeldShare, LineageShare, Moment, in_millionths
from organisations.domain.following import Following

__all__ = ["Edge", "HeldShare", "LineageGraph", "LineageShare", "Walk"]


@dataclass(frozen=True, slots=True)
class Walk:
    """The part of the lineage reached from a body: its codes in the order found, and the edges between them."""

    root: str
    codes: tuple[str, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class LineageGraph:
    """All known edges and links, indexed. Immutable; asking it costs in proportion to what is reached.

    `joined` tells by whom people came to a body: by edges, or by links where these tell more than an edge does.
    `founders` opened with people of their own, not with people that a change brought them; `peopled` are they and all
    whom people ever reached. `recalled` are the bodies whose people an edge takes back.
    """

    forwards: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict)
    backwards: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict)
    links: Mapping[str, tuple[LineageShare, ...]] = field(default_factory=dict)
    joined: Mapping[str, tuple[Edge | LineageShare, ...]] = field(default_factory=dict)
    founders: frozenset[str] = frozenset()
    peopled: frozenset[str] = frozenset()
    recalled: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        edges: Iterable[Edge],
        *,
        links: Iterable[LineageShare] = (),
        opened: Mapping[str, date] | None = None,
        established: Collection[str] = (),
    ) -> LineageGraph:
        """Index the edges. An edge from a body to itself says nothing and is left out.

        `opened` tells when bodies began: one that opened before any edge led to it had people of its own. So had those
        that were `established`, whenever others joined them. Of a body whose opening is not given, the edges tell: it
        was there before if it gave before it received.
        """
        forwards: dict[str, list[Edge]] = defaultdict(list)
        backwards: dict[str, list[Edge]] = defaultdict(list)
        ordered = sorted(edges, key=lambda edge: (edge.moment, edge.original, edge.resulting))
        for edge in ordered:
            if edge.original != edge.resulting:
                forwards[edge.original].append(edge)
                backwards[edge.resulting].append(edge)
        known = opened or {}
        founders = {
            code
            for code in {*forwards, *backwards}
            if code in established or _founded(code, forwards, backwards, known.get(code))
        }
        peopled = set(founders)
        for edge in ordered:
            if edge.share and edge.original in peopled:
                peopled.add(edge.resulting)
        linked: dict[str, list[LineageShare]] = defaultdict(list)
        for link in sorted(links, key=lambda link: (link.moment, link.descendant)):
            linked[link.original].append(link)
        told_by_links = {(link.moment, link.instead_of) for stated in linked.values() for link in stated}
        joined: dict[str, list[Edge | LineageShare]] = defaultdict(list)
        for code, into in backwards.items():
            joined[code] += [edge for edge in into if edge.share and (edge.moment, edge.original) not in told_by_links]
        for stated in linked.values():
            for link in stated:
                joined[link.descendant].append(link)
        return cls(
            {code: tuple(out) for code, out in forwards.items()},
            {code: tuple(into) for code, into in backwards.items()},
            {code: tuple(stated) for code, stated in linked.items()},
            {code: tuple(ways) for code, ways in joined.items()},
            frozenset(founders),
            frozenset(peopled),
            frozenset(code for edge in ordered for code in edge.of),
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

    def stand_ins(
        self, code: str, *, since: date | None = None, on: date | None = None, rounded: bool = False
    ) -> tuple[HeldShare, ...]:
        """The bodies that stand for `code` on a day (None: in the end), largest share first.

        Followed are the people whom the body had at the end of the day `since`; without it those with whom it opened,
        whatever it gave away or took in later. A body with no change by then stands for itself with share 1. A body
        that took a share of 0 (a provider arm takes services, not people) stands among them with share 0. Whether the
        bodies are open is for the caller. `rounded` gives shares of six places that add up.
        """
        found = Following(self, code, since=since).until(on=on)
        return in_millionths(found) if rounded else found

    def origins(self, code: str, *, on: date | None = None, rounded: bool = False) -> tuple[HeldShare, ...]:
        """The earliest bodies behind `code`, each with the share of it that `code` holds on a day (None: in the end; of
        a body that had ended by then, at its end).

        The same as following each of them forwards: over all bodies of a day, the shares of one of them add up to 1,
        with what it kept itself. `code` itself is not named.
        """
        before = self._end_of(code, on)
        fed, handed_on = self._behind(code, on, before)
        first = {body for body in handed_on if body in self.founders or body not in fed} - {code}
        holdings = []
        for origin in first:
            heirs = Following(self, origin).until(on=on, before=before)
            holdings += [
                replace(holding, code=origin)
                for holding in (in_millionths(heirs) if rounded else heirs)
                if holding.code == code
            ]
        return tuple(sorted(holdings, key=lambda holding: (-holding.share, holding.code)))

    def behind(self, code: str, on: date) -> frozenset[str]:
        """The bodies whose people may have come to `code` by the end of a day."""
        return frozenset(self._behind(code, on, None)[1])

    def _behind(self, code: str, on: date | None, before: Moment | None) -> tuple[set[str], dict[str, Moment]]:
        """The bodies behind `code` with the moment at which each last handed on what reached it, and those of them
        that others had fed by then."""
        edges = sorted(self.predecessors(code, until=on).edges, key=lambda edge: edge.moment, reverse=True)
        edges = [edge for edge in edges if before is None or edge.moment < before]
        handed_on: dict[str, Moment] = {}
        for edge in edges:
            if edge.resulting == code or edge.moment < handed_on.get(edge.resulting, edge.moment):
                handed_on.setdefault(edge.original, edge.moment)
        fed = {edge.resulting for edge in edges if edge.moment < handed_on.get(edge.resulting, edge.moment)}
        return fed, handed_on

    def _end_of(self, code: str, on: date | None) -> Moment | None:
        """When a body gave away all it had for good, by the end of a day; None where it has not."""
        leaving: dict[Moment, Decimal] = defaultdict(Decimal)
        for edge in self.forwards.get(code, ()):
            if on is None or edge.effective_on <= on:
                leaving[edge.moment] += edge.share
        ends = [moment for moment, share in leaving.items() if share >= WHOLE]
        if not ends:
            return None
        end = max(ends)
        arriving = [edge for edge in self.backwards.get(code, ()) if on is None or edge.effective_on <= on]
        return None if any(edge.moment >= end for edge in arriving) else end


def _founded(
    code: str, forwards: Mapping[str, list[Edge]], backwards: Mapping[str, list[Edge]], opened: date | None
) -> bool:
    """Whether a body was there before any edge led to it."""
    if code not in backwards:
        return True
    first = backwards[code][0]
    if opened is not None:
        return opened < first.effective_on
    return code in forwards and forwards[code][0].moment < first.moment
