"""What commissioning adds to the page of an organisation: what the body holds on the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from commissioning.domain.vocabulary import HoldingKind, Separation
from commissioning.models import PremisesHolding
from commissioning.selectors import of_body
from commissioning.web.presenters import holdings as tables
from commissioning.web.presenters.tables import Table
from organisations.panels import Panel
from organisations.selectors.periods import names_of
from pcorg.core.pages.jinja2 import day
from pcorg.core.pages.scope import Scope
from pcorg.core.policies import Actor

TEMPLATE = "commissioning/panel.jinja"
MOST_ROWS = 50
"""Rows of one table on the page; the list of the kind shows all."""


@dataclass(frozen=True)
class Data:
    """Where the data of a section are: what the file holds, its address, and the address for programs."""

    records: str
    csv: str
    api: str


@dataclass(frozen=True)
class PanelContent:
    """What stands in a panel: words, a table, links to more, and where the same data are."""

    table: Table | None
    data: Data
    sentence: str = ""
    links: tuple[tuple[str, str], ...] = ()


def panels(code: str, on: date, scope: Scope, by: Actor) -> list[Panel]:
    """Services, contracts, budgets, pools, staff, premises and the provider arm of a body on a day; of those only what
    it holds. One query tells which those are, and each takes two more or three."""
    held_kinds = of_body.kinds_held(code, on)
    if not held_kinds:
        return []
    scope = replace(scope, on=on)
    return [
        Panel(heading, anchor, TEMPLATE, make(code, scope))
        for kinds, heading, anchor, make in MAKERS
        if held_kinds & kinds
    ]


def _services(code: str, scope: Scope) -> PanelContent:
    rows = of_body.services(code, scope.on)
    names = names_of(
        {party for row in rows[:MOST_ROWS] for party in (row.provider_id, row.population_of_id)}, on=scope.on
    )
    return PanelContent(
        _cut(tables.services(rows, code, names, scope, MOST_ROWS), len(rows)),
        _data("these services", "provisions/", scope, organisation=code),
        links=(("Its whole portfolio: services, money, provider arm", scope.link("portfolio", code)),),
    )


def _contracts(code: str, scope: Scope) -> PanelContent:
    rows = of_body.contracts(code, scope.on)
    names = names_of(
        {party for row in rows[:MOST_ROWS] for party in (row.commissioner_id, row.provider_id)}, on=scope.on
    )
    return PanelContent(
        _cut(tables.contracts(rows, code, names, scope, MOST_ROWS), len(rows)),
        _data("these contracts", "contracts/", scope, organisation=code),
        links=((f"Find among its {len(rows):,} contracts", scope.link("contracts", organisation=code)),),
    )


def _budgets(code: str, scope: Scope) -> PanelContent:
    money = of_body.budgets(code, scope.on)
    return PanelContent(
        _cut(tables.budgets(money.held, money.devolved, scope, MOST_ROWS), len(money.held)),
        _data("these budgets", "budgets/", scope, organisation=code),
        sentence="How much of a budget is devolved follows the type of the organisation: a group of level 2 has about "
        "nine tenths, a trust has all. Whether a group of level 1 manages any, the sources do not say.",
    )


def _pools(code: str, scope: Scope) -> PanelContent:
    rows = of_body.pools(code, scope.on)
    names = names_of({part["partner"] for row in rows[:MOST_ROWS] for part in row.parts}, on=scope.on)
    data = _data("these pooled budgets", "pooled-budgets/", scope, partner=code)
    return PanelContent(_cut(tables.pools(rows, names, scope, MOST_ROWS), len(rows)), data)


def _staff(code: str, scope: Scope) -> PanelContent:
    rows = of_body.staff(code, scope.on)
    table = tables.workforce(rows, scope, MOST_ROWS)
    return PanelContent(_cut(table, len(rows)), _data("the staff", "staffing/", scope, organisation=code))


def _premises(code: str, scope: Scope) -> PanelContent:
    rows = of_body.held(PremisesHolding, code, scope.on)
    table = tables.buildings(rows, scope, MOST_ROWS)
    return PanelContent(_cut(table, len(rows)), _data("the premises", "premises/", scope, organisation=code))


def _arm(code: str, scope: Scope) -> PanelContent:
    rows = []
    for arm in of_body.arms(code, scope.on):
        state = Separation.stored(arm.now.separation).label
        rows.append(f"{arm.now.item.title}: {state[:1].lower()}{state[1:]}, since {day(arm.now.start)}.")
    groups = of_body.groups(code, scope.on)
    if groups:
        named = ", ".join(row.item.title for row in groups)
        rows.append(f"Services grouped by strategic coherence: {named}.")
    return PanelContent(
        None,
        _data("the provider arm", "provider-arms/", scope, organisation=code),
        sentence=" ".join(rows),
        links=(("Stance, milestones and groups of services", scope.link("portfolio", code) + "#arm-section"),),
    )


Make = Callable[[str, Scope], PanelContent]
MAKERS: Sequence[tuple[set[HoldingKind], str, str, Make]] = (
    ({HoldingKind.PROVISION}, "Services", "services-section", _services),
    ({HoldingKind.CONTRACT}, "Contracts", "contracts-section", _contracts),
    ({HoldingKind.BUDGET}, "Budgets", "budgets-section", _budgets),
    ({HoldingKind.POOL}, "Pooled budgets", "pools-section", _pools),
    ({HoldingKind.STAFFING}, "Staff", "staff-section", _staff),
    ({HoldingKind.PREMISES}, "Premises", "premises-section", _premises),
    ({HoldingKind.ARM, HoldingKind.GROUP}, "Provider arm", "arm-section", _arm),
)
"""The kinds of thing a panel is about, its heading, its place, and what makes it."""


def _data(records: str, path: str, scope: Scope, **parameters: str) -> Data:
    return Data(records, scope.api(path, **parameters, format="csv"), scope.api(path, **parameters))


def _cut(table: Table, of: int) -> Table:
    """A table of the first rows of so many, which says so."""
    return table if of <= MOST_ROWS else replace(table, caption=f"{table.caption}; the first {MOST_ROWS}")
