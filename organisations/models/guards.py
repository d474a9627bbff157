"""Guards that the ORM cannot declare: periods of one thing never overlap.

PostgreSQL has exclusion constraints, made once by a migration. SQLite has triggers; Django makes a table anew for many
migrations and drops its triggers with the old one, so they are put back after every migration.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

GUARDED = {
    "organisations_formperiod": ("organisation_id",),
    "organisations_nameperiod": ("organisation_id",),
    "organisations_boardseat": ("organisation_id", "constituency"),
    "organisations_relationship": ("kind", "subject_id", "object_id"),
}
"""Guarded tables and the columns that say what a period is about."""


def constraint(table: str) -> str:
    """The name of a table's guard."""
    return f"{table}_never_overlaps"


def exclusion(table: str) -> str:
    """The statement that guards a table on PostgreSQL; an empty period overlaps nothing."""
    same = ", ".join(f'"{column}" WITH =' for column in GUARDED[table])
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint(table)}" '
        f'EXCLUDE USING gist ({same}, daterange("start", "end", \'[)\') WITH &&)'
    )


def trigger(table: str, event: str) -> str:
    """The statement that guards a table against one event on SQLite."""
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in GUARDED[table])
    return f"""
        CREATE TRIGGER IF NOT EXISTS "{constraint(table)}_{event.lower()}" BEFORE {event} ON "{table}"
        WHEN EXISTS (
            SELECT 1 FROM "{table}" WHERE {same} AND "id" IS NOT NEW."id"
            AND (NEW."end" IS NULL OR "start" < NEW."end") AND ("end" IS NULL OR NEW."start" < "end")
            AND (NEW."end" IS NULL OR NEW."start" < NEW."end") AND ("end" IS NULL OR "start" < "end")
        )
        BEGIN SELECT RAISE(ABORT, '{constraint(table)}'); END
    """  # noqa: S608 - the names are those of our own tables


def put_back_triggers(*, using: str, **_: Any) -> None:
    """After migrations on SQLite: see that every guarded table has its triggers."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    held = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in GUARDED.keys() & held:
            for event in ("INSERT", "UPDATE"):
                cursor.execute(trigger(table, event))
