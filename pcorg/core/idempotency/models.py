"""Answers to writes, kept under the key the client gave."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a write that was carried out, for a client that sends the same write again.

    A key belongs to the user who sent it. `fingerprint` is SHA-256 over method, address and body: the same key with
    another request is refused. The row is written in the transaction of the write itself, so that both are there or
    neither is. It may be forgotten at `expires`.
    """

    owner = models.CharField(max_length=150)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    expires = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["expires", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.owner}: {self.key}"
