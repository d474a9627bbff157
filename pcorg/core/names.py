"""Names and codes: one order and one way of finding them on both databases and in Python; codes in either case.

SQLite calls the Python function. PostgreSQL has one of its own (migration `one_order_of_names`) that gives the same.
Both then compare byte by byte, whatever the language of the database."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q, QuerySet
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Collate, Upper
from django.db.models.lookups import Contains

from pcorg.core.batches import batches

SINGLE = str.maketrans("øđłħıðŋς’‘ʼ‐‑–—\u00a0", "odlhidnσ'''---- ")
"""Letters and marks that stand for one plain character, once letters are small and without accents."""
SEVERAL = {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
"""Letters that stand for two."""
MARKS = ("\u0300", "\u036f")
"""The first and last of the accents that a letter can be taken apart into."""


def fold(text: str) -> str:
    """A text as it is compared and sorted: small letters without accents."""
    if text.isascii():
        return text.lower()
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not MARKS[0] <= letter <= MARKS[1])
    small = plain.lower().translate(SINGLE)
    for letter, letters in SEVERAL.items():
        small = small.replace(letter, letters)
    return small


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
    """Build the sort key of a column of names or titles."""
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
        found &= reduce(or_, (containing(column, word) for column in columns))
    return found


ILLUSTRATIVE = "X-"
"""How the codes of illustrative portfolios begin."""


def as_recorded(rows: QuerySet, codes: Iterable[str]) -> dict[str, str]:
    """The recorded code of each code given, whatever its case, among rows whose key is a code.

    A code that is recorded exactly as given is itself. One that matches nothing, or several codes that differ only in
    their case, is left out. One query per batch, and one more for those not recorded exactly so.
    """
    codes_requested = [code for code in dict.fromkeys(codes) if code.isascii() and code.isprintable()]
    found: dict[str, str] = {}
    for batch in batches(codes_requested):
        found.update({code: code for code in rows.filter(pk__in=batch).values_list("pk", flat=True)})
    others = [code for code in codes_requested if code not in found]
    in_capitals: dict[str, list[str]] = defaultdict(list)
    for batch in batches(dict.fromkeys(code.upper() for code in others)):
        alike = rows.annotate(in_capitals=Upper("pk")).filter(in_capitals__in=batch)
        for code in alike.values_list("pk", flat=True):
            in_capitals[code.upper()].append(code)
    for code in others:
        if len(alike_codes := in_capitals[code.upper()]) == 1:
            found[code] = alike_codes[0]
    return found


def recorded_code(rows: QuerySet, code: str) -> str | None:
    """The recorded code of one code given; None where there is none."""
    return as_recorded(rows, [code]).get(code)


def is_illustrative(code: str) -> bool:
    """Whether a code is one of an illustrative portfolio."""
    return code.upper().startswith(ILLUSTRATIVE)
