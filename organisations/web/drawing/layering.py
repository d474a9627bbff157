"""Layers of a directed graph: every link runs from a lower layer to a higher one.

Links that would close a loop are turned round for the layout and remembered as backward. Links that span
several layers are broken up by way points, one in each layer they pass, so that they get a lane of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class DrawnLink:
    """A link from one box to another by their keys."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class WayPoint:
    """The place where a link passes through a layer."""

    link: int
    layer: int


Node = str | WayPoint


@dataclass(frozen=True, slots=True)
class Lane:
    """One link as the layout sees it: its nodes from left to right; `backward` if it was turned round."""

    link: int
    nodes: tuple[Node, ...]
    backward: bool


@dataclass(frozen=True, slots=True)
class Layering:
    """Nodes by layer in the order given, and the lanes between them."""

    layers: tuple[tuple[Node, ...], ...]
    lanes: tuple[Lane, ...]


@dataclass(slots=True)
class _Acyclic:
    """The links accepted so far, which never form a loop."""

    outward: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def reaches(self, start: str, goal: str) -> bool:
        visited, waiting = {start}, [start]
        while waiting:
            node = waiting.pop()
            if node == goal:
                return True
            fresh = self.outward.get(node, set()) - visited
            visited |= fresh
            waiting += fresh
        return False


def layer(keys: Sequence[str], links: Sequence[DrawnLink]) -> Layering:
    """Assign layers by longest path. Links given first keep their direction where links disagree.

    Links from a box to itself are left to the caller. Raises ValueError for a link to an unknown key.
    """
    known = set(keys)
    for link in links:
        if link.source not in known or link.target not in known:
            raise ValueError(f"a link from {link.source} to {link.target} leads to a box that is not there")
    forward = _without_loops(links)
    depth = _depths(keys, forward.values())
    places: list[list[Node]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key in keys:
        places[depth[key]].append(key)
    lanes = []
    for index, (left, right) in forward.items():
        points = [WayPoint(index, place) for place in range(depth[left] + 1, depth[right])]
        for point in points:
            places[point.layer].append(point)
        lanes.append(Lane(index, (left, *points, right), backward=links[index].source != left))
    return Layering(tuple(tuple(nodes) for nodes in places), tuple(lanes))


def _without_loops(links: Sequence[DrawnLink]) -> dict[int, tuple[str, str]]:
    """Each link by its index as a pair that runs forward."""
    accepted = _Acyclic()
    forward: dict[int, tuple[str, str]] = {}
    for index, link in enumerate(links):
        if link.source == link.target:
            continue
        loops = accepted.reaches(link.target, link.source)
        left, right = (link.target, link.source) if loops else (link.source, link.target)
        accepted.outward[left].add(right)
        forward[index] = (left, right)
    return forward


def _depths(keys: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The length of the longest path to each box. A box none leads to stands just before the next."""
    outward: dict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(keys, 0)
    for left, right in pairs:
        outward[left].append(right)
        waiting[right] += 1
    first = [key for key in keys if not waiting[key]]
    depth = dict.fromkeys(keys, 0)
    ready = list(first)
    while ready:
        node = ready.pop()
        for following in outward[node]:
            depth[following] = max(depth[following], depth[node] + 1)
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    for key in first:
        if outward[key]:
            depth[key] = min(depth[following] for following in outward[key]) - 1
    return depth


def neighbours(lanes: Iterable[Lane]) -> tuple[Mapping[Node, list[Node]], Mapping[Node, list[Node]]]:
    """For each node the nodes next to it in the layer before, and in the layer after."""
    before: dict[Node, list[Node]] = defaultdict(list)
    after: dict[Node, list[Node]] = defaultdict(list)
    for lane in lanes:
        for left, right in pairwise(lane.nodes):
            after[left].append(right)
            before[right].append(left)
    return before, after
