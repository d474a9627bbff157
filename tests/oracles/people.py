"""Whose people are where, by moving parcels of them from body to body, one change after another.

A parcel is a share of the people with whom one body began; it remembers every body it was in. Nothing is added up
before the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from organisations.domain.edges import Edge


@dataclass(frozen=True)
class Parcel:
    """A share of the people of `cohort`, the bodies they were in, and those in which they were taken to be like
    others."""

    cohort: str
    share: Decimal
    path: tuple[str, ...]
    through: frozenset[str] = frozenset()

    @property
    def body(self) -> str:
        return self.path[-1]


def parcels(bodies: Iterable[str], edges: Iterable[Edge], *, after: date | None = None, on: date | None = None) -> list:
    """Where the people of each of the bodies are at the end of a day, each body's own told apart from the day after
    `after`, and in one body whoever was there then."""
    held = [Parcel(code, Decimal(1), (code,)) for code in bodies]
    ordered = sorted(edges, key=lambda edge: edge.moment)
    counting = [
        e for e in ordered if (after is None or e.effective_on > after) and (on is None or e.effective_on <= on)
    ]
    for _, change in groupby(counting, key=lambda edge: edge.moment):
        held = list(_moved(held, list(change)))
    return held


def _moved(held: list[Parcel], change: list[Edge]) -> Iterator[Parcel]:
    present: dict[str, set[str]] = defaultdict(set)
    for parcel in held:
        if parcel.share:
            present[parcel.body].add(parcel.cohort)
    for parcel in held:
        leaving = [edge for edge in change if edge.original == parcel.body]
        if not leaving:
            yield parcel
            continue
        mixed = bool(present[parcel.body] - {parcel.cohort})
        said = any(edge.of for edge in leaving)
        going = [(edge, part) for edge, part in _parts(parcel, leaving) if part or not edge.share]
        stays = 1 - sum(part for _, part in going)
        for edge, part in going:
            certain = not part or (part == 1 and (said or len(parcel.path) == 1)) or edge.of == (parcel.cohort,)
            yield _one(parcel, part, (*parcel.path, edge.resulting), mixed=mixed and not certain)
        if stays > 0:
            certain = stays == 1 or any(edge.of == (parcel.cohort,) for edge in leaving)
            yield _one(parcel, stays, parcel.path, mixed=mixed and not certain)


def _one(parcel: Parcel, part: Decimal, path: tuple[str, ...], *, mixed: bool) -> Parcel:
    through = parcel.through | {parcel.body} if mixed else parcel.through
    return replace(parcel, share=parcel.share * part, path=path, through=through)


def _parts(parcel: Parcel, leaving: list[Edge]) -> list[tuple[Edge, Decimal]]:
    """All of a parcel goes by an edge that takes back the people of a body it was in, nothing of another parcel; what
    is not taken back goes by the other edges, as they divide those who are left."""
    (back,) = [edge for edge in leaving if edge.of] or [None]
    rest = [edge for edge in leaving if not edge.of]
    if back is None:
        return [(edge, edge.share) for edge in rest]
    if set(back.of) & set(parcel.path):
        return [(back, Decimal(1)), *((edge, Decimal(0)) for edge in rest)]
    if rest:
        return [(edge, edge.share / (1 - back.share)) for edge in rest]
    return [(back, Decimal(0))]


def shares(held: Iterable[Parcel], cohort: str) -> dict[str, Decimal]:
    """Where the people of a cohort are."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for parcel in held:
        if parcel.cohort == cohort:
            found[parcel.body] += parcel.share
    return dict(found)


def composed(held: Iterable[Parcel], cohort: str, body: str) -> set[str]:
    """In which bodies the people of a cohort that are in a body now were taken to be like others."""
    return {
        code
        for parcel in held
        if parcel.cohort == cohort and parcel.body == body and parcel.share
        for code in parcel.through
    }
