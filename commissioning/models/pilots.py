"""Personal medical services pilots: what is particular to a body of that form."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commissioning.domain.vocabulary import PilotEnd, PilotVariant
from commissioning.models.contracts import Contract
from organisations.models import Organisation
from organisations.models.sourced import Sourced


class PmsPilot(Sourced):
    """A personal medical services pilot (Goodwin 2001, lines 174 to 224): a body with a local contract, for a term.

    `term_ends` is the first day after its pilot term of three years. `provider` is who runs it, where that is not a
    practice of its own.
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="pms_pilot")
    portfolio = models.ForeignKey("organisations.Portfolio", models.PROTECT, related_name="pms_pilots")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="pms_pilots")
    wave = models.PositiveSmallIntegerField(db_index=True)
    variant = models.CharField(max_length=30, choices=PilotVariant.choices(), db_index=True)
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="pilots_provided")
    salaried_gps = models.DecimalField(
        "salaried GPs", max_digits=5, decimal_places=2, null=True, blank=True, help_text="Whole-time equivalent"
    )
    nurses = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="Whole-time equivalent"
    )
    practices = models.ManyToManyField(Organisation, blank=True, related_name="pilots_joined")
    term_ends = models.DateField(db_index=True)
    at_end = models.CharField(max_length=30, choices=PilotEnd.choices(), default=PilotEnd.UNDECIDED.value)

    class Meta:
        ordering = ["organisation"]
        verbose_name = "PMS pilot"
        constraints = [
            models.CheckConstraint(condition=Q(wave__gte=1), name="pilot_wave_from_1"),
            models.CheckConstraint(
                condition=Q(salaried_gps__isnull=True) | Q(salaried_gps__gte=0), name="salaried_gps_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.organisation_id
