"""Checking and loading a portfolio file, in words: what it would change, or everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from organisations.actions.load_portfolio import LoadReport
from organisations.ingest.reading import Fault, Refused

Outcome = dict[str, Any]
"""What checking a file found, as it is kept with the file: a `report`, or `faults`."""

MOST_KEPT = 5_000
"""Faults that are kept with a file; a file with more has one cause for most of them."""

WHOLE = "The whole file"

ORDERS = {"place": "As in the file", "field": "By field", "message": "By what is wrong"}
"""The orders of the table of faults."""


@dataclass(frozen=True)
class FaultRow:
    """A fault as the table shows it. `part` is the sheet, or the section of a text."""

    number: int
    part: str
    place: str
    field: str
    value: str
    message: str
    pointer: str


@dataclass(frozen=True)
class Part:
    """A part of the file with faults: its name and how many."""

    name: str
    count: int


@dataclass(frozen=True)
class SectionRow:
    """What loading does to one kind of record."""

    label: str
    created: int
    changed: int
    unchanged: int


def of_report(report: LoadReport) -> Outcome:
    """What is kept of a file that can be loaded."""
    return {"report": {**asdict(report), "nothing_new": report.nothing_new}}


def of_refusal(refused: Refused) -> Outcome:
    """What is kept of a file that cannot."""
    rows = [asdict(_row(number, fault)) for number, fault in enumerate(refused.faults[:MOST_KEPT], start=1)]
    return {"faults": rows, "count": len(refused.faults)}


def _row(number: int, fault: Fault) -> FaultRow:
    if fault.sheet is not None:
        part, unit = fault.sheet.name, "row"
    else:
        section = fault.pointer.split("/")[1] if fault.pointer else ""
        part, unit = label(section) if section else WHOLE, "line"
    place = f"{unit} {fault.line:,}" if fault.line is not None else ""
    return FaultRow(number, part, place, fault.field, fault.value, fault.message, fault.pointer)


def label(section: str) -> str:
    """The name of a section as people read it."""
    words = section.replace("_", " ").capitalize()
    return words.replace("Pms", "PMS")


def sections_of(outcome: Outcome) -> list[SectionRow]:
    """What a file that can be loaded does to each kind of record."""
    return [
        SectionRow(label(row["section"]), row["created"], row["changed"], row["unchanged"])
        for row in outcome["report"]["sections"]
    ]


def faults_of(outcome: Outcome) -> list[FaultRow]:
    """The faults of a file in the order of reading."""
    return [FaultRow(**row) for row in outcome["faults"]]


def parts_of(rows: Sequence[FaultRow]) -> list[Part]:
    """The parts of the file that have faults, in the order of reading, with how many."""
    return [Part(name, count) for name, count in Counter(row.part for row in rows).items()]


def arranged(rows: Sequence[FaultRow], *, part: str, order: str) -> list[FaultRow]:
    """The faults of one part, or of all, in an order."""
    keys: dict[str, Callable[[FaultRow], Any]] = {
        "field": lambda row: (row.field, row.number),
        "message": lambda row: (row.message, row.number),
    }
    found = [row for row in rows if not part or row.part == part]
    return sorted(found, key=keys[order]) if order in keys else found
