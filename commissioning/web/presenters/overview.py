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


def tiles(totals: Whole, scope: Scope) -> list[Tile]:
    """The figures; none where nothing is held."""
    shown = []
    if totals.services:
        shown.append(
            Tile("Services provided", f"{totals.services:,}", f"by {count(len(totals.trusts), 'body', 'bodies')}")
        )
    if totals.contracts.number:
        note = f"{rough_pounds(totals.contracts.pounds)} a year"
        shown.append(Tile("Contracts", f"{totals.contracts.number:,}", note, scope.link("contracts")))
    if totals.budgets:
        money = sum((total.pounds for total in totals.budgets.values()), Decimal(0))
        number = sum(total.number for total in totals.budgets.values())
        shown.append(Tile("Budgets", rough_pounds(money), f"a year, {count(number, 'budget', 'budgets')}"))
    if totals.pools.number:
        note = f"{rough_pounds(totals.pools.pounds)} a year"
        shown.append(Tile("Pooled budgets", f"{totals.pools.number:,}", note, scope.link("pooled-budgets")))
    return shown


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
