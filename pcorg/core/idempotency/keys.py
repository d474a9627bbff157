"""Carrying out a write once for a key, however often it is sent.

The key is claimed first, in the same transaction as the write. A second request with the key waits until the first has
ended: where that one succeeded it gets the same answer, where it was refused it is tried itself, for a refusal writes
nothing. A process that dies in between leaves neither the write nor the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from pcorg.core.idempotency.models import KeptAnswer

LIFE = timedelta(hours=24)
LONGEST_KEY = 255
SWEPT_AT_ONCE = 100


class Reused(Exception):
    """The key was sent before with another request."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The stored response of a write: its JSON document and headers."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def fingerprint_of(*parts: bytes) -> str:
    """What tells one request from another."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def once(*, owner: str, key: str, fingerprint: str, write: Callable[[], StoredAnswer]) -> tuple[StoredAnswer, bool]:
    """Carry out a write unless it has been: its answer, and whether that is a kept one.

    Whatever the write raises undoes everything, the claim of the key too. Raises Reused.
    """
    with transaction.atomic():
        _sweep(owner, key)
        try:
            with transaction.atomic():
                claimed = KeptAnswer.objects.create(
                    owner=owner, key=key, fingerprint=fingerprint, expires=timezone.now() + LIFE
                )
        except IntegrityError:
            kept = KeptAnswer.objects.get(owner=owner, key=key)
            if kept.fingerprint != fingerprint:
                raise Reused from None
            return StoredAnswer(kept.status, kept.body, kept.headers), True
        answer = write()
        claimed.status, claimed.body, claimed.headers = answer.status, answer.body, answer.headers
        claimed.save(update_fields=["status", "body", "headers"])
        return answer, False


def _sweep(owner: str, key: str) -> None:
    """Forget what has expired: this key at once, others some at a time. Rows another request sweeps are passed over,
    so that two never wait for one another."""
    expired = KeptAnswer.objects.filter(expires__lte=timezone.now())
    expired.filter(owner=owner, key=key).delete()
    others = expired.select_for_update(skip_locked=True).order_by("id").values_list("id", flat=True)
    KeptAnswer.objects.filter(id__in=list(others[:SWEPT_AT_ONCE])).delete()
