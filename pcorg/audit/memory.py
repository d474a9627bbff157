"""What a process remembers of the data, for as long as the data stay the same.

Values are kept per version of the data (the audit chain's head). A value built while a writer commits is at
worst newer than the version it is kept under, never older, so nothing outdated outlives the next request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

from pcorg.audit.trail import data_version

Value = TypeVar("Value")
Version = tuple[str, datetime | None]

_pinned: ContextVar[list[Version] | None] = ContextVar("pinned_version", default=None)


@contextmanager
def one_version() -> Iterator[None]:
    """Within the block the version of the data is asked for once. For reads only."""
    if _pinned.get() is not None:
        yield
        return
    token = _pinned.set([])
    try:
        yield
    finally:
        _pinned.reset(token)


def version() -> Version:
    """The version of the data and when it was written; one query, or none when asked again in
    `one_version`."""
    pinned = _pinned.get()
    if pinned is None:
        return data_version()
    if not pinned:
        pinned.append(data_version())
    return pinned[0]


class _Memory:
    """Values by key for one version. The pair is replaced whole, so threads never see half of it."""

    def __init__(self) -> None:
        self._held: tuple[str, dict[Hashable, Any]] = ("", {})

    def recall(self, key: Hashable, build: Callable[[], Value]) -> Value:
        digest = version()[0]
        held = self._held
        if held[0] != digest:
            held = self._held = (digest, {})
        values = held[1]
        if key not in values:
            values[key] = build()
        return values[key]

    def forget(self) -> None:
        self._held = ("", {})


_memory = _Memory()


def recall(key: Hashable, build: Callable[[], Value]) -> Value:
    """The value kept under a key for the data as they are; built where it is not known yet."""
    return _memory.recall(key, build)


def forget() -> None:
    """Forget everything: for tests that write rows without the audit trail."""
    _memory.forget()
