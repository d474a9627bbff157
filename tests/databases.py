"""The databases that tests begin with, and copies of them.

Two are kept for each engine: one migrated, with the reference records; one with the shipped portfolios and assessments
as well. They are built once for each state of the code, the fixtures and the installed packages, and copied for every
worker, served instance and process under test. On SQLite they are files in `.build/databases/`, on PostgreSQL template
databases on the server of DATABASE_URL, with the checkout and the hash in their names. Several workers wait for the one
that builds; several checkouts may use one server at once.

    python -m tests.databases reference|whole    migrates the database of DATABASE_URL and adds those facts
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures"
PORTFOLIOS = sorted((FIXTURES / "portfolios").glob("*.yaml"))
FOLDER = ROOT / ".build" / "databases"
CODE = ("manage.py", "pcorg", "organisations", "commissioning", "evaluation", "tests/databases.py")
OTHERS = 1
"""How many states of the code keep their databases beside the present one."""


class Content(StrEnum):
    """What stands in a kept database."""

    REFERENCE = "reference"  # migrated, with the reference records
    WHOLE = "whole"  # with every shipped portfolio and the shipped assessments as well


def load() -> None:
    """Load the reference records, every shipped portfolio and the shipped assessments."""
    for content in Content:
        add(content)


def add(content: Content) -> None:
    """Load the reference records, or all that comes after them."""
    from evaluation.services.load_assessments import load_assessments
    from organisations.services.load_portfolio import load_portfolio
    from organisations.services.load_reference import load_reference

    if content == Content.REFERENCE:
        load_reference(folder=FIXTURES / "reference", by="tests")
        return
    for path in PORTFOLIOS:
        load_portfolio(path=path, by="tests")
    load_assessments(path=FIXTURES / "assessments" / "shipped.yaml", by="tests")


def state_of_the_code() -> str:
    """A hash of all that decides what a kept database holds: code, fixtures, Python and the installed packages."""
    found = hashlib.sha256(sys.version.encode())
    for name in sorted(f"{each.name} {each.version}" for each in importlib.metadata.distributions()):
        found.update(name.encode())
    files = [path for each in CODE for path in ([ROOT / each] if each.endswith(".py") else (ROOT / each).rglob("*.py"))]
    files += [path for path in FIXTURES.rglob("*") if path.is_file()]
    for path in sorted(files):
        found.update(f"{path.relative_to(ROOT)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]


class Engine(Protocol):
    """Where databases are kept, copied and dropped, each by its name."""

    def url(self, name: str) -> str: ...
    def kept(self) -> list[str]:
        """The names of all databases of this checkout."""
        ...

    def create(self, name: str) -> None: ...
    def copy(self, name: str, to: str) -> None: ...
    def rename(self, name: str, to: str) -> None: ...
    def drop(self, name: str) -> None: ...


class Sqlite:
    """Files in a folder of the checkout."""

    def path(self, name: str) -> Path:
        return FOLDER / f"{name}.sqlite3"

    def url(self, name: str) -> str:
        return f"sqlite:///{self.path(name)}"

    def kept(self) -> list[str]:
        return [path.stem for path in FOLDER.glob("*.sqlite3")]

    def create(self, name: str) -> None:
        self.drop(name)

    def copy(self, name: str, to: str) -> None:
        shutil.copyfile(self.path(name), self.path(to))

    def rename(self, name: str, to: str) -> None:
        self.path(name).rename(self.path(to))

    def drop(self, name: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.path(name)}{ending}").unlink(missing_ok=True)


class Postgres:
    """Databases on the server of a `postgres://` address. Their names begin with the checkout's."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._prefix = f"pcorg_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}_"

    def url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._address)._replace(path=f"/{self.full(name)}"))

    def full(self, name: str) -> str:
        """The name of a database on the server."""
        return f"{self._prefix}{name.replace('-', '_')}"

    def kept(self) -> list[str]:
        found = self._run("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", self._prefix)
        return [name.removeprefix(self._prefix).replace("_", "-") for (name,) in found]

    def create(self, name: str) -> None:
        self.drop(name)
        self._run(f'CREATE DATABASE "{self.full(name)}"')

    def copy(self, name: str, to: str) -> None:
        self.drop(to)
        self._run(f'CREATE DATABASE "{self.full(to)}" TEMPLATE "{self.full(name)}"')

    def rename(self, name: str, to: str) -> None:
        self._run(f'ALTER DATABASE "{self.full(name)}" RENAME TO "{self.full(to)}"')

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self.full(name)}" WITH (FORCE)')

    def _run(self, statement: str, *values: str) -> list[tuple[str]]:
        import psycopg2

        with closing(psycopg2.connect(urlunsplit(urlsplit(self._address)._replace(path="/postgres")))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []


def engine() -> Engine:
    """The engine that the tests of this process run on."""
    address = os.environ.get("DATABASE_URL", "")
    return Postgres(address) if address.startswith("postgres") else Sqlite()


@contextmanager
def copied(content: Content, purpose: str) -> Iterator[str]:
    """A copy of a kept database for one use, dropped afterwards; gives its DATABASE_URL."""
    on, name = engine(), f"p{os.getpid()}-{purpose}"
    copy(content, name)
    try:
        yield on.url(name)
    finally:
        on.drop(name)


def copy(content: Content, to: str) -> None:
    """Copy a kept database, building both first where they are not there for this state of the code."""
    on, state = engine(), f"s{state_of_the_code()}"
    with _locked(fcntl.LOCK_SH):
        if f"{state}-{content}" in on.kept():
            on.copy(f"{state}-{content}", to)
            return
    with _locked(fcntl.LOCK_EX):
        if f"{state}-{content}" not in on.kept():
            _clear(on)
            _build(on, state)
        on.copy(f"{state}-{content}", to)
        if state != f"s{state_of_the_code()}":  # somebody edited the code meanwhile: what was built may be of either
            for each in Content:
                on.drop(f"{state}-{each}")


@contextmanager
def _locked(how: int) -> Iterator[None]:
    """Copying is done by several at once, building and dropping by one alone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("a") as file:
        fcntl.flock(file, how)
        yield


def _build(on: Engine, state: str) -> None:
    """Build both kept databases. Each gets its name when it is whole."""
    building = f"p{os.getpid()}-building"
    on.create(building)
    for content in Content:
        done = subprocess.run(
            [sys.executable, "-m", "tests.databases", content],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": on.url(building), "DJANGO_SETTINGS_MODULE": "pcorg.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            on.drop(building)
            raise RuntimeError(f"The database of the tests cannot be built ({content}).\n{done.stdout}{done.stderr}")
        on.copy(building, f"p{os.getpid()}-{content}")
    on.drop(building)
    for content in Content:
        on.drop(f"{state}-{content}")
        on.rename(f"p{os.getpid()}-{content}", f"{state}-{content}")
    with (FOLDER / "states").open("a") as file:
        file.write(f"{state}\n")


def _clear(on: Engine) -> None:
    """Drop what is kept of all but the latest other states of the code, and what killed processes left."""
    built = (FOLDER / "states").read_text().split() if (FOLDER / "states").exists() else []
    latest = list(dict.fromkeys(reversed(built)))[:OTHERS]
    for name in on.kept():
        owner = name.split("-")[0]
        if owner not in latest and not (owner.startswith("p") and _runs(int(owner[1:]))):
            on.drop(name)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Standing(ABC):
    """The database of the tests of this process: a copy of the whole, laid back after a test that commits.

    Django would empty every table after such a test. That would take the facts away from the tests that follow, and the
    audit trail refuses to be emptied at all on SQLite.
    """

    def __init__(self) -> None:
        self.name = f"p{os.getpid()}-tests"
        TransactionTestCase._fixture_teardown = lambda case: self.lay_back()  # type: ignore[method-assign]

    @abstractmethod
    def lay_back(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def _connect_to(self, name: str) -> None:
        connection.close()
        settings.DATABASES[connection.alias]["NAME"] = name
        connection.settings_dict["NAME"] = name
        connection.ensure_connection()


class StandingInMemory(Standing):
    """On SQLite: in memory, beside a second copy there."""

    def __init__(self) -> None:
        super().__init__()
        self._copy = sqlite3.connect(":memory:", check_same_thread=False)
        copy(Content.WHOLE, self.name)
        with closing(sqlite3.connect(Sqlite().path(self.name))) as file:
            file.backup(self._copy)
        Sqlite().drop(self.name)
        self._connect_to("file:pcorg_tests?mode=memory&cache=shared")
        self.lay_back()

    def lay_back(self) -> None:
        connection.ensure_connection()
        self._copy.backup(connection.connection)

    def close(self) -> None:
        connection.close()
        self._copy.close()


class StandingOnServer(Standing):
    """On PostgreSQL: a database of this process."""

    def __init__(self) -> None:
        super().__init__()
        self._server = Postgres(os.environ["DATABASE_URL"])
        self.lay_back()

    def lay_back(self) -> None:
        connection.close()
        copy(Content.WHOLE, self.name)
        self._connect_to(self._server.full(self.name))

    def close(self) -> None:
        connection.close()
        self._server.drop(self.name)


def stand() -> Standing:
    """Give this process the database of its tests."""
    return StandingInMemory() if connection.vendor == "sqlite" else StandingOnServer()


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    add(Content(sys.argv[1]))
