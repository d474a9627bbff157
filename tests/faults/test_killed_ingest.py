"""A process killed while it ingests a register leaves no trace, and the next one ingests it whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.sandbox import Run, answer, dies_without_trace
from tests.faults.test_races_and_kills import sandbox
from tests.unit.ingest.registers.files import practice, written

__all__ = ["sandbox"]
pytestmark = pytest.mark.faults
PRACTICES = 500


def test_a_process_killed_while_it_ingests_leaves_no_trace(sandbox: Run, tmp_path: Path) -> None:
    rows = [practice(f"B99{number:03}", parent="00K", joined="20130401") for number in range(PRACTICES)]
    path = str(written(tmp_path / "epraccur.csv", rows))
    before = answer(sandbox, "state")
    dies_without_trace(sandbox, "ingest", path, at=(1, 2, 5, 10, 20))
    assert answer(sandbox, "ingest", path) == 2 * PRACTICES
    after = answer(sandbox, "state")
    assert after["rows"]["organisations.Organisation"] == before["rows"]["organisations.Organisation"] + PRACTICES
    assert not after["faults"]
    assert answer(sandbox, "ingest", path) == 0
    assert answer(sandbox, "state") == after
