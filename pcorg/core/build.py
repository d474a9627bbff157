"""Which build of the code this is: a hash over all that decides what an answer looks like. Tags of answers and kept
results rest on it, so that nothing made by other code is taken for ours."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("pcorg", "organisations", "commissioning", "evaluation", "templates")
KINDS = {".py", ".jinja", ".html"}
LIBRARIES = ("django", "djangorestframework", "drf-spectacular", "numpy", "highspy", "orjson", "pydantic")
"""Libraries that write answers or figures."""


def _build() -> str:
    found = hashlib.sha256()
    for path in _files():
        found.update(f"{path.relative_to(ROOT)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    for name in LIBRARIES:
        found.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return found.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for part in PARTS:
        yield from sorted(path for path in (ROOT / part).rglob("*") if path.suffix in KINDS and path.is_file())


BUILD = _build()
BUILT_AT = datetime.fromtimestamp(int(max(path.stat().st_mtime for path in _files())), UTC)
"""When the newest of these files was written: no answer of this code is older."""
