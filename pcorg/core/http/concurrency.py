"""What the databases say when two writers are in each other's way: told in one place, for both of them."""

from __future__ import annotations

import sqlite3

from django.db import DatabaseError, IntegrityError

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
