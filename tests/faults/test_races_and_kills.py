"""Two effects upon one body: one wins, the other changes nothing. A process killed in mid-effect leaves no trace.

On the database of DATABASE_URL: threads race on PostgreSQL, processes on SQLite. PCORG_FAULT_ROUNDS sets how many races
are run (10).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import dj_database_url
import psycopg2
import pytest
from django.conf import settings

from tests.stock import FIXTURES

pytestmark = pytest.mark.faults
ROUNDS = int(os.environ.get("PCORG_FAULT_ROUNDS", "10"))
ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A database of its own with England loaded; gives a function that runs Python against it."""
    folder = tmp_path_factory.mktemp("arena")
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

    england = str(FIXTURES / "portfolios" / "england-2006-2015.yaml")
    for words in (("migrate", "--noinput"), ("load_reference",), ("load_portfolio", england)):
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


def answer(run: Run, *words: str) -> Any:
    done = run("-m", "tests.faults.deeds", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def rivals(arena: Run) -> list[tuple[int, int]]:
    """Pairs of approved proposals that want the same body: some for the races, one for the kills."""
    return [tuple(pair) for pair in answer(arena, "prepare", str(ROUNDS + 1))]


def test_of_two_effects_upon_one_body_exactly_one_wins(arena: Run, rivals: list[tuple[int, int]]) -> None:
    how = "threads" if ON_POSTGRESQL else "processes"
    for first, second in rivals[:ROUNDS]:
        before = answer(arena, "state")
        ended = answer(arena, "race", how, str(first), str(second))
        after = answer(arena, "state")
        assert ended.count("effected") == 1, ended
        assert set(ended) - {"effected"} <= {"conflict", "not-in-force"}, ended
        assert after["rows"]["organisations.Organisation"] == before["rows"]["organisations.Organisation"] + 1
        assert after["rows"]["organisations.LineageEdge"] == before["rows"]["organisations.LineageEdge"] + 2
        assert not after["faults"]


def test_a_process_killed_while_it_writes_leaves_no_trace(arena: Run, rivals: list[tuple[int, int]]) -> None:
    change = str(rivals[ROUNDS][0])
    before = answer(arena, "state")
    for at in (1, 2, 4, 6, 8, 10, 12):
        done = arena("-m", "tests.faults.deeds", "killed", change, str(at))
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert answer(arena, "state") == before
    assert answer(arena, "effect", change) == "effected"
    assert not answer(arena, "state")["faults"]
