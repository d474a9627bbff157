"""From the raw sheets of a file to tables whose columns are known, with a fault for every cell that cannot be read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from openpyxl.utils import get_column_letter

from organisations.portfolios.faults_of_files import MOST_COUNTED
from organisations.portfolios.reading import DocumentFault, Found, SheetPlace, shown
from organisations.portfolios.workbook.cells import Raw, UnreadableCell, is_blank, value_of
from organisations.portfolios.workbook.layout import SheetColumn, SheetLayout
from organisations.portfolios.workbook.sheets import RawSheet

LEFT_ASIDE = ("notes", "lists")
"""Sheets of a template that explain; nothing in them is read."""


@dataclass(frozen=True)
class SheetRow:
    """A row: its number, its values by heading, and by heading the faults of cells that could not be read."""

    number: int
    values: Mapping[str, Any]
    unread: Mapping[str, DocumentFault]


@dataclass
class SheetTable:
    """A sheet as read: its rows, and the headings of columns it must have and has not."""

    layout: SheetLayout
    sheet: SheetPlace
    rows: list[SheetRow] = field(default_factory=list)
    missing: frozenset[str] = frozenset()

    def fault(self, message: str, line: int | None = None, about: str = "", value: object = "") -> DocumentFault:
        """A fault on this sheet."""
        return DocumentFault(message, line=line, sheet=self.sheet, field=about, value=shown(str(value)))


class Tables:
    """Reads sheets one after another, keeping every fault."""

    def __init__(self, layouts: Sequence[SheetLayout]) -> None:
        self.layouts = {layout.name: layout for layout in layouts}
        self.numbers = {layout.name: number for number, layout in enumerate(layouts, start=1)}
        self.faults = Found()
        self.unread = 0
        self.partial: set[str] = set()

    def read(self, sheets: Iterable[RawSheet]) -> dict[str, SheetTable]:
        """The tables of a workbook by name."""
        tables: dict[str, SheetTable] = {}
        for found in sheets:
            name = found.name.strip().lower()
            sheet = SheetPlace(self.numbers.get(name, len(self.numbers) + 1), shown(found.name))
            if name in LEFT_ASIDE:
                continue
            self.faults.extend(DocumentFault(words, line=line, sheet=sheet) for words, line in found.faults)
            if not found.whole:
                self.partial.add(name)
                if not found.rows:
                    continue
            if name not in self.layouts:
                words = f"There is no such sheet here. {_hint(name, tuple(self.layouts), 'sheets')}"
                self.faults.append(DocumentFault(words, sheet=sheet))
            elif name in tables:
                self.faults.append(
                    DocumentFault(f"There are two sheets called {name}. Put them together.", sheet=sheet)
                )
            else:
                tables[name] = self._table(SheetTable(self.layouts[name], sheet), found.rows)
        return tables

    def _table(self, table: SheetTable, rows: Sequence[tuple[int, tuple[Raw, ...]]]) -> SheetTable:
        if not rows:
            return table
        top, headings = rows[0]
        columns = dict(self._columns(table, top, headings))
        read = (self._row(table, columns, number, cells) for number, cells in rows[1:])
        table.rows = [row for row in takewhile(self._goes_on, read) if row.values or row.unread]
        present = {column.heading for column in columns.values() if column is not None}
        table.missing = frozenset(
            column.heading
            for column in table.layout.columns_with_owner
            if column.required and column.heading not in present and table.rows
        )
        for heading in sorted(table.missing):
            self.faults.append(table.fault("This column is missing and must be there.", top, heading))
        return table

    def _goes_on(self, row: SheetRow) -> bool:
        """Whether there is sense in reading on: not past as many faults as are counted."""
        self.unread += len(row.unread)
        self.faults.cut = self.faults.cut or max(self.unread, len(self.faults)) > MOST_COUNTED
        return not self.faults.cut

    def _columns(
        self, table: SheetTable, top: int, headings: Sequence[Raw]
    ) -> Iterator[tuple[int, SheetColumn | None]]:
        """The column that stands at each place of the rows; None for one that is not read."""
        known = {column.heading: column for column in table.layout.columns_with_owner}
        seen: set[str] = set()
        for place, raw in enumerate(headings):
            if is_blank(raw):
                continue
            heading = str(raw).strip().lower()
            if heading in seen:
                words = "This column is there twice. Keep one of them."
                self.faults.append(table.fault(words, top, heading))
                yield place, None
            elif heading not in known:
                words = f"There is no such column here. {_hint(heading, tuple(known), 'columns')}"
                self.faults.append(table.fault(words, top, shown(str(raw))))
                yield place, None
            else:
                yield place, known[heading]
            seen.add(heading)

    def _row(
        self, table: SheetTable, columns: Mapping[int, SheetColumn | None], number: int, cells: Sequence[Raw]
    ) -> SheetRow:
        values: dict[str, Any] = {}
        unread: dict[str, DocumentFault] = {}
        for place, raw in enumerate(cells):
            if is_blank(raw):
                continue
            if place not in columns:
                words = f"Column {get_column_letter(place + 1)} has no heading, so nobody can tell what this means."
                self.faults.append(table.fault(words, number, value=raw))
                continue
            column = columns[place]
            if column is None:
                continue
            try:
                values[column.heading] = value_of(raw, column)
            except UnreadableCell as fault:
                unread[column.heading] = table.fault(str(fault), number, column.heading, raw)
        return SheetRow(number, values, unread)


def _hint(name: str, choices: Sequence[str], what: str) -> str:
    near = difflib.get_close_matches(name, choices, n=1)
    return f"Is it {near[0]}?" if near else f"The {what} are {', '.join(choices)}."
