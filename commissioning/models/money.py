"""Budgets by stream, and budgets pooled with councils."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commissioning.domain.vocabulary import Flexibility, HoldingKind, SetBy, Stream
from commissioning.models.holding import HoldingModel, Thing, ends_after_start, not_negative, pounds
from organisations.models import Organisation


class Budget(Thing):
    """A stream of the unified allocation, at the prices of a financial year such as `2008/09`.

    How much of it a body commissions with of its own follows its level: see
    `commissioning.domain.devolution`.
    """

    stream = models.CharField(max_length=30, choices=Stream.choices(), db_index=True)
    price_year = models.CharField(max_length=7, db_index=True)
    set_by = models.CharField(max_length=20, choices=SetBy.choices())


class BudgetHolding(HoldingModel):
    """Who holds a budget for a period, in pounds a year."""

    kind = HoldingKind.BUDGET

    item = models.ForeignKey(Budget, models.PROTECT, related_name="holdings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="budgets")
    amount = pounds()

    class Meta(HoldingModel.Meta):
        constraints = [
            ends_after_start("budget_holding_ends_after_start"),
            not_negative("budget_not_negative", "amount"),
        ]
        indexes = [models.Index(fields=["organisation", "start", "end"], name="budget_by_holder")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.organisation_id}"


class PooledBudget(Thing):
    """Money that NHS bodies and councils put together under the Health Act 1999, for a group of people.

    At least one partner is a council.
    """

    flexibility = models.CharField(max_length=30, choices=Flexibility.choices(), db_index=True)
    client_group = models.CharField(max_length=120)
    price_year = models.CharField(max_length=7, db_index=True)
    purpose = models.TextField(blank=True)


class Contribution(HoldingModel):
    """What a partner puts into a pooled budget for a period, in pounds a year, and whether it hosts the pool."""

    kind = HoldingKind.POOL

    item = models.ForeignKey(PooledBudget, models.PROTECT, related_name="holdings")
    partner = models.ForeignKey(Organisation, models.PROTECT, related_name="contributions")
    amount = pounds()
    hosts = models.BooleanField(default=False)

    class Meta(HoldingModel.Meta):
        constraints = [
            ends_after_start("contribution_ends_after_start"),
            not_negative("contribution_not_negative", "amount"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(hosts=True, end__isnull=True), name="one_host_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["partner", "start", "end"], name="contribution_by_partner")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.partner_id}"
