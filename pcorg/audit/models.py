"""The audit trail: append-only rows chained by hash, and the head that orders them.

Every write transaction adds one entry and locks the head last, so entries have a total order. The head's hash is also
the version of the data: it changes exactly when something is written.
"""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One write: who (`actor`), what (`action` on `subject`), when, and the particulars.

    `digest` is SHA-256 over the previous digest and this entry's content. There are no foreign keys: the trail
    outlives what it speaks of.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=200, db_index=True)
    particulars = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.sequence}: {self.action} {self.subject}"


class AuditHead(models.Model):
    """The end of the chain: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head")]

    def __str__(self) -> str:
        return f"{self.sequence}"
