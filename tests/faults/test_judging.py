"""Judgements that come at once, or while an assessment is closed, approved or opened again: one consistent outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import Content
from tests.faults.judging_operations import FIRST, OPTIONS
from tests.faults.sandbox import HOW, ROUNDS, Run, answer, opened

pytestmark = pytest.mark.faults
OF = "judging_operations"
CELLS = 5 * len(OPTIONS)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Run]:
    """A database with the reference records."""
    with opened(Content.REFERENCE) as run:
        yield run


def at_once(sandbox: Run, number: int, *operations: str) -> tuple[list[str], dict[str, Any]]:
    """What became of each deed, and the assessment afterwards; every assessor's judgements are whole."""
    before = read(sandbox, number)
    ended = answer(sandbox, "race", HOW, str(number), *operations, of=OF)
    after = read(sandbox, number)
    assert all(len(levels) == CELLS and len(set(levels)) == 1 for levels in after["levels"].values()), after
    done = ended.count("done")
    assert after["version"] == before["version"] + done
    assert len(after["trail"]) == len(before["trail"]) + done
    return ended, after


def read(sandbox: Run, number: int) -> dict[str, Any]:
    found: dict[str, Any] = answer(sandbox, "read", str(number), of=OF)
    return found


def level(seen: dict[str, Any], name: str) -> int:
    return int(seen["levels"][name][0])


def prepared(sandbox: Run) -> int:
    return int(answer(sandbox, "prepare", of=OF))


def test_of_one_assessors_two_sheets_one_stands_whole(sandbox: Run) -> None:
    number = prepared(sandbox)
    for _ in range(ROUNDS):
        ended, seen = at_once(sandbox, number, "ann:1", "ann:4", "cat:5")
        assert ended == ["done", "done", "done"]
        assert level(seen, "ann") in {1, 4}
        assert level(seen, "cat") == 5
    assert not answer(sandbox, "state")["faults"]


def test_a_judgement_while_it_is_closed_counts_wholly_or_is_refused(sandbox: Run) -> None:
    for _ in range(ROUNDS):
        number = prepared(sandbox)
        ended, seen = at_once(sandbox, number, "ann:4", "close")
        assert ended[1] == "done"
        assert seen["status"] == "closed"
        assert level(seen, "ann") == (4 if ended[0] == "done" else FIRST)
        assert seen["trail"][-1] == ["close-assessment", "ann"], "nothing is judged after it is closed"


def test_once_it_is_approved_no_late_judgement_counts(sandbox: Run) -> None:
    """Approved, opened again and judged at once: either it is approved and stays as it was, or it is open."""
    for _ in range(ROUNDS):
        number = prepared(sandbox)
        assert answer(sandbox, "race", HOW, str(number), "close", of=OF) == ["done"]
        (approved, opened_again, judged), seen = at_once(sandbox, number, "approve", "open", "ann:4")
        assert sorted((approved, opened_again)) == ["done", "refused"]
        if approved == "done":
            assert judged == "refused"
            assert (seen["status"], level(seen, "ann")) == ("approved", FIRST)
            assert seen["trail"][-1] == ["approve-assessment", "bob"]
        else:
            assert (seen["status"], level(seen, "ann")) == ("open", 4 if judged == "done" else FIRST)
        assert at_once(sandbox, number, "approve")[0] == ["refused"]
