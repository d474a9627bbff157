"""Shares by writing out every path that people can take, one step in time after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from organisations.domain.lineage import Edge

Moment = tuple[date, int]


def fates(code: str, edges: Iterable[Edge], until: date | None = None) -> dict[str, Decimal]:
    """Where the people of `code` are in the end, as shares: every path's product, added by where it ends.

    At each change a body meets after the people arrived, a part goes by each edge and the rest stays.
    """
    known = [edge for edge in edges if edge.original != edge.resulting]
    known = [edge for edge in known if until is None or edge.effective_on <= until]
    found: dict[str, Decimal] = defaultdict(Decimal)
    for body, share in _paths(code, Decimal(1), None, known):
        found[body] += share
    return dict(found)


def _paths(body: str, share: Decimal, arrived: Moment | None, edges: list[Edge]) -> Iterator[tuple[str, Decimal]]:
    moments = sorted({e.moment for e in edges if e.original == body and (arrived is None or e.moment > arrived)})
    if not moments:
        yield body, share
        return
    now = moments[0]
    kept = Decimal(1)
    for edge in edges:
        if edge.original == body and edge.moment == now:
            kept -= edge.share
            yield from _paths(edge.resulting, share * edge.share, now, edges)
    if kept > 0:
        yield from _paths(body, share * kept, now, edges)
