"""Guards that refuse to alter or delete what the trail holds, on both databases.

PostgreSQL has them from the migrations. SQLite makes a table anew for many migrations and drops its triggers with the
old one, so they are put back after every migration.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

REFUSED = "audit entries are never altered or deleted"
APPEND_ONLY = ("audit_auditentry", "audit_auditseal")


def put_back_triggers(*, using: str, **_: Any) -> None:
    """After migrations on SQLite: see that every table of the trail has its triggers."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    held = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in APPEND_ONLY:
            if table in held:
                for event in ("UPDATE", "DELETE"):
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger_name(table, event)}"')
                    cursor.execute(
                        f'CREATE TRIGGER "{trigger_name(table, event)}" BEFORE {event} ON "{table}" '
                        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
                    )


def trigger_name(table: str, event: str) -> str:
    """The name of a guard on SQLite; those of entries have the names that they always had."""
    name = "audit_append_only" if table == "audit_auditentry" else f"{table}_append_only"
    return f"{name}_{event.lower()}"
