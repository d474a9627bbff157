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
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg2
from django.conf import settings

ROUNDS = int(os.environ.get("PCORG_FAULT_ROUNDS", "10"))
ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
HOW = "threads" if ON_POSTGRESQL else "processes"
"""How two deeds are done at once: on SQLite by processes, for a thread there would wait for its own process."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def opened(folder: Path, *commands: tuple[str, ...]) -> Iterator[Run]:
    """A new database with the reference records, after some commands of `manage.py`; gives a function that runs Python
    against it."""
    url = f"sqlite:///{folder / 'arena.sqlite3'}"
    if ON_POSTGRESQL:
        given = os.environ["DATABASE_URL"]
        name = f"pcorg_arena_{os.getpid()}"
        _on_server(given, f'CREATE DATABASE "{name}"')
        url = f"{given.rsplit('/', 1)[0]}/{name}"

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "pcorg.settings"}
        return subprocess.run(
            [sys.executable, *words],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    for words in (("migrate", "--noinput"), ("load_reference",), *commands):
        done = run("manage.py", *words)
        assert done.returncode == 0, done.stderr
    yield run
    if ON_POSTGRESQL:
        _on_server(given, f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(url: str, statement: str) -> None:
    parts = dj_database_url.parse(url)
    connection = psycopg2.connect(
        host=parts["HOST"],
        port=parts["PORT"] or 5432,
        user=parts["USER"],
        password=parts["PASSWORD"],
        dbname="postgres",
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


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
