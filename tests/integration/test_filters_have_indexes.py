"""Every field that a list of records is narrowed by has an index that begins with it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import django_filters
import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models

import commissioning.filters
import evaluation.filters
import organisations.filters

pytestmark = pytest.mark.django_db


def columns() -> Iterator[tuple[str, type[models.Model], models.Field[Any, Any]]]:
    """The fields that filters compare whole, with the table they stand in. Words to be found inside a text, answers of
    yes or no and reference records, of which there are dozens, need no index."""
    for module in (organisations.filters, commissioning.filters, evaluation.filters):
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if not issubclass(kind, django_filters.FilterSet) or kind._meta.model is None:
                continue
            for asked, each in kind.base_filters.items():
                found = field_of(kind._meta.model, each.field_name)
                if found is None or each.method or each.lookup_expr == "icontains":
                    continue
                table, field = found
                yes_or_no = isinstance(field, models.BooleanField)
                if not yes_or_no and not table.__module__.endswith("models.reference"):
                    yield f"{name}.{asked}", table, field


def field_of(table: type[models.Model], path: str) -> tuple[type[models.Model], models.Field[Any, Any]] | None:
    """The last field of a path and its table; None for what a query works out."""
    found: Any = None
    for step in path.split("__"):
        try:
            found = table, table._meta.get_field(step)
        except FieldDoesNotExist:
            return None
        table = found[1].related_model or table
    return found if isinstance(found[1], models.Field) else None


def test_every_filter_has_an_index() -> None:
    asked = list(columns())
    assert len(asked) > 40
    with connection.cursor() as cursor:
        tables = {table._meta.db_table for _, table, _ in asked}
        first = {
            (table, constraint["columns"][0])
            for table in tables
            for constraint in connection.introspection.get_constraints(cursor, table).values()
            if constraint["columns"] and (constraint["index"] or constraint["unique"] or constraint["primary_key"])
        }
    assert [name for name, table, field in asked if (table._meta.db_table, field.column) not in first] == []
