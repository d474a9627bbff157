"""Back-up of the whole database to a file, and restoring it: whole or not at all, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from pcorg.core.audit.canonical import one_snapshot
from pcorg.core.copies.content import content_hash, holds_data


def backup(path: Path) -> str:
    """Copy the database to a file, as it is at one moment, while others read and write. Gives its content hash.

    The file appears when it is whole. Raises CommandError.
    """
    if path.exists():
        raise CommandError(f"{path} is there already; it is left as it is.")
    with _appearing(path) as partly:
        if connection.vendor == "sqlite":
            return _backup_sqlite(partly)
        return _backup_postgres(partly)


def restore(path: Path, *, replace: bool) -> None:
    """Put what a file of `backup` holds into the database: all of it in one transaction, or nothing.

    Raises CommandError where the file is no such copy, or the database holds data and `replace` is not given.
    """
    if not path.is_file():
        raise CommandError(f"{path} is not there.")
    if not replace and holds_data():
        raise CommandError("The database holds data. Give --replace to lose what is in it.")
    if connection.vendor == "sqlite":
        _restore_sqlite(path)
    else:
        _restore_postgres(path)
    connection.close()


@contextmanager
def _appearing(path: Path) -> Iterator[Path]:
    """A file beside the one that is wanted, which takes its name when all is done; readable for its owner alone."""
    partly = path.with_name(f"{path.name}.part")
    try:
        os.close(os.open(partly, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        yield partly
        partly.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        partly.unlink(missing_ok=True)


def _backup_sqlite(path: Path) -> str:
    connection.ensure_connection()
    with one_snapshot(), closing(sqlite3.connect(path)) as copy:
        digest = content_hash()  # begins the snapshot, which the copy is taken of too
        held: Any = connection.connection
        held.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, whatever becomes of it
    return digest


def _restore_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise CommandError(f"{path} is damaged. Take another back-up.")
            if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit_auditentry'").fetchone():
                raise CommandError(f"{path} is no back-up of this product.")
            connection.ensure_connection()
            target: Any = connection.connection
            copy.backup(target)  # one transaction of SQLite's own
    except sqlite3.DatabaseError as error:
        raise CommandError(f"{path} cannot be restored: {error}.") from error


def _backup_postgres(path: Path) -> str:
    with one_snapshot():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        digest = content_hash()
        _run("pg_dump", "--format=custom", f"--file={path}", f"--snapshot={snapshot}", "--no-owner", "--no-privileges")
    return digest


def _restore_postgres(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(5) != b"PGDMP":
            raise CommandError(f"{path} is no back-up of a PostgreSQL database.")
    how = ("--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner", "--no-privileges")
    connection.close()  # it would stand in the way of its own tables
    _run("pg_restore", *how, f"--dbname={connection.settings_dict['NAME']}", str(path))


def _run(program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs on the database. Raises CommandError with what it says."""
    if shutil.which(program) is None:
        raise CommandError(f"{program} is not installed. Install the client programs of PostgreSQL.")
    done = subprocess.run(  # noqa: S603 - our own words
        [program, *words], env=os.environ | _address(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"{program} failed, and nothing was changed: {done.stderr.strip()}")


def _address() -> dict[str, str]:
    """Where the database is, as PostgreSQL's programs are told without anybody on the machine reading it."""
    held = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    found = {variable: str(held[name]) for variable, name in named.items() if held.get(name)}
    options = held.get("OPTIONS", {})
    return found | {f"PG{name.upper()}": str(options[name]) for name in ("sslmode", "sslrootcert") if name in options}
