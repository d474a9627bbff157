"""Workbooks as XLSX files, by openpyxl: read row by row, with formulas told apart from their results."""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from organisations.portfolios.workbook.cells import Failure, Formula, Raw
from organisations.portfolios.workbook.layout import CellKind, SheetColumn
from organisations.portfolios.workbook.packing import Elements, Unfit, pieces_of
from organisations.portfolios.workbook.sheets import MOST_ROWS, Counter, Filed, RawSheet

UNREADABLE = (
    *(AttributeError, EOFError, IndexError, KeyError, OSError, OverflowError, RuntimeError, TypeError, ValueError),
    *(BadZipFile, ParseError, zlib.error),
)
"""What openpyxl and the parsers under it raise on files that are not what they say they are."""

MOST_ELEMENTS = 2_000_000
"""Elements of one sheet: up to four for each cell, with its end."""

MOST_STRINGS = 500_000
"""Elements of the texts that the sheets of a workbook share."""

FEW_ELEMENTS = 20_000
"""Elements of other kinds: of styles, names and properties."""

LISTS = "lists"
"""The hidden sheet with the values that cells can be chosen from."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4})|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_WIDTHS = {CellKind.CODE: 16, CellKind.CODES: 24, CellKind.TEXT: 36, CellKind.CHOICE: 18}


def sheets_of(content: bytes) -> list[RawSheet]:
    """The sheets of an XLSX file that `packing` has looked at. Raises Unfit."""
    _look_through(content)
    counter = Counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions of Excel that openpyxl leaves aside
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            return [RawSheet(sheet.title, counter.rows(sheet.title, _rows(sheet))) for sheet in book.worksheets]
    except UNREADABLE:
        raise Unfit("This workbook is damaged: it cannot be read. Save it again as XLSX and try once more.") from None


def _look_through(content: bytes) -> None:
    """Look at the elements of all parts of a workbook before anything is built of them. Raises Unfit."""
    with ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if not entry.filename.endswith((".xml", ".rels")):
                continue
            most = MOST_STRINGS if entry.filename == "xl/sharedStrings.xml" else FEW_ELEMENTS
            if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                most = MOST_ELEMENTS
            elements = Elements(entry.filename, most=most, others=FEW_ELEMENTS)
            for piece in pieces_of(content, entry):
                elements.look_at(piece)
            elements.look_at(b"", last=True)


def _rows(sheet: Any) -> Iterator[tuple[Raw, ...]]:
    sheet.reset_dimensions()  # what a file says of its own size need not be true
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1):
        yield tuple(_raw(cell) for cell in row)


def _raw(cell: Any) -> Raw:
    value: Any = cell.value
    match cell.data_type:
        case "f":
            return Formula(str(getattr(value, "text", value)))
        case "e":
            return Failure(str(value))
    return unescaped(value) if isinstance(value, str) else value


def unescaped(text: str) -> str:
    """A text as it was before XLSX wrote characters that XML cannot hold as `_x000D_`."""

    def character(found: re.Match[str]) -> str:
        code = int(found[1], 16)
        return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)

    return _ESCAPED.sub(character, text) if "_x" in text else text


def escaped(text: str) -> str:
    """A text as XLSX writes it."""
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def as_xlsx(sheets: Iterable[Filed], known_choices: Mapping[str, Sequence[str]]) -> bytes:
    """A workbook with a sheet for each name, its columns and rows. Columns that take one of several values get them as
    a list to choose from; `known_choices` are further lists, by the heading they are for."""
    book = openpyxl.Workbook(write_only=True)
    choices = _Choices(known_choices)
    for name, columns, rows in sheets:
        _write(book.create_sheet(name), columns, rows, choices)
    choices.write(book.create_sheet(LISTS))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(sheet: Any, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Raw]], choices: _Choices) -> None:
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(_WIDTHS.get(column.kind, 12), len(column.heading) + 2)
        if column.kind in {CellKind.CODE, CellKind.CODES, CellKind.TEXT}:
            sheet.column_dimensions[letter].number_format = "@"  # what is typed stays what it is
        chosen_from = choices.range_for(column)
        if chosen_from:
            rule = DataValidation("list", formula1=chosen_from, allow_blank=True, showErrorMessage=True)
            rule.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.data_validations.append(rule)
    sheet.append([_heading(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, raw) for raw in row])


def _heading(sheet: Any, column: SheetColumn) -> Cell:
    cell = WriteOnlyCell(sheet, value=column.heading)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, raw: Raw) -> Cell | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        cell = WriteOnlyCell(sheet, value=raw)  # type: ignore[arg-type]
        if isinstance(raw, date | datetime):
            cell.number_format = "yyyy-mm-dd"
        elif isinstance(raw, Decimal):
            cell.number_format = "General"
        return cell
    cell = WriteOnlyCell(sheet, value="")
    cell.value = escaped(raw)
    cell.data_type = "s"  # a text, whatever it looks like
    cell.number_format = "@"
    if len(raw) > _WIDTHS[CellKind.TEXT]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


class _Choices:
    """The values that cells can be chosen from, each list in a column of a hidden sheet."""

    def __init__(self, choices: Mapping[str, Sequence[str]]) -> None:
        self.known = choices
        self.columns: list[tuple[str, ...]] = []

    def range_for(self, column: SheetColumn) -> str:
        """Where the values of a column stand; empty where it takes anything."""
        values = ("TRUE", "FALSE") if column.kind is CellKind.TRUTH else column.allowed
        values = values or tuple(self.known.get(column.heading.rsplit(".", 1)[-1], ()))
        if not values:
            return ""
        if values not in self.columns:
            self.columns.append(values)
        letter = get_column_letter(self.columns.index(values) + 1)
        return f"{LISTS}!${letter}$1:${letter}${len(values)}"

    def write(self, sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        for number in range(max((len(values) for values in self.columns), default=0)):
            row = [values[number] if number < len(values) else None for values in self.columns]
            sheet.append([_cell(sheet, value) for value in row])
