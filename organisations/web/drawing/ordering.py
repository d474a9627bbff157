"""The order of nodes within their layers, chosen so that few links cross: the barycentre method.

Each sweep sorts a layer by the mean place of its nodes' neighbours in the layer beside it. Sweeps run to and
fro; the best order met is kept. Ties keep their order, so that the same graph always gives the same drawing.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

from organisations.web.drawing.layering import Layering, Node, neighbours

SWEEPS = 12
# Past this many nodes (way points included) a further sweep costs more than it gains.
MANY = 3000

Order = tuple[tuple[Node, ...], ...]


def ordered(layering: Layering) -> Order:
    """The layers with their nodes in an order of few crossings."""
    before, after = neighbours(layering.lanes)
    best = _swept(layering.layers, before, 1)
    fewest = crossings(best, after)
    current = best
    sweeps = SWEEPS if sum(map(len, best)) <= MANY else 2
    for sweep in range(sweeps):
        if not fewest:
            break
        current = _swept(current, before, 1) if sweep % 2 == 0 else _swept(current, after, -1)
        count = crossings(current, after)
        if count < fewest:
            best, fewest = current, count
    return best


def _swept(layers: Order, beside: Mapping[Node, list[Node]], step: int) -> Order:
    """Every layer sorted by the one before it (step 1) or after it (step -1)."""
    result = list(layers)
    places = range(len(layers)) if step == 1 else range(len(layers) - 1, -1, -1)
    at: dict[Node, int] = {}
    for place in places:
        centres = {}
        for own, node in enumerate(result[place]):
            positions = [at[other] for other in beside.get(node, ()) if other in at]
            centres[node] = sum(positions) / len(positions) if positions else own
        result[place] = tuple(sorted(result[place], key=centres.__getitem__))
        at = {node: index for index, node in enumerate(result[place])}
    return tuple(result)


def crossings(layers: Order, after: Mapping[Node, list[Node]]) -> int:
    """How many pairs of links cross between neighbouring layers."""
    return sum(
        _inversions(layer, {node: index for index, node in enumerate(following)}, after)
        for layer, following in pairwise(layers)
    )


def _inversions(layer: Sequence[Node], at: Mapping[Node, int], after: Mapping[Node, list[Node]]) -> int:
    """Links that end above a link which starts higher up."""
    positions: list[int] = []
    count = 0
    for node in layer:
        ends = sorted(at[other] for other in after.get(node, ()))
        count += sum(len(positions) - bisect_right(positions, end) for end in ends)
        for end in ends:
            insort(positions, end)
    return count
