"""Checking the audit trail: the chain of its entries, the seals it keeps, and the rows that these speak of.

Everything is read in one snapshot, so that writers raise no false alarm, and as it is stored, so that nothing that
somebody put into a table can stop the check.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db import connection

from pcorg.core.audit import subjects
from pcorg.core.audit.canonical import UNREADABLE, columns_of, conversion, one_snapshot, selected, stored
from pcorg.core.audit.models import AuditEntry, AuditHead, AuditSeal
from pcorg.core.audit.subjects import NOTHING, Subject
from pcorg.core.audit.trail import GENESIS, content_of, digest_of

NAMED = 50
"""Subjects of one kind that are named one by one; the rest are counted."""


@dataclass
class Trail:
    """What a walk through the trail found: its end, the digests of entries that were asked for, and the last seal of
    each subject with the entry that set it."""

    sequence: int = 0
    digest: str = GENESIS
    entries: int = 0
    asked: dict[int, str | None] = field(default_factory=dict)
    seals: dict[Subject, tuple[str, int]] = field(default_factory=dict)


def faults() -> Iterator[str]:
    """What does not hold in the chain and in the rows it speaks of, each in a sentence; nothing when all is whole."""
    with one_snapshot():
        trail = Trail()
        yield from chain_faults(trail)
        yield from row_faults(trail)


def chain_faults(trail: Trail | None = None) -> Iterator[str]:
    """What does not hold in the chain and its seals, whatever the rows are that it speaks of. Fills in what the walk
    finds. Call it in `one_snapshot`."""
    trail = trail or Trail()
    expected = 1
    seals = _Seals()
    for number, entry in _entries():
        trail.entries += 1
        if number != expected:
            yield f"Entry {expected} is missing; the next is {number}."
        yield from seals.faults_before(number)
        if entry is None:
            yield f"Entry {number} cannot be read: a date or its particulars are spoilt."
            trail.digest, expected = "", number + 1
            seals.take(number, trail)
            continue
        if trail.digest and entry.previous != trail.digest:
            yield f"Entry {number} does not follow the one before it."
        if entry.digest != digest_of(entry):
            yield f"Entry {number} has been altered."
        if entry.content != content_of(seals.take(number, trail)):
            yield f"What entry {number} says it wrote has been altered."
        trail.digest, expected = entry.digest, number + 1
        if number in trail.asked:
            trail.asked[number] = entry.digest
    yield from seals.faults_before(None)
    trail.sequence = expected - 1
    yield from _head_faults(trail)


def _head_faults(trail: Trail) -> Iterator[str]:
    head = list(_stored(AuditHead))
    if len(head) != 1:
        yield "The head of the chain is missing."
    elif head[0]["sequence"] != trail.sequence or head[0]["digest"] != trail.digest:
        yield f"The head says {head[0]['sequence']} entries end the chain; {trail.sequence} were found, or another end."


class _Seals:
    """The seals in the order of their entries, taken entry by entry."""

    def __init__(self) -> None:
        rows = _stored(AuditSeal, "sequence", "kind", "key")
        self._groups = groupby(rows, key=lambda row: row["sequence"])
        self._next: tuple[Any, list[dict[str, Any]]] | None = None
        self._step()

    def _step(self) -> None:
        found = next(self._groups, None)
        self._next = None if found is None else (found[0], list(found[1]))

    def faults_before(self, number: int | None) -> Iterator[str]:
        """A fault for each group of seals whose entry is not there; of all that are left where there is no number."""
        while self._next is not None and (number is None or not self._next[0] >= number):
            yield f"Entry {self._next[0]} is missing, but what it wrote is told."
            self._step()

    def take(self, number: int, trail: Trail) -> list[tuple[Subject, str]]:
        """The seals of an entry; they are the last ones of their subjects so far."""
        if self._next is None or self._next[0] != number:
            return []
        rows = self._next[1]
        self._step()
        seals = sorted((Subject(row["kind"], row["key"]), row["digest"]) for row in rows)
        trail.seals |= {of: (digest, number) for of, digest in seals}
        return seals


def _entries() -> Iterator[tuple[int, AuditEntry | None]]:
    """Every entry with its number, in order; None for one that cannot be read."""
    for row in _stored(AuditEntry, "sequence"):
        try:
            at = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
            entry = AuditEntry(**row | {"at": at, "particulars": json.loads(row["particulars"])})
            digest_of(entry)
        except UNREADABLE:
            yield row["sequence"], None
        else:
            yield row["sequence"], entry


def _stored(model: Any, *order: str) -> Iterator[dict[str, Any]]:
    fields = columns_of(model)
    name = connection.ops.quote_name
    table = model._meta.db_table
    read = ", ".join(selected(each, connection, table) for each in fields)
    binary = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    ordered = ", ".join(name(each) + (binary if each in {"kind", "key"} else "") for each in order)
    statement = f"SELECT {read} FROM {name(table)}" + (f" ORDER BY {ordered}" if order else "")  # noqa: S608 - our own names
    converts = [conversion(each, connection.vendor) if each.attname == "at" else None for each in fields]
    names = [each.attname for each in fields]
    for row in stored(statement):
        values = [convert(value) if convert else value for value, convert in zip(row, converts, strict=True)]
        yield dict(zip(names, values, strict=True))


def row_faults(trail: Trail) -> Iterator[str]:
    """What does not hold between the rows of the data and what the trail says was written of them. Call it in
    `one_snapshot`, after `chain_faults`."""
    unknown = {of.kind for of in trail.seals} - set(subjects.kinds())
    for kind in sorted(unknown):
        yield f"The trail speaks of {kind}, which nothing here is."
    for kind in subjects.kinds():
        sealed = {of.key: seal for of, seal in trail.seals.items() if of.kind == kind}
        wrong = list(_differing(kind, sealed, subjects.all_digests(kind)))
        yield from wrong[:NAMED]
        if len(wrong) > NAMED:
            yield f"{kind}: {len(wrong) - NAMED:,} more are not as the trail says."


def _differing(kind: str, sealed: dict[str, tuple[str, int]], found: dict[str, str]) -> Iterator[str]:
    for key in sorted({*sealed, *found}, key=str):
        before, number = sealed.get(key, (NOTHING, 0))
        is_now = found.get(key, NOTHING)
        if is_now == before:
            continue
        if not number:
            yield f"{kind} {key} is here, but no entry speaks of it."
        elif is_now == NOTHING:
            yield f"{kind} {key} is gone, but entry {number} wrote it last and left it here."
        elif before == NOTHING:
            yield f"{kind} {key} is here, but entry {number} took it away."
        else:
            yield f"{kind} {key} is not as entry {number}, the last to write it, left it."
