"""Writers who cross each other's way: nobody waits for ever, nothing is half done, and who comes too late is told to
try again, by actions, the API and the pages alike."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.databases import Content
from tests.faults.sandbox import HOW, ON_POSTGRESQL, ROUNDS, Run, answer, opened

pytestmark = pytest.mark.faults
OF = "crossing_operations"
SAID = {"done", "conflict", "not-allowed-in-status", "not-in-force", "code-in-use", "forbidden"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Run]:
    """A database of its own with everything loaded."""
    with opened(Content.WHOLE) as run:
        yield run


def test_everything_done_at_once_to_two_rivals_ends(sandbox: Run) -> None:
    """Propose, amend, comment, consult, name, answer and carry out: no deadlock goes unsaid, the trail stays whole."""
    for _ in range(ROUNDS):
        one, other = answer(sandbox, "prepare", of=OF)
        before = answer(sandbox, "state")
        ended = answer(sandbox, "cross", HOW, str(one), str(other), of=OF)
        assert set(ended) <= SAID, ended
        assert ended[6] == "done", "a comment waits its turn and is made"
        after = answer(sandbox, "state")
        assert not after["faults"]
        written = after["rows"]["audit.AuditEntry"] - before["rows"]["audit.AuditEntry"]
        assert written == ended.count("done"), ended


def test_another_writer_in_the_way_is_a_conflict_to_try_again(sandbox: Run) -> None:
    one, _ = answer(sandbox, "prepare", of=OF)
    said = answer(sandbox, "blocked", str(one), of=OF)
    assert said["action"] == "conflict"
    for name in ("step", "api"):
        status, body = said[name]
        problem = json.loads(body)
        assert (status, problem["code"]) == (409, "conflict"), (name, body)
        assert "Try again" in problem["detail"]
    for name in ("page", "root"):
        status, body = said[name]
        assert status == 409, (name, body)
        assert "Try again" in body, name
    assert "Kept words" in said["page"][1]


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time, and so no deadlock")
def test_a_deadlock_is_a_conflict_for_one_of_the_two(sandbox: Run) -> None:
    one, other = answer(sandbox, "prepare", of=OF)
    assert answer(sandbox, "deadlocked", str(one), str(other), of=OF) == ["conflict", "done"]
