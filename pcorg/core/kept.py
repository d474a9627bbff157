"""Answers that were worked out, kept by a hash of all they rest on: the same question is not worked out twice.

They lie in the cache `results`, which is bounded and forgets after a day, and are as true then as when they were made:
whatever could change them is in the hash, with the code that made them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import caches

from pcorg.core.build import BUILD
from pcorg.core.http.budgets import Work, spending

Document = dict[str, Any]


def of(basis: object, make: Callable[[], Document], *, work: Work, cost: int, instead: str = "") -> Document:
    """The answer that rests on `basis`, a value whose text tells it from all others; made where it is not kept. Raises
    budgets.Refused where it is not kept and may not be made now."""
    key = f"{work.key}:{key_of(basis)}"
    cache = caches["results"]
    found: Document | None = cache.get(key)
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
