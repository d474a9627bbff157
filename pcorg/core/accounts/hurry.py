"""Small writes that a read must not wait for."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction

log = structlog.get_logger("pcorg.accounts")
BRIEFLY = 50
"""Milliseconds that such a write waits for another writer."""


def write_or_let_be(write: Callable[[], object]) -> bool:
    """Write something that is good to know and no more, such as when a session was last used. Where another writer is
    at work for longer than a moment, or the disk can only be read, it is left out: reading goes on. Tells whether it
    was written."""
    sqlite = connection.vendor == "sqlite"
    try:
        if sqlite:
            _wait(BRIEFLY)
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = {BRIEFLY}")
            write()
    except DatabaseError as error:
        log.debug("left-out", why=type(error).__name__)
        return False
    finally:
        if sqlite:
            _wait(1000 * settings.DATABASES["default"]["OPTIONS"]["timeout"])
    return True


def _wait(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")
