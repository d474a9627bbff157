"""Checking the trail while others write raises no false alarm."""

from __future__ import annotations

import pytest

from tests.faults.sandbox import Run, answer
from tests.faults.test_races_and_kills import sandbox

__all__ = ["sandbox"]
pytestmark = pytest.mark.faults


def test_writers_raise_no_false_alarm(sandbox: Run) -> None:
    said = answer(sandbox, "watched", "8")
    assert said["wrote"] > 8
    assert said["found"] == []
    assert said["after"] == []
