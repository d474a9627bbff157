"""Two effects upon one body: one wins, the other changes nothing. Of two on one day upon different bodies each has a
place of its own in the order of the day. A process killed in mid-effect leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Content
from tests.faults.sandbox import HOW, ROUNDS, Run, answer, dies_without_trace, opened

pytestmark = pytest.mark.faults
APART = 3
"""Races of two changes that have no body in common."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Run]:
    """A database of its own with everything loaded; gives a function that runs Python against it."""
    with opened(Content.WHOLE) as run:
        yield run


@pytest.fixture(scope="module")
def rivals(sandbox: Run) -> list[tuple[int, int]]:
    """Pairs of approved proposals that want the same body: some for the races, one for the kills."""
    return [tuple(pair) for pair in answer(sandbox, "prepare", str(ROUNDS + 1 + 2 * APART))]


def test_of_two_effects_upon_one_body_exactly_one_wins(sandbox: Run, rivals: list[tuple[int, int]]) -> None:
    for first, second in rivals[:ROUNDS]:
        before = answer(sandbox, "state")
        ended = answer(sandbox, "race", HOW, str(first), str(second))
        after = answer(sandbox, "state")
        assert ended.count("effected") == 1, ended
        assert set(ended) - {"effected"} <= {"conflict", "not-in-force"}, ended
        assert after["rows"]["organisations.Organisation"] == before["rows"]["organisations.Organisation"] + 1
        assert after["rows"]["organisations.LineageEdge"] == before["rows"]["organisations.LineageEdge"] + 2
        assert not after["faults"]


def test_two_effects_of_one_day_come_one_after_the_other(sandbox: Run, rivals: list[tuple[int, int]]) -> None:
    apart = [str(first) for first, _ in rivals[ROUNDS + 1 :]]
    for pair in zip(apart[::2], apart[1::2], strict=True):
        assert answer(sandbox, "race", HOW, *pair) == ["effected", "effected"]
        one, other = answer(sandbox, "order", *pair)
        assert one != other
    assert not answer(sandbox, "state")["faults"]


def test_a_process_killed_while_it_writes_leaves_no_trace(sandbox: Run, rivals: list[tuple[int, int]]) -> None:
    change = str(rivals[ROUNDS][0])
    dies_without_trace(sandbox, "killed", change, at=(1, 2, 4, 6, 8, 10, 12))
    assert answer(sandbox, "effect", change) == "effected"
    assert not answer(sandbox, "state")["faults"]
