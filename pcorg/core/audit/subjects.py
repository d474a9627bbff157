"""What the audit trail speaks of, and the rows that belong to it.

A subject is what somebody would call one thing: change 12, organisation 5A1, form pct-4. Apps say in
`AppConfig.ready` which tables hold the rows of each kind (`cover`). The digest of a subject is a hash of all its rows:
the trail keeps it at every write, and checking works it out again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, models

from pcorg.core.audit.canonical import columns_of, conversion, row_digest, selected, stored
from pcorg.core.batches import batches

NOTHING = ""
"""The digest of a subject that has no rows."""


class Subject(NamedTuple):
    """One thing: its kind and its key among those of its kind."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


@dataclass(frozen=True)
class SubjectTable:
    """A table that holds rows of one kind of subject. `path` leads by foreign keys from its rows to the subject's own;
    empty, they are the subject's own."""

    model: type[models.Model]
    path: tuple[str, ...]
    omitted: frozenset[str]

    @cached_property
    def columns(self) -> list[models.Field]:
        """The columns that are hashed."""
        return columns_of(self.model, self.omitted)

    @cached_property
    def _key(self) -> tuple[str, str]:
        """The column that says of which subject a row is, and the tables to join for it."""
        name = connection.ops.quote_name
        model: Any = self.model
        at, joins = name(model._meta.db_table), ""
        if not self.path:
            return f"{at}.{name(model._meta.pk.column)}", joins
        for number, step in enumerate(self.path[:-1]):
            field = model._meta.get_field(step)
            model, alias = field.related_model, name(f"step{number}")
            joins += f" LEFT JOIN {name(model._meta.db_table)} {alias}"
            joins += f" ON {at}.{name(field.column)} = {alias}.{name(model._meta.pk.column)}"
            at = alias
        return f"{at}.{name(model._meta.get_field(self.path[-1]).column)}", joins

    def digests(self, keys: list[str] | None = None) -> Iterator[tuple[str, bytes]]:
        """The digest of each row, with the key of the subject that it is of; of all rows, or of those of some keys."""
        table = self.model._meta.db_table
        key, joins = self._key
        read = ", ".join(selected(field, connection, table) for field in self.columns)
        where = "" if keys is None else f" WHERE {key} IN ({', '.join(['%s'] * len(keys))})"
        statement = f"SELECT {key}, {read} FROM {connection.ops.quote_name(table)}{joins}{where}"  # noqa: S608 - our own names
        converts = [
            (at, convert) for at, field in enumerate(self.columns) if (convert := conversion(field, connection.vendor))
        ]
        for of, *values in stored(statement, keys or ()):
            for at, convert in converts:
                values[at] = convert(values[at])
            yield str(of), row_digest(table, values)


_tables: dict[str, list[SubjectTable]] = {}
_reference: list[str] = []


def cover(kind: str, model: type[models.Model], *path: str, omitted: Iterable[str] = ()) -> None:
    """Say that the rows of a model, and what links them many to many, are of a kind of subject."""
    tables = _tables.setdefault(kind, [])
    tables.append(SubjectTable(model, path, frozenset(omitted)))
    for field in model._meta.local_many_to_many:
        through: Any = field.remote_field.through
        if through._meta.auto_created:
            tables.append(SubjectTable(through, (field.m2m_field_name(), *path), frozenset()))


def cover_reference(*models_: type[models.Model]) -> None:
    """Say that each of these holds reference records: a kind of subject of its own, under the model's name."""
    for model in models_:
        _reference.append(str(model._meta.model_name))
        cover(_reference[-1], model)


def kinds() -> list[str]:
    """Every kind of subject, in order."""
    return sorted(_tables)


def reference_kinds() -> list[str]:
    """The kinds that are reference records."""
    return list(_reference)


def covered() -> set[type[models.Model]]:
    """The models whose rows are of some kind."""
    return {table.model for tables in _tables.values() for table in tables}


def named(words: str) -> Subject | None:
    """The subject that an entry is about, by the words it uses; None where it is of no kind."""
    fitting = [kind for kind in _tables if words.startswith(f"{kind} ") and len(words) > len(kind) + 1]
    if not fitting:
        return None
    kind = max(fitting, key=len)
    key = words[len(kind) + 1 :]
    return Subject(kind, key) if _can_be(kind, key) else None


def _can_be(kind: str, key: str) -> bool:
    """Whether a key can be one of a kind: a change has a number."""
    own = next(table.model for table in _tables[kind] if not table.path)
    try:
        own._meta.pk.to_python(key)
    except ValidationError:
        return False
    return True


def of_record(record: models.Model) -> list[Subject]:
    """The subject whose own row a record is; none where it is of no kind."""
    return [
        Subject(kind, str(record.pk))
        for kind, tables in _tables.items()
        if any(table.model is type(record) and not table.path for table in tables)
    ]


def linked_to(record: models.Model) -> list[Subject]:
    """The subjects that are linked to a record many to many: they lose a row when it is deleted."""
    found: list[Subject] = []
    for kind, tables in _tables.items():
        for table in tables:
            ends: Any = table.model._meta.concrete_fields if table.model._meta.auto_created else ()
            for field in ends:
                if field.related_model is type(record) and field.name != table.path[0]:
                    rows = table.model._default_manager.filter(**{field.name: record.pk})
                    found += [Subject(kind, str(key)) for key in rows.values_list("__".join(table.path), flat=True)]
    return found


def digests(subjects: Iterable[Subject]) -> dict[Subject, str]:
    """The digest of each subject as its rows stand now."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, key in dict.fromkeys(subjects):
        by_kind[kind].append(key)
    found: dict[Subject, str] = {}
    for kind, keys in by_kind.items():
        for batch in batches(keys):
            rows: dict[str, list[bytes]] = {key: [] for key in batch}
            for table in _tables[kind]:
                for key, digest in table.digests(batch):
                    rows[key].append(digest)
            found |= {Subject(kind, key): _whole(of) for key, of in rows.items()}
    return found


def all_digests(kind: str) -> dict[str, str]:
    """The digests of all subjects of a kind that have rows, by key."""
    rows: dict[str, list[bytes]] = defaultdict(list)
    for table in _tables[kind]:
        for key, digest in table.digests():
            rows[key].append(digest)
    return {key: _whole(of) for key, of in rows.items()}


def _whole(rows: list[bytes]) -> str:
    return hashlib.sha256(b"".join(sorted(rows))).hexdigest() if rows else NOTHING
