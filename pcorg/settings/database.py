"""The database of DATABASE_URL as Django is to reach it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url

POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A server that is gone without a word is given up in seconds, so that no thread waits for it."""
SQLITE = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
}
"""Immediate transactions take the write lock first, so that two writers queue instead of failing half-way."""
SQLITE_READ_ONLY = {"uri": True, "timeout": 20, "init_command": "PRAGMA cache_size=-32000;"}


def database(url: str) -> dict[str, Any]:
    """A database with its options. Those of SQLite are set after parsing: dj_database_url drops them."""
    found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)}
    if found["ENGINE"].endswith("postgresql"):
        found["OPTIONS"] = POSTGRESQL | found.get("OPTIONS", {})
    elif found["ENGINE"].endswith("sqlite3") and _read_only(Path(found["NAME"])):
        found |= {"NAME": _read_only_address(Path(found["NAME"])), "OPTIONS": {**SQLITE_READ_ONLY}}
    elif found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = {**SQLITE}
    return found


def _read_only(file: Path) -> bool:
    """Whether a file is there and cannot be written, as when the system mounted a bad disk anew."""
    return file.is_file() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


def _read_only_address(file: Path) -> str:
    """The file as SQLite opens it for reading alone. Without a log beside it nothing is missing, and none is made."""
    log = Path(f"{file}-wal")
    whole = not log.exists() or log.stat().st_size == 0
    return f"file:{quote(str(file.resolve()))}?mode=ro{'&immutable=1' if whole else ''}"
