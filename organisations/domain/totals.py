"""Typed totals of a plan: what its bodies hold before and after, so that nothing is lost unnoticed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from organisations.domain.planning import Plan
from organisations.domain.snapshot import Count, Snapshot
from organisations.domain.vocabulary import RelationshipKind


@dataclass(frozen=True, slots=True)
class Totals:
    """What a set of bodies holds on a day.

    `population` adds up the known counts; `population_unknown` is how many bodies have none, or one that leaves some of
    their people out. `councils` counts the
    councils they lie in, `members` the bodies that belong to them. `contributed` are totals that apps above add up, by
    name: money and staff as decimals, else counts.
    """

    bodies: int
    population: int
    population_unknown: int
    councils: int
    members: int
    contributed: Mapping[str, int | Decimal] = field(default_factory=dict)


Measure = Callable[[Sequence[str], Snapshot, date], Mapping[str, int | Decimal]]
"""What an app above adds up: named totals of bodies on a day, from its part of the snapshot."""

Counting = Callable[[Snapshot, str, date], Count | None]
"""Chooses the count of a body on a day."""


def totals_of(
    codes: Iterable[str],
    state: Snapshot,
    on: date,
    measures: Iterable[Measure] = (),
    *,
    counted: Counting = Snapshot.count_on,
) -> Totals:
    """Totals of those of the bodies that are in force on a day; `counted` chooses the count of each."""
    alive = [code for code in dict.fromkeys(codes) if code in state.bodies and state.bodies[code].alive_on(on)]
    counts = [counted(state, code, on) for code in alive]
    ties = [(code, tie) for code in alive for tie in state.ties_of(code, on=on)]
    councils = {tie.object for code, tie in ties if tie.kind is RelationshipKind.LOCATED_IN and tie.subject == code}
    members = {tie.subject for code, tie in ties if tie.kind is RelationshipKind.MEMBER_OF and tie.object == code}
    return Totals(
        bodies=len(alive),
        population=sum(count.count for count in counts if count is not None),
        population_unknown=sum(count is None or count.at_least for count in counts),
        councils=len(councils),
        members=len(members),
        contributed=contributed(alive, state, on, measures),
    )


def contributed(
    codes: Sequence[str], state: Snapshot, on: date, measures: Iterable[Measure]
) -> Mapping[str, int | Decimal]:
    """What apps above add up for bodies on a day."""
    return {name: held for measure in measures for name, held in measure(codes, state, on).items()}


def totals_around(
    originals: Sequence[str],
    resulting: Sequence[str],
    on: date,
    *,
    without: Snapshot,
    with_it: Snapshot,
    measures: Sequence[Measure] = (),
) -> tuple[Totals, Totals]:
    """Totals of the originals before a change, and of what results from it on its day.

    `without` is the state that the change before it left. Both are added up on the day itself: changes of one day have
    an order, and a budget that ended with the year before is not lost by a change of the day.
    """
    return (
        totals_of(originals, without, on, measures, counted=Snapshot.count_now),
        totals_of(resulting, with_it, on, measures),
    )


def before_and_after(plan: Plan, measures: Sequence[Measure] = ()) -> tuple[Totals, Totals]:
    """Totals around the change of a plan."""
    request = plan.request
    if request is None:
        raise ValueError("opening facts change nothing")
    return totals_around(
        request.originals,
        request.resulting,
        request.effective_on,
        without=plan.before,
        with_it=plan.after,
        measures=measures,
    )
