"""Writing to the audit trail and checking it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pcorg.audit.models import AuditEntry, AuditHead

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be put on the trail: an action on a subject, with its particulars."""

    action: str
    subject: str
    particulars: dict[str, Any] = field(default_factory=dict)


def record(*, actor: str, action: str, subject: str, particulars: dict[str, Any] | None = None) -> None:
    """Append one entry. Call it last in the write transaction: it locks the head of the chain.

    Raises TransactionManagementError outside a transaction.
    """
    record_all(actor=actor, entries=[Entry(action, subject, particulars or {})])


def record_all(*, actor: str, entries: Sequence[Entry]) -> None:
    """Append entries in order. Call it once and last in the write transaction: it locks the head of the chain.

    Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("the trail is written inside the transaction it speaks of")
    head = AuditHead.objects.select_for_update().get(id=1)
    now, rows = timezone.now(), []
    sequence, previous = head.sequence, head.digest
    for entry in entries:
        sequence += 1
        row = AuditEntry(
            sequence=sequence,
            at=now,
            actor=actor,
            action=entry.action,
            subject=entry.subject,
            particulars=entry.particulars,
            previous=previous,
        )
        previous = row.digest = digest_of(row)
        rows.append(row)
    AuditEntry.objects.bulk_create(rows, batch_size=100)
    AuditHead.objects.filter(id=1).update(sequence=sequence, digest=previous, at=now)


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the previous digest and the entry's content in a canonical form."""
    content = {
        "sequence": entry.sequence,
        "at": _moment(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "particulars": entry.particulars,
        "previous": entry.previous,
    }
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    ).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")


def data_version() -> tuple[str, datetime | None]:
    """The version of the data and when it was written: one query. Two different states never share a version."""
    digest, at = AuditHead.objects.values_list("digest", "at").get(id=1)
    return digest, at


def faults() -> Iterator[str]:
    """What does not hold in the chain, each in a sentence; nothing when it is whole. Streams through the entries."""
    with transaction.atomic():
        head = AuditHead.objects.get(id=1)
        previous, expected = GENESIS, 1
        for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
            if entry.sequence != expected:
                yield f"Entry {expected} is missing; the next is {entry.sequence}."
            if entry.previous != previous:
                yield f"Entry {entry.sequence} does not follow the one before it."
            if entry.digest != digest_of(entry):
                yield f"Entry {entry.sequence} has been altered."
            previous, expected = entry.digest, entry.sequence + 1
        if head.sequence != expected - 1 or head.digest != previous:
            yield f"The head says {head.sequence} entries end the chain; {expected - 1} were found, or another end."
