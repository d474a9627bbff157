"""The database is taken away under readers, and given back: 503 meanwhile, and all is well again by itself. And a disk
that can only be read is read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.databases import Content, copied
from tests.faults.sandbox import ON_POSTGRESQL
from tests.faults.server import Line, serving, until

pytestmark = pytest.mark.faults
READS = ("/api/v1/forms/", "/api/v1/organisations/?page_size=5", "/organisations/", "/glossary/")


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite is a file and has no line to cut")
def test_readers_are_told_while_the_database_is_away_and_read_again_afterwards(tmp_path: Path) -> None:
    with copied(Content.REFERENCE, "away") as url:
        parts = urlsplit(url)
        line = Line(parts.hostname or "127.0.0.1", parts.port or 5432)
        user = f"{parts.username}:{parts.password}@" if parts.password else f"{parts.username}@"
        line.lay()
        through = urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{line.port}"))
        try:
            with serving(through, tmp_path / "log") as server:
                workers = server.workers()
                for _ in range(3):
                    assert [server.get(path)[0] for path in READS] == [200] * len(READS)
                    line.cut()
                    for path in READS * 3:
                        status, headers, content = server.get(path)
                        assert status == 503, (path, content)
                        assert headers["Retry-After"] == "10"
                        if path.startswith("/api/"):
                            assert headers["Content-Type"] == "application/problem+json"
                            assert json.loads(content)["code"] == "unavailable"
                        else:
                            assert b"The database does not answer just now" in content
                    assert server.get("/health/")[0] == 200
                    assert server.get("/ready/")[0] == 503
                    line.lay()
                    until(lambda: [server.get(path)[0] for path in READS] == [200] * len(READS))
                    assert server.get("/ready/")[0] == 200
                assert server.workers() == workers
        finally:
            line.cut()


@contextmanager
def read_only_disk(at: Path) -> Iterator[Path]:
    """A disk of its own; it is mounted for reading alone once the test has written to it (`seal`)."""
    at.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", at], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield at
    finally:
        subprocess.run(["umount", at], check=True)


@pytest.mark.skipif(ON_POSTGRESQL, reason="for a file of SQLite")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_a_disk_that_can_only_be_read_is_read(tmp_path: Path) -> None:
    with copied(Content.REFERENCE, "sealed") as url, read_only_disk(tmp_path / "disk") as disk:
        shutil.copyfile(url.removeprefix("sqlite:///"), disk / "held.sqlite3")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with serving(f"sqlite:///{disk / 'held.sqlite3'}", tmp_path / "log") as server:
            assert [server.get(path)[0] for path in (*READS, "/ready/")] == [200] * (len(READS) + 1)
            body = json.dumps({"username": "nobody", "password": "guess"})
            status, _, content = server.get(
                "/api/v1/changes/", method="POST", body=body, Content_Type="application/json"
            )
            assert status == 401, content
