"""What a change does to the counts of people.

Stated counts win. Otherwise a body that results takes the shares of what the originals had, rounded so that the total
stays what it was. Where an original's population is not known, what comes of it is not known either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from organisations.domain.changes import ChangeRequest, ShareOut
from organisations.domain.operations import Operation, RecordPopulation
from organisations.domain.planning.steps import by_change
from organisations.domain.snapshot import Count, Snapshot
from organisations.domain.vocabulary import PopulationBasis


def parcels(count: int, shares: list[ShareOut], *, all_of_it: bool) -> list[int]:
    """Divide people by shares into whole numbers by largest remainder.

    With `all_of_it` the parts add up to `count` exactly; otherwise to its rounded product with the shares' sum.
    """
    total = count if all_of_it else int((count * sum((edge.share for edge in shares), Decimal(0))).to_integral_value())
    exact = [count * edge.share for edge in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(shares)), key=lambda number: (parts[number] - exact[number], number))
    for number in by_remainder[: max(0, total - sum(parts))]:
        parts[number] += 1
    return parts


def population_operations(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """Counts of the bodies whose people the change alters, dated the day it takes effect."""
    edges = request.shares()
    if not edges:
        return
    gained: dict[str, int] = defaultdict(int)
    lost: dict[str, int] = defaultdict(int)
    unknown: set[str] = set()
    bases: dict[str, set[PopulationBasis]] = defaultdict(set)
    leaving: dict[str, list[ShareOut]] = defaultdict(list)
    for edge in edges:
        leaving[edge.original].append(edge)
    for code, shares in leaving.items():
        held = snapshot.bodies[code].count_before(request.effective_on)
        moving = [edge for edge in shares if edge.share]
        if held is None:
            unknown.update(edge.resulting for edge in moving)
            continue
        whole = sum((edge.share for edge in moving), Decimal(0)) == 1
        for edge, part in zip(moving, parcels(held.count, moving, all_of_it=whole), strict=True):
            gained[edge.resulting] += part
            lost[code] += part
            bases[edge.resulting].add(held.basis if edge.share == 1 else PopulationBasis.ESTIMATE)
    on = request.effective_on
    stated = {new.code for new in request.new if new.counts}
    stated |= {code for code in request.resulting if code in snapshot.bodies and _stated_on(snapshot, code, on)}
    for new in request.new:
        if new.code in gained and new.code not in unknown and new.code not in stated:
            yield _count(request, new.code, gained[new.code], bases[new.code])
    for code in request.resulting:
        if code not in snapshot.bodies or code in unknown | stated or not (gained.get(code) or lost.get(code)):
            continue
        held = snapshot.bodies[code].count_before(request.effective_on)
        if held is not None:
            basis = {held.basis, *bases[code]} if not lost.get(code) else {PopulationBasis.ESTIMATE}
            yield _count(request, code, held.count + gained[code] - lost[code], basis)


def _stated_on(snapshot: Snapshot, code: str, on: date) -> bool:
    return any(count.on == on for count in snapshot.bodies[code].counts)


def _count(request: ChangeRequest, code: str, people: int, bases: set[PopulationBasis]) -> Operation:
    basis = next(iter(bases)) if len(bases) == 1 else PopulationBasis.ESTIMATE
    known = by_change(request, "worked out from the originals' populations and shares")
    return RecordPopulation(code, Count(people, request.effective_on, basis, known))
