"""Keeping a file for its owner for a while."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from pcorg.core.uploads.models import KeptUpload

LIFE = timedelta(hours=4)
"""How long a file waits for a decision: a working morning."""

MOST = 5
"""Files of one user kept at a time; a further one takes the place of the oldest."""


def keep(*, owner: int, name: str, content: bytes, outcome: dict[str, Any]) -> KeptUpload:
    """Keep a file of the user with a number, and what looking at it found. Forgets what has expired and the owner's
    oldest beyond MOST, except what is held."""
    now = timezone.now()
    with transaction.atomic():
        KeptUpload.objects.filter(expires__lte=now, held=False).delete()
        older = KeptUpload.objects.filter(owner=owner, held=False).order_by("-kept_at").values_list("pk", flat=True)
        KeptUpload.objects.filter(pk__in=list(older[MOST - 1 :])).delete()
        return KeptUpload.objects.create(
            owner_id=owner, name=name[-255:], content=content, outcome=outcome, expires=now + LIFE
        )


def hold(*, owner: int, name: str, content: bytes) -> KeptUpload:
    """Keep a file until it is let go: somebody has to decide upon it."""
    now = timezone.now()
    return KeptUpload.objects.create(owner_id=owner, name=name[-255:], content=content, expires=now + LIFE, held=True)


def find(key: uuid.UUID, *, owner: int) -> KeptUpload | None:
    """A file of an owner that has not expired and is not held, without its content, which is read when it is asked
    for."""
    kept = KeptUpload.objects.filter(pk=key, owner=owner, held=False, expires__gt=timezone.now())
    return kept.defer("content").first()


def found(upload: KeptUpload, outcome: dict[str, Any]) -> None:
    """Note what looking at a file again found."""
    KeptUpload.objects.filter(pk=upload.pk).update(outcome=outcome)


def forget(upload: KeptUpload) -> None:
    """Let a file go: it has served."""
    KeptUpload.objects.filter(pk=upload.pk).delete()
