"""Workbooks as CSV files in a ZIP: one file for each sheet, in UTF-8, with commas between the values."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from organisations.portfolios.decoding import COMMA, SAVE_AS, SEPARATORS, Misread, decoded, separator_of
from organisations.portfolios.workbook.cells import Raw, written
from organisations.portfolios.workbook.sheets import Counter, Filed, RawSheet

SUFFIX = ".csv"
LEFT_ASIDE = ("__MACOSX/", ".")
"""How names begin that packing programs add."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file inside, so that the same portfolio is the same ZIP."""


def sheets_of(archive: zipfile.ZipFile) -> list[RawSheet]:
    """The sheets of a ZIP of CSV files that `packing` has looked at, as far as they can be read. Raises Unfit where
    there are too many cells."""
    counter = Counter()
    sheets: dict[str, RawSheet] = {}
    others: list[RawSheet] = []
    for entry in archive.infolist():
        name = entry.filename.rsplit("/", 1)[-1]
        if entry.is_dir() or entry.filename.startswith(LEFT_ASIDE) or name.startswith("."):
            continue
        sheet = name[: -len(SUFFIX)]
        if not name.lower().endswith(SUFFIX):
            others.append(_unread(name, "This is not a CSV file. Take it out of the ZIP."))
        elif sheet in sheets:
            others.append(_unread(name, f"Two files inside are called {name}. Put them together."))
        else:
            sheets[sheet] = _sheet(archive, entry, sheet, counter)
    return [*sheets.values(), *others]


def _unread(name: str, words: str) -> RawSheet:
    return RawSheet(name, (), ((words, None),), whole=False)


def _sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, counter: Counter) -> RawSheet:
    """One CSV file. What is wrong with its encoding or its separator is told, and it is read on."""
    try:
        text, faults = decoded(archive.read(entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
        return _unread(name, "This file is damaged inside the ZIP: it cannot be expanded.")
    separator = separator_of(text)
    if separator != COMMA:
        words = f"The values are separated by {SEPARATORS[separator]}, not by commas. Save it as {SAVE_AS}."
        faults.append((words, 1))
    reader = _Reader(text, separator)
    del text
    rows = counter.rows(name, reader.rows())
    return RawSheet(name, rows, (*faults, *reader.faults), whole=not reader.faults)


class _Reader:
    """Rows of a CSV file, up to the first that cannot be read."""

    def __init__(self, text: str, separator: str) -> None:
        self.reader = csv.reader(_lines(text), strict=True, delimiter=separator)
        self.faults: list[Misread] = []

    def rows(self) -> Iterator[tuple[Raw, ...]]:
        try:
            for row in self.reader:
                yield tuple(row)
        except csv.Error as error:
            line = self.reader.line_num
            words = f"This is not well-formed CSV near line {line:,}: {error}. Nothing after it is read."
            self.faults.append((words, line))


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, one at a time: a StringIO would take four bytes for each character."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def as_zip(sheets: Iterable[Filed]) -> bytes:
    """A ZIP with a CSV file for each sheet. The byte order mark tells spreadsheets that the text is UTF-8."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns, rows in sheets:
            text = io.StringIO(newline="")
            writer = csv.writer(text)
            writer.writerow([column.heading for column in columns])
            writer.writerows([written(raw) for raw in row] for row in rows)
            entry = zipfile.ZipInfo(f"{name}{SUFFIX}", EPOCH)
            archive.writestr(entry, text.getvalue().encode("utf-8-sig"), compress_type=zipfile.ZIP_DEFLATED)
    return stream.getvalue()
