"""What is kept of answers, by a hash of all that they rest on and for one build of the code."""

from __future__ import annotations

import hashlib
import importlib.metadata
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import structlog
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from pcorg.core.http.budgets import Work, spending

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


log = structlog.get_logger("pcorg.cache")
LEFT_ALONE = 10
"""Seconds that a cache which did not answer is not asked again, so that not every request waits for it."""
Found = TypeVar("Found")


class SharedCache(RedisCache):
    """Redis that may be away. Only what the product asks of a cache is caught: get, set, add and incr."""

    away_until: ClassVar[float] = 0.0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _asked(lambda: super(SharedCache, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        _asked(lambda: super(SharedCache, self).set(*args, **kwargs), None)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """True where it was added, and where the cache is away: what counts takes it for the first."""
        return _asked(lambda: super(SharedCache, self).add(*args, **kwargs), True)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where the key is not there, and where the cache is away."""
        found = _asked(lambda: super(SharedCache, self).incr(key, delta, version), None)
        if found is None:
            raise ValueError("the cache is away")
        return int(found)


def _asked(ask: Callable[[], Found], otherwise: Found) -> Found:
    """What the cache answers, or something else while it is away. That it is away, and back again, is logged once."""
    now = time.monotonic()
    if now < SharedCache.away_until:
        return otherwise
    try:
        found = ask()
    except RedisError as error:
        if not SharedCache.away_until:
            log.error("the shared cache is away: requests are not counted", error=type(error).__name__)
        SharedCache.away_until = now + LEFT_ALONE
        return otherwise
    if SharedCache.away_until:
        SharedCache.away_until = 0.0
        log.warning("the shared cache is back")
    return found


def of(basis: object, make: Callable[[], Found], *, work: Work, cost: int, instead: str = "") -> Found:
    """The answer that rests on `basis`, a value whose text tells it from all others; made where it is not kept. Raises
    budgets.NotBegun where it is not kept and may not be made now."""
    key = f"{work.name}:{key_of(basis)}"
    cache = caches["results"]
    found: Found | None = cache.get(key)
    if found is None:
        with spending(work, cost, instead=instead):
            found = cache.get(key)  # somebody else may have made it while this request waited for room
            if found is None:
                found = make()
                cache.set(key, found)
    return found


def key_of(basis: object) -> str:
    """A hash of a value and the build of the code."""
    return hashlib.sha256(f"{BUILD}\n{basis!r}".encode()).hexdigest()
