"""Services provided, the staff employed for them, and the premises they work from."""

from __future__ import annotations

from django.db import models

from commissioning.domain.vocabulary import HoldingKind, PremisesKind
from commissioning.models.holding import HoldingModel, Thing, ends_after_start, not_negative, pounds, whole_time
from commissioning.models.reference import Service, StaffGroup
from organisations.models import Organisation


class Premises(Thing):
    """A building that services work from. `built` is the year; `lift` tells one of the Local Improvement Finance Trust
    programme (The King's Fund 2009, lines 656 to 664)."""

    type = models.CharField(max_length=30, choices=PremisesKind.choices(), db_index=True)
    built = models.PositiveSmallIntegerField(null=True, blank=True, db_index=True)
    purpose_built = models.BooleanField(null=True, blank=True)
    lift = models.BooleanField("LIFT", default=False)

    class Meta(Thing.Meta):
        verbose_name_plural = "premises"


class PremisesHolding(HoldingModel):
    """Who holds premises for a period."""

    kind = HoldingKind.PREMISES

    item = models.ForeignKey(Premises, models.PROTECT, related_name="holdings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="premises_held")

    class Meta(HoldingModel.Meta):
        constraints = [
            ends_after_start("premises_holding_ends_after_start"),
        ]
        indexes = [models.Index(fields=["organisation", "start", "end"], name="premises_by_holder")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.organisation_id}"


class Provision(Thing):
    """A service of the catalogue as a body provides it. `round_the_clock`: day and night, every day of the week."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="provisions")
    round_the_clock = models.BooleanField(default=False)
    price_year = models.CharField(max_length=7, db_index=True)
    premises = models.ManyToManyField(Premises, blank=True, related_name="provisions")


class ProvisionHolding(HoldingModel):
    """Who provides a service for whose population for a period: staff as whole-time equivalent, cost in pounds a year,
    contacts a year. Null is unknown."""

    kind = HoldingKind.PROVISION

    item = models.ForeignKey(Provision, models.PROTECT, related_name="holdings")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="provisions")
    population_of = models.ForeignKey(Organisation, models.PROTECT, related_name="provisions_received")
    wte = whole_time()
    annual_value = pounds(null=True)
    contacts = models.PositiveIntegerField(null=True, blank=True)

    class Meta(HoldingModel.Meta):
        constraints = [
            ends_after_start("provision_holding_ends_after_start"),
            not_negative("provision_amounts_not_negative", "wte", "annual_value"),
        ]
        indexes = [
            models.Index(fields=["provider", "start", "end"], name="provision_by_provider"),
            models.Index(fields=["population_of", "start", "end"], name="provision_by_population"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.provider_id} for {self.population_of_id}"


class Staffing(Thing):
    """Posts of a staff group, for one service or for several."""

    staff_group = models.ForeignKey(StaffGroup, models.PROTECT, related_name="staffings")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="staffings")


class StaffingHolding(HoldingModel):
    """Who employs the staff for a period: whole-time equivalent and, where known, people."""

    kind = HoldingKind.STAFFING

    item = models.ForeignKey(Staffing, models.PROTECT, related_name="holdings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="staff")
    wte = whole_time(null=False)
    headcount = models.PositiveIntegerField(null=True, blank=True)

    class Meta(HoldingModel.Meta):
        constraints = [
            ends_after_start("staffing_holding_ends_after_start"),
            not_negative("staffing_not_negative", "wte"),
        ]
        indexes = [models.Index(fields=["organisation", "start", "end"], name="staffing_by_employer")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.organisation_id}"
