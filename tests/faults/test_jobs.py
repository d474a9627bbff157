"""Three workers on one database, one of them killed or stopped in mid-work: every job is done once, and so is its
effect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.databases import Content
from tests.faults.sandbox import ON_POSTGRESQL, Run, answer, opened

pytestmark = pytest.mark.faults
WITHIN = 240
"""Seconds in which all must be done; what takes so long has failed."""
BODIES = 2_400
"""So many that a load tells of its stages on the way."""
JOBS = 5


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A database of its own whose jobs wait for workers. A worker that is silent for ten seconds loses its job."""
    monkeypatch.setenv("PCORG_TASKS", "database")
    monkeypatch.setenv("PCORG_JOBS_LEASE", "10")
    monkeypatch.setenv("PCORG_LOG_LEVEL", "ERROR")
    with opened(Content.REFERENCE) as run:
        yield run


@pytest.fixture
def workers(sandbox: Run) -> Iterator[dict[int, subprocess.Popen]]:
    """Three workers, by their process numbers."""
    env = os.environ | {"DATABASE_URL": answer(sandbox, "address", of="working")}
    command = [sys.executable, "manage.py", "db_worker", "--interval", "0.1", "--no-startup-delay", "--verbosity", "0"]
    started = [subprocess.Popen(command, cwd=settings.BASE_DIR, env=env) for _ in range(3)]
    yield {each.pid: each for each in started}
    for each in started:
        if each.poll() is None:
            each.send_signal(signal.SIGCONT)
            each.terminate()
    for each in started:
        each.wait(timeout=60)


def until(sandbox: Run, met: Callable[[list[dict[str, Any]]], Any]) -> Any:
    """Look at the jobs until a condition on them holds; gives what it found."""
    ends = time.monotonic() + WITHIN
    while time.monotonic() < ends:
        jobs = answer(sandbox, "jobs", of="working")
        if found := met(jobs):
            return found
        time.sleep(0.05)
    pytest.fail(f"This did not come to pass: {jobs}")


def in_mid_work(jobs: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A job whose worker is writing."""
    return next((job for job in jobs if job["state"] == "running" and job["stage"]), None)


def all_ended(jobs: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    return jobs if all(job["state"] not in {"queued", "running"} for job in jobs) else None


def process_of(job: dict[str, Any]) -> int:
    return int(job["runner"].split(":")[1])


def done_once(sandbox: Run, jobs: list[dict[str, Any]]) -> None:
    """Every job is done, and what it writes is there once."""
    assert [job["state"] for job in jobs] == ["done"] * JOBS, jobs
    effects = answer(sandbox, "effects", of="working")
    once = {"bodies": BODIES, "loads": 1, "entries": 1}
    assert effects == {"portfolios": {f"worked-{number}": once for number in range(JOBS)}, "faults": []}


def test_a_worker_killed_in_mid_work_loses_no_job_and_doubles_none(
    sandbox: Run, workers: dict[int, subprocess.Popen]
) -> None:
    answer(sandbox, "ask", "0", str(JOBS), str(BODIES), of="working")
    if ON_POSTGRESQL:
        struck = until(sandbox, in_mid_work)
    else:  # on SQLite nothing can be told while a load writes: whoever holds a job is at work
        struck = until(sandbox, lambda jobs: next((job for job in jobs if job["state"] == "running"), None))
    workers[process_of(struck)].kill()
    jobs = until(sandbox, all_ended)
    done_once(sandbox, jobs)
    (again,) = [job for job in jobs if job["id"] == struck["id"]]
    assert again["attempts"] == 2
    assert sum(job["attempts"] for job in jobs) == JOBS + 1, jobs


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a process that is stopped while it writes holds all of SQLite")
def test_a_worker_that_wakes_after_its_lease_has_ended_writes_nothing(
    sandbox: Run, workers: dict[int, subprocess.Popen]
) -> None:
    answer(sandbox, "ask", "0", str(JOBS), str(BODIES), of="working")
    struck = until(sandbox, in_mid_work)
    workers[process_of(struck)].send_signal(signal.SIGSTOP)

    def taken_over(jobs: list[dict[str, Any]]) -> bool:
        return next(job for job in jobs if job["id"] == struck["id"])["attempts"] == 2

    until(sandbox, taken_over)
    workers[process_of(struck)].send_signal(signal.SIGCONT)
    done_once(sandbox, until(sandbox, all_ended))


def test_a_worker_told_to_stop_ends_its_job_first(sandbox: Run, workers: dict[int, subprocess.Popen]) -> None:
    answer(sandbox, "ask", "0", str(JOBS), str(BODIES), of="working")
    struck = until(sandbox, lambda jobs: next((job for job in jobs if job["state"] == "running"), None))
    worker = workers[process_of(struck)]
    worker.terminate()  # once: it ends its job first
    assert worker.wait(timeout=WITHIN) == 0
    done_once(sandbox, jobs := until(sandbox, all_ended))
    assert [job["attempts"] for job in jobs] == [1] * JOBS, jobs
