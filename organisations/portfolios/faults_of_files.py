"""What is wrong with a file: each fault with its place, and a file that is refused for them.

However many there are, the first thousand are told and the rest counted, so that an answer stays small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, NamedTuple

from organisations.specs.wording import Place
from pcorg.core.refusals import Invalid, Problem

MOST_REPORTED = 1_000
"""Faults of a file that are told."""

MOST_COUNTED = 20_000
"""Faults that are found one by one; a file with so many has one cause for most of them."""


class Refers(Enum):
    """What a fault says does not exist, if it says so of anything: a name that the product knows, or a record of the
    document or of what is loaded."""

    NOWHERE = auto()
    CATALOGUE = auto()
    RECORD = auto()


class SheetPlace(NamedTuple):
    """A sheet of a workbook: its number, for the order of reading, and its name."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """One thing wrong with a document: where, what, and what to do.

    `line` is the line of the text, or the row of the sheet in a workbook. `field` is the field or column, and `value`
    what stands there, shortened; both are empty where the fault is about a whole record or the whole document.
    `harmless` is one that says nothing against what rests on the record.
    """

    message: str
    pointer: str = ""
    line: int | None = None
    code: str = "invalid"
    sheet: SheetPlace | None = None
    field: str = ""
    value: str = ""
    refers: Refers = Refers.NOWHERE
    harmless: bool = False

    @property
    def record(self) -> tuple[str, ...]:
        """The first two steps of the pointer: which record of which list the fault is in."""
        return tuple(self.pointer.split("/")[1:3])

    @property
    def where(self) -> str:
        """The place in words: `line 12`, or `sheet bodies, row 3`."""
        if self.sheet is None:
            return f"line {self.line}" if self.line is not None else "document"
        return f"sheet {self.sheet.name}" + (f", row {self.line}" if self.line is not None else "")

    @property
    def problem(self) -> Problem:
        """The same as a problem of a request."""
        line = "row" if self.sheet else "line"
        stands = {"sheet": self.sheet and self.sheet.name, line: self.line, "field": self.field, "value": self.value}
        given = {name: value for name, value in stands.items() if value}
        return Problem(self.code, self.message, self.pointer, given)

    def __str__(self) -> str:
        about = f", {self.field}" if self.field else ""
        given = f" “{self.value}”" if self.value else ""
        return f"{self.where}{about}{given}{f' ({self.pointer})' if self.pointer else ''}: {self.message}"


class Found(list[DocumentFault]):
    """Faults as they are found. Past MOST_COUNTED they are only counted, in `rest`; `cut` tells that some were not even
    looked for."""

    def __init__(self, faults: Iterable[DocumentFault] = ()) -> None:
        super().__init__()
        self.rest = 0
        self.cut = False
        self.extend(faults)

    def append(self, fault: DocumentFault) -> None:
        """Keep a fault, or count it."""
        if len(self) < MOST_COUNTED:
            super().append(fault)
        else:
            self.rest += 1

    def extend(self, faults: Iterable[DocumentFault]) -> None:
        """Keep faults until there are MOST_COUNTED; what finds them is not asked for more."""
        for fault in faults:
            if len(self) >= MOST_COUNTED:
                self.cut = True
                return
            super().append(fault)

    @property
    def too_many(self) -> bool:
        """Whether there are more than are told, so that nothing else has to be looked at."""
        return len(self) > MOST_REPORTED


def _in_reading(fault: DocumentFault) -> tuple[Any, ...]:
    """What faults are put in order by: where they stand, and the tenth of a list after its second."""
    steps = [(int(step), "") if step.isdecimal() and step.isascii() else (0, step) for step in fault.pointer.split("/")]
    return (fault.sheet or (0, ""), fault.line or 0, steps)


OF_THE_WHOLE = frozenset({"conflict", "too-large", "unsupported-media-type"})
"""Codes that a refused document has itself, where all its faults share one; else it is invalid."""


class DocumentRefused(Invalid):
    """A document that cannot be loaded, with the faults found, in the order of reading: the first MOST_TOLD, and how
    many `more` there are. `counted` tells whether those are all: past MOST_COUNTED the rest of it is not looked at."""

    def __init__(self, name: str, faults: Collection[DocumentFault]) -> None:
        in_order = sorted(faults, key=_in_reading)
        self.faults = in_order[:MOST_REPORTED]
        self.more = len(in_order) - len(self.faults) + (faults.rest if isinstance(faults, Found) else 0)
        self.counted = not (isinstance(faults, Found) and faults.cut)
        self.name = name
        codes = {fault.code for fault in self.faults}
        super().__init__(
            (fault.problem for fault in self.faults),
            code=codes.pop() if len(codes) == 1 and codes <= OF_THE_WHOLE else "invalid",
            message=self._told_in_part() if self.more else "",
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.how_many}"

    @property
    def count(self) -> int:
        """How many faults were found."""
        return len(self.faults) + self.more

    @property
    def how_many(self) -> str:
        """The same in words: `3 faults`."""
        words = f"{self.count:,} {'fault' if self.count == 1 else 'faults'}"
        return words if self.counted else f"at least {words}"

    def _told_in_part(self) -> str:
        at_least = "" if self.counted else "at least "
        return (
            f"There are {at_least}{self.count:,} faults. The first {len(self.faults):,} are told here, and "
            f"{at_least}{self.more:,} more are not: one cause may be behind many."
        )


def field_of(place: Place) -> str:
    """The field a place is in: the names after the last number; an entry of a list of values is in the list's field."""
    names: list[str] = []
    steps = list(place)
    while steps and isinstance(steps[-1], int):
        steps.pop()
    while steps and not isinstance(steps[-1], int):
        names.insert(0, str(steps.pop()))
    return ".".join(names if steps or len(names) == 1 else names[1:])
