"""Rows of tables in one form, whichever database holds them: what hashes are taken of.

Values are read as they are stored and not as Python would have them, so that a row that somebody has spoilt (a date
that is none, broken JSON, text that is not UTF-8) is read like any other, and differs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Convert = Callable[[Any], Any]

CHUNK = 2000
EXACT = 2**53
"""Whole numbers up to here are the same as floating point."""

READ_TEXT = partial(str, encoding="utf-8", errors="surrogateescape")
"""Text of SQLite, which may be no UTF-8."""

UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError)
"""What reading a spoilt value can raise."""

encoded = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True, default=repr).encode
"""Anything as JSON in the one form: keys in order, nothing between, other letters than those of ASCII as escapes."""


@contextmanager
def one_snapshot(using: str = "default") -> Iterator[None]:
    """Within the block every read sees the database as it was at one moment, whoever writes meanwhile; nobody waits.

    Inside a transaction of the caller's it is that transaction that says what is seen.
    """
    connection: Any = connections[using]
    connection.ensure_connection()
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # takes no lock to write
        try:
            with transaction.atomic(using=using):
                yield
        finally:
            connection.transaction_mode = mode


def stored(statement: str, parameters: Sequence[Any] = (), *, using: str = "default") -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, streamed, as the database holds them."""
    connection: Any = connections[using]
    connection.ensure_connection()
    whole = connection.in_atomic_block and not parameters
    cursor = connection.chunked_cursor() if whole else connection.cursor()
    sqlite = connection.vendor == "sqlite"
    with cursor:
        if sqlite:
            connection.connection.text_factory = READ_TEXT
        try:
            cursor.execute(statement, parameters or None)
            while rows := cursor.fetchmany(CHUNK):
                yield from rows
        finally:
            if sqlite and connection.connection is not None:
                connection.connection.text_factory = str


def columns_of(model: type[models.Model], omitted: Iterable[str] = ()) -> list[models.Field]:
    """The columns of a table in the order in which they are hashed."""
    return sorted((field for field in model._meta.concrete_fields if field.attname not in omitted), key=_column)


def _column(field: models.Field) -> str:
    return str(field.column)


def selected(field: models.Field, connection: BaseDatabaseWrapper, table: str) -> str:
    """The expression that reads a column so that nothing tries to make sense of it."""
    name = f"{connection.ops.quote_name(table)}.{connection.ops.quote_name(_column(field))}"
    if connection.vendor == "sqlite":
        return f"+{name}"  # an expression: the driver converts columns only
    kind = _stored_kind(field)
    if kind in NATIVE:
        return name
    return f"encode({name}, 'hex')" if kind == "BinaryField" else f"{name}::text"


NATIVE = frozenset(
    {
        *("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"),
        *("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "BooleanField", "FloatField"),
        *("CharField", "TextField", "SlugField", "EmailField"),
    }
)
"""Kinds of columns whose values PostgreSQL's driver gives as they are, whatever they are."""


def _stored_kind(field: models.Field) -> str:
    while field.remote_field is not None and field.is_relation:
        field = field.target_field  # type: ignore[attr-defined]
    return field.get_internal_type()


def conversion(field: models.Field, vendor: str) -> Convert | None:
    """What makes of a stored value the one that is hashed; None where it is the same."""
    kind = _stored_kind(field)
    if kind == "JSONField":
        return json_text
    if kind == "DateTimeField":
        return _moment
    if kind == "UUIDField":
        return _identifier
    if vendor != "sqlite":
        return None
    if kind == "BooleanField":
        return _truth
    if kind == "BinaryField":
        return _hexadecimal
    if kind == "DecimalField":
        return _decimal(getattr(field, "decimal_places", 0))
    return None


def _truth(value: Any) -> Any:
    return bool(value) if value in {0, 1} else value


def _hexadecimal(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _identifier(value: Any) -> Any:
    return value.replace("-", "") if isinstance(value, str) else value


def _moment(value: Any) -> Any:
    """Coordinated universal time without what one database adds and the other leaves out."""
    if not isinstance(value, str):
        return value
    value = value.removesuffix("+00")
    return value.rstrip("0").rstrip(".") if "." in value else value


@cache
def _decimal(places: int) -> Convert:
    def convert(value: Any) -> Any:
        return f"{value or 0:.{places}f}" if isinstance(value, int | float) else value

    return convert


def json_text(value: Any) -> Any:
    """JSON with its keys in order, and one spelling of each number; as it is where it is no JSON."""
    if value is None or value in {"{}", "[]"}:
        return value
    try:
        return encoded(_decode(value))
    except UNREADABLE:
        return value


def _whole(digits: str) -> int | float:
    number = int(digits)
    try:
        return number if abs(number) <= EXACT else float(number)
    except OverflowError:
        return number


def _floating(digits: str) -> int | float:
    number = float(digits)
    return int(number) if abs(number) <= EXACT and number.is_integer() else number


_decode = json.JSONDecoder(parse_int=_whole, parse_float=_floating).decode


def row_digest(table: str, values: Sequence[Any]) -> bytes:
    """SHA-256 of one row of a table, whose values are in the order of `columns_of`: of what Python writes for a list of
    them in ASCII, which takes a fifth of the time of JSON."""
    return hashlib.sha256(f"{table} {values!a}".encode()).digest()


def text_digest(value: Any) -> str:
    """SHA-256 of anything that JSON can hold, in the one form."""
    return hashlib.sha256(encoded(value).encode()).hexdigest()
