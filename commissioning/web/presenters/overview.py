"""What is held on a day, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commissioning.selectors.money import Whole
from commissioning.web.presenters.holdings import Names
from commissioning.web.presenters.tables import CellLink, Table, TableCell, TableColumn, link
from organisations.web.presenters.home import Tile
from pcorg.core.pages.jinja2 import count, rough_pounds
from pcorg.core.pages.scope import Scope

MOST_BODIES = 100
"""Bodies listed on the page, those with most services first."""


def tiles(held: Whole, scope: Scope) -> list[Tile]:
    """The figures; none where nothing is held."""
    told = []
    if held.services:
        told.append(Tile("Services provided", f"{held.services:,}", f"by {count(len(held.trusts), 'body', 'bodies')}"))
    if held.contracts.number:
        note = f"{rough_pounds(held.contracts.pounds)} a year"
        told.append(Tile("Contracts", f"{held.contracts.number:,}", note, scope.link("contracts")))
    if held.budgets:
        money = sum((heap.pounds for heap in held.budgets.values()), Decimal(0))
        number = sum(heap.number for heap in held.budgets.values())
        told.append(Tile("Budgets", rough_pounds(money), f"a year, {count(number, 'budget', 'budgets')}"))
    if held.pools.number:
        note = f"{rough_pounds(held.pools.pounds)} a year"
        told.append(Tile("Pooled budgets", f"{held.pools.number:,}", note, scope.link("pooled-budgets")))
    return told


def providers(rows: Sequence[tuple[str, int]], all_of: int, names: Names, scope: Scope) -> Table:
    """Bodies that provide services, each with its portfolio."""
    shown = f", the first {len(rows)}" if len(rows) < all_of else ""
    return Table(
        id="providers",
        caption=f"{count(all_of, 'body that provides services', 'bodies that provide services')}{shown}",
        columns=(TableColumn("Body"), TableColumn("Services", numeric=True), TableColumn("More")),
        rows=tuple(
            (
                link(names.get(code, code), scope.link("organisation", code), code),
                TableCell(str(number)),
                TableCell(
                    links=(CellLink("Portfolio", scope.link("portfolio", code), heard=f"of {names.get(code, code)}"),)
                ),
            )
            for code, number in rows
        ),
    )
