"""Random documents as plain data, of every sheet that a workbook can have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st

from organisations.portfolios.workbook.layout import CellKind, RowShape, SheetColumn, SheetLayout

CODE = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,9}", fullmatch=True)
NASTY = st.sampled_from(
    ["=1+1", "'=1", "''@x", "'Tis", "-5", "+44", "\tx", "#N/A", "_x000D_", "_x0041\r", "5E1", "  a "]
)
TEXT = NASTY | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)


def values(column: SheetColumn) -> st.SearchStrategy[Any]:
    """What a column can hold."""
    match column.kind:
        case CellKind.CODE:
            return CODE
        case CellKind.CODES:
            return st.lists(CODE, min_size=1, max_size=3)
        case CellKind.TEXT:
            return TEXT
        case CellKind.CHOICE:
            return st.sampled_from(column.allowed)
        case CellKind.DATE:
            return st.dates(date(1900, 1, 1), date(2200, 1, 1))
        case CellKind.WHOLE:
            return st.integers(-(10**17), 10**17)
        case CellKind.DECIMAL:
            return st.decimals(-(10**12), 10**12, places=6) | st.decimals(Decimal(-1), Decimal(1), places=15)
        case CellKind.TRUTH:
            return st.booleans()


@st.composite
def documents(draw: st.DrawFn, layouts: Sequence[SheetLayout]) -> dict[str, Any]:
    """A document with some of everything. Its records may contradict one another: that is not the workbook's affair."""
    numbers = count()
    data: dict[str, Any] = {}
    top = layouts[0]
    _fill(draw, data, top)
    _lists(draw, data, "", layouts, numbers)
    return data


def _fill(draw: st.DrawFn, record: dict[str, Any], layout: SheetLayout) -> None:
    for column in layout.columns:
        if column is layout.columns[0] or draw(st.booleans()):
            *way, last = column.steps
            inner = record
            for step in way:
                inner = inner.setdefault(step, {})
            inner[last] = draw(values(column))


def _lists(
    draw: st.DrawFn, record: dict[str, Any], kind: str, layouts: Sequence[SheetLayout], numbers: count[int]
) -> None:
    for layout in layouts:
        for holder in layout.holders:
            if holder.kind == kind and draw(st.booleans()):
                *way, last = holder.steps
                inner = record
                for step in way:
                    inner = inner.setdefault(step, {})
                inner[last] = _entries(draw, layout, layouts, numbers)


def _entries(draw: st.DrawFn, layout: SheetLayout, layouts: Sequence[SheetLayout], numbers: count[int]) -> Any:
    size = draw(st.integers(1, 2))
    if layout.shape is RowShape.SENTENCE:
        return [draw(TEXT) for _ in range(size)]
    if layout.shape is RowShape.PAIR:
        return draw(st.dictionaries(CODE, TEXT, min_size=1, max_size=2))
    entries = []
    for _ in range(size):
        entry: dict[str, Any] = {}
        _fill(draw, entry, layout)
        if layout.key:
            entry[layout.key] = f"X-{next(numbers)}"
        _lists(draw, entry, layout.kind, layouts, numbers)
        entries.append(entry)
    return entries
