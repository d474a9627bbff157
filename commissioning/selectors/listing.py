"""Lists of commissioning: what is held on a day, or as last known, and what comes to each row by one query more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from commissioning.models import (
    ArmHolding,
    ContractHolding,
    Contribution,
    GroupHolding,
    PmsPilot,
    PooledBudget,
    ProvisionHolding,
    RecommendationAnswer,
)
from commissioning.models.holding import HoldingModel
from commissioning.models.querysets import HoldingQuerySet, by_day, chosen
from commissioning.read_models.money import PartContributed
from organisations.domain.forms import PMS_PILOT
from organisations.models import Organisation
from organisations.models.querysets import OrganisationQuerySet, existed
from pcorg.core import portfolios
from pcorg.core.batches import batches


def held(kind: type[HoldingModel], on: date | None, *, portfolio: str | None) -> HoldingQuerySet:
    """Holdings of a kind of thing of the chosen portfolios in force on a day; without one the last known."""
    return kind.objects.of_portfolio(portfolio).known(on)


def fullest_days(*kinds: type[HoldingModel]) -> dict[str, date]:
    """The covered day of each portfolio on which most things of one of these kinds are held, by slug."""
    found: dict[str, date] = {}
    for kind in kinds:
        for slug, day in portfolios.fullest_days(kind.objects.all(), "item__portfolio").items():
            found[slug] = max(day, found.get(slug, day))
    return found


def pools(on: date | None, *, portfolio: str | None) -> QuerySet[PooledBudget]:
    """Pooled budgets of the chosen portfolios that somebody contributes to on a day; without one all of them."""
    found = PooledBudget.objects.of_portfolio(portfolio)
    return found if on is None else found.held_on(on)


PARTICULARS = ("wave", "variant", "provider", "contract", "salaried_gps", "nurses", "term_ends", "at_end")


def pilots(on: date | None, *, portfolio: str | None) -> OrganisationQuerySet:
    """The bodies of the chosen portfolios that are pilots of personal medical services on a day; without one those
    whose last known form it is.

    Adds the particulars of each, null where they are not recorded; from its contract on the day, else the last known,
    `commissioner` and `annual_value`; and how it is known: `known_basis`, `cited`, `cited_at`, `noted`."""
    contracts = ContractHolding.objects.filter(item=OuterRef("pms_pilot__contract"))
    contracts = contracts if on is None else contracts.as_of(on)
    latest = contracts.order_by(F("end").desc(nulls_first=True), "pk")
    cited = {"known_basis": "basis", "cited": "source", "cited_at": "locator", "noted": "note"}
    has_particulars = Q(pms_pilot__isnull=False)
    bodies: Any = Organisation.objects.of_portfolio(portfolio).as_of(on)
    found: OrganisationQuerySet = bodies.filter(form=PMS_PILOT).annotate(
        **{name: F(f"pms_pilot__{name}") for name in PARTICULARS},
        **{
            name: Case(When(has_particulars, then=F(f"pms_pilot__{field}")), default=F(field))
            for name, field in cited.items()
        },
        commissioner=Subquery(latest.values("commissioner")[:1]),
        annual_value=Subquery(latest.values("annual_value")[:1]),
    )
    return found


def answers(on: date | None, *, portfolio: str | None) -> QuerySet[RecommendationAnswer]:
    """Answers to recommendations given by a day; without one all of them."""
    found = RecommendationAnswer.objects.filter(existed("organisation__"), chosen(portfolio, "organisation__portfolio"))
    return found if on is None else found.filter(answered_on__lte=on)


def parts_of(pooled: Iterable[str], on: date | None) -> dict[str, list[PartContributed]]:
    """The contributions to pooled budgets on a day, else the last known, the host first; a query per batch."""
    rows: dict[str, list[Contribution]] = defaultdict(list)
    for some in batches(pooled):
        for row in Contribution.objects.known(on).filter(item__in=some).order_by("-hosts", "-amount", "partner"):
            rows[row.item_id].append(row)
    return {code: _shared(contributions) for code, contributions in rows.items()}


def contents_of(parts: Sequence[PartContributed]) -> dict[str, Any]:
    """What comes of the contributions to a pooled budget: its host, what it holds in all, its partners."""
    return {
        "host": next((part["partner"] for part in parts if part["hosts"]), None),
        "total": sum((part["amount"] for part in parts), Decimal(0)),
        "partners": [part["partner"] for part in parts],
        "contributions": parts,
    }


def _shared(contributions: Sequence[Contribution]) -> list[PartContributed]:
    whole = sum((row.amount for row in contributions), Decimal(0))
    return [
        {
            "partner": row.partner_id,
            "amount": row.amount,
            "share": (row.amount / whole).quantize(Decimal("0.0001")) if whole else None,
            "hosts": row.hosts,
            "start": row.start,
            "end": row.end,
        }
        for row in contributions
    ]


def services_of(kind: type[ContractHolding] | type[GroupHolding], keys: Iterable[int]) -> dict[int, list[str]]:
    """The slugs of the services that things concern, by holding, in the order of the catalogue; a query per batch."""
    return _linked(kind, keys, "item__services", "item__services__position")


def premises_of(keys: Iterable[int]) -> dict[int, list[str]]:
    """The codes of the premises that services work from, by holding of the service; a query per batch."""
    return _linked(ProvisionHolding, keys, "item__premises", "item__premises")


def arms(on: date | None, *, portfolio: str | None) -> HoldingQuerySet:
    """Provider arms held on a day; without one as last known. Adds `approaches_on`, where the day is not after it."""
    rows = held(ArmHolding, on, portfolio=portfolio)
    return rows.annotate(approaches_on=_value_on("item__approaches_on", on, "item__approaches_on"))


def groups(on: date | None, *, portfolio: str | None) -> HoldingQuerySet:
    """Groups of services held on a day; without one as last known. Adds `chosen_form` and `chosen_on`, where the form
    had been chosen by the day."""
    return held(GroupHolding, on, portfolio=portfolio).annotate(
        chosen_form=_value_on("item__chosen_form_id", on, "item__chosen_on"),
        chosen_on=_value_on("item__chosen_on", on, "item__chosen_on"),
    )


def _value_on(column: str, on: date | None, dated: str) -> F | Case:
    """A column, as far as it was so by a day."""
    return F(column) if on is None else Case(When(by_day(on, dated), then=F(column)))


def approaches_of(keys: Iterable[int], on: date | None) -> dict[int, list[str]]:
    """The slugs of the approaches that trusts take with their arms, by holding of the arm, but for those recorded of a
    later day; a query per batch."""
    condition = by_day(on, "item__approaches_on")
    return _linked(ArmHolding, keys, "item__approaches", "item__approaches__position", condition)


def groups_of(keys: Iterable[int], on: date | None) -> dict[int, list[str]]:
    """The codes of the groups of services of provider arms, by holding of the arm, with a day those that somebody holds
    then; a query per batch."""
    standing = Q() if on is None else Q(item__groups__in=GroupHolding.objects.as_of(on).values("item"))
    return _linked(ArmHolding, keys, "item__groups", "item__groups", standing)


def practices_of(pilots: Iterable[str]) -> dict[str, list[str]]:
    """The codes of the practices that take part in pilots; a query per batch."""
    found: dict[str, list[str]] = defaultdict(list)
    for some in batches(pilots):
        rows = PmsPilot.practices.through.objects.filter(pmspilot__in=some).order_by("organisation")
        for pilot, practice in rows.values_list("pmspilot_id", "organisation_id"):
            found[pilot].append(practice)
    return found


def _linked(
    kind: type[HoldingModel], keys: Iterable[int], path: str, order: str, condition: Q | None = None
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for some in batches(keys):
        matching = Q(pk__in=some, **{f"{path}__isnull": False}) & (condition or Q())
        rows = kind.objects.filter(matching).order_by(order, path)
        for key, value in rows.values_list("pk", path):
            found[key].append(value)
    return found
