"""One portfolio file sent several times at once is loaded once, or waits once; the others are told that there is
nothing new, or to try again. Both databases answer alike."""

from __future__ import annotations

import pytest

from tests.faults.sandbox import HOW, ROUNDS, Run, answer
from tests.faults.test_races_and_kills import sandbox

__all__ = ["sandbox"]
pytestmark = pytest.mark.faults
SENDERS = 4


def test_one_file_sent_at_once_is_loaded_once(sandbox: Run) -> None:
    for _ in range(max(1, ROUNDS // 2)):
        found = answer(sandbox, "first", HOW, str(SENDERS), of="same_load")
        assert found["statuses"] == [200] * (SENDERS - 1) + [201], found
        assert (found["bodies"], found["loads"], found["waiting"]) == (20, 1, 0)


def test_one_file_that_adds_to_history_sent_at_once_waits_once(sandbox: Run) -> None:
    for _ in range(max(1, ROUNDS // 2)):
        found = answer(sandbox, "later", HOW, str(SENDERS), of="same_load")
        assert set(found["statuses"]) <= {202, 409}, found
        assert 202 in found["statuses"]
        assert all("Try again" in detail for detail in found["details"])
        assert (found["bodies"], found["loads"], found["waiting"]) == (20, 1, 1)
