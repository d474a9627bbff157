"""Files that are sent: read within bounds, and kept between the page that checks them and the step that carries them
out."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.db import transaction
from django.utils import timezone

from pcorg.core.uploads.models import KeptUpload


class Bounded(FileUploadHandler):
    """Refuses a form whose files are too large before it writes them anywhere. Raises RequestDataTooBig."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, Any],  # noqa: N803 - as Django calls it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        largest = settings.PCORG_LARGEST_UPLOAD
        if content_length > largest:
            raise RequestDataTooBig(f"What you sent has {content_length:,} bytes; at most {largest:,} are taken.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""


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
    """Keep a file until a decision on it releases it."""
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
