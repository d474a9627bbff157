"""The formats reference records are imported from and exported to. Files are read within limits.

Spreadsheets would run a cell that begins like a formula; such cells get an apostrophe in front when they are written
and lose it when they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import tablib
from import_export.formats import base_formats

from organisations.portfolios.reading import DocumentRefused, parse
from organisations.portfolios.workbook import packing, xlsx
from organisations.portfolios.workbook.cells import Failure, Formula
from pcorg.core.api.streaming import cell
from pcorg.core.spreadsheets import unshielded

LARGEST = 2 * 1024 * 1024
"""Bytes of the largest file taken."""

MOST_ROWS = 5_000


class UnreadableFile(ValueError):
    """A file that cannot be read as what it is said to be; says why and what to do."""


class Csv(base_formats.CSV):
    """Comma-separated values, UTF-8."""

    def create_dataset(self, in_stream: str | bytes, **kwargs: Any) -> tablib.Dataset:
        return _within(_changed(super().create_dataset(in_stream, **kwargs), _unshielded))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> str:
        return super().export_data(_changed(dataset, cell), **kwargs)


class Xlsx(base_formats.XLSX):
    """The first sheet of a workbook."""

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        try:
            packing.opened(in_stream).close()
            sheet, *_ = xlsx.sheets_of(in_stream)
        except packing.Unfit as unfit:
            raise UnreadableFile(str(unfit)) from unfit
        worked_out = [str(number) for number, row in sheet.rows if any(isinstance(c, Formula | Failure) for c in row)]
        if worked_out:
            raise UnreadableFile(
                f"Formulas are not read. Put their results there instead, in rows {', '.join(worked_out)}."
            )
        rows = [row for _, row in sheet.rows]
        width = max((number for row in rows for number, value in enumerate(row, 1) if value is not None), default=0)
        first, *others = ([*row, *[None] * width][:width] for row in rows or [()])
        headers = ["" if name is None else str(name) for name in first]
        return _within(_dataset(headers, ([_unshielded(value) for value in row] for row in others)))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return super().export_data(_changed(dataset, cell), **kwargs)


class Json(base_formats.JSON):
    """A list of objects, all with the same names."""

    def create_dataset(self, in_stream: str | bytes, **kwargs: Any) -> tablib.Dataset:
        return _records(in_stream)


class Yaml(base_formats.YAML):
    """A list of records, all with the same names. Anchors and aliases are not read."""

    def create_dataset(self, in_stream: str | bytes, **kwargs: Any) -> tablib.Dataset:
        return _records(in_stream)


FORMATS = [Csv, Xlsx, Json, Yaml]


def _records(content: str | bytes) -> tablib.Dataset:
    """Records of a JSON or YAML document."""
    try:
        data = parse(content.encode() if isinstance(content, str) else content, name="the file").data
    except DocumentRefused as refused:
        raise UnreadableFile(" ".join(str(fault) for fault in refused.faults)) from refused
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        raise UnreadableFile("The file must hold a list of records, each with names and values.")
    headers = list(data[0]) if data else []
    uneven = [str(number) for number, record in enumerate(data, 1) if record.keys() != set(headers)]
    if uneven:
        raise UnreadableFile(f"Every record must have the names of the first. These have others: {', '.join(uneven)}.")
    return _within(_dataset(headers, ([record[name] for name in headers] for record in data)))


def _within(dataset: tablib.Dataset) -> tablib.Dataset:
    if len(dataset) > MOST_ROWS:
        raise UnreadableFile(f"The file has more than {MOST_ROWS:,} rows. Divide it.")
    return dataset


def _changed(dataset: tablib.Dataset, change: Callable[[Any], Any]) -> tablib.Dataset:
    return _dataset(dataset.headers, ([change(value) for value in row] for row in dataset))


def _dataset(headers: Sequence[str] | None, rows: Iterable[list[Any]]) -> tablib.Dataset:
    made = tablib.Dataset(headers=headers)
    made.extend(rows)
    return made


def _unshielded(value: Any) -> Any:
    return unshielded(value) if isinstance(value, str) else value
