"""A database of its own for each module of these tests, and processes that work on it.

On the database server of DATABASE_URL, or a file of SQLite. PCORG_FAULT_ROUNDS sets how many races are run (10, at
most 50).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from tests.databases import Content, copied

MOST_ROUNDS = 50
"""So many rivals do the shipped data have; for more races run the tests several times."""
ROUNDS = min(int(os.environ.get("PCORG_FAULT_ROUNDS", "10")), MOST_ROUNDS)
ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
HOW = "threads" if ON_POSTGRESQL else "processes"
"""How two deeds are done at once: on SQLite by processes, for a thread there would wait for its own process."""


@dataclass(frozen=True)
class Ended:
    """How a deed ended: 0, or less than 0 for a signal; its answer as JSON; what it complained of."""

    code: int
    written: str
    said: str


Run = Callable[..., Ended]


@contextmanager
def opened(content: Content) -> Iterator[Run]:
    """A database of its own; gives a function that carries out a deed against it, each in a process of its own."""
    with copied(content, "faults") as url:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.process"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "pcorg.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None

        def run(*words: str) -> Ended:
            print(json.dumps(words), file=process.stdin, flush=True)
            return Ended(**json.loads(process.stdout.readline()))

        try:
            yield run
        finally:
            process.stdin.close()
            process.wait(timeout=20)
            process.stdout.close()


def answer(run: Run, *words: str, of: str = "operations") -> Any:
    """What a deed of a module here answers."""
    ended = run(of, *words)
    assert ended.code == 0, ended.said
    return json.loads(ended.written.splitlines()[-1])


def dies_without_trace(run: Run, *words: str, at: tuple[int, ...], of: str = "operations") -> None:
    """A deed that is killed by SIGKILL, at each of several writes, leaves every row of every table as it was and the
    audit chain whole."""
    before = answer(run, "state")
    for number in at:
        ended = run(of, *words, str(number))
        assert ended.code == -signal.SIGKILL, (words, number, ended)
        assert answer(run, "state") == before, (words, number)
