"""Guards that the ORM cannot declare: periods of one thing never overlap.

PostgreSQL has exclusion constraints, made once by a migration. SQLite has triggers; Django makes a table anew for many
migrations and drops its triggers with the old one, so they are put back after every migration. An app above guards
tables of its own in the same way: it says which, and what each of their periods is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connections, transaction

Guarded = Mapping[str, tuple[str, ...]]
"""Guarded tables and the columns that say what a period is about; the first alone tells few periods from all."""

GUARDED: Guarded = {
    "organisations_formperiod": ("organisation_id",),
    "organisations_nameperiod": ("organisation_id",),
    "organisations_boardseat": ("organisation_id", "constituency"),
    "organisations_relationship": ("subject_id", "kind", "object_id"),
}
"""The tables of this app that are guarded."""


def constraint(table: str) -> str:
    """The name of a table's guard."""
    return f"{table}_never_overlaps"


def exclusion(table: str, guarded: Guarded = GUARDED) -> str:
    """The statement that guards a table on PostgreSQL; an empty period overlaps nothing."""
    same = ", ".join(f'"{column}" WITH =' for column in guarded[table])
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint(table)}" '
        f'EXCLUDE USING gist ({same}, daterange("start", "end", \'[)\') WITH &&)'
    )


def trigger(table: str, event: str, guarded: Guarded = GUARDED) -> str:
    """The statement that guards a table against one event on SQLite.

    Only the first column may be looked up in an index (a `+` keeps the others out of it). Left to choose, SQLite takes
    the index of a body that has a part in everything, such as the one hospital of a county, and reads all of it for
    every row written.
    """
    first, *others = guarded[table]
    same = " AND ".join([f'"{first}" = NEW."{first}"', *(f'+"{column}" = NEW."{column}"' for column in others)])
    return f"""
        CREATE TRIGGER "{_trigger_name(table, event)}" BEFORE {event} ON "{table}"
        WHEN EXISTS (
            SELECT 1 FROM "{table}" WHERE {same} AND "id" IS NOT NEW."id"
            AND (NEW."end" IS NULL OR "start" < NEW."end") AND ("end" IS NULL OR NEW."start" < "end")
            AND (NEW."end" IS NULL OR NEW."start" < NEW."end") AND ("end" IS NULL OR "start" < "end")
        )
        BEGIN SELECT RAISE(ABORT, '{constraint(table)}'); END
    """  # noqa: S608 - the names are those of our own tables


def _trigger_name(table: str, event: str) -> str:
    return f"{constraint(table)}_{event.lower()}"


def put_back_triggers(*, using: str, guarded: Guarded = GUARDED, **_: Any) -> None:
    """After migrations on SQLite: see that every guarded table has its triggers, as they are written today."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in guarded.keys() & tables:
            for event in ("INSERT", "UPDATE"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{_trigger_name(table, event)}"')
                cursor.execute(trigger(table, event, guarded))
