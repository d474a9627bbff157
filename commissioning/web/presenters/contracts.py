"""Contracts in words: the list with its search, and the page of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commissioning.domain.vocabulary import Sector
from commissioning.models import Contract, ContractHolding
from commissioning.web.presenters.holdings import A_YEAR, Names, body, due
from commissioning.web.presenters.tables import Table, TableCell, TableColumn, column_of_money, link, money
from organisations.domain.vocabulary import Basis
from organisations.models import Change, Source
from organisations.web.presenters.listing import Pairs, SearchField, one
from organisations.web.presenters.references import Citation, citation
from pcorg.core.pages.jinja2 import day, pounds
from pcorg.core.pages.scope import Scope

LABELS = {
    "q": "Title or code",
    "commissioner": "Commissioner",
    "provider": "Provider",
    "organisation": "Commissions or provides",
    "type": "Type",
    "service": "Service",
    "sector": "Sector",
    "value_min": "Pounds a year, at least",
    "value_max": "Pounds a year, at most",
    "ends_after": "Due to end on or after",
    "ends_before": "Due to end on or before",
    "price_year": "Prices of",
    "code": "Codes",
}


@dataclass(frozen=True)
class Choices:
    """What there is to choose from in the search: pairs of value and words."""

    commissioners: Pairs
    providers: Pairs
    types: Pairs
    services: Pairs


def fields(given: dict[str, Any], choices: Choices) -> list[SearchField]:
    """The fields of the search that always show."""

    def select(name: str, any_of: str, pairs: Iterable[tuple[str, str]]) -> SearchField:
        return SearchField(name, LABELS[name], one(given, name), [("", any_of), *pairs])

    return [
        SearchField("q", LABELS["q"], one(given, "q"), type="search"),
        select("commissioner", "Any", choices.commissioners),
        select("provider", "Any", choices.providers),
        select("type", "All types", choices.types),
        select("service", "All services", choices.services),
        select("sector", "All sectors", Sector.choices()),
    ]


def more_fields(given: dict[str, Any]) -> list[SearchField]:
    """The fields that show when asked for."""
    return [
        SearchField("organisation", LABELS["organisation"] + " (code)", one(given, "organisation")),
        SearchField("value_min", LABELS["value_min"], one(given, "value_min"), type="number"),
        SearchField("value_max", LABELS["value_max"], one(given, "value_max"), type="number"),
        SearchField("ends_after", LABELS["ends_after"], one(given, "ends_after"), type="date"),
        SearchField("ends_before", LABELS["ends_before"], one(given, "ends_before"), type="date"),
        SearchField("price_year", LABELS["price_year"] + " (such as 2008/09)", one(given, "price_year")),
    ]


def listed(
    rows: Sequence[ContractHolding],
    caption: str,
    names: Names,
    heading: Callable[..., TableColumn],
    scope: Scope,
) -> Table:
    """The contracts of a page of the list. `heading` makes a column that sorts."""
    return Table(
        id="contracts",
        caption=caption,
        columns=(
            heading("Contract", "title"),
            TableColumn("Commissioner"),
            TableColumn("Provider"),
            heading("Type", "type"),
            heading("Sector", "sector"),
            heading(A_YEAR, "annual_value", numeric=True),
            heading("Due to end", "ends", narrow=True),
        ),
        rows=tuple(
            (
                link(row.item.title, scope.link("contract", row.item_id), row.item_id),
                body(row.commissioner_id, names, scope),
                body(row.provider_id, names, scope),
                TableCell(row.item.type.label),
                TableCell(Sector.stored(row.item.sector).label),
                value,
                due(row.item.ends, scope.on),
            )
            for row, value in zip(rows, column_of_money([row.annual_value for row in rows]), strict=True)
        ),
    )


@dataclass(frozen=True)
class ContractPage:
    """The page of one contract. `now` are the holdings of the day; `value` is what they come to in words."""

    contract: Contract
    type: str
    type_summary: str
    sector: str
    services: list[str]
    now: list[tuple[TableCell, TableCell]]
    value: str
    due: TableCell
    over_time: Table
    measures: list[tuple[str, str]]
    basis: str
    citation: Citation | None
    pilot: str


def page(
    contract: Contract,
    holdings: Sequence[ContractHolding],
    names: Names,
    changes: Mapping[int, Change],
    *,
    sources: Mapping[str, Source],
    pilot: str | None,
    scope: Scope,
) -> ContractPage:
    """One contract with all its holdings."""
    now = [row for row in holdings if row.start <= scope.on and (row.end is None or row.end > scope.on)]
    source = sources.get(contract.source_id or "")
    return ContractPage(
        contract=contract,
        type=contract.type.label,
        type_summary=contract.type.summary,
        sector=Sector.stored(contract.sector).label,
        services=[service.label for service in contract.services.all()],
        now=[(body(row.commissioner_id, names, scope), body(row.provider_id, names, scope)) for row in now],
        value=pounds(sum(row.annual_value for row in now)) if now else "",
        due=due(contract.ends, scope.on),
        over_time=_over_time(holdings, names, changes, scope),
        measures=[(measure.text, measure.target) for measure in contract.measures.all()],
        basis=Basis.stored(contract.basis).label,
        citation=citation(source, contract.locator, about=scope.link("about-the-data")) if source else None,
        pilot=scope.link("organisation", pilot) if pilot else "",
    )


def _over_time(rows: Sequence[ContractHolding], names: Names, changes: Mapping[int, Change], scope: Scope) -> Table:
    return Table(
        id="holdings",
        caption="Its parties, in order of time",
        columns=(
            TableColumn("From"),
            TableColumn("To", narrow=True),
            TableColumn("Commissioner"),
            TableColumn("Provider"),
            TableColumn(A_YEAR, numeric=True),
            TableColumn("Begun by"),
            TableColumn("Ended by"),
        ),
        rows=tuple(
            (
                TableCell(day(row.start)),
                TableCell(last_day(row.end)),
                body(row.commissioner_id, names, scope),
                body(row.provider_id, names, scope),
                money(row.annual_value),
                by_change(row.begun_by_id, changes, scope, otherwise="The start of the record"),
                by_change(row.ended_by_id, changes, scope, otherwise="Its term" if row.end else ""),
            )
            for row in rows
        ),
    )


def last_day(end: date | None) -> str:
    """The last day of a spell; that it is open, where it is."""
    return day(date.fromordinal(end.toordinal() - 1)) if end else "Still in force"


def by_change(number: int | None, changes: Mapping[int, Change], scope: Scope, *, otherwise: str) -> TableCell:
    """The change that began or ended a spell."""
    if number is None:
        return TableCell(otherwise)
    return link(changes[number].title, scope.link("change", number))
