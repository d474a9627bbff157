"""Two effects upon one body: one wins, the other changes nothing. Of two on one day upon different bodies each has a
place of its own in the order of the day. A process killed in mid-effect leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.arena import HOW, ROUNDS, Run, answer, dies_without_trace, opened
from tests.stock import Content

pytestmark = pytest.mark.faults
APART = 3
"""Races of two changes that have no body in common."""


@pytest.fixture(scope="module")
def arena() -> Iterator[Run]:
    """A database of its own with everything loaded; gives a function that runs Python against it."""
    with opened(Content.WHOLE) as run:
        yield run


@pytest.fixture(scope="module")
def rivals(arena: Run) -> list[tuple[int, int]]:
    """Pairs of approved proposals that want the same body: some for the races, one for the kills."""
    return [tuple(pair) for pair in answer(arena, "prepare", str(ROUNDS + 1 + 2 * APART))]


def test_of_two_effects_upon_one_body_exactly_one_wins(arena: Run, rivals: list[tuple[int, int]]) -> None:
    for first, second in rivals[:ROUNDS]:
        before = answer(arena, "state")
        ended = answer(arena, "race", HOW, str(first), str(second))
        after = answer(arena, "state")
        assert ended.count("effected") == 1, ended
        assert set(ended) - {"effected"} <= {"conflict", "not-in-force"}, ended
        assert after["rows"]["organisations.Organisation"] == before["rows"]["organisations.Organisation"] + 1
        assert after["rows"]["organisations.LineageEdge"] == before["rows"]["organisations.LineageEdge"] + 2
        assert not after["faults"]


def test_two_effects_of_one_day_come_one_after_the_other(arena: Run, rivals: list[tuple[int, int]]) -> None:
    apart = [str(first) for first, _ in rivals[ROUNDS + 1 :]]
    for pair in zip(apart[::2], apart[1::2], strict=True):
        assert answer(arena, "race", HOW, *pair) == ["effected", "effected"]
        one, other = answer(arena, "order", *pair)
        assert one != other
    assert not answer(arena, "state")["faults"]


def test_a_process_killed_while_it_writes_leaves_no_trace(arena: Run, rivals: list[tuple[int, int]]) -> None:
    change = str(rivals[ROUNDS][0])
    dies_without_trace(arena, "killed", change, at=(1, 2, 4, 6, 8, 10, 12))
    assert answer(arena, "effect", change) == "effected"
    assert not answer(arena, "state")["faults"]
