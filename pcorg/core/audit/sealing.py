"""Sealing what is in the tables without being told what was written: after migrations, and by whole kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from pcorg.core.audit import subjects
from pcorg.core.audit.models import AuditHead, AuditSeal
from pcorg.core.audit.subjects import NOTHING, Subject
from pcorg.core.audit.trail import record


def differing(kinds: Iterable[str]) -> list[Subject]:
    """The subjects of some kinds whose rows are not as the trail last said."""
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
    wanted = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return wanted <= set(MigrationRecorder(connection).applied_migrations())
