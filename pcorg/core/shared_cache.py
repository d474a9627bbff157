"""The cache that all processes share, without which the product goes on: nothing lies in it that cannot be counted or
worked out anew. While it does not answer, throttles let requests pass and results are worked out each time. The locks
of signing in are kept in the database and hold.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger("pcorg.cache")
LEFT_ALONE = 10
"""Seconds that a cache which did not answer is not asked again, so that not every request waits for it."""
Found = TypeVar("Found")


class SharedCache(RedisCache):
    """Redis that may be away. Only what the product asks of a cache is caught: get, set, add and incr."""

    away_until: ClassVar[float] = 0.0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _asked(lambda: super(SharedCache, self).get(key, default, version), default)

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:  # fmt: skip
        _asked(lambda: super(SharedCache, self).set(key, value, timeout, version), None)

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:  # fmt: skip
        """True where it was added, and where the cache is away: what counts takes it for the first."""
        return _asked(lambda: super(SharedCache, self).add(key, value, timeout, version), True)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where the key is not there, and where the cache is away."""
        found = _asked(lambda: super(SharedCache, self).incr(key, delta, version), None)
        if found is None:
            raise ValueError("the cache is away")
        return int(found)


def _asked(ask: Callable[[], Found], otherwise: Found) -> Found:
    """What the cache answers, or something else while it is away. That it is away, and back again, is told once."""
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
