"""What a body's contracts come to by sector, and the system's services and money on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from commissioning.domain.devolution import devolved_amount, devolved_share
from commissioning.domain.vocabulary import Sector, Stream
from commissioning.models import BudgetHolding, ContractHolding, Contribution, ProvisionHolding
from organisations.models import Form, FormPeriod
from pcorg.core.audit.memory import recall
from pcorg.core.batches import batches

Devolved = tuple[Decimal | None, Decimal | None]
"""The part of a budget and the pounds a year of it; None where the holder's form is not
known, or no source says whether it holds a budget."""


def devolved(keys: Iterable[int], on: date | None) -> dict[int, Devolved]:
    """What is devolved of budgets, by holding: by the holder's form on a day, else by the form it last had while it
    held the budget. A query per batch, and one for the forms."""
    shares = recall("devolved-shares", _shares)
    forms = FormPeriod.objects.filter(organisation=OuterRef("organisation"))
    forms = forms.filter(start__lt=Coalesce(OuterRef("end"), date.max)) if on is None else forms.as_of(on)
    form = Subquery(forms.order_by("-start").values("form")[:1])
    found: dict[int, Devolved] = {}
    for some in batches(keys):
        for key, amount, slug in (
            BudgetHolding.objects.filter(pk__in=some).annotate(form=form).values_list("pk", "amount", F("form"))
        ):
            share = shares.get(slug)
            found[key] = (share, None if share is None else devolved_amount(amount, share))
    return found


def _shares() -> dict[str, Decimal | None]:
    return {
        slug: devolved_share(holds_budget=holds, commissioning_share=share)
        for slug, holds, share in Form.objects.values_list("slug", "holds_budget", "commissioning_share")
    }


@dataclass(frozen=True)
class MoneyTotal:
    """So many things that come to so many pounds a year."""

    number: int
    pounds: Decimal


def by_sector(rows: Iterable[ContractHolding]) -> dict[Sector, MoneyTotal]:
    """Contracts by sector, those of most pounds first."""
    found: dict[Sector, MoneyTotal] = {}
    for row in rows:
        sector = Sector.stored(row.item.sector)
        total = found.get(sector, MoneyTotal(0, Decimal(0)))
        found[sector] = MoneyTotal(total.number + 1, total.pounds + row.annual_value)
    return dict(sorted(found.items(), key=lambda pair: -pair[1].pounds))


@dataclass(frozen=True)
class Whole:
    """Everything that is held on a day."""

    trusts: list[tuple[str, int]]
    services: int
    contracts: MoneyTotal
    budgets: dict[Stream, MoneyTotal]
    pools: MoneyTotal


def whole(on: date, *, portfolio: str | None) -> Whole:
    """Everything that bodies of the chosen portfolios hold on a day: who provides how many services, what contracts,
    budgets and pools come to. Four queries."""
    provided = ProvisionHolding.objects.of_portfolio(portfolio).as_of(on)
    trusts = list(
        provided.order_by()
        .values_list("provider")
        .annotate(number=Count("item", distinct=True))
        .order_by("-number", "provider")
    )
    contracts = ContractHolding.objects.of_portfolio(portfolio).as_of(on)
    budgets = BudgetHolding.objects.of_portfolio(portfolio).as_of(on).order_by()
    pools = Contribution.objects.of_portfolio(portfolio).as_of(on)
    return Whole(
        trusts=trusts,
        services=sum(number for _, number in trusts),
        contracts=_total_of(contracts.aggregate(number=Count("item", distinct=True), pounds=Sum("annual_value"))),
        budgets={
            Stream(row["item__stream"]): _total_of(row)
            for row in budgets.values("item__stream").annotate(
                number=Count("item", distinct=True), pounds=Sum("amount")
            )
        },
        pools=_total_of(pools.aggregate(number=Count("item", distinct=True), pounds=Sum("amount"))),
    )


def _total_of(row: Mapping[str, Any]) -> MoneyTotal:
    return MoneyTotal(row["number"], row["pounds"] or Decimal(0))
