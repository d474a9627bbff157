"""Checking and loading a portfolio file, in words: what it would change, or everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.services.load_reports import LoadReport
from organisations.services.review import value_in_words

Outcome = dict[str, Any]
"""What checking a file found, as it is kept with the file: a `report`, or `faults`."""

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
class FaultySection:
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


@dataclass(frozen=True)
class AlteredField:
    """A field that is set anew, as people read it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class NamedRecord:
    """A record that is new or changed, as the page names it."""

    code: str
    title: str
    detail: str
    fields: Sequence[AlteredField] = ()


@dataclass(frozen=True)
class NamedSection:
    """The new and the changed records of one kind that the page names, and how many more there are of each."""

    label: str
    created: Sequence[NamedRecord]
    changed: Sequence[NamedRecord]
    more_created: int
    more_changed: int


def of_report(report: LoadReport) -> Outcome:
    """What is kept of a file that can be loaded."""
    return of_review({**asdict(report), "nothing_new": report.nothing_new, "wants_confirming": report.alters_history})


def of_review(review: Mapping[str, Any]) -> Outcome:
    """The same of a report as plain data."""
    return {"review": review["review"], "report": {name: value for name, value in review.items() if name != "review"}}


@dataclass(frozen=True)
class AlteredOrganisation:
    """An organisation on record that a file says something new of."""

    code: str
    name: str
    portfolio: str


def altered_by(outcome: Outcome, *, most: int) -> tuple[list[AlteredOrganisation], int]:
    """The first organisations on record that a file says something new of, and how many more there are."""
    found = [AlteredOrganisation(**each) for each in outcome["report"]["alters"]]
    return found[:most], max(len(found) - most, 0)


def review_of(outcome: Outcome, *, most: int) -> list[NamedSection]:
    """What a file that can be loaded brings, by name: the first of each kind of record."""
    return [
        NamedSection(
            label(section["section"]),
            [_named(each) for each in section["created"][:most]],
            [_named(each) for each in section["changed"][:most]],
            max(len(section["created"]) - most, 0),
            max(len(section["changed"]) - most, 0),
        )
        for section in outcome.get("review", ())
    ]


REVIEW_COLUMNS = ("section", "what", "code", "title", "detail", "field", "before", "after")


def review_rows(outcome: Outcome) -> Iterator[dict[str, str]]:
    """Return the whole review of a file: a row for each new record and for each changed field."""
    for section in outcome.get("review", ()):
        for what in ("created", "changed"):
            for record in section[what]:
                named = _named(record)
                row = dict.fromkeys(REVIEW_COLUMNS, "")
                row |= {"section": section["section"], "what": "new" if what == "created" else "changed"}
                row |= {"code": named.code, "title": named.title, "detail": named.detail}
                for altered in named.fields or (AlteredField("", "", ""),):
                    yield row | asdict(altered)


def _named(record: Mapping[str, Any]) -> NamedRecord:
    fields = [
        AlteredField(each["field"], value_in_words(each["before"]), value_in_words(each["after"]))
        for each in record["fields"]
    ]
    return NamedRecord(record["code"], record["title"], record["detail"], fields)


def of_refusal(refused: DocumentRefused) -> Outcome:
    """What is kept of a file that cannot."""
    rows = [asdict(_row(number, fault)) for number, fault in enumerate(refused.faults, start=1)]
    return {"faults": rows, "count": refused.count, "counted": refused.counted}


def _row(number: int, fault: DocumentFault) -> FaultRow:
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


def parts_of(rows: Sequence[FaultRow]) -> list[FaultySection]:
    """The parts of the file that have faults, in the order of reading, with how many."""
    return [FaultySection(name, count) for name, count in Counter(row.part for row in rows).items()]


def arranged(rows: Sequence[FaultRow], *, part: str, order: str) -> list[FaultRow]:
    """The faults of one part, or of all, in an order."""
    keys: dict[str, Callable[[FaultRow], Any]] = {
        "field": lambda row: (row.field, row.number),
        "message": lambda row: (row.message, row.number),
    }
    found = [row for row in rows if not part or row.part == part]
    return sorted(found, key=keys[order]) if order in keys else found
