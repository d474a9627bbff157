"""A replay costs what its changes touch: neither calls nor memory grow with bodies times changes."""

from __future__ import annotations

import cProfile
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from commissioning.domain import checks
from commissioning.domain.movement import movements
from commissioning.domain.operations import StatePilot
from organisations.domain.changes import ChangeRequest
from organisations.domain.replay import Contributed, Replay, replay
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, RelationshipKind
from tests.factories import holdings as make
from tests.factories.snapshots import PORTFOLIO, answers, body, member, neighbours, relationship, request, world

DAY = date(2009, 4, 1)
CHANGES = 20
FEW, MANY = 100, 3_200


def county(number: int) -> Snapshot:
    """So many trusts, each with people, a council, a practice, a budget and a neighbour, and a pilot in every tenth
    council; all answer to one authority."""
    codes = [f"T{each:04}" for each in range(number)]
    bodies = [body("HA", "health-authority"), *(body(code, "pct-4", people=100_000) for code in codes)]
    relationships, things, pilots = [], [], []
    for each, code in enumerate(codes):
        bodies += [body(f"L{code}", "local-authority"), body(f"P{code}", "gp-practice")]
        relationships += [answers(code, "HA"), member(f"P{code}", code)]
        relationships.append(relationship(RelationshipKind.LOCATED_IN, code, f"L{code}"))
        things.append(make.budget(f"M-{code}", code))
        if each % 2:
            relationships.append(neighbours(codes[each - 1], code))
        if each % 10 == 0:
            pilots.append(f"S{code}")
            bodies.append(body(f"S{code}", "pms-pilot"))
            relationships.append(relationship(RelationshipKind.LOCATED_IN, f"S{code}", f"L{code}"))
    state = make.holding(world(*bodies, relationships=relationships), *things)
    return state.after([StatePilot(code, DAY + timedelta(days=365)) for code in pilots])


def mergers() -> list[ChangeRequest]:
    """Pairs of trusts merge, one pair a day and the first of them twice."""
    made = []
    for number in range(CHANGES):
        one, other = f"T{2 * number:04}", f"T{2 * number + 1:04}"
        on = DAY + timedelta(days=number // 2)
        made.append(request(ChangeKind.MERGER, on, [one, other], continuing=(one,)))
    return made


def replayed(start: Snapshot, history: Sequence[ChangeRequest]) -> Replay:
    contributed = Contributed([movements], [checks.findings_of])
    done = replay((), (), history, start, portfolio=PORTFOLIO, contributed=contributed)
    assert done.problems == {}
    assert len(done.steps) == len(history)
    return done


def calls(work: Callable[[], object]) -> int:
    """How many functions are called to do it."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def memory(start: Snapshot) -> int:
    """Bytes that the states of a replay take beside the one it starts from, all of them kept."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        done = replayed(start, mergers())
        after, _ = tracemalloc.get_traced_memory()
        assert done.last.bodies
    finally:
        tracemalloc.stop()
    return after - before


def effort(number: int, changes: int = CHANGES) -> int:
    """Calls for so many changes among so many bodies. What looks once at everything, when all is done, is left out."""
    start, other = county(number), county(number)
    return calls(lambda: replayed(start, mergers()[:changes])) - calls(lambda: replayed(other, []))


def test_calls_do_not_grow_with_the_bodies_that_a_change_does_not_touch() -> None:
    assert effort(MANY) < 1.1 * effort(FEW)


def test_memory_does_not_grow_with_the_bodies_that_a_change_does_not_touch() -> None:
    assert memory(county(MANY)) < 1.5 * memory(county(FEW))


def test_twice_the_changes_take_twice_the_work() -> None:
    assert effort(FEW) < 2.2 * effort(FEW, CHANGES // 2)
