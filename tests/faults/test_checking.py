"""Checking the trail while others write raises no false alarm."""

from __future__ import annotations

import pytest

from tests.faults.arena import Run, answer
from tests.faults.test_races_and_kills import arena

__all__ = ["arena"]
pytestmark = pytest.mark.faults


def test_writers_raise_no_false_alarm(arena: Run) -> None:
    said = answer(arena, "watched", "8")
    assert said["wrote"] > 8
    assert said["found"] == []
    assert said["after"] == []
