"""A worker that dies is replaced; a port that is taken is said at once; an end is an end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.databases import Content, copied
from tests.faults.server import PATIENCE, Server, command, free_port, serving, until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with copied(Content.REFERENCE, "supervised") as found:
        yield found


@pytest.fixture
def server(url: str, tmp_path: Path) -> Iterator[Server]:
    with serving(url, tmp_path / "log") as found:
        yield found


def test_a_worker_that_is_killed_is_replaced_and_readers_go_on(server: Server) -> None:
    for _ in range(3):
        before = server.workers()
        assert len(before) == 2
        killed = before.pop()
        os.kill(killed, signal.SIGKILL)
        assert _asked(server) == 200
        until(lambda: len(server.workers() - {killed}) == 2)  # noqa: B023
        assert server.get("/api/v1/forms/")[0] == 200


def _asked(server: Server) -> int:
    """The answer to a reader who asks again where the worker died under the first question."""
    for _ in range(20):
        with contextlib.suppress(OSError):
            return server.get("/api/v1/forms/")[0]
    return 0


def test_all_workers_killed_at_once_are_replaced(server: Server) -> None:
    before = server.workers()
    for each in before:
        os.kill(each, signal.SIGKILL)
    until(lambda: len(server.workers() - before) == 2)
    assert server.get("/api/v1/forms/")[0] == 200


def test_a_taken_port_is_said_at_once(server: Server) -> None:
    second = subprocess.run(
        command(server.port), cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert second.returncode == 1
    assert f"127.0.0.1, port {server.port} already" in second.stderr
    assert "Traceback" not in second.stderr
    assert "Serving on" not in second.stdout
    assert server.get("/api/v1/forms/")[0] == 200


def test_told_to_stop_it_ends_with_its_workers(url: str, tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with serving(url, tmp_path / f"log-{number}") as server:
            workers = server.workers()
            server.process.send_signal(number)
            assert server.process.wait(timeout=PATIENCE) == 0
            assert not any(_runs(each) for each in workers)


def test_workers_end_with_a_supervisor_that_is_killed(url: str, tmp_path: Path) -> None:
    with serving(url, tmp_path / "log") as server:
        workers = server.workers()
        server.process.kill()
        until(lambda: not any(_runs(each) for each in workers))


def _ran(words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"PCORG_PROFILE": "nonsense"}, "the reason stands above"),
        ({"PCORG_SERVE_WORKERS": "0", "PCORG_SERVE_BODY": "long"}, "PCORG_SERVE_BODY must be a whole number"),
    ],
)
def test_what_cannot_start_says_so_and_ends(broken: dict[str, str], said: str) -> None:
    done = _ran([sys.executable, "-m", "pcorg.serving", "--port", str(free_port())], **broken)
    assert done.returncode == 1
    assert said in done.stderr
    assert all(name in done.stderr for name in broken if name.startswith("PCORG_SERVE"))
