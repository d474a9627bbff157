"""Dated relationships between two organisations."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from organisations.domain.vocabulary import RelationshipKind
from organisations.models.bodies import Organisation
from organisations.models.querysets import HeldPeriods, PeriodQuerySet
from organisations.models.sourced import Sourced

SYMMETRIC = [kind.value for kind in RelationshipKind if kind.symmetric]


class Relationship(Sourced):
    """A tie read from subject to object for a period: accountable to, member of, located in and so on.

    A symmetric tie (neighbours, partners) is one row with the smaller code as subject. `share` is the fraction
    (0 to 1) of the subject's population that the tie concerns, where it is known. Kind, both ends and start identify
    it: a body may leave another and come back; two that overlap are refused (`organisations.models.guards`).
    `due_end` is as in `DatedFact`.
    """

    kind = models.CharField(max_length=20, choices=RelationshipKind.choices())
    subject = models.ForeignKey(Organisation, models.PROTECT, related_name="ties_out")
    object = models.ForeignKey(Organisation, models.PROTECT, related_name="ties_in")
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    due_end = models.DateField(null=True, blank=True, help_text="When it was to end, where a change ended it")
    begun_by = models.ForeignKey(
        "organisations.Change", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_by = models.ForeignKey(
        "organisations.Change", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = HeldPeriods()
    with_struck_out = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "subject", "object", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="relationship_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(subject=F("object")), name="relationship_needs_two_bodies"),
            models.CheckConstraint(
                condition=~Q(kind__in=SYMMETRIC) | Q(subject__lt=F("object")),
                name="relationship_symmetric_once",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__range=(0, 1)), name="relationship_share_0_to_1"
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "kind", "start", "end"], name="relationship_by_subject"),
            models.Index(fields=["object", "kind", "start", "end"], name="relationship_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.kind} {self.object_id}"
