"""One write sent several times at once with one `Idempotency-Key` is carried out once; every sender gets its answer."""

from __future__ import annotations

import json

import pytest

from tests.faults.arena import HOW, ROUNDS, Run
from tests.faults.test_races_and_kills import arena

__all__ = ["arena"]
pytestmark = pytest.mark.faults
SENDERS = 4


def test_one_key_sent_at_once_is_one_write(arena: Run) -> None:
    for _ in range(max(1, ROUNDS // 2)):
        done = arena("-m", "tests.faults.same_key", HOW, str(SENDERS))
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout.splitlines()[-1])
        assert answer == {"statuses": [201] * SENDERS, "kept": SENDERS - 1, "bodies": 1, "changes": 1}
