"""The audit trail: append-only rows chained by hash, and the head that orders them.

Every write transaction adds one entry and locks the head last, so entries have a total order. The head's hash is also
the version of the data: it changes exactly when something is written.
"""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One write: who (`actor`, and the number of the user where a user did it), what (`action` on `subject`), when, and
    the particulars.

    `content` is SHA-256 over the seals of this entry, empty where it has none. `digest` is SHA-256 over the previous
    digest and this entry's content, in the canonical form that `form` numbers. There are no foreign keys: the trail
    outlives what it speaks of.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=200, db_index=True)
    particulars = models.JSONField(default=dict)
    content = models.CharField(max_length=64, blank=True)
    form = models.PositiveSmallIntegerField(default=1)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.sequence}: {self.action} {self.subject}"


class AuditSeal(models.Model):
    """What an entry left: the digest of all rows of one subject that it wrote (see `pcorg.core.audit.subjects`)."""

    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["sequence", "kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["sequence", "kind", "key"], name="one_seal_per_entry_and_subject")
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.kind} {self.key}"


class AuditHead(models.Model):
    """The end of the chain: one row. `marks` holds for each kind of data the last entry that altered it: sequence,
    digest and moment. A kind that is not there is as new as the head."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(null=True)
    marks = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head")]

    def __str__(self) -> str:
        return f"{self.sequence}"
