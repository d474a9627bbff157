"""A trust's portfolio in words: services by group, money, the provider arm, the report's recommendations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from commissioning.domain.vocabulary import ApproachList, Sector, Separation, Stream, Tier
from commissioning.models import (
    Contract,
    ContractHolding,
    GroupHolding,
    Milestone,
    ProvisionHolding,
    Service,
    ServiceGroup,
)
from commissioning.selectors.money import MoneyTotal
from commissioning.selectors.of_body import ArmHistory, Money, Pooled
from commissioning.web.presenters.contracts import last_day
from commissioning.web.presenters.holdings import A_YEAR, Names, body, hours, own_title
from commissioning.web.presenters.tables import (
    NOTHING,
    CellLink,
    Table,
    TableCell,
    TableColumn,
    added,
    column_of_money,
    money,
    staff,
    sum_of_money,
    sum_of_staff,
    sum_of_whole,
    whole,
)
from organisations.web.presenters.home import Tile
from pcorg.core.pages.jinja2 import count, day, decimal, percent, pounds, rough_pounds
from pcorg.core.pages.scope import Scope

Contracts = Mapping[tuple[str, str], list[Contract]]
"""Contracts by the slug of a service and the code of the body that provides it."""


@dataclass(frozen=True)
class ServiceGroupRows:
    """The services of one group of the catalogue that are recorded, and those that are not."""

    slug: str
    label: str
    table: Table | None
    unrecorded: list[str]


def service_groups(
    rows: Sequence[ProvisionHolding],
    code: str,
    contracts: Contracts,
    catalogue: Sequence[ServiceGroup],
    names: Names,
    scope: Scope,
) -> list[ServiceGroupRows]:
    """Every group of the catalogue with the services recorded for a body. `contracts` are those for each."""
    return [
        _group(group, [row for row in rows if row.item.service.group_id == group.slug], code, contracts, names, scope)
        for group in catalogue
    ]


def _group(
    group: ServiceGroup,
    rows: Sequence[ProvisionHolding],
    code: str,
    contracts: Contracts,
    names: Names,
    scope: Scope,
) -> ServiceGroupRows:
    recorded = {row.item.service_id for row in rows}
    return ServiceGroupRows(
        slug=group.slug,
        label=group.label,
        table=_services(group, rows, code, contracts, names, scope) if rows else None,
        unrecorded=[service.label for service in group.services.all() if service.slug not in recorded],
    )


def _services(
    group: ServiceGroup,
    rows: Sequence[ProvisionHolding],
    code: str,
    contracts: Contracts,
    names: Names,
    scope: Scope,
) -> Table:
    return Table(
        id=f"group-{group.slug}",
        caption=f"{count(len(rows), 'service', 'services')} recorded under {group.label[:1].lower()}{group.label[1:]}",
        columns=(
            TableColumn("Service"),
            TableColumn("Tier"),
            TableColumn("Provided by"),
            TableColumn("Staff", numeric=True),
            TableColumn(A_YEAR, numeric=True),
            TableColumn("Contacts a year", numeric=True),
            TableColumn("Hours"),
            TableColumn("Contracts"),
        ),
        rows=tuple(
            (
                TableCell(row.item.service.label, quiet=own_title(row)),
                TableCell(Tier.stored(row.item.service.tier).label if row.item.service.tier else "Not stated"),
                _provided(row, code, names, scope),
                staff(row.wte),
                money(row.annual_value),
                whole(row.contacts),
                TableCell(hours(row)),
                _contracts(contracts.get((row.item.service_id, row.provider_id), []), scope),
            )
            for row in rows
        ),
        foot=(
            TableCell("Total"),
            NOTHING,
            NOTHING,
            sum_of_staff([row.wte for row in rows]),
            sum_of_money([row.annual_value for row in rows]),
            sum_of_whole([row.contacts for row in rows]),
            NOTHING,
            NOTHING,
        ),
    )


def _provided(row: ProvisionHolding, code: str, names: Names, scope: Scope) -> TableCell:
    """Who provides a service, as told on the page of a body: for whom where that is not its own people."""
    by = TableCell("Itself") if row.provider_id == code else body(row.provider_id, names, scope)
    if row.population_of_id == code:
        return by
    return replace(by, quiet=f"for the people of {names.get(row.population_of_id, row.population_of_id)}")


def _contracts(contracts: Sequence[Contract], scope: Scope) -> TableCell:
    if not contracts:
        return TableCell("None recorded")
    return TableCell(links=tuple(CellLink(each.title, scope.link("contract", each.pk)) for each in contracts))


def contracts_by_service(rows: Sequence[ContractHolding]) -> Contracts:
    """Contracts by the service they are for and who provides it, each once."""
    found: dict[tuple[str, str], dict[str, Contract]] = {}
    for row in rows:
        for service in row.item.services.all():
            found.setdefault((service.pk, row.provider_id), {})[row.item_id] = row.item
    return {key: list(contracts.values()) for key, contracts in found.items()}


def tiles(
    services: Sequence[ProvisionHolding],
    let: Sequence[ContractHolding],
    budgets: Money,
    catalogue: Sequence[ServiceGroup],
) -> list[Tile]:
    """The portfolio at a glance."""
    listed = sum(len(group.services.all()) for group in catalogue)
    recorded = {row.item.service_id for row in services}
    shown = [Tile("Services recorded", f"{len(recorded)} of {listed}", "of the catalogue")]
    posts = added(row.wte for row in services)
    if posts.known:
        shown.append(Tile("Staff of services", decimal(posts.total), posts.caution or "whole-time equivalent"))
    cost = added(row.annual_value for row in services)
    if cost.known:
        shown.append(Tile("Cost of services", rough_pounds(cost.total), cost.caution or "a year"))
    if let:
        value = sum((row.annual_value for row in let), Decimal(0))
        shown.append(
            Tile("Contracts it commissions", rough_pounds(value), f"a year, {count(len(let), 'contract', 'contracts')}")
        )
    if budgets.held:
        value = sum((row.amount for row in budgets.held), Decimal(0))
        shown.append(Tile("Budgets", rough_pounds(value), "a year"))
    return shown


def streams(budgets: Money, scope: Scope) -> Table:
    """Budgets added up by stream."""
    rows = []
    for stream in Stream:
        budget_rows = [row for row in budgets.held if row.item.stream == stream]
        if budget_rows:
            rows.append(
                (
                    TableCell(stream.label),
                    TableCell(str(len(budget_rows))),
                    sum_of_money([row.amount for row in budget_rows]),
                    sum_of_money([budgets.devolved[row.pk][1] for row in budget_rows]),
                )
            )
    return Table(
        id="streams",
        caption=f"Budgets by stream on {day(scope.on)}",
        columns=(
            TableColumn("Stream"),
            TableColumn("Budgets", numeric=True),
            TableColumn(A_YEAR, numeric=True),
            TableColumn("Devolved to it", numeric=True),
        ),
        rows=tuple(rows),
        foot=(
            TableCell("Total"),
            TableCell(str(len(budgets.held))),
            sum_of_money([row.amount for row in budgets.held]),
            sum_of_money([part[1] for part in budgets.devolved.values()]),
        ),
    )


def sectors(totals: Mapping[Sector, MoneyTotal], scope: Scope) -> Table:
    """Contracts that a body commissions, added up by sector."""
    total = sum((money.pounds for money in totals.values()), Decimal(0))
    *each, whole = column_of_money([*(money.pounds for money in totals.values()), total])
    return Table(
        id="sectors",
        caption=f"Contracts it commissions, by sector, on {day(scope.on)}",
        columns=(
            TableColumn("Sector"),
            TableColumn("Contracts", numeric=True),
            TableColumn(A_YEAR, numeric=True),
            TableColumn("Share", numeric=True),
        ),
        rows=tuple(
            (
                TableCell(sector.label),
                TableCell(str(money.number)),
                value,
                TableCell(percent(money.pounds / total) if total else ""),
            )
            for (sector, money), value in zip(totals.items(), each, strict=True)
        ),
        foot=(TableCell("Total"), TableCell(str(sum(money.number for money in totals.values()))), whole, NOTHING),
    )


def sectors_chart(totals: Mapping[Sector, MoneyTotal]) -> dict[str, Any]:
    """Contracts by sector as the script draws them, in millions of pounds."""
    return {
        "title": "Contracts it commissions by sector, million pounds a year",
        "categories": [sector.label for sector in totals],
        "series": [
            {
                "name": "£ million a year",
                "values": [round(float(total.pounds) / 1_000_000, 3) for total in totals.values()],
            }
        ],
        "unit": "million pounds",
        "horizontal": True,
        "valueTitle": "£ million a year",
    }


def pooled(rows: Sequence[Pooled]) -> str:
    """What a body puts into pools, in a sentence; nothing where it puts in nothing."""
    if not rows:
        return ""
    value = sum((row.own.amount for row in rows), Decimal(0))
    return f"It puts {pounds(value)} a year into {count(len(rows), 'pooled budget', 'pooled budgets')}."


@dataclass(frozen=True)
class MilestoneRow:
    """A milestone: when it is due, when it was reached, and how that stands on the day."""

    title: str
    due: date
    reached: date | None
    standing: str
    colour: str


@dataclass(frozen=True)
class ArmShown:
    """A provider arm: how far it is separated, which approaches the trust takes, and its milestones."""

    code: str
    title: str
    separation: str
    since: date
    approaches_as_at: str
    stances: list[tuple[str, str]]
    routes: list[tuple[str, str]]
    over_time: Table
    milestones: list[MilestoneRow]


def arm(shown: ArmHistory, names: Names, scope: Scope) -> ArmShown:
    """An arm as the page shows it."""
    recorded = shown.now.item.approaches_on
    approaches = list(shown.now.item.approaches.all()) if recorded is None or recorded <= scope.on else []

    def drawn_from(which: ApproachList) -> list[tuple[str, str]]:
        return [(each.label, each.summary) for each in approaches if each.drawn_from == which]

    return ArmShown(
        code=shown.now.item_id,
        title=shown.now.item.title,
        separation=Separation.stored(shown.now.separation).label,
        since=shown.now.start,
        approaches_as_at=f"Recorded as at {day(recorded)}." if recorded else "The source does not date them.",
        stances=drawn_from(ApproachList.STANCES),
        routes=drawn_from(ApproachList.ROUTES),
        over_time=Table(
            id=f"{shown.now.item_id}-separation",
            caption="Separation over time",
            columns=(TableColumn("Separation"), TableColumn("From"), TableColumn("To"), TableColumn("Trust")),
            rows=tuple(
                (
                    TableCell(Separation.stored(row.separation).label),
                    TableCell(day(row.start)),
                    TableCell(last_day(row.end)),
                    body(row.organisation_id, names, scope),
                )
                for row in shown.history
            ),
        ),
        milestones=[_step(milestone, scope.on) for milestone in shown.milestones],
    )


def _step(milestone: Milestone, on: date) -> MilestoneRow:
    reached = milestone.reached if milestone.reached is not None and milestone.reached <= on else None
    if reached is not None:
        days = (milestone.due - reached).days
        description = (
            "Reached on the day it was due"
            if not days
            else f"Reached {_days(abs(days))} {'early' if days > 0 else 'late'}"
        )
        return MilestoneRow(milestone.title, milestone.due, reached, description, "green")
    days = (milestone.due - on).days
    if days < 0:
        return MilestoneRow(milestone.title, milestone.due, None, f"Overdue by {_days(-days)}", "red")
    return MilestoneRow(
        milestone.title, milestone.due, None, f"Due in {_days(days)}" if days else "Due on this day", "blue"
    )


def _days(days: int) -> str:
    return count(days, "day", "days")


@dataclass(frozen=True)
class Coherent:
    """A group of services that belong together, why, and the form chosen for it."""

    code: str
    title: str
    services: list[str]
    coherence: str
    form: CellLink | None
    chosen_on: date | None


def coherent(rows: Sequence[GroupHolding], scope: Scope) -> list[Coherent]:
    """The groups a trust holds. A form chosen after the day is not told."""
    sentences = []
    for row in rows:
        group = row.item
        chosen = group.chosen_form if group.chosen_on is not None and group.chosen_on <= scope.on else None
        sentences.append(
            Coherent(
                code=group.pk,
                title=group.title,
                services=[service.label for service in group.services.all()],
                coherence=group.coherence,
                form=CellLink(chosen.label, scope.link("form", chosen.pk)) if chosen else None,
                chosen_on=group.chosen_on if chosen else None,
            )
        )
    return sentences


def ungrouped(groups: Sequence[GroupHolding], services: Sequence[ProvisionHolding], code: str) -> list[str]:
    """Services that a trust provides itself and has put into no group."""
    grouped = {service.pk for row in groups for service in row.item.services.all()}
    own: dict[str, Service] = {row.item.service_id: row.item.service for row in services if row.provider_id == code}
    return [service.label for slug, service in own.items() if slug not in grouped]
