"""What a body holds on a day as tables: contracts, money, pools, staff, premises. Totals leave out what is unknown and
say so. Each table has `most` rows at most where that is given; its caption and totals are of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from commissioning.domain.vocabulary import PremisesKind, Sector, SetBy, Stream
from commissioning.models import (
    BudgetHolding,
    ContractHolding,
    Premises,
    PremisesHolding,
    ProvisionHolding,
    StaffingHolding,
)
from commissioning.selectors.money import Devolved
from commissioning.selectors.of_body import Pooled
from commissioning.web.presenters.tables import (
    NOTHING,
    UNKNOWN,
    Table,
    TableCell,
    TableColumn,
    added,
    column_of_money,
    link,
    money,
    staff,
    sum_of_money,
    sum_of_staff,
    sum_of_whole,
    whole,
)
from pcorg.core.pages.jinja2 import count, day, percent, rough_pounds
from pcorg.core.pages.scope import Scope

A_YEAR = "£ a year"
Names = Mapping[str, str]


def body(code: str, names: Names, scope: Scope) -> TableCell:
    """A cell that leads to a body."""
    return link(names.get(code, code), scope.link("organisation", code))


def due(ends: date | None, on: date) -> TableCell:
    """When a contract is due to end, and how long that is from a day."""
    if ends is None:
        return TableCell("No end stated")
    last = ends - timedelta(days=1)
    days = (ends - on).days
    if days <= 0:
        return TableCell(day(last), quiet="past its term")
    return TableCell(day(last), quiet=f"{days:,} days left" if days > 1 else "its last day")


def services(rows: Sequence[ProvisionHolding], code: str, names: Names, scope: Scope, most: int | None = None) -> Table:
    """Services a body provides, or that are provided for its people."""
    values = [row.annual_value for row in rows]
    return Table(
        id="services",
        caption=f"{count(len(rows), 'service', 'services')} on {day(scope.on)}; staff are whole-time equivalent",
        columns=(
            TableColumn("Service"),
            TableColumn("Group"),
            TableColumn("Provided by"),
            TableColumn("For the people of"),
            TableColumn("Staff", numeric=True),
            TableColumn(A_YEAR, numeric=True),
            TableColumn("Contacts a year", numeric=True),
            TableColumn("Hours"),
        ),
        rows=tuple(
            (
                TableCell(row.item.service.label, quiet=own_title(row)),
                TableCell(row.item.service.group.label),
                _other_than(code, row.provider_id, "Itself", names, scope),
                _other_than(code, row.population_of_id, "Its own area", names, scope),
                staff(row.wte),
                money(row.annual_value),
                whole(row.contacts),
                TableCell(hours(row)),
            )
            for row in rows[:most]
        ),
        foot=(
            TableCell("Total"),
            NOTHING,
            NOTHING,
            NOTHING,
            sum_of_staff([row.wte for row in rows]),
            sum_of_money(values),
            sum_of_whole([row.contacts for row in rows]),
            NOTHING,
        ),
    )


def _other_than(code: str, other: str, own: str, names: Names, scope: Scope) -> TableCell:
    """A body, or the word for it where it is the one the page is of."""
    return TableCell(own) if other == code else body(other, names, scope)


def own_title(row: ProvisionHolding) -> str:
    """The title of a provision where it says more than the service's label."""
    return "" if row.item.title == row.item.service.label else row.item.title


def hours(row: ProvisionHolding) -> str:
    """Whether a service runs day and night."""
    return "Day and night" if row.item.round_the_clock else "Set hours"


def contracts(rows: Sequence[ContractHolding], code: str, names: Names, scope: Scope, most: int | None = None) -> Table:
    """Contracts of a body, each with its part and the other party. The foot adds what it commissions apart from what it
    is paid for."""
    let = [row for row in rows if row.commissioner_id == code]
    own = [row for row in rows if row.provider_id == code]
    table_rows = []
    if let:
        table_rows.append(f"commissions {rough_pounds(added(row.annual_value for row in let).total)} a year")
    if own:
        table_rows.append(f"provides for {rough_pounds(added(row.annual_value for row in own).total)} a year")
    return Table(
        id="contracts",
        caption=f"{count(len(rows), 'contract', 'contracts')} on {day(scope.on)}: {' and '.join(table_rows)}",
        columns=(
            TableColumn("Contract"),
            TableColumn("Its part"),
            TableColumn("With"),
            TableColumn("Type"),
            TableColumn("Sector"),
            TableColumn(A_YEAR, numeric=True),
            TableColumn("Due to end", narrow=True),
        ),
        rows=tuple(
            (
                link(row.item.title, scope.link("contract", row.item_id), row.item_id),
                TableCell(_part(row, code)),
                _other(row, code, names, scope),
                TableCell(row.item.type.label),
                TableCell(Sector.stored(row.item.sector).label),
                value,
                due(row.item.ends, scope.on),
            )
            for row, value in zip(rows[:most], column_of_money([row.annual_value for row in rows[:most]]), strict=True)
        ),
    )


def _part(row: ContractHolding, code: str) -> str:
    if row.commissioner_id == row.provider_id:
        return "Commissions from its own provider arm"
    return "Commissions" if row.commissioner_id == code else "Provides"


def _other(row: ContractHolding, code: str, names: Names, scope: Scope) -> TableCell:
    other = row.provider_id if row.commissioner_id == code else row.commissioner_id
    return _other_than(code, other, "Itself", names, scope)


def budgets(
    rows: Sequence[BudgetHolding], parts: Mapping[int, Devolved], scope: Scope, most: int | None = None
) -> Table:
    """Budgets of a body by stream, and what of each it commissions with by itself."""
    amounts = [parts[row.pk][1] for row in rows]
    return Table(
        id="budgets",
        caption=f"{count(len(rows), 'budget', 'budgets')} on {day(scope.on)}",
        columns=(
            TableColumn("Budget"),
            TableColumn("Stream"),
            TableColumn(A_YEAR, numeric=True),
            TableColumn("Devolved to it", numeric=True),
            TableColumn("Set by"),
            TableColumn("Prices of"),
        ),
        rows=tuple(
            (
                link(row.item.title, code=row.item_id),
                TableCell(Stream.stored(row.item.stream).label),
                money(row.amount),
                _devolved(parts[row.pk]),
                TableCell(SetBy(row.item.set_by).label),
                TableCell(row.item.price_year),
            )
            for row in rows[:most]
        ),
        foot=(
            TableCell("Total"),
            NOTHING,
            sum_of_money([row.amount for row in rows]),
            sum_of_money(amounts),
            NOTHING,
            NOTHING,
        ),
    )


def _devolved(part: Devolved) -> TableCell:
    share, amount = part
    return UNKNOWN if share is None else money(amount, percent(share))


def pools(rows: Sequence[Pooled], names: Names, scope: Scope, most: int | None = None) -> Table:
    """Pools a body contributes to."""
    return Table(
        id="pools",
        caption=f"{count(len(rows), 'pooled budget', 'pooled budgets')} on {day(scope.on)}",
        columns=(
            TableColumn("Pooled budget"),
            TableColumn("For"),
            TableColumn("It puts in, £ a year", numeric=True),
            TableColumn("The whole pool, £ a year", numeric=True),
            TableColumn("Held by"),
        ),
        rows=tuple(
            (
                link(row.own.item.title, scope.link("pooled-budgets") + f"#{row.own.item_id}", row.own.item_id),
                TableCell(row.own.item.client_group),
                money(row.own.amount, share_of(row)),
                money(sum((part["amount"] for part in row.parts), Decimal(0))),
                _host(row, names, scope),
            )
            for row in rows[:most]
        ),
        foot=(TableCell("Total"), NOTHING, sum_of_money([row.own.amount for row in rows]), NOTHING, NOTHING),
    )


def share_of(row: Pooled) -> str:
    """The part of a pool that a body puts in."""
    share = next((part["share"] for part in row.parts if part["partner"] == row.own.partner_id), None)
    return f"{percent(share)} of it" if share is not None else ""


def _host(row: Pooled, names: Names, scope: Scope) -> TableCell:
    host = next((part["partner"] for part in row.parts if part["hosts"]), None)
    return UNKNOWN if host is None else body(host, names, scope)


def workforce(rows: Sequence[StaffingHolding], scope: Scope, most: int | None = None) -> Table:
    """Staff a body employs."""
    return Table(
        id="staff",
        caption=f"Staff on {day(scope.on)}",
        columns=(
            TableColumn("Staff"),
            TableColumn("Staff group"),
            TableColumn("Service"),
            TableColumn("Whole-time equivalent", numeric=True),
            TableColumn("People", numeric=True),
        ),
        rows=tuple(
            (
                link(row.item.title, code=row.item_id),
                TableCell(row.item.staff_group.label),
                TableCell(row.item.service.label if row.item.service else "Several"),
                staff(row.wte),
                whole(row.headcount),
            )
            for row in rows[:most]
        ),
        foot=(
            TableCell("Total"),
            NOTHING,
            NOTHING,
            sum_of_staff([row.wte for row in rows]),
            sum_of_whole([row.headcount for row in rows]),
        ),
    )


def buildings(rows: Sequence[PremisesHolding], scope: Scope, most: int | None = None) -> Table:
    """Premises a body holds."""
    return Table(
        id="premises",
        caption=f"{len(rows)} premises on {day(scope.on)}",
        columns=(
            TableColumn("Premises"),
            TableColumn("Kind"),
            TableColumn("Built"),
            TableColumn("Built for health care"),
        ),
        rows=tuple(
            (
                link(row.item.title, code=row.item_id),
                TableCell(PremisesKind.stored(row.item.type).label),
                TableCell(str(row.item.built)) if row.item.built else UNKNOWN,
                _purpose(row.item),
            )
            for row in rows[:most]
        ),
    )


def _purpose(building: Premises) -> TableCell:
    if building.purpose_built is None:
        return UNKNOWN
    quiet = "by the Local Improvement Finance Trust" if building.lift else ""
    return TableCell("Yes" if building.purpose_built else "No", quiet=quiet)
