"""What a change does to the counts of people.

A count stated for a new body wins, and so does one stated for the day of a body that was there before: that is how the
changes of the day leave it. Otherwise a body that results takes the shares of what the originals had at that moment of
the day, rounded so that the total stays what it was. The count is computed: it names the counts it was computed from.
Where some of them are not known it says that there may be more people; where none is known, nothing is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from organisations.domain.changes import ChangeRequest, ShareOut
from organisations.domain.counts import WHOLE, CountPart, merged, oldest
from organisations.domain.operations import Operation, RecordPopulation, SupersedePopulation
from organisations.domain.planning.steps import by_change
from organisations.domain.snapshot import PopulationCount, Provenance, Snapshot
from organisations.domain.vocabulary import Basis, PopulationBasis

NOTE = "computed from the originals' populations and shares"


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


@dataclass
class _People:
    """People of a body as a change works them out; `parts` are the counts that they come from."""

    count: int = 0
    parts: list[CountPart] = field(default_factory=list)


def population_operations(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """Counts of the bodies whose people the change alters, dated the day it takes effect."""
    on = request.effective_on
    stated = {new.code for new in request.new if new.counts}
    for code in request.closing:
        if _of_the_moment(snapshot, code, on):
            yield SupersedePopulation(code, on)
    for code, people in _worked_out(request, snapshot).items():
        if code in stated or oldest(people.parts) is None:
            continue
        if code in snapshot.bodies and snapshot.bodies[code].count_of(on):
            if not _of_the_moment(snapshot, code, on):
                continue
            yield SupersedePopulation(code, on)
        computed = PopulationCount(
            people.count, on, PopulationBasis.COMPUTED, _known(request), parts=merged(people.parts)
        )
        yield RecordPopulation(code, computed)


def _worked_out(request: ChangeRequest, snapshot: Snapshot) -> dict[str, _People]:
    """The people of every body that results and gains or loses some."""
    on, closing = request.effective_on, frozenset(request.closing)
    moving = [edge for edge in request.shares() if edge.share]
    leaving: dict[str, list[ShareOut]] = defaultdict(list)
    for edge in moving:
        leaving[edge.original].append(edge)
    concerned = {code for edge in moving for code in (edge.original, edge.resulting)}
    fresh = [new.code for new in request.new]
    result = {code: _People() for code in dict.fromkeys([*fresh, *request.resulting]) if code in concerned}
    for code in dict.fromkeys([*result, *leaving]):
        existing = snapshot.count_now(code, on) if code in snapshot.bodies else None
        going = leaving[code]
        given = sum((edge.share for edge in going), Decimal(0))
        parts = parcels(existing.count, going, all_of_it=given == WHOLE) if existing else [0] * len(going)
        for edge, part in zip(going, parts, strict=True):
            taker = result[edge.resulting]
            taker.count += part
            taker.parts += _parts(code, existing, edge.share, request)
        if code in snapshot.bodies and code not in closing:
            own = result[code]
            own.count += (existing.count if existing else 0) - sum(parts)
            own.parts[:0] = _parts(code, existing, WHOLE - given, request)
    return result


def _parts(
    code: str, existing: PopulationCount | None, share: Decimal, request: ChangeRequest
) -> tuple[CountPart, ...]:
    return existing.parts_on(code, request.effective_on, share) if existing else (CountPart(code, share),)


def _of_the_moment(snapshot: Snapshot, code: str, on: date) -> bool:
    """Whether a body has a count that stood until now of this day: one computed, or that it began with, that day."""
    body = snapshot.bodies[code]
    today = body.count_of(on)
    return today is not None and (today.computed or body.opened == on)


def _known(request: ChangeRequest) -> Provenance:
    """How a computed count is known: it follows from what a register or a source says of the change; neither states
    it."""
    provenance = by_change(request, NOTE)
    return (
        replace(provenance, basis=Basis.INFERRED) if provenance.basis in {Basis.REGISTER, Basis.SOURCE} else provenance
    )
