"""Pooled budgets in words: who puts in how much of each, drawn and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.domain.vocabulary import Flexibility
from commissioning.models import PooledBudget
from commissioning.read_models.money import PartContributed
from commissioning.web.presenters.holdings import A_YEAR, Names
from commissioning.web.presenters.tables import NOTHING, Table, TableCell, TableColumn, link, money
from pcorg.core.pages.jinja2 import day, percent
from pcorg.core.pages.scope import Scope

COLOURS = 8
"""Colours of swatches; more partners than that begin again at the first."""


@dataclass(frozen=True)
class Slice:
    """A partner's part in the drawing: where it begins and how wide it is, in per cent, and its colour."""

    start: str
    width: str
    colour: int


@dataclass(frozen=True)
class PartnerContribution:
    """What a partner puts in."""

    partner: str
    code: str
    href: str
    amount: Decimal
    share: str
    hosts: bool
    colour: int
    since: str


@dataclass(frozen=True)
class Pool:
    """One pool with its contributions, the host first."""

    code: str
    title: str
    illustrative: bool
    flexibility: str
    client_group: str
    purpose: str
    price_year: str
    total: Decimal
    slices: list[Slice]
    contributions: list[PartnerContribution]


def pool(record: PooledBudget, parts: Sequence[PartContributed], names: Names, scope: Scope) -> Pool:
    """A pool as its section shows it."""
    slices, contributions, start = [], [], Decimal(0)
    for number, part in enumerate(parts):
        colour = number % COLOURS + 1
        width = (part["share"] or Decimal(0)) * 100
        slices.append(Slice(f"{start.normalize():f}", f"{width.normalize():f}", colour))
        start += width
        contributions.append(
            PartnerContribution(
                partner=names.get(part["partner"], part["partner"]),
                code=part["partner"],
                href=scope.link("organisation", part["partner"]),
                amount=part["amount"],
                share=percent(part["share"]) if part["share"] is not None else "",
                hosts=part["hosts"],
                colour=colour,
                since=day(part["start"]),
            )
        )
    return Pool(
        code=record.code,
        title=record.title,
        illustrative=record.portfolio.illustrative,
        flexibility=Flexibility.stored(record.flexibility).label,
        client_group=record.client_group,
        purpose=record.purpose,
        price_year=record.price_year,
        total=sum((part["amount"] for part in parts), Decimal(0)),
        slices=slices,
        contributions=contributions,
    )


def overview(pools: Sequence[Pool], caption: str) -> Table:
    """All pools of a page, a row each that leads to its section."""
    return Table(
        id="pools",
        caption=caption,
        columns=(
            TableColumn("Pooled budget"),
            TableColumn("For"),
            TableColumn("Flexibility"),
            TableColumn("Held by"),
            TableColumn("Partners", numeric=True),
            TableColumn(A_YEAR, numeric=True),
        ),
        rows=tuple(
            (
                link(each.title, f"#{each.code}", each.code),
                TableCell(each.client_group),
                TableCell(each.flexibility),
                next((link(part.partner, part.href) for part in each.contributions if part.hosts), NOTHING),
                TableCell(str(len(each.contributions))),
                money(each.total),
            )
            for each in pools
        ),
    )
