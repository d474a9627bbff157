"""What a process remembers of the data, for as long as the data stay the same.

Values are kept per version of the kinds of data that they rest on (see the audit chain's head). A value built while a
writer commits is at worst newer than the version it is kept under, never older, so nothing outdated outlives the next
request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

from pcorg.core.audit.kinds import ALL, Kinds
from pcorg.core.audit.trail import DataVersion, data_versions

Value = TypeVar("Value")
Version = tuple[str, datetime | None]

_pinned: ContextVar[list[DataVersion] | None] = ContextVar("pinned_version", default=None)


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


def version(kinds: Kinds = ALL) -> Version:
    """The version of the data, or of some kinds of it, and when it was written; one query, or none when asked again in
    `one_version`."""
    pinned = _pinned.get()
    if pinned is None:
        return data_versions().of(kinds)
    if not pinned:
        pinned.append(data_versions())
    return pinned[0].of(kinds)


_held: dict[Kinds, tuple[str, dict[Hashable, Any]]] = {}
"""Values by key, of some kinds of data in one version. A pair is replaced whole, so threads never see half of it."""


def recall(key: Hashable, build: Callable[[], Value], *, rests_on: Kinds = ALL) -> Value:
    """The value kept under a key for the data that it rests on as they are; built where it is not known yet."""
    digest = version(rests_on)[0]
    held = _held.get(rests_on)
    if held is None or held[0] != digest:
        held = _held[rests_on] = (digest, {})
    values = held[1]
    if key not in values:
        values[key] = build()
    found: Value = values[key]
    return found


def forget() -> None:
    """Forget everything: for tests that write rows without the audit trail."""
    _held.clear()
