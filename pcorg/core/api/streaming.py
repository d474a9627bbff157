"""Whole lists as CSV or newline-delimited JSON, sent as they are read."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import getitem
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from pcorg.core.api.content import as_json
from pcorg.core.api.rows import Rows
from pcorg.core.batches import batches
from pcorg.core.spreadsheets import shielded

CHUNK = 1000
Column = str | tuple[str, ...]
"""A column by the name of its field, or by the names that lead to a nested one."""
Attach = Callable[[list[dict[str, Any]], list[tuple]], None]


def records(rows: QuerySet, shape: Rows, attach: Attach) -> Iterator[list[dict[str, Any]]]:
    """The records of a query of tuples in chunks, with what hangs on them."""
    for chunk in batches(rows.iterator(chunk_size=CHUNK), CHUNK):
        found = [shape(row) for row in chunk]
        attach(found, chunk)
        yield found


def with_each(chunks: Iterable[list[dict[str, Any]]], **more: Any) -> Iterator[list[dict[str, Any]]]:
    """The same records, each with what holds of all of them."""
    for chunk in chunks:
        yield [{**record, **more} for record in chunk]


def ndjson(chunks: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    """One JSON object a line."""
    for chunk in chunks:
        yield b"".join(as_json(record) + b"\n" for record in chunk)


def table(chunks: Iterable[list[dict[str, Any]]], columns: Sequence[Column]) -> Iterator[bytes]:
    """Comma-separated values with a heading row; nested values in columns of their own (`form_slug`), lists in one
    cell separated by spaces, lists of objects and objects without fixed fields as JSON. Cells that a spreadsheet
    would take for a formula get an apostrophe in front."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    paths = [(column,) if isinstance(column, str) else column for column in columns]
    writer.writerow("_".join(path) for path in paths)
    for chunk in chunks:
        writer.writerows([cell(functools.reduce(getitem, path, record)) for path in paths] for record in chunk)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def sheet(rows: list[dict[str, Any]], columns: Sequence[str], name: str) -> StreamingHttpResponse:
    """A table as a file to keep, `name` without its ending."""
    answer = StreamingHttpResponse(
        table([rows], [(column,) for column in columns]), content_type="text/csv; charset=utf-8; header=present"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def cell(value: Any) -> Any:
    """A value as a cell."""
    if isinstance(value, list) and not any(isinstance(part, dict) for part in value):
        value = " ".join(str(part) for part in value)
    elif isinstance(value, dict | list):
        value = as_json(value).decode()
    elif isinstance(value, bool):
        value = "true" if value else "false"
    return shielded(value) if isinstance(value, str) else value
