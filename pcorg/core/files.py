"""A SQLite file that can only be read: on a disk that is mounted so, or without the right to write. Settings name this
module: it imports nothing of Django."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote


def read_only(name: str) -> bool:
    """Whether a database file is there and cannot be written, as when the system mounted a bad disk anew."""
    path = Path(name)
    return path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def read_only_address(name: str) -> str:
    """The file as SQLite opens it for reading alone. Without a log beside it nothing is missing, and none is made."""
    log = Path(f"{name}-wal")
    whole = not log.exists() or log.stat().st_size == 0
    return f"file:{quote(str(Path(name).resolve()))}?mode=ro{'&immutable=1' if whole else ''}"
