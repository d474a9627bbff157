"""A database of its own for each module of these tests, and processes that work on it.

On the database server of DATABASE_URL, or a file of SQLite. PCORG_FAULT_ROUNDS sets how many races are run (10).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from tests.stock import Content, copied

ROUNDS = int(os.environ.get("PCORG_FAULT_ROUNDS", "10"))
ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
HOW = "threads" if ON_POSTGRESQL else "processes"
"""How two deeds are done at once: on SQLite by processes, for a thread there would wait for its own process."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def opened(content: Content) -> Iterator[Run]:
    """A database of its own; gives a function that runs Python against it."""
    with copied(content, "faults") as url:

        def run(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, *words],
                cwd=settings.BASE_DIR,
                env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "pcorg.settings"},
                capture_output=True,
                text=True,
                check=False,
            )

        yield run


def answer(run: Run, *words: str, of: str = "deeds") -> Any:
    """What a deed of a module here answers."""
    done = run("-m", f"tests.faults.{of}", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def dies_without_trace(run: Run, *words: str, at: tuple[int, ...], of: str = "deeds") -> None:
    """A deed that is killed by SIGKILL, at each of several writes, leaves every row of every table as it was and the
    audit chain whole."""
    before = answer(run, "state")
    for number in at:
        done = run("-m", f"tests.faults.{of}", *words, str(number))
        assert done.returncode == -signal.SIGKILL, (words, number, done.stdout, done.stderr)
        assert answer(run, "state") == before, (words, number)
