"""Uploaded files that await a decision."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class KeptUpload(models.Model):
    """A file as it was sent, with what looking at it found, until its owner decides or it expires.

    It belongs to the user who sent it, by the number of the account, and nobody else reaches it, unless it is *held*
    for somebody's decision: then it does not expire. It is kept in the database, so that any worker on any
    machine finds it, and it is not yet part of the data: the audit trail knows only what comes of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    outcome = models.JSONField(default=dict, help_text="What looking at it found")
    kept_at = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(db_index=True)
    held = models.BooleanField(default=False)

    class Meta:
        ordering = ["-kept_at"]

    def __str__(self) -> str:
        return f"{self.name} of {self.owner}"
