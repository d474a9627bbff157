"""Periods of one thing never overlap: the database itself refuses it, in every guarded table of every app."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from commissioning.models import guards as commissioning
from organisations.domain.vocabulary import Constituency, RelationshipKind
from organisations.models import NamePeriod, Organisation, Relationship
from organisations.models import guards as organisations
from tests.constraints import APRIL, DAY, JUNE, MARCH, MAY
from tests.factories import commissioning as things
from tests.factories import rows

pytestmark = pytest.mark.django_db


def two_bodies() -> tuple[Organisation, Organisation]:
    one = rows.organisation("X-ONE")
    return one, rows.organisation("X-TWO", portfolio=one.portfolio)


def form_periods() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Periods of one thing, and of another thing that does not concern the first."""
    one, two = two_bodies()
    form = rows.form()
    return (
        lambda **given: rows.form_period(one, form=form, **given),
        lambda **given: rows.form_period(two, form=form, **given),
    )


def name_periods() -> tuple[Callable[..., Any], Callable[..., Any]]:
    one, two = two_bodies()
    return lambda **given: rows.name_period(one, **given), lambda **given: rows.name_period(two, **given)


def board_seats() -> tuple[Callable[..., Any], Callable[..., Any]]:
    one, _ = two_bodies()
    return (
        lambda **given: rows.board_seat(one, **given),
        lambda **given: rows.board_seat(one, constituency=Constituency.LAY, **given),
    )


def relationships() -> tuple[Callable[..., Any], Callable[..., Any]]:
    one, two = two_bodies()
    return lambda **given: rows.relationship(one, two, **given), lambda **given: rows.relationship(two, one, **given)


def holdings_of(make: Callable[..., Any], hold: Callable[..., Any]) -> Callable[[], Any]:
    """Holdings of one thing by one body, and by another: of a thing that can be divided."""

    def made() -> tuple[Callable[..., Any], Callable[..., Any]]:
        one, two = two_bodies()
        thing = make(one, start=date(1999, 4, 1), end=date(1999, 4, 2))
        return lambda **given: hold(thing, one, **given), lambda **given: hold(thing, two, **given)

    return made


def whole_holdings_of(make: Callable[..., Any], hold: Callable[..., Any]) -> Callable[[], Any]:
    """Holdings of one thing that goes whole, by two bodies in turn; and of another thing."""

    def made() -> tuple[Callable[..., Any], Callable[..., Any]]:
        one, two = two_bodies()
        thing, other = (make(one, start=date(1999, 4, 1), end=date(1999, 4, 2)) for _ in range(2))
        holders = itertools.cycle((one, two))
        return lambda **given: hold(thing, next(holders), **given), lambda **given: hold(other, one, **given)

    return made


def contracts() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Holdings of one contract by the same two bodies, and by the two in each other's part."""
    one, two = two_bodies()
    held = things.contract(one, two, start=date(1999, 4, 1), end=date(1999, 4, 2))
    return (
        lambda **given: things.contract_holding(held, one, two, **given),
        lambda **given: things.contract_holding(held, two, one, **given),
    )


def provisions() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Holdings of one service by one provider for one population, and for another."""
    one, two = two_bodies()
    held = things.provision(one, things.service(), start=date(1999, 4, 1), end=date(1999, 4, 2))
    return (
        lambda **given: things.provision_holding(held, one, population_of=one, **given),
        lambda **given: things.provision_holding(held, one, population_of=two, **given),
    )


def groups() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Holdings of one group of services by two bodies in turn, and of another group."""

    def group(trust: Organisation, **given: date) -> Any:
        return things.portfolio_group(things.provider_arm(trust), trust, **given)

    return whole_holdings_of(group, things.group_holding)()


TABLES: dict[str, Callable[[], Any]] = {
    "organisations_formperiod": form_periods,
    "organisations_nameperiod": name_periods,
    "organisations_boardseat": board_seats,
    "organisations_relationship": relationships,
    "commissioning_contractholding": contracts,
    "commissioning_budgetholding": holdings_of(things.budget, things.budget_holding),
    "commissioning_contribution": holdings_of(things.pooled_budget, things.contribution),
    "commissioning_provisionholding": provisions,
    "commissioning_staffingholding": holdings_of(things.staffing, things.staffing_holding),
    "commissioning_premisesholding": whole_holdings_of(things.premises, things.premises_holding),
    "commissioning_armholding": whole_holdings_of(things.provider_arm, things.arm_holding),
    "commissioning_groupholding": groups,
}
GUARDED = pytest.mark.parametrize("guarded", TABLES.values(), ids=TABLES.keys())
OVERLAPS = [
    ({"start": MARCH}, "from before for ever"),
    ({"start": MARCH, "end": APRIL + DAY}, "into its first day"),
    ({"start": APRIL + DAY, "end": MAY - DAY}, "within it"),
    ({"start": MAY - DAY, "end": JUNE}, "from its last day"),
    ({"start": MARCH, "end": JUNE}, "around it"),
]
CLEAR = [
    ({"start": MARCH, "end": APRIL}, "up to its first day"),
    ({"start": MAY}, "from the day it ends"),
]


@GUARDED
@pytest.mark.parametrize("given", [given for given, _ in OVERLAPS], ids=[words for _, words in OVERLAPS])
def test_a_period_that_overlaps_is_refused(guarded: Callable[[], Any], given: dict[str, date]) -> None:
    same, other = guarded()
    same(start=APRIL, end=MAY)
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        same(**given)
    assert other(**given).pk


@GUARDED
@pytest.mark.parametrize("given", [given for given, _ in CLEAR], ids=[words for _, words in CLEAR])
def test_a_period_beside_it_is_taken(guarded: Callable[[], Any], given: dict[str, date]) -> None:
    same, _ = guarded()
    same(start=APRIL, end=MAY)
    assert same(**given).pk


@GUARDED
def test_an_open_period_leaves_no_room_after_it(guarded: Callable[[], Any]) -> None:
    same, _ = guarded()
    same(start=APRIL)
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        same(start=JUNE, end=JUNE + DAY)


@GUARDED
@pytest.mark.parametrize("given", [{"end": None}, {"end": MAY + DAY}, {"start": MAY, "end": None}])
def test_a_period_cannot_be_stretched_over_another(guarded: Callable[[], Any], given: dict[str, Any]) -> None:
    same, _ = guarded()
    first, second = same(start=APRIL, end=MAY), same(start=MAY)
    rows_of = type(first)._default_manager
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_of.filter(pk=first.pk).update(**given)
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        rows_of.filter(pk=second.pk).update(start=MAY - DAY)


@GUARDED
def test_a_period_can_be_ended_and_followed(guarded: Callable[[], Any]) -> None:
    same, _ = guarded()
    first = same(start=APRIL)
    type(first)._default_manager.filter(pk=first.pk).update(end=MAY)
    assert same(start=MAY).pk


@GUARDED
def test_rows_written_together_are_held_against_each_other(guarded: Callable[[], Any]) -> None:
    same, _ = guarded()
    row = same(start=APRIL, end=MAY)
    copies = [_copy(row, start=JUNE), _copy(row, start=JUNE + DAY)]
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.bulk_create(copies)


def _copy(row: Any, **given: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.fields if not field.primary_key}
    return type(row)(**(values | {"end": None} | given))


def tied_to(hub: Organisation) -> None:
    """Another body that lies in the same council, of a kind that has many."""
    rows.relationship(rows.organisation(portfolio=hub.portfolio), hub, kind=RelationshipKind.LOCATED_IN)


def bought_from(hub: Organisation) -> None:
    """Another contract with the same hospital."""
    things.contract(rows.organisation(portfolio=hub.portfolio), hub)


def provided_by(hub: Organisation) -> None:
    """Another service of the same provider, for people of its own."""
    things.provision(hub, things.service(), population_of=rows.organisation(portfolio=hub.portfolio))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's own constraints have an index of their own")
@pytest.mark.parametrize("another", [tied_to, bought_from, provided_by])
def test_a_row_is_held_only_against_those_of_the_same_thing(another: Callable[[Organisation], None]) -> None:
    """However much a council or a hospital has a part in, one more row costs what the first did."""
    hub = rows.organisation("X-HUB")
    another(hub)
    few = steps_of(lambda: another(hub))
    for _ in range(100):
        another(hub)
    assert steps_of(lambda: another(hub)) < 1.2 * few


def steps_of(write: Callable[[], None]) -> int:
    """How many steps SQLite takes to do it."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 1)
    try:
        write()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps


def test_every_guarded_table_is_tested_here() -> None:
    assert TABLES.keys() == organisations.GUARDED.keys() | commissioning.GUARDED.keys()


def test_names_and_relationships_may_return(db: None) -> None:
    """The same name again, and the same two bodies tied again, once the first time is over."""
    one, two = two_bodies()
    rows.name_period(one, start=APRIL, end=MAY, name="Redbridge")
    rows.name_period(two, start=APRIL, name="Redbridge")
    assert rows.name_period(one, start=MAY, name="Redbridge").pk
    rows.relationship(one, two, start=APRIL, end=MAY)
    assert rows.relationship(one, two, start=JUNE).pk
    assert Relationship.objects.filter(subject=one).count() == 2
    assert NamePeriod.objects.filter(name="Redbridge").count() == 3
