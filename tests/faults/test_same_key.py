"""One write sent several times at once with one `Idempotency-Key` is carried out once; every sender gets its answer."""

from __future__ import annotations

import pytest

from tests.faults.sandbox import HOW, ROUNDS, Run, answer
from tests.faults.test_races_and_kills import sandbox

__all__ = ["sandbox"]
pytestmark = pytest.mark.faults
SENDERS = 4


def test_one_key_sent_at_once_is_one_write(sandbox: Run) -> None:
    for _ in range(max(1, ROUNDS // 2)):
        sent = answer(sandbox, HOW, str(SENDERS), of="same_key")
        assert sent == {"statuses": [201] * SENDERS, "kept": SENDERS - 1, "bodies": 1, "changes": 1}
