"""The sheets of a workbook as they come out of a file, whichever kind of file it is, and as they go into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from organisations.portfolios.decoding import Misread
from organisations.portfolios.workbook.cells import Raw, is_blank
from organisations.portfolios.workbook.layout import SheetColumn
from organisations.portfolios.workbook.packing import Unfit

Filed = tuple[str, Sequence[SheetColumn], list[list[Raw]]]
"""A sheet to write: its name, columns and rows."""

MOST_CELLS = 500_000
"""Cells of one workbook, blank ones between others too."""

MOST_ROWS = 200_000
"""Rows of one sheet, blank ones between others too."""

MOST_FILLED = 80_000
"""Rows of one workbook that are not blank."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet: its name, and its rows that are not blank, each with its number from 1. `faults` are those of the file
    it was read from, each with its line; `whole` tells whether it could be read to its end."""

    name: str
    rows: tuple[tuple[int, tuple[Raw, ...]], ...]
    faults: tuple[Misread, ...] = ()
    whole: bool = True


class Counter:
    """Counts the cells of a workbook while it is read. Raises Unfit where there are too many."""

    def __init__(self) -> None:
        self.left = MOST_CELLS
        self.filled = 0

    def rows(self, name: str, found: Iterable[tuple[Raw, ...]]) -> tuple[tuple[int, tuple[Raw, ...]], ...]:
        """The rows of a sheet that are not blank, with their numbers."""
        kept = []
        for number, cells in enumerate(found, start=1):
            self.left -= len(cells)
            if self.left < 0:
                raise Unfit(f"There are more than {MOST_CELLS:,} cells. Load the portfolio in parts.")
            if number > MOST_ROWS:
                raise Unfit(f"The sheet {name} has more than {MOST_ROWS:,} rows. Load the portfolio in parts.")
            if not all(map(is_blank, cells)):
                self.filled += 1
                if self.filled > MOST_FILLED:
                    raise Unfit(f"There are more than {MOST_FILLED:,} rows in all. Load the portfolio in parts.")
                kept.append((number, cells))
        return tuple(kept)
