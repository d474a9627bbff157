"""Judgements that come at once, or while an assessment is closed, approved or opened again: one consistent outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.arena import HOW, ROUNDS, Run, answer, opened
from tests.faults.judging_deeds import FIRST, OPTIONS
from tests.stock import Content

pytestmark = pytest.mark.faults
OF = "judging_deeds"
CELLS = 5 * len(OPTIONS)


@pytest.fixture(scope="module")
def arena() -> Iterator[Run]:
    """A database with the reference records."""
    with opened(Content.REFERENCE) as run:
        yield run


def at_once(arena: Run, number: int, *deeds: str) -> tuple[list[str], dict[str, Any]]:
    """What became of each deed, and the assessment afterwards; every assessor's judgements are whole."""
    before = read(arena, number)
    ended = answer(arena, "race", HOW, str(number), *deeds, of=OF)
    after = read(arena, number)
    assert all(len(levels) == CELLS and len(set(levels)) == 1 for levels in after["levels"].values()), after
    done = ended.count("done")
    assert after["version"] == before["version"] + done
    assert len(after["trail"]) == len(before["trail"]) + done
    return ended, after


def read(arena: Run, number: int) -> dict[str, Any]:
    found: dict[str, Any] = answer(arena, "read", str(number), of=OF)
    return found


def level(seen: dict[str, Any], name: str) -> int:
    return int(seen["levels"][name][0])


def prepared(arena: Run) -> int:
    return int(answer(arena, "prepare", of=OF))


def test_of_one_assessors_two_sheets_one_stands_whole(arena: Run) -> None:
    number = prepared(arena)
    for _ in range(ROUNDS):
        ended, seen = at_once(arena, number, "ann:1", "ann:4", "cat:5")
        assert ended == ["done", "done", "done"]
        assert level(seen, "ann") in {1, 4}
        assert level(seen, "cat") == 5
    assert not answer(arena, "state")["faults"]


def test_a_judgement_while_it_is_closed_counts_wholly_or_is_refused(arena: Run) -> None:
    for _ in range(ROUNDS):
        number = prepared(arena)
        ended, seen = at_once(arena, number, "ann:4", "close")
        assert ended[1] == "done"
        assert seen["status"] == "closed"
        assert level(seen, "ann") == (4 if ended[0] == "done" else FIRST)
        assert seen["trail"][-1] == ["close-assessment", "ann"], "nothing is judged after it is closed"


def test_once_it_is_approved_no_late_judgement_counts(arena: Run) -> None:
    """Approved, opened again and judged at once: either it is approved and stays as it was, or it is open."""
    for _ in range(ROUNDS):
        number = prepared(arena)
        assert answer(arena, "race", HOW, str(number), "close", of=OF) == ["done"]
        (approved, opened_again, judged), seen = at_once(arena, number, "approve", "open", "ann:4")
        assert sorted((approved, opened_again)) == ["done", "refused"]
        if approved == "done":
            assert judged == "refused"
            assert (seen["status"], level(seen, "ann")) == ("approved", FIRST)
            assert seen["trail"][-1] == ["approve-assessment", "bob"]
        else:
            assert (seen["status"], level(seen, "ann")) == ("open", 4 if judged == "done" else FIRST)
        assert at_once(arena, number, "approve")[0] == ["refused"]
