"""Contracts, budgets and pooled budgets: a row per holding in lists, and each in full."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NotRequired, TypedDict

from commissioning.domain.vocabulary import Flexibility, Sector, SetBy, Stream
from commissioning.read_models.holdings import (
    Fraction,
    HeldSpell,
    HoldingItem,
    OwnedSpell,
    Pounds,
    ThingDetail,
    in_force,
    keys,
    named,
)
from organisations.read_models.organisations import BodyName
from pcorg.core.read_models import (
    LAST,
    SUPPLIED,
    Address,
    Converted,
    Source,
    component,
)


class ContractItem(HoldingItem):
    """Between whom a contract runs, and for how much a year. `ends` is the day it is due to end."""

    type: Annotated[str, "Slug of its type", Source("item.type_id")]
    sector: Annotated[str, Source("item.sector"), Sector]
    services: Annotated[list[str], "Slugs of the services it concerns", SUPPLIED]
    commissioner: Annotated[str, Source("commissioner_id")]
    provider: Annotated[str, Source("provider_id")]
    annual_value: Pounds
    price_year: Annotated[str, Source("item.price_year")]
    ends: Annotated[date | None, Source("item.ends")]
    url: NotRequired[Annotated[str, Address("api:contract-detail", "item_id"), LAST]]


class ContractSpell(HeldSpell):
    """Between whom a contract ran."""

    commissioner: Annotated[BodyName, Source("commissioner_id"), Converted(named)]
    provider: Annotated[BodyName, Source("provider_id"), Converted(named)]
    annual_value: Annotated[Pounds, "Pounds a year"]


@component("Measure")
class MeasureOfContract(TypedDict):
    """What a contract is to achieve."""

    text: str
    target: Annotated[str, "How it is told that it is achieved; empty where nothing is said"]


class ContractDetail(ThingDetail):
    """A contract with its parties over time."""

    type: Annotated[str, Source("type_id")]
    sector: Annotated[str, Sector]
    services: Annotated[list[str], Converted(keys)]
    price_year: str
    ends: Annotated[date | None, "The day it is due to end"]
    measures: list[MeasureOfContract]
    holdings: list[ContractSpell]
    url: NotRequired[Annotated[str, Address("api:contract-detail", "code")]]


class BudgetItem(HoldingItem):
    """A budget by stream and its holder. `devolved_share` is the part of it that the holder's form on the day lets it
    commission with: of its own motion all, none or a part. Null where the form is not known."""

    stream: Annotated[str, Source("item.stream"), Stream]
    organisation: Annotated[str, Source("organisation_id")]
    amount: Annotated[Pounds, "Pounds a year"]
    price_year: Annotated[str, Source("item.price_year")]
    set_by: Annotated[str, Source("item.set_by"), SetBy]
    devolved_share: Annotated[Fraction | None, SUPPLIED]
    devolved_amount: Annotated[Pounds | None, SUPPLIED]
    url: NotRequired[Annotated[str, Address("api:budget-detail", "item_id"), LAST]]


class BudgetSpell(OwnedSpell):
    """Who held a budget."""

    amount: Annotated[Pounds, "Pounds a year"]


class BudgetDetail(ThingDetail):
    """A budget and who held it."""

    stream: Annotated[str, Stream]
    set_by: Annotated[str, SetBy]
    price_year: str
    holdings: Annotated[list[BudgetSpell], Converted(in_force)]
    url: NotRequired[Annotated[str, Address("api:budget-detail", "code")]]


@component("Contributed")
class PartContributed(TypedDict):
    """What a partner puts into a pooled budget."""

    partner: str
    amount: Annotated[Pounds, "Pounds a year"]
    share: Annotated[Fraction | None, "Of the whole pool"]
    hosts: Annotated[bool, "Holds the pool for the others"]
    start: date
    end: date | None


class PooledBudgetItem(TypedDict):
    """A pooled budget with what its partners put in."""

    code: str
    title: str
    flexibility: Annotated[str, Flexibility]
    client_group: str
    price_year: str
    host: Annotated[str | None, "Code of the partner that holds the pool", SUPPLIED]
    total: Annotated[Pounds, "Pounds a year", SUPPLIED]
    partners: Annotated[list[str], "Codes, the host first", SUPPLIED]
    contributions: Annotated[list[PartContributed], SUPPLIED]
    portfolio: Annotated[str, Source("portfolio_id")]
    illustrative: Annotated[bool, "Invented", Source("portfolio.illustrative")]
    url: NotRequired[Annotated[str, Address("api:pooled-budget-detail", "code")]]


class ContributionSpell(HeldSpell):
    """What a partner put into a pool."""

    partner: Annotated[BodyName, Source("partner_id"), Converted(named)]
    amount: Annotated[Pounds, "Pounds a year"]
    hosts: bool


class PooledBudgetDetail(ThingDetail):
    """A pooled budget with what its partners put in over time."""

    flexibility: Annotated[str, Flexibility]
    client_group: str
    price_year: str
    purpose: str
    total: Annotated[Pounds, "Pounds a year on the day, else as last known"]
    contributions: Annotated[list[PartContributed], "On the day, else as last known, with shares of the whole"]
    holdings: list[ContributionSpell]
    url: NotRequired[Annotated[str, Address("api:pooled-budget-detail", "code")]]
