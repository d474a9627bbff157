"""What one body holds on a day: its services, contracts, money, staff, premises and provider arms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from commissioning.domain.vocabulary import HoldingKind
from commissioning.models import (
    HOLDINGS,
    ArmHolding,
    BudgetHolding,
    ContractHolding,
    Contribution,
    GroupHolding,
    Milestone,
    ProvisionHolding,
    Recommendation,
    RecommendationAnswer,
    StaffingHolding,
)
from commissioning.models.holding import HoldingModel
from commissioning.read_models.money import PartContributed
from commissioning.selectors.listing import parts_of
from commissioning.selectors.money import Devolved, devolved
from organisations.models import Organisation


def kinds_held(code: str, on: date) -> set[HoldingKind]:
    """The kinds of thing in which a body has a part on a day; one query."""
    flags: dict[str, Any] = {f"holds_{number}": Exists(_of(kind, on)) for number, kind in enumerate(HOLDINGS)}
    row = Organisation.objects.filter(pk=code).annotate(**flags).values_list(*flags).first() or ()
    return {kind.kind for kind, holds in zip(HOLDINGS, row, strict=False) if holds}


def _of(kind: Any, on: date) -> QuerySet:
    part = Q()
    for role in kind.parties:
        part |= Q(**{role.value: OuterRef("pk")})
    return kind.objects.as_of(on).filter(part)


def services(code: str, on: date) -> list[ProvisionHolding]:
    """Services that a body provides, or that are provided for its population, in the order of the catalogue."""
    rows = ProvisionHolding.objects.as_of(on).filter(Q(provider=code) | Q(population_of=code))
    return list(
        rows.select_related("item__service__group", "item__portfolio").order_by(
            "item__service__group__position", "item__service__position", "item__title", "pk"
        )
    )


def contracts(code: str, on: date) -> list[ContractHolding]:
    """Contracts in which a body commissions or provides, the largest first."""
    rows = ContractHolding.objects.as_of(on).filter(Q(commissioner=code) | Q(provider=code))
    return list(rows.select_related("item__type", "item__portfolio").order_by("-annual_value", "item"))


def contracts_with_services(code: str, on: date) -> list[ContractHolding]:
    """The same, with the services that each contract covers."""
    rows = contracts(code, on)
    prefetch_related_objects(rows, "item__services")
    return rows


@dataclass(frozen=True)
class Money:
    """The budgets a body holds, each with what of it is devolved (by holding)."""

    held: list[BudgetHolding]
    devolved: dict[int, Devolved]


def budgets(code: str, on: date) -> Money:
    """Budgets that a body holds."""
    rows = BudgetHolding.objects.as_of(on).filter(organisation=code).select_related("item__portfolio")
    budget_rows = list(rows.order_by("item__stream", "item"))
    return Money(budget_rows, devolved([row.pk for row in budget_rows], on) if budget_rows else {})


@dataclass(frozen=True)
class Pooled:
    """A pool that a body contributes to, with all contributions."""

    own: Contribution
    parts: list[PartContributed]


def pools(code: str, on: date) -> list[Pooled]:
    """Pooled budgets to which a body contributes."""
    rows = Contribution.objects.as_of(on).filter(partner=code).select_related("item__portfolio").order_by("item")
    own = list(rows)
    parts = parts_of([row.item_id for row in own], on) if own else {}
    return [Pooled(row, parts[row.item_id]) for row in own]


def staff(code: str, on: date) -> list[StaffingHolding]:
    """Staff that a body employs."""
    rows = StaffingHolding.objects.as_of(on).filter(organisation=code)
    along = ("item__staff_group", "item__service", "item__portfolio")
    return list(rows.select_related(*along).order_by("item__staff_group__position", "item"))


Held = TypeVar("Held", bound=HoldingModel)


def held(kind: type[Held], code: str, on: date) -> list[Held]:
    """Things of a kind that a body holds whole, by title."""
    rows = kind.objects.as_of(on).filter(organisation=code).select_related("item__portfolio")
    return list(rows.order_by("item__title", "item"))


@dataclass(frozen=True)
class ArmHistory:
    """A provider arm on a day, with its separation over time and its milestones."""

    now: ArmHolding
    history: list[ArmHolding]
    milestones: list[Milestone]


def arms(code: str, on: date) -> list[ArmHistory]:
    """The provider arms of a trust, with approaches, the history of each and its milestones."""
    rows = ArmHolding.objects.as_of(on).filter(organisation=code).select_related("item__portfolio")
    along = ("item__approaches", "item__holdings", "item__milestones")
    return [
        ArmHistory(
            row,
            sorted(row.item.holdings.all(), key=lambda holding: (holding.start, holding.pk)),
            list(row.item.milestones.all()),
        )
        for row in rows.prefetch_related(*along).order_by("item")
    ]


def groups(code: str, on: date) -> list[GroupHolding]:
    """Groups of services that a body holds, with their services and the form chosen for each."""
    rows = GroupHolding.objects.as_of(on).filter(organisation=code).select_related("item__chosen_form")
    return list(rows.prefetch_related("item__services").order_by("item"))


def recommendations(code: str, on: date) -> list[tuple[Recommendation, RecommendationAnswer | None]]:
    """Every recommendation with the answer of a trust that stands on a day, if any; two queries."""
    given = RecommendationAnswer.objects.filter(organisation=code, answered_on__lte=on).order_by("answered_on")
    standing = {answer.recommendation_id: answer for answer in given}
    listed = Recommendation.objects.select_related("source").order_by("position", "slug")
    return [(each, standing.get(each.pk)) for each in listed]
