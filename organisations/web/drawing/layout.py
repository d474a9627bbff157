"""Where the boxes of a graph stand and which way its links run: layers from left to right, as time does.

No two boxes overlap, no link runs through a box, and parts of the graph that nothing connects stand one below
another. All lengths are in pixels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from organisations.web.drawing.layering import DrawnLink, Lane, Layering, Node, WayPoint, layer, neighbours
from organisations.web.drawing.ordering import Order, ordered

ALIGNMENTS = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A thing to place, by its key and the room it takes."""

    key: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the drawing, from its top left corner."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A box in its place; `layer` counts from 0 on the left."""

    key: str
    layer: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LinkPath:
    """The way of one link, as points where it enters and leaves each column, from its source to its target.

    `link` is the index of the link as given. A backward run goes from right to left.
    """

    link: int
    points: tuple[Point, ...]
    backward: bool


@dataclass(frozen=True, slots=True)
class Spacing:
    """Room between columns, between boxes of a column, and for a link that passes between boxes."""

    column: float = 110
    row: float = 18
    lane: float = 12
    part: float = 36


@dataclass(frozen=True, slots=True)
class LayerStrip:
    """The strip in which the boxes of one layer stand."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by key, runs in the order of the links, and the size of the whole."""

    boxes: Mapping[str, Placed]
    runs: tuple[LinkPath, ...]
    columns: tuple[LayerStrip, ...]
    width: float
    height: float


def lay_out(boxes: Sequence[Box], links: Sequence[DrawnLink], spacing: Spacing | None = None) -> Layout:
    """Place the boxes. Links given first keep their direction where links disagree; self-links get no run.

    Raises ValueError where a link leads to an unknown box or two boxes share a key.
    """
    spacing = spacing or Spacing()
    sizes = {box.key: box for box in boxes}
    if len(sizes) != len(boxes):
        raise ValueError("two boxes share a key")
    layering = layer([box.key for box in boxes], links)
    columns = _columns(layering, sizes, spacing)
    placed: dict[str, Placed] = {}
    runs: list[LinkPath] = []
    top = 0.0
    for part in _parts(layering):
        order = ordered(part)
        heights = _Heights(sizes, spacing)
        centres, height = _centred(order, part.lanes, heights)
        for place, nodes in enumerate(order):
            for node in nodes:
                if isinstance(node, str):
                    y = top + centres[node] - sizes[node].height / 2
                    size = sizes[node]
                    placed[node] = Placed(node, place, columns[place].x, y, size.width, size.height)
        passing = {node: top + centre for node, centre in centres.items() if isinstance(node, WayPoint)}
        runs += _runs(part.lanes, placed, passing, columns)
        top += height + spacing.part
    width = columns[-1].x + columns[-1].width if columns else 0.0
    runs.sort(key=lambda run: run.link)
    return Layout(placed, tuple(runs), columns, width, max(top - spacing.part, 0.0))


def _columns(layering: Layering, sizes: Mapping[str, Box], spacing: Spacing) -> tuple[LayerStrip, ...]:
    columns: list[LayerStrip] = []
    x = 0.0
    for nodes in layering.layers:
        widest = max((sizes[node].width for node in nodes if isinstance(node, str)), default=0.0)
        columns.append(LayerStrip(x, widest))
        x += widest + spacing.column
    return tuple(columns)


def _parts(layering: Layering) -> Iterable[Layering]:
    """The connected parts of a graph, each with as many layers as the whole, largest first."""
    leader: dict[Node, Node] = {node: node for nodes in layering.layers for node in nodes}

    def find(node: Node) -> Node:
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for lane in layering.lanes:
        for other in lane.nodes[1:]:
            leader[find(other)] = find(lane.nodes[0])
    members: dict[Node, list[list[Node]]] = {}
    for place, nodes in enumerate(layering.layers):
        for node in nodes:
            members.setdefault(find(node), [[] for _ in layering.layers])[place].append(node)
    lanes: dict[Node, list[Lane]] = defaultdict(list)
    for lane in layering.lanes:
        lanes[find(lane.nodes[0])].append(lane)
    by_size = sorted(members, key=lambda root: -sum(map(len, members[root])))
    for root in by_size:
        yield Layering(tuple(tuple(nodes) for nodes in members[root]), tuple(lanes[root]))


@dataclass(frozen=True, slots=True)
class _Heights:
    """The room each node takes in its column."""

    sizes: Mapping[str, Box]
    spacing: Spacing

    def of(self, node: Node) -> float:
        return self.sizes[node].height if isinstance(node, str) else self.spacing.lane

    def apart(self, upper: Node, lower: Node) -> float:
        """The least distance between the centres of two nodes, one below the other."""
        return (self.of(upper) + self.of(lower)) / 2 + self.spacing.row


def _centred(order: Order, lanes: Sequence[Lane], heights: _Heights) -> tuple[dict[Node, float], float]:
    """The height at which each node's centre stands, near its neighbours', and the height of the whole."""
    before, after = neighbours(lanes)
    centres: dict[Node, float] = {}
    for nodes in order:
        for upper, node in zip((None, *nodes), nodes, strict=False):
            centres[node] = 0.0 if upper is None else centres[upper] + heights.apart(upper, node)
        middle = (centres[nodes[0]] + centres[nodes[-1]]) / 2 if nodes else 0.0
        for node in nodes:
            centres[node] -= middle
    for turn in range(ALIGNMENTS):
        beside, layers = (before, order) if turn % 2 == 0 else (after, order[::-1])
        for nodes in layers:
            wished = [_mean([centres[other] for other in beside.get(node, ())], centres[node]) for node in nodes]
            centres.update(zip(nodes, _apart(nodes, wished, heights), strict=True))
    top = min(centres[node] - heights.of(node) / 2 for node in centres)
    bottom = max(centres[node] + heights.of(node) / 2 for node in centres)
    return {node: centre - top for node, centre in centres.items()}, bottom - top


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _apart(nodes: Sequence[Node], wished: Sequence[float], heights: _Heights) -> list[float]:
    """The places nearest to those wished for (least squares) that keep order and distance.

    With each node's least distance from the first taken off, the places need only not decrease: pools of
    neighbours that would take their common mean.
    """
    offsets = [0.0]
    for upper, lower in pairwise(nodes):
        offsets.append(offsets[-1] + heights.apart(upper, lower))
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=False):
        total, size = wish - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / size:
            earlier, count = pools.pop()
            total, size = total + earlier, size + count
        pools.append((total, size))
    levels = [total / size for total, size in pools for _ in range(size)]
    return [level + offset for level, offset in zip(levels, offsets, strict=False)]


def _runs(
    lanes: Sequence[Lane],
    placed: Mapping[str, Placed],
    passing: Mapping[WayPoint, float],
    columns: Sequence[LayerStrip],
) -> Iterable[LinkPath]:
    """The way of every lane. Links that share a side of a box are spread over it by where they lead."""
    outs: dict[str, list[tuple[float, int]]] = defaultdict(list)
    ins: dict[str, list[tuple[float, int]]] = defaultdict(list)

    def height(node: Node) -> float:
        if isinstance(node, str):
            return placed[node].y + placed[node].height / 2
        return passing[node]

    for index, lane in enumerate(lanes):
        outs[str(lane.nodes[0])].append((height(lane.nodes[1]), index))
        ins[str(lane.nodes[-1])].append((height(lane.nodes[-2]), index))
    leaves = {index: port for key, ends in outs.items() for index, port in _ports(placed[key], ends)}
    enters = {index: port for key, ends in ins.items() for index, port in _ports(placed[key], ends)}
    for index, lane in enumerate(lanes):
        first, last = placed[str(lane.nodes[0])], placed[str(lane.nodes[-1])]
        points = [Point(first.x + first.width, leaves[index])]
        if first.width < columns[first.layer].width:
            points.append(Point(columns[first.layer].x + columns[first.layer].width, leaves[index]))
        for node in lane.nodes:
            if isinstance(node, WayPoint):
                column, y = columns[node.layer], passing[node]
                points += [Point(column.x, y), Point(column.x + column.width, y)]
        points.append(Point(last.x, enters[index]))
        yield LinkPath(lane.link, tuple(points[::-1] if lane.backward else points), lane.backward)


def _ports(box: Placed, ends: Sequence[tuple[float, int]]) -> Iterable[tuple[int, float]]:
    for place, (_, index) in enumerate(sorted(ends), start=1):
        yield index, box.y + box.height * place / (len(ends) + 1)
