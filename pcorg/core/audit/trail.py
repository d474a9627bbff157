"""Writing to the audit trail: what its entries hold, and what they are hashed as."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from pcorg.core.audit import subjects
from pcorg.core.audit.canonical import json_text, text_digest
from pcorg.core.audit.kinds import ALL, Kinds
from pcorg.core.audit.models import AuditEntry, AuditHead, AuditSeal
from pcorg.core.audit.subjects import Subject

SEALS = 240
"""Seals in one statement: SQLite takes at most 999 parameters."""

GENESIS = "0" * 64
FORM = 2
"""The canonical form of entries that are written now; form 1 knew neither seals nor numbers of users."""


class TrailActor(Protocol):
    """Who acts: a user, by number and name."""

    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """What is to be put on the trail: an action on a subject, with its particulars. `wrote` are the subjects whose rows
    it wrote beside those of the subject that it is about."""

    action: str
    subject: str
    particulars: dict[str, Any] = field(default_factory=dict)
    wrote: Collection[Subject] = ()


def record(
    *,
    actor: str | TrailActor,
    action: str,
    subject: str,
    particulars: dict[str, Any] | None = None,
    wrote: Collection[Subject] = (),
    altered: Kinds = ALL,
) -> None:
    """Append one entry. Call it last in the write transaction: it locks the head of the chain, and seals what has been
    written by then. `altered` says which kinds of data the transaction wrote.

    Raises TransactionManagementError outside a transaction.
    """
    record_all(actor=actor, entries=[TrailEntry(action, subject, particulars or {}, wrote)], altered=altered)


def record_all(*, actor: str | TrailActor, entries: Sequence[TrailEntry], altered: Kinds = ALL) -> None:
    """Append entries in order. Call it once and last in the write transaction: it locks the head of the chain. A
    subject that several entries wrote is sealed with the last of them.

    Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("the trail is written inside the transaction it speaks of")
    name, number = (actor, None) if isinstance(actor, str) else (actor.name, actor.id)
    head = AuditHead.objects.select_for_update().get(id=1)
    now = timezone.now()
    rows: list[AuditEntry] = []
    seals: list[tuple[int, str, str, str]] = []
    sequence, previous = head.sequence, head.digest
    for entry, wrote in zip(entries, _sealed(entries), strict=True):
        sequence += 1
        row = AuditEntry(
            sequence=sequence,
            at=now,
            actor=name,
            actor_id=number,
            action=entry.action,
            subject=entry.subject,
            particulars=entry.particulars,
            content=content_of(wrote),
            form=FORM,
            previous=previous,
        )
        previous = row.digest = digest_of(row)
        rows.append(row)
        seals += [(sequence, of.kind, of.key, digest) for of, digest in wrote]
    AuditEntry.objects.bulk_create(rows, batch_size=80)
    _keep(seals)
    marks = head.marks | {kind: [sequence, previous, now.isoformat()] for kind in altered}
    AuditHead.objects.filter(id=1).update(sequence=sequence, digest=previous, at=now, marks=marks)


def _keep(seals: Sequence[tuple[int, str, str, str]]) -> None:
    """Write seals: of a large load there are tens of thousands, so without making a record of each first."""
    table = connection.ops.quote_name(AuditSeal._meta.db_table)
    with connection.cursor() as cursor:
        for start in range(0, len(seals), SEALS):
            batch = seals[start : start + SEALS]
            places = ", ".join(["(%s, %s, %s, %s)"] * len(batch))
            cursor.execute(
                f"INSERT INTO {table} (sequence, kind, key, digest) VALUES {places}",  # noqa: S608 - our own name
                [value for seal in batch for value in seal],
            )


def _sealed(entries: Sequence[TrailEntry]) -> Iterator[list[tuple[Subject, str]]]:
    """What each entry seals. The head is locked: what others have written of the same subjects is there to be read."""
    sealing: dict[Subject, int] = {}
    for number, entry in enumerate(entries):
        about = subjects.named(entry.subject)
        sealing |= dict.fromkeys([*([about] if about else []), *entry.wrote], number)
    found = subjects.digests(sealing)
    by_entry: list[list[tuple[Subject, str]]] = [[] for _ in entries]
    for of in sorted(sealing):
        by_entry[sealing[of]].append((of, found[of]))
    yield from by_entry


def content_of(seals: Iterable[tuple[Subject, str]]) -> str:
    """The digest of an entry's seals, in the order of their subjects; empty where it has none."""
    listed = [[of.kind, of.key, digest] for of, digest in seals]
    return text_digest(listed) if listed else ""


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the previous digest and the entry's content, in the canonical form of the entry."""
    content: dict[str, Any] = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "particulars": entry.particulars,
        "previous": entry.previous,
    }
    if entry.form != 1:
        content["particulars"] = json_text(json.dumps(entry.particulars))
        content |= {"form": entry.form, "actor_id": entry.actor_id, "content": entry.content}
    return text_digest(content)


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The version of the data as a whole, and of each kind."""

    digest: str
    at: datetime | None
    marks: dict[str, list[Any]]

    def of(self, kinds: Kinds) -> tuple[str, datetime | None]:
        """The version of some kinds together and when it was written. Two different states never share a version."""
        if kinds >= ALL or not all(kind in self.marks for kind in kinds):
            return self.digest, self.at
        _, digest, at = max(self.marks[kind] for kind in kinds)
        return digest, datetime.fromisoformat(at)


def data_version() -> tuple[str, datetime | None]:
    """The version of the data and when it was written: one query. Two different states never share a version."""
    return data_versions().of(ALL)


def data_versions() -> DataVersion:
    """The version of the data and of each kind: one query."""
    return DataVersion(*AuditHead.objects.values_list("digest", "at", "marks").get(id=1))
