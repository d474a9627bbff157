"""The shipped portfolios as they stand in the database: sound, and read the same quickly and slowly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Model

from organisations.domain.lineage import Edge, LineageGraph
from organisations.domain.snapshot import Snapshot
from organisations.models import (
    BoardSeat,
    Change,
    ChangeMove,
    FormPeriod,
    LineageEdge,
    NamePeriod,
    Organisation,
    Population,
    Relationship,
)
from organisations.models.sourced import Sourced
from organisations.services.outcomes import effects_of_change
from organisations.services.snapshots import snapshot_of
from tests.invariants import INVARIANTS
from tests.oracles.configurations import forms_on
from tests.oracles.shares import fates

pytestmark = pytest.mark.django_db

DAYS = [
    date(1999, 3, 31), date(1999, 4, 1), date(2001, 10, 1), date(2006, 10, 1), date(2009, 4, 1),
    date(2010, 3, 31), date(2010, 4, 1), date(2013, 3, 31), date(2013, 4, 1), date(2015, 3, 31),
]  # fmt: skip


@pytest.fixture
def state() -> Snapshot:
    """Every organisation there is."""
    return snapshot_of(list(Organisation.objects.values_list("code", flat=True)))


@pytest.fixture
def edges() -> list[Edge]:
    """All lineage, in the order of its changes."""
    return [
        Edge(row.original_id, row.resulting_id, row.share, row.change.effective_on, row.change.sequence)
        for row in LineageEdge.objects.select_related("change")
    ]


@pytest.mark.parametrize("holds", INVARIANTS, ids=[holds.__name__ for holds in INVARIANTS])
def test_it_is_sound(holds: Callable[[Snapshot], None], state: Snapshot) -> None:
    holds(state)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_bodies_by_form_on_a_day(on: date, state: Snapshot) -> None:
    read = Organisation.objects.of_portfolio("all").as_of(on)
    assert Counter(read.values_list("form", flat=True)) == forms_on(state, on)
    assert dict(read.values_list("code", "name")) == {
        code: body.name_on(on) for code, body in state.bodies.items() if body.alive_on(on)
    }


@pytest.mark.parametrize("on", DAYS[3:6], ids=str)
def test_people_on_a_day(on: date, state: Snapshot) -> None:
    read = Organisation.objects.of_portfolio("all").as_of(on).with_population(on)
    for code, people, counted in read.values_list("code", "people", "people_on"):
        count = state.bodies[code].count_on(on)
        assert (people, counted) == (count and count.count, count and count.on)


def test_without_a_day_every_body_has_its_last_form_and_name(state: Snapshot) -> None:
    read = {
        row["code"]: row for row in Organisation.objects.of_portfolio("all").as_of(None).values("code", "form", "name")
    }
    assert read.keys() == state.bodies.keys()
    for code, body in state.bodies.items():
        assert (read[code]["form"], read[code]["name"]) == (body.forms[-1].form, body.last_name())


def test_all_of_every_body_that_was_replaced_went_somewhere(state: Snapshot, edges: list[Edge]) -> None:
    lineage = LineageGraph.of(edges)
    replaced = {edge.original for edge in edges if state.bodies[edge.original].closed == edge.effective_on}
    assert len(replaced) > 150
    for code in replaced:
        heirs = {held.code: held.share for held in lineage.stand_ins(code)}
        assert abs(sum(heirs.values()) - 1) < Decimal("1e-9")
        assert all(state.bodies[heir].closed is None or heir not in replaced for heir in heirs)


def test_shares_are_those_of_writing_out_every_path(state: Snapshot, edges: list[Edge]) -> None:
    lineage = LineageGraph.of(edges)
    for code in ("5P3", "5QE", "X-TPP1", "X-PCG3", "X-PCT1"):
        assert {held.code: held.share for held in lineage.stand_ins(code)} == fates(code, edges)


@pytest.mark.parametrize("facts", [FormPeriod, NamePeriod, Population, BoardSeat], ids=lambda model: model.__name__)
def test_every_fact_of_an_invented_body_is_labelled_as_such(facts: type[Sourced]) -> None:
    stated = facts._default_manager.filter(organisation__portfolio__illustrative=True)
    assert set(stated.values_list("basis", "source")) == {("illustrative", "pcorg-illustration")}


WRITTEN: list[tuple[str, type[Model], str]] = [
    ("close-organisation", Organisation, "closed_by"),
    ("open-form", FormPeriod, "begun_by"),
    ("close-form", FormPeriod, "ended_by"),
    ("open-name", NamePeriod, "begun_by"),
    ("open-relationship", Relationship, "begun_by"),
    ("close-relationship", Relationship, "ended_by"),
    ("record-population", Population, "begun_by"),
    ("open-seat", BoardSeat, "begun_by"),
    ("record-lineage", LineageEdge, "change"),
    ("move-item", ChangeMove, "change"),
]
"""Operations, the rows that each writes one of, and the column that says which change wrote it."""


@pytest.mark.parametrize(("operation", "rows", "by"), WRITTEN, ids=[operation for operation, *_ in WRITTEN])
def test_of_every_change_as_many_effects_are_stored_as_rows(operation: str, rows: type[Model], by: str) -> None:
    wrote = rows._base_manager.filter(**{f"{by}__isnull": False}).values_list(by, flat=True)
    effects = {change.pk: effects_of_change(change) for change in Change.objects.effected()}
    stored = Counter(pk for pk, told in effects.items() for effect in told if effect.operation == operation)
    assert stored == Counter(wrote)
    assert stored.total() > 0


def test_a_body_starts_and_ends_in_one_query(queries: Callable) -> None:
    with queries() as seen:
        list(Organisation.objects.of_portfolio(None).as_of(date(2009, 4, 1)).with_population(date(2009, 4, 1)))
    assert len(seen) == 1
