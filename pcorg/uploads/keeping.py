"""Keeping a file for its owner for a while."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from pcorg.uploads.models import KeptUpload

LIFE = timedelta(hours=4)
"""How long a file waits for a decision: a working morning."""

MOST = 5
"""Files of one user kept at a time; a further one takes the place of the oldest."""


def keep(*, owner: str, name: str, content: bytes, outcome: dict[str, Any]) -> KeptUpload:
    """Keep a file and what looking at it found. Forgets what has expired and the owner's oldest beyond MOST."""
    now = timezone.now()
    with transaction.atomic():
        KeptUpload.objects.filter(expires__lte=now).delete()
        older = KeptUpload.objects.filter(owner=owner).order_by("-kept_at").values_list("pk", flat=True)
        KeptUpload.objects.filter(pk__in=list(older[MOST - 1 :])).delete()
        return KeptUpload.objects.create(
            owner=owner, name=name[-255:], content=content, outcome=outcome, expires=now + LIFE
        )


def find(key: uuid.UUID, *, owner: str) -> KeptUpload | None:
    """A file of an owner that has not expired, without its content, which is read when it is asked for."""
    held = KeptUpload.objects.filter(pk=key, owner=owner, expires__gt=timezone.now())
    return held.defer("content").first()


def found(upload: KeptUpload, outcome: dict[str, Any]) -> None:
    """Note what looking at a file again found."""
    KeptUpload.objects.filter(pk=upload.pk).update(outcome=outcome)


def forget(upload: KeptUpload) -> None:
    """Let a file go: it has served."""
    KeptUpload.objects.filter(pk=upload.pk).delete()
