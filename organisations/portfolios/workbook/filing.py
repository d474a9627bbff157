"""From a document to the sheets of a workbook and its file: the way back from `assembling`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from organisations.portfolios.workbook import xlsx, zipped
from organisations.portfolios.workbook.cells import Raw, raw_of
from organisations.portfolios.workbook.layout import Holder, RowShape, SheetLayout
from organisations.portfolios.workbook.notes import notes
from organisations.portfolios.workbook.sheets import Filed

Data = Mapping[str, Any]
Choices = Mapping[str, Sequence[str]]
"""Values to choose from, by the heading of the columns that take them."""


def as_xlsx(data: Data, layouts: Sequence[SheetLayout], choices: Choices) -> bytes:
    """An XLSX workbook; an empty document gives a template to fill in."""
    return xlsx.as_xlsx([notes(layouts), *filed(data, layouts)], choices)


def as_zip(data: Data, layouts: Sequence[SheetLayout]) -> bytes:
    """CSV files in a ZIP; an empty document gives a template to fill in."""
    return zipped.as_zip([notes(layouts), *filed(data, layouts)])


def filed(data: Data, layouts: Sequence[SheetLayout]) -> list[Filed]:
    """The sheets of a document, each with its rows in the order of the document; those without any too."""
    filing = _Filing(layouts)
    filing.document(data)
    return [(layout.name, layout.columns_with_owner, filing.rows[layout.name]) for layout in layouts]


class _Filing:
    """Walks a document once, a row at a time."""

    def __init__(self, layouts: Sequence[SheetLayout]) -> None:
        self.layouts = layouts
        self.rows: dict[str, list[list[Raw]]] = {layout.name: [] for layout in layouts}
        self.within: dict[str, list[tuple[Holder, SheetLayout]]] = {}
        for layout in layouts:
            for holder in layout.holders:
                self.within.setdefault(holder.kind, []).append((holder, layout))

    def document(self, data: Data) -> None:
        """The whole document."""
        for layout in self.layouts:
            if layout.shape is RowShape.TOP and data:
                self.rows[layout.name].append(list(_cells(data, layout)))
        self._lists("", data, key=None)

    def _lists(self, kind: str, record: Data, key: str | None) -> None:
        """What stands in a record, on sheets of its own."""
        for holder, layout in self.within.get(kind, ()):
            entries = _at(record, holder.steps)
            start: list[Raw] = [key] if layout.owner else []
            rows = self.rows[layout.name]
            match layout.shape:
                case RowShape.RECORD:
                    for entry in entries or ():
                        rows.append([*start, *_cells(entry, layout)])
                        self._lists(layout.kind, entry, entry.get(layout.key))
                case RowShape.SENTENCE:
                    (text,) = layout.columns
                    rows.extend([*start, raw_of(entry, text)] for entry in entries or ())
                case RowShape.PAIR:
                    named, text = layout.columns
                    rows.extend(
                        [*start, raw_of(name, named), raw_of(entry, text)] for name, entry in (entries or {}).items()
                    )


def _cells(record: Data, layout: SheetLayout) -> Iterator[Raw]:
    for column in layout.columns:
        yield raw_of(_at(record, column.steps), column)


def _at(record: Data, steps: Sequence[str]) -> Any:
    found: Any = record
    for step in steps:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
