"""The sheet of a workbook that explains the others: what each column takes. Nothing in it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from organisations.portfolios.workbook.cells import Raw
from organisations.portfolios.workbook.layout import CellKind, RowShape, SheetColumn, SheetLayout
from organisations.portfolios.workbook.sheets import Filed

NAME = "notes"

COLUMNS = tuple(
    SheetColumn(heading, (), CellKind.TEXT)
    for heading in ("sheet", "column", "needed", "takes", "values", "example", "meaning")
)

HOW_TO = (
    "Each sheet holds one kind of record, one record to a row. Sheets and columns you do not need may stay empty.",
    "Leave a cell empty where a value is not known. Do not write 0, n/a or a dash for it.",
    "A column that repeats a code, such as body or change, says which record the row belongs to.",
    "Write values, not formulas. Codes are text: a cell that looks like 5E1 must be formatted as text.",
    "Text that begins with =, +, - or @ stands here with an apostrophe before it; loading takes that away again.",
    "CSV files are in UTF-8, with commas between the values and dates as 2010-04-01.",
    "This sheet is never read. Load the file on the page Load: it is checked first, and nothing is half-loaded.",
)

EXAMPLES: Mapping[CellKind, str] = {
    CellKind.CODES: "X-AAA X-BBB",
    CellKind.DATE: "2010-04-01",
    CellKind.WHOLE: "90000",
    CellKind.DECIMAL: "1250.75",
    CellKind.TRUTH: "TRUE",
}


def notes(layouts: Sequence[SheetLayout]) -> Filed:
    """The sheet of notes."""
    rows: list[list[Raw]] = [[*(None for _ in COLUMNS[1:]), line] for line in HOW_TO]
    for layout in layouts:
        rows.append([layout.name, None, _needed(layout), None, None, None, _purpose(layout)])
        rows.extend(_columns(layout, layouts))
    return NAME, COLUMNS, rows


def _needed(layout: SheetLayout) -> str:
    """Whether a sheet must have rows."""
    if not layout.least:
        return "no"
    rows = "one row" if layout.least == 1 else f"{layout.least} rows"
    return f"yes, at least {rows} for each {layout.owner}" if layout.owner else f"yes, {rows}"


def _purpose(layout: SheetLayout) -> str:
    if layout.about:
        return layout.about
    each = "A text" if layout.shape is RowShape.SENTENCE else f"A text for each {layout.columns[0].heading}"
    return f"{each} of a {layout.owner}." if layout.owner else f"{each} of the portfolio."


def _columns(layout: SheetLayout, layouts: Sequence[SheetLayout]) -> Iterator[list[Raw]]:
    for column in layout.columns_with_owner:
        takes = column.kind.label
        if column.longest:
            takes = f"{takes}, up to {column.longest:,} characters"
        example = EXAMPLES.get(column.kind, column.allowed[0] if column.allowed else None)
        meaning = column.about or (_around(layout, layouts) if column.heading == layout.owner else None)
        needed = "yes" if column.required else column.needed or "no"
        yield [layout.name, column.heading, needed, takes, ", ".join(column.allowed) or None, example, meaning]


def _around(layout: SheetLayout, layouts: Sequence[SheetLayout]) -> str:
    kinds = {holder.kind for holder in layout.holders}
    sheets = " or ".join(each.name for each in layouts if each.kind in kinds)
    return f"Which {layout.owner} the row belongs to, as it is called on the sheet {sheets}."
