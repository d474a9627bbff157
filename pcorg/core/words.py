"""Names and codes in one order, and found by the same words, on both databases and in Python.

SQLite calls the Python function. PostgreSQL has one of its own (migration `one_order_of_names`) that gives the same.
Both then compare byte by byte, whatever the language of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Collate
from django.db.models.lookups import Contains

from pcorg.core.folding import fold

BYTEWISE = {"postgresql": "C", "sqlite": "BINARY"}


class Folded(Func):
    """A text in small letters without accents."""

    function = "pcorg_fold"
    arity = 1
    output_field = models.TextField()


def give_function(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give a new connection to SQLite the function (on the signal `connection_created`)."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            Folded.function, 1, lambda text: None if text is None else fold(str(text)), deterministic=True
        )


def bytewise(column: str | Combinable) -> Collate:
    """A column in the order of its bytes: codes and slugs."""
    return Collate(F(column) if isinstance(column, str) else column, BYTEWISE[connection.vendor])


def alphabetical(column: str) -> Collate:
    """A column in the order of its words: names and titles."""
    return bytewise(Folded(F(column)))


def by_column(column: str, text: Mapping[str, Callable[[str], Collate]], *, descending: bool = False) -> OrderBy:
    """How to sort by a column, what is not recorded last; `text` says how columns of text are compared."""
    key = text[column](column) if column in text else F(column)
    return key.desc(nulls_last=True) if descending else key.asc(nulls_last=True)


def containing(column: str, text: str) -> Q:
    """The condition that a text stands somewhere in a column."""
    return Q(Contains(Folded(F(column)), fold(text.strip())))


def with_words(text: str, *columns: str) -> Q:
    """The condition that each word of a text stands in one of the columns."""
    found = Q()
    for word in text.split():
        found &= _any(containing(column, word) for column in columns)
    return found


def _any(conditions: Iterable[Q]) -> Q:
    anywhere = Q()
    for condition in conditions:
        anywhere |= condition
    return anywhere
