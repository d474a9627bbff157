"""Looking through the XML of a workbook before anything is built of it: openpyxl keeps what it does not know, and a row
until its end."""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from organisations.portfolios.workbook.packing import DAMAGED, Unfit

MOST_BELOW = 16_384
"""Elements within one that is no list: the columns that a spreadsheet has at most."""

LISTS = frozenset({"sheetData", "sst"})
"""Elements of which openpyxl keeps nothing but what it makes of those within."""

KNOWN = frozenset(
    {
        *(("sheetData", "row"), ("row", "c"), ("c", "v"), ("c", "is"), ("c", "f"), ("is", "t"), ("is", "r")),
        *(("sst", "si"), ("si", "t"), ("si", "r"), ("r", "t"), ("r", "rPr")),
    }
)
"""Which elements a workbook has many of, each with the one around it."""


class Elements:
    """Looks at the elements of one file piece by piece. Raises Unfit where there are too many."""

    def __init__(self, name: str, *, most: int, others: int) -> None:
        self.name = name[:60]
        self.left = most
        self.others = others
        self.around: list[tuple[str, int]] = [("", 0)]
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse

    def look_at(self, piece: bytes, *, last: bool = False) -> None:
        """Look at the next piece."""
        try:
            self.parser.Parse(piece, last)
        except expat.ExpatError:
            raise Unfit(DAMAGED) from None

    def _begin(self, name: str, attributes: object) -> None:
        name = name.rpartition(":")[2]
        around, number = self.around[-1]
        self.around[-1] = (around, number + 1)
        self.left -= 1
        if (around, name) not in KNOWN:
            self.others -= 1
        if self.left < 0 or self.others < 0 or (number >= MOST_BELOW and around not in LISTS):
            raise Unfit(f"“{self.name}” holds too much to be read: copy the values into a new workbook, or in parts.")
        self.around.append((name, 0))

    def _end(self, name: str) -> None:
        self.around.pop()

    def _refuse(self, *declared: object) -> NoReturn:
        raise Unfit(DAMAGED)
