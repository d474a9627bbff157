"""What must hold of any state of organisations, however it came about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import RelationshipKind
from pcorg.core.periods import first_overlap


def nothing_of_a_body_overlaps(state: Snapshot) -> None:
    for body in state.bodies.values():
        assert first_overlap(spell.period for spell in body.forms) is None
        assert first_overlap(spell.period for spell in body.names) is None
        boards = defaultdict(list)
        for seat in body.seats:
            boards[seat.constituency].append(seat.period)
        assert all(first_overlap(periods) is None for periods in boards.values())
        assert len({count.on for count in body.counts}) == len(body.counts)


def no_relationship_is_there_twice(state: Snapshot) -> None:
    same = defaultdict(list)
    for relationship in state.relationships:
        same[relationship.key].append(relationship.period)
    assert all(first_overlap(periods) is None for periods in same.values())


def a_body_has_a_form_and_a_name_all_its_life_and_no_longer(state: Snapshot) -> None:
    for body in state.bodies.values():
        if body.closed == body.opened:  # a correction struck it out
            assert (body.forms, body.names, body.seats) == ((), (), ())
            continue
        for spells in (body.forms, body.names):
            assert spells[0].period.start == body.opened
            assert spells[-1].period.end == body.closed
            assert all(earlier.period.end == later.period.start for earlier, later in pairwise(spells))


def nothing_is_open_on_a_closed_body(state: Snapshot) -> None:
    for relationship in state.relationships:
        for code in (relationship.subject, relationship.object):
            assert state.bodies[code].life.covers(relationship.period), relationship
    for body in state.bodies.values():
        assert all(body.life.covers(seat.period) for seat in body.seats)


def a_symmetric_relationship_is_written_one_way(state: Snapshot) -> None:
    assert all(
        relationship.subject < relationship.object
        for relationship in state.relationships
        if relationship.kind.symmetric
    )


def a_body_answers_to_one_body_at_a_time(state: Snapshot) -> None:
    masters = defaultdict(list)
    for relationship in state.relationships:
        if relationship.kind is RelationshipKind.ACCOUNTABLE_TO:
            masters[relationship.subject].append(relationship.period)
    doubled = [code for code, periods in masters.items() if first_overlap(periods) is not None]
    assert doubled == []


INVARIANTS: tuple[Callable[[Snapshot], None], ...] = (
    nothing_of_a_body_overlaps,
    no_relationship_is_there_twice,
    a_body_has_a_form_and_a_name_all_its_life_and_no_longer,
    nothing_is_open_on_a_closed_body,
    a_symmetric_relationship_is_written_one_way,
    a_body_answers_to_one_body_at_a_time,
)
