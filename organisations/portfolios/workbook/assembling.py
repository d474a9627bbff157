"""From the tables of a workbook to one document: plain data, and the sheet and row where every value stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from organisations.portfolios.reading import DocumentFault, DocumentRefused, Found, Place, SheetPlace, Text, pointer
from organisations.portfolios.suggestions import near_code
from organisations.portfolios.workbook.layout import TEXT, Holder, RowShape, SheetLayout, processing_order
from organisations.portfolios.workbook.sheets import RawSheet
from organisations.portfolios.workbook.tables import SheetRow, SheetTable, Tables

MISSING = "This is missing and must be given."


def assembled(sheets: Iterable[RawSheet], layouts: Sequence[SheetLayout], *, name: str, sha256: str) -> Text:
    """The document that sheets state, with every fault found in reading them."""
    reader = Tables(layouts)
    tables = reader.read(sheets)
    assembly = _Assembly(layouts, frozenset(reader.partial))
    for layout in processing_order(layouts):
        assembly.add(layout, tables.get(layout.name))
    found = Found([*reader.faults, *assembly.faults])
    found.rest, found.cut = reader.faults.rest + assembly.faults.rest, found.cut or reader.faults.cut
    if found.too_many:
        raise DocumentRefused(name, found)
    return Text(
        name,
        assembly.data,
        sha256,
        lines=assembly.lines,
        sheets=assembly.sheets,
        columns=assembly.columns,
        faults=tuple(found),
        reported=frozenset(assembly.reported),
        partial=frozenset(reader.partial),
    )


@dataclass(frozen=True)
class _Held:
    """A record that others may stand in: what it says and where it stands."""

    record: dict[str, Any]
    place: Place


class _Assembly:
    """Puts a document together, table by table; what stands in a record comes after it."""

    def __init__(self, layouts: Sequence[SheetLayout], partial: frozenset[str]) -> None:
        self.layouts = layouts
        self.partial = partial
        self.data: dict[str, Any] = {}
        self.faults = Found()
        self.reported: set[Place] = set()
        self.lines: dict[Place, int] = {}
        self.sheets: dict[Place, SheetPlace] = {}
        self.columns: dict[Place, str] = {}
        self.held: dict[tuple[str, str], _Held] = {}

    def add(self, layout: SheetLayout, table: SheetTable | None) -> None:
        """Add the records of a table, if the workbook has it."""
        if layout.shape is RowShape.TOP:
            self._top(layout, table)
            return
        if table is None:
            return
        for row in table.rows:
            found = self._around(layout, table, row)
            if found is None:
                self.faults.extend(row.unread.values())
                continue
            match layout.shape:
                case RowShape.RECORD:
                    self._record(layout, table, row, *found)
                case RowShape.SENTENCE:
                    self._sentence(table, row, *found)
                case RowShape.PAIR:
                    self._pair(layout, table, row, *found)

    def _top(self, layout: SheetLayout, table: SheetTable | None) -> None:
        starts = {column.steps[:1] for column in layout.columns}
        if table is None or not table.rows:
            words = f"The sheet {layout.name} has no row. It says what the portfolio is called and what it covers."
            if layout.name not in self.partial:
                self.faults.append(DocumentFault(words) if table is None else table.fault(words))
            self.reported |= starts
            return
        first, *others = table.rows
        for row in others:
            words = "A workbook holds one portfolio, so that this sheet has one row. Take this one away."
            self.faults.append(table.fault(words, row.number))
        for start in starts:
            self._stand(start, table, first)
        self._fill(self.data, (), layout, table, first)

    def _record(self, layout: SheetLayout, table: SheetTable, row: SheetRow, holder: Holder, around: _Held) -> None:
        listed = _list_at(around.record, holder.steps)
        place = (*around.place, *holder.steps, len(listed))
        record: dict[str, Any] = {}
        listed.append(record)
        self._stand(place, table, row)
        self._fill(record, place, layout, table, row)
        key = record.get(layout.key)
        if isinstance(key, str):
            known = self.held.get((layout.kind, key))
            if known is None or set(known.record) == {layout.key}:  # one that says no more than its key gives way
                self.held[layout.kind, key] = _Held(record, place)

    def _sentence(self, table: SheetTable, row: SheetRow, holder: Holder, around: _Held) -> None:
        listed = _list_at(around.record, holder.steps)
        place = (*around.place, *holder.steps, len(listed))
        listed.append(row.values.get(TEXT))
        self._text(place, table, row)

    def _pair(self, layout: SheetLayout, table: SheetTable, row: SheetRow, holder: Holder, around: _Held) -> None:
        heading = layout.columns[0].heading
        key = row.values.get(heading)
        texts = _record_at(around.record, holder.steps)
        if key is None or key in texts:
            self._need(heading, table, row)
            if key is not None:
                words = f"This {heading} has a text already. Put both into one row."
                self.faults.append(table.fault(words, row.number, heading, key))
            return
        texts[key] = row.values.get(TEXT)
        self._text((*around.place, *holder.steps, key), table, row)

    def _text(self, place: Place, table: SheetTable, row: SheetRow) -> None:
        """Note where a text stands, and the fault where it has one."""
        self._stand(place, table, row)
        self.columns[place] = TEXT
        if not self._need(TEXT, table, row, place):
            self.reported.add(place)

    def _around(self, layout: SheetLayout, table: SheetTable, row: SheetRow) -> tuple[Holder, _Held] | None:
        """The list that a row belongs to and the record around it; None where it names none that is there."""
        if not layout.owner:
            return layout.holders[0], _Held(self.data, ())
        name = row.values.get(layout.owner)
        if name is None:
            if layout.owner not in row.unread and layout.owner not in table.missing:
                words = f"Say which {layout.owner} this belongs to."
                self.faults.append(table.fault(words, row.number, layout.owner))
            return None
        for holder in layout.holders:
            record = self.held.get((holder.kind, name))
            if record is not None:
                return holder, record
        kinds = {holder.kind for holder in layout.holders}
        sheets = [each.name for each in self.layouts if each.kind in kinds]
        if self.partial.intersection(sheets):
            return None
        near = near_code(name, {key for kind, key in self.held if kind in kinds})
        words = f"No row of the sheet {' or '.join(sheets)} is called this. Check the spelling, or add it there.{near}"
        self.faults.append(table.fault(words, row.number, layout.owner, name))
        return None

    def _fill(
        self, record: dict[str, Any], place: Place, layout: SheetLayout, table: SheetTable, row: SheetRow
    ) -> None:
        """Put the values of a row into a record."""
        for column in layout.columns:
            *way, last = column.steps
            if column.heading in row.values:
                _record_at(record, way)[last] = row.values[column.heading]
            elif column.heading in row.unread or column.heading in table.missing:
                _record_at(record, way)[last] = None
                self._need(column.heading, table, row, (*place, *column.steps))
                self.reported.add((*place, *column.steps))
        if layout.owner in row.unread:
            self.faults.append(row.unread[layout.owner])

    def _need(self, heading: str, table: SheetTable, row: SheetRow, place: Place = ()) -> bool:
        """Whether a row has a value, with a fault where it has not and none is told yet."""
        if heading in row.unread:
            self.faults.append(replace(row.unread[heading], pointer=pointer(place)))
        elif heading not in row.values and heading not in table.missing:
            self.faults.append(replace(table.fault(MISSING, row.number, heading), pointer=pointer(place)))
        return heading in row.values

    def _stand(self, place: Place, table: SheetTable, row: SheetRow) -> None:
        self.lines[place] = row.number
        self.sheets[place] = table.sheet


def _record_at(record: dict[str, Any], steps: Sequence[str]) -> dict[str, Any]:
    """The record at the end of some fields, made where it is not there yet."""
    for step in steps:
        record = record.setdefault(step, {})
    return record


def _list_at(record: dict[str, Any], steps: Sequence[str]) -> list[Any]:
    """The list at the end of some fields, made where it is not there yet."""
    listed: list[Any] = _record_at(record, steps[:-1]).setdefault(steps[-1], [])
    return listed
