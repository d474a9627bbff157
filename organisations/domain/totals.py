"""Typed totals of a plan: what its bodies hold before and after, so that nothing is lost unnoticed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from organisations.domain.forms import COUNCIL
from organisations.domain.planning import Plan
from organisations.domain.snapshot import PopulationCount, Snapshot
from organisations.domain.vocabulary import RelationshipKind
from pcorg.core.vocabulary import Term

Figure = int | Decimal


class Knowledge(Term):
    """How much is known of a figure."""

    KNOWN = "known", "Known"
    PARTLY_KNOWN = "partly-known", "Known in part; there may be more"
    UNKNOWN = "unknown", "Not recorded"


@dataclass(frozen=True, slots=True)
class Total:
    """A sum. `amount` adds up what is recorded, None where nothing is; it is `complete` where nothing is missing from
    it. Raises ValueError where it would be complete and yet unknown."""

    amount: Figure | None
    complete: bool = True

    def __post_init__(self) -> None:
        if self.amount is None and self.complete:
            raise ValueError("an unknown total is not complete")

    @property
    def knowledge(self) -> Knowledge:
        """How much of it is known."""
        if self.amount is None:
            return Knowledge.UNKNOWN
        return Knowledge.KNOWN if self.complete else Knowledge.PARTLY_KNOWN


UNKNOWN = Total(None, complete=False)
"""A total of which nothing is recorded."""


def total_of(figures: Iterable[Figure | None], nothing: Figure = 0, *, complete: bool = True) -> Total:
    """The sum of figures, of which None is one not recorded. `nothing` is the sum of no figures. With `complete` false
    there may be more than the figures given: then no figures are no nought either."""
    listed = list(figures)
    recorded = [figure for figure in listed if figure is not None]
    if not recorded and (listed or not complete):
        return UNKNOWN
    return Total(sum(recorded, nothing), complete=complete and len(recorded) == len(listed))


LOCATED_IN, MEMBER_OF = RelationshipKind.LOCATED_IN, RelationshipKind.MEMBER_OF


@dataclass(frozen=True, slots=True)
class Totals:
    """What a set of bodies holds on a day.

    `population` adds up the known counts; `population_unknown` is how many bodies have none, or one that leaves some of
    their people out. `councils` counts the councils they lie in: of a body that lies in none they are not recorded.
    `members` counts the bodies that belong to them: of a body that never had any they are not recorded. `contributed`
    are totals that apps above add up, by name: money and staff as decimals, else counts.
    """

    bodies: int
    population: Total
    population_unknown: int
    councils: Total
    members: Total
    contributed: Mapping[str, Total] = field(default_factory=dict)


Measure = Callable[[Sequence[str], Snapshot, date], Mapping[str, Total]]
"""What an app above adds up: named totals of bodies on a day, from its part of the snapshot."""

Counting = Callable[[Snapshot, str, date], PopulationCount | None]
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
    unknown = sum(count is None or count.at_least for count in counts)
    return Totals(
        bodies=len(alive),
        population=replace(total_of(None if count is None else count.count for count in counts), complete=not unknown),
        population_unknown=unknown,
        councils=_councils(alive, state, on),
        members=_members(alive, state, on),
        contributed=contributed(alive, state, on, measures),
    )


def _councils(codes: Sequence[str], state: Snapshot, on: date) -> Total:
    """The councils that bodies lie in. Every body lies in one; of a body with none it is not recorded in which. A
    council lies in no other."""
    lying = {
        code: {
            relationship.object
            for relationship in state.relationships_of(code, on=on)
            if relationship.kind is LOCATED_IN and relationship.subject == code
        }
        for code in codes
        if state.bodies[code].form_on(on) != COUNCIL
    }
    different = set[str]().union(*lying.values())
    return total_of([1] * len(different), complete=all(lying.values()))


def _members(codes: Sequence[str], state: Snapshot, on: date) -> Total:
    """The bodies that belong to bodies. Of one that never had a member, the members are not recorded."""
    relationships_by_member = {
        code: [
            relationship
            for relationship in state.relationships_with(code)
            if relationship.kind is MEMBER_OF and relationship.object == code
        ]
        for code in codes
    }
    here = {
        relationship.subject
        for relationships in relationships_by_member.values()
        for relationship in relationships
        if relationship.period.holds(on)
    }
    if not any(relationships_by_member.values()):
        return total_of((), complete=not codes)
    return Total(len(here), complete=all(relationships_by_member.values()))


def contributed(codes: Sequence[str], state: Snapshot, on: date, measures: Iterable[Measure]) -> Mapping[str, Total]:
    """What apps above add up for bodies on a day."""
    return {name: total for measure in measures for name, total in measure(codes, state, on).items()}


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
