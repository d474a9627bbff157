"""What somebody can do to the audit trail who has the password of the database's owner: its guards switched off."""

from __future__ import annotations

from django.db import connection

from pcorg.core.audit.guards import APPEND_ONLY, trigger_name
from pcorg.core.audit.models import AuditEntry, AuditHead
from pcorg.core.audit.trail import digest_of


def unguard() -> None:
    """Switch the guards of the trail off. The test's rollback, or the laying back of its database, brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in APPEND_ONLY:
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_append_only")
            else:
                for event in ("UPDATE", "DELETE"):
                    cursor.execute(f"DROP TRIGGER {trigger_name(table, event)}")


def run(statement: str, *values: object) -> int:
    """A statement straight on the database; how many rows it met."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def rehash(first: int) -> None:
    """Work the chain out anew from an entry on, and put the head at its end."""
    previous = AuditEntry.objects.get(sequence=first - 1).digest if first > 1 else "0" * 64
    last = None
    for entry in AuditEntry.objects.filter(sequence__gte=first).order_by("sequence"):
        entry.previous = previous
        entry.digest = previous = digest_of(entry)
        entry.save()
        last = entry
    assert last is not None
    AuditHead.objects.update(sequence=last.sequence, digest=last.digest)


def cut(after: int) -> None:
    """Cut the end of the trail off, and put the head where it ends now."""
    run("DELETE FROM audit_auditentry WHERE sequence > %s", after)
    run("DELETE FROM audit_auditseal WHERE sequence > %s", after)
    last = AuditEntry.objects.get(sequence=after)
    AuditHead.objects.update(sequence=last.sequence, digest=last.digest)
