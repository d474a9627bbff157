"""Workbooks as CSV files in a ZIP: one file for each sheet, in UTF-8, with commas between the values."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from organisations.ingest.workbook.cells import Raw, written
from organisations.ingest.workbook.filing import Filed
from organisations.ingest.workbook.packing import Unfit
from organisations.ingest.workbook.sheets import Counter, RawSheet

SUFFIX = ".csv"
LEFT_ASIDE = ("__MACOSX/", ".")
"""How names begin that packing programs add."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file inside, so that the same portfolio is the same ZIP."""


def sheets_of(archive: zipfile.ZipFile) -> list[RawSheet]:
    """The sheets of a ZIP of CSV files that `packing` has looked at. Raises Unfit."""
    counter = Counter()
    sheets: dict[str, RawSheet] = {}
    for entry in archive.infolist():
        name = entry.filename.rsplit("/", 1)[-1]
        if entry.is_dir() or entry.filename.startswith(LEFT_ASIDE) or name.startswith("."):
            continue
        if not name.lower().endswith(SUFFIX):
            raise Unfit(f"“{name[:60]}” is not a CSV file. Take it out of the ZIP.")
        sheet = name[: -len(SUFFIX)]
        if sheet in sheets:
            raise Unfit(f"Two files inside are called {sheet}.csv.")
        try:
            text = archive.read(entry).decode("utf-8-sig")
            sheets[sheet] = RawSheet(sheet, counter.rows(sheet, _rows(name, text)))
        except UnicodeDecodeError as error:
            told = f"{name[:60]} is not UTF-8 text: byte {error.start:,} cannot be read. "
            raise Unfit(f"{told}Save it as “CSV UTF-8 (comma delimited)”.") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
            raise Unfit(f"{name[:60]} is damaged inside the ZIP: it cannot be expanded.") from None
    return list(sheets.values())


def _rows(name: str, text: str) -> Iterator[tuple[Raw, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as error:
        raise Unfit(f"{name[:60]} is not well-formed CSV near line {reader.line_num:,}: {error}.") from None


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
