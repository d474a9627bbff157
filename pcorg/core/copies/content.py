"""What a database holds, as one hash that is the same on SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models

from pcorg.core.audit.canonical import columns_of, conversion, encoded, one_snapshot, selected, stored

PASSING = frozenset(
    {"admin", "axes", "contenttypes", "django_tasks_database", "idempotency", "jobs", "sessions", "uploads"}
)
"""Apps whose rows pass: who is signed in, wrong passwords, answers and files kept for an hour, jobs and how far they
are. No copy is judged by them; they are not transferred. What a job brought about stays, and its entries on the
trail."""

PASSING_TABLES = frozenset({"accounts_signin"})
"""Tables of other apps whose rows pass: what is kept beside a session."""

HELD = {"uploads_keptupload": "held"}
"""Tables of those apps of which some rows last, by the column that says which: files that wait for a decision."""

SEEDED = frozenset({"auth_group", "auth_group_permissions", "auth_permission", "audit_audithead"})
"""Tables that have rows as soon as the migrations have run."""


@dataclass(frozen=True, slots=True)
class TableContent:
    """One table: how many rows it has, and their hash."""

    table: str
    rows: int
    sha256: str


def lasting() -> list[type[models.Model]]:
    """The models whose rows are the content of a database, in the order of their tables."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and _lasts(model)
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def _lasts(model: type[models.Model]) -> bool:
    table = model._meta.db_table
    return table in HELD or not (model._meta.app_label in PASSING or table in PASSING_TABLES)


def lasting_rows(model: type[models.Model], using: str) -> models.QuerySet[Any]:
    """The rows of a lasting model that are content."""
    rows: models.QuerySet[Any] = model._base_manager.using(using)
    column = HELD.get(model._meta.db_table)
    return rows.filter(**{column: True}) if column else rows


def _from(table: str, using: str) -> str:
    """Where a statement finds the rows of a table that are content."""
    name = connections[using].ops.quote_name
    return f"FROM {name(table)}" + (f" WHERE {name(HELD[table])}" if table in HELD else "")


def contents(using: str = "default") -> Iterator[TableContent]:
    """The content of every lasting table, read in one snapshot, row by row in the order of the keys."""
    with one_snapshot(using):
        for model in lasting():
            yield _content(model, using)


def content_hash(using: str = "default") -> str:
    """SHA-256 over the content of every lasting table."""
    return hash_of(contents(using))


def hash_of(tables: Iterator[TableContent]) -> str:
    """SHA-256 over the contents of tables."""
    whole = hashlib.sha256()
    for each in tables:
        whole.update(f"{each.table} {each.rows} {each.sha256}\n".encode())
    return whole.hexdigest()


def _content(model: type[models.Model], using: str) -> TableContent:
    connection = connections[using]
    name = connection.ops.quote_name
    table, fields = model._meta.db_table, columns_of(model)
    read = ", ".join(selected(field, connection, table) for field in fields)
    order = f"{name(table)}.{name(str(model._meta.pk.column))}"
    if connection.vendor == "postgresql":
        order += '::text COLLATE "C"'
    else:
        order = f"CAST({order} AS TEXT)"
    converts = [(at, convert) for at, field in enumerate(fields) if (convert := conversion(field, connection.vendor))]
    whole, rows = hashlib.sha256(encoded([table, [field.column for field in fields]]).encode()), 0
    for row in stored(f"SELECT {read} {_from(table, using)} ORDER BY {order}", using=using):
        values: list[Any] = list(row)
        for at, convert in converts:
            values[at] = convert(values[at])
        whole.update(encoded(values).encode() + b"\n")
        rows += 1
    return TableContent(table, rows, whole.hexdigest())


def holds_data(using: str = "default") -> bool:
    """Whether a database holds more than migrations leave in it. It need have no tables at all."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in lasting():
            table = model._meta.db_table
            if table in tables and table not in SEEDED:
                cursor.execute(f"SELECT 1 {_from(table, using)} LIMIT 1")
                if cursor.fetchone():
                    return True
    return False
