"""Contracts: who commissions what from whom, for how much a year."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from commissioning.domain.vocabulary import HoldingKind, Sector
from commissioning.models.holding import HoldingModel, Thing, ends_after_start, not_negative, pounds
from commissioning.models.reference import ContractType, Service
from organisations.models import Organisation


class Contract(Thing):
    """A contract for services. `price_year` is the financial year of its prices, such as `2008/09`.

    Its term is the life of its holdings; `ends` is the day it is due to end, whatever becomes of its parties.
    """

    type = models.ForeignKey(ContractType, models.PROTECT, related_name="contracts")
    sector = models.CharField(max_length=20, choices=Sector.choices(), db_index=True)
    services = models.ManyToManyField(Service, blank=True, related_name="contracts")
    price_year = models.CharField(max_length=7, db_index=True)
    ends = models.DateField(null=True, blank=True, db_index=True)


class OutcomeMeasure(models.Model):
    """What a contract is to achieve and how that is told."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="measures")
    text = models.CharField(max_length=300)
    target = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["contract", "position"]
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="one_measure_per_place")]

    def __str__(self) -> str:
        return self.text


class ContractHolding(HoldingModel):
    """Between whom a contract runs for a period, and its annual value in pounds.

    `agreement` repeats that the contract's type is an agreement: only then may both parties be one body.
    """

    kind = HoldingKind.CONTRACT

    item = models.ForeignKey(Contract, models.PROTECT, related_name="holdings")
    commissioner = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts_let")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts_held")
    annual_value = pounds()
    agreement = models.BooleanField(default=False)

    class Meta(HoldingModel.Meta):
        constraints = [
            ends_after_start("contract_holding_ends_after_start"),
            not_negative("contract_value_not_negative", "annual_value"),
            models.CheckConstraint(
                condition=Q(agreement=True) | ~Q(commissioner=F("provider")), name="no_contract_with_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["commissioner", "start", "end"], name="contract_by_commissioner"),
            models.Index(fields=["provider", "start", "end"], name="contract_by_provider"),
            models.Index(fields=["annual_value"], name="contract_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.commissioner_id} with {self.provider_id}"
