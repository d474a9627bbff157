"""What the migrations make of populations and changes that were stored before counts named their parts."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from organisations.domain.vocabulary import ChangeStatus
from organisations.models import Change, Population
from tests.factories import rows

pytestmark = pytest.mark.django_db
MIGRATION: Any = import_module("organisations.migrations.0005_computed_populations_and_the_order_of_a_day")
DAY = date(2001, 4, 1)
JULY = date(2000, 7, 1)


def test_a_count_that_a_change_had_worked_out_names_its_parts() -> None:
    one = rows.organisation("X-ONE")
    two, new = (rows.organisation(code, portfolio=one.portfolio) for code in ("X-TWO", "X-NEW"))
    rows.population(one, on=JULY, count=100)
    rows.population(two, on=date(1999, 4, 1), count=50)
    stated = rows.population(new, on=date(2003, 4, 1), count=170)
    change = rows.change(portfolio=one.portfolio, effective_on=DAY)
    rows.lineage_edge(change, one, new, share=1)
    rows.lineage_edge(change, two, new, share="0.5")
    old = rows.population(new, on=DAY, count=125, begun_by=change, note=MIGRATION.NOTE)

    MIGRATION.name_the_parts(apps, connection.schema_editor())

    found = Population.objects.get(pk=old.pk)
    assert (found.count, found.counted, found.oldest_on) == (125, "computed", date(1999, 4, 1))
    assert [(part["code"], part["count"], part["on"], part["share"]) for part in found.parts] == [
        ("X-ONE", 100, "2000-07-01", "1"),
        ("X-TWO", 50, "1999-04-01", "0.5"),
    ]
    assert Population.objects.get(pk=stated.pk).counted == "registered"


def test_a_body_that_goes_on_is_a_part_of_its_own_count() -> None:
    one = rows.organisation("X-ONE")
    two = rows.organisation("X-TWO", portfolio=one.portfolio)
    rows.population(one, on=JULY, count=100)
    change = rows.change(portfolio=one.portfolio, effective_on=DAY)
    rows.party(change, one)
    rows.party(change, two, position=1)
    rows.lineage_edge(change, two, one, share=1)
    old = rows.population(one, on=DAY, count=100, begun_by=change, note=MIGRATION.NOTE)

    MIGRATION.name_the_parts(apps, connection.schema_editor())

    found = Population.objects.get(pk=old.pk)
    assert [(part["code"], part["count"]) for part in found.parts] == [("X-ONE", 100), ("X-TWO", None)]
    assert found.at_least


def test_changes_of_one_day_that_had_one_place_are_numbered_again() -> None:
    portfolio = rows.portfolio()
    first, second = (rows.change(portfolio=portfolio, effective_on=DAY, status=ChangeStatus.DRAFT) for _ in range(2))
    other = rows.change(portfolio=portfolio, effective_on=JULY, sequence=7)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_change_at_a_moment")
    Change.objects.filter(pk__in=[first.pk, second.pk]).update(status=ChangeStatus.EFFECTED, sequence=4)

    MIGRATION.put_in_order(apps, connection.schema_editor())

    places = [Change.objects.get(pk=change.pk).sequence for change in (first, second, other)]
    assert places == [1, 2, 7]
