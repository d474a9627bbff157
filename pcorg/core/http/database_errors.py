"""Errors of the databases, read in one place: two writers in each other's way, or a database that is not available."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, IntegrityError, InterfaceError

TRY_AGAIN = "Somebody else was writing at the same moment, so nothing was done. Try again."

POSTGRESQL = frozenset({"40001", "40P01", "55P03"})
"""States of an error: a transaction that cannot be put in order with others, a deadlock, a lock not had in time."""

SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def is_clash(error: BaseException) -> bool:
    """Whether an error means that another writer was in the way, so that the same may succeed when tried again."""
    if isinstance(error, IntegrityError):
        return True
    if not isinstance(error, DatabaseError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in SQLITE  # the low byte; the rest tells kinds of it apart
    return getattr(cause, "pgcode", None) in POSTGRESQL


GONE = ("08", "57P", "53")
"""PostgreSQL's classes of error for a lost connection, a server that stops, and one that is out of what it needs."""
READ_ONLY = "25006"
UNREACHABLE = ("unable to open", "disk i/o error", "disk is full", "malformed", "not a database")


@dataclass(frozen=True, slots=True)
class Outage:
    """Why the database cannot do what was asked, for readers, and after how many seconds asking again may help."""

    message: str
    wait: int


AWAY = Outage("The database does not answer just now. Nothing was changed. Try again in a moment.", 10)
NO_WRITES = Outage(
    "Nothing can be written just now: the database can only be read. Reading goes on; try again later.", 300
)
IN_USE = Outage("Somebody else is writing at this moment. Nothing was changed. Try again in a moment.", 2)


def outage(error: BaseException | None) -> Outage | None:
    """Classify a database error; None for any other error."""
    visited: set[int] = set()
    while error is not None and id(error) not in visited:
        visited.add(id(error))
        if isinstance(error, DatabaseError | InterfaceError):
            return _of(error)
        error = error.__cause__ or error.__context__
    return None


def _of(error: BaseException) -> Outage | None:
    cause: Any = error.__cause__ or error
    if hasattr(cause, "pgcode"):
        return _of_postgresql(cause, cause.pgcode or "")
    if isinstance(error, InterfaceError):
        return AWAY
    text = str(error).lower()
    if "readonly" in text or "read-only" in text:
        return NO_WRITES
    if "locked" in text:
        return IN_USE
    return AWAY if any(words in text for words in UNREACHABLE) else None


def _of_postgresql(cause: Any, code: str) -> Outage | None:
    if code == READ_ONLY:
        return NO_WRITES
    if code in POSTGRESQL:
        return IN_USE
    if code.startswith(GONE):
        return AWAY
    lost = type(cause).__name__ in {"OperationalError", "InterfaceError"} and not code
    return AWAY if lost else None
