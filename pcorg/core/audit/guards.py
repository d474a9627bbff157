"""What keeps the trail as it was written: triggers, seals after migrations, and the grants of the serving role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from pcorg.core.audit import subjects
from pcorg.core.audit.models import AuditHead, AuditSeal
from pcorg.core.audit.subjects import NOTHING, Subject
from pcorg.core.audit.trail import record

REFUSED = "audit entries are never altered or deleted"
APPEND_ONLY = ("audit_auditentry", "audit_auditseal")


def put_back_triggers(*, using: str, **_: Any) -> None:
    """After migrations on SQLite: see that every table of the trail has its triggers."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in APPEND_ONLY:
            if table in tables:
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


def differing(kinds: Iterable[str]) -> list[Subject]:
    """Return the subjects of some kinds whose rows differ from the last entry in the audit trail."""
    found: list[Subject] = []
    for kind in kinds:
        last = dict(AuditSeal.objects.filter(kind=kind).order_by("sequence").values_list("key", "digest").iterator())
        now = subjects.all_digests(kind)
        found += [
            Subject(kind, key) for key in sorted({*last, *now}) if last.get(key, NOTHING) != now.get(key, NOTHING)
        ]
    return found


def seal_after_migrations(*, using: str, plan: Any = (), **_: Any) -> None:
    """After migrations: seal what they altered, and what no entry speaks of yet, under the name of the migrations.

    Nothing where nothing was migrated, where the tables are not those of this code (some migrations are not applied),
    or where all is as it was.
    """
    if not plan or using != "default" or not _is_whole():
        return
    with transaction.atomic():
        AuditHead.objects.select_for_update().get(id=1)
        altered = differing(subjects.kinds())
        if altered:
            names = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
            record(
                actor="command:migrate",
                action="migrate",
                subject="database",
                particulars={"migrations": names, "subjects": len(altered)},
                wrote=altered,
            )


def _is_whole() -> bool:
    expected = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return expected <= set(MigrationRecorder(connection).applied_migrations())


HEAD = AuditHead._meta.db_table
READ_ONLY = ("django_migrations", "django_content_type")


def statements(role: str) -> Iterator[str]:
    """The statements, for the owner of the database to run after each migration; running them again does no harm."""
    name = connection.ops.quote_name
    to = name(role)
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    others = sorted(tables - {*APPEND_ONLY, HEAD, *READ_ONLY})
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {to};"
    yield f"GRANT USAGE ON SCHEMA public TO {to};"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {to};"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to};"
    yield f"GRANT SELECT ON {', '.join(map(name, READ_ONLY))} TO {to};"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(map(name, others))} TO {to};"
    yield f"GRANT SELECT, INSERT ON {', '.join(map(name, APPEND_ONLY))} TO {to};"
    yield f"GRANT SELECT, UPDATE ON {name(HEAD)} TO {to};"
