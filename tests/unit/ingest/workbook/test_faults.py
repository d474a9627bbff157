"""What is wrong with a workbook is told by sheet, row and column, all at once."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from organisations.portfolios.formats import document_from
from organisations.portfolios.reading import DocumentFault, DocumentRefused, Text
from organisations.portfolios.stated import stated_by

Rows = list[list[Any]]
PORTFOLIO: Rows = [
    ["schema", "slug", "title", "illustrative", "covers.from", "covers.to"],
    ["pcorg-portfolio/1", "little-valley", "Little valley", True, date(1999, 4, 1), "2010-03-31"],
]
BODIES: Rows = [
    ["code", "name", "form", "opened", "basis", "source"],
    ["X-V1", "Upper Valley Group", "pcg-1", None, "illustrative", "pcorg-illustration"],
]

NOON = datetime(1999, 4, 1, 12)  # noqa: DTZ001 - spreadsheets know no time zones


def book(sheets: Mapping[str, Rows]) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def read(sheets: Mapping[str, Rows]) -> Text:
    return document_from(book(sheets), name="valley.xlsx")


def told(fault: DocumentFault) -> tuple[str, str, str]:
    return fault.where, fault.field, fault.value


def of_form(sheets: Mapping[str, Rows]) -> list[DocumentFault]:
    try:
        return DocumentRefused("", stated_by(read(sheets)).faults).faults
    except DocumentRefused as refusal:
        return refusal.faults


def test_a_sound_workbook_has_no_fault() -> None:
    text = read({"Notes": [["anything"]], "portfolio": PORTFOLIO, "Bodies": BODIES})
    assert not stated_by(text).faults
    assert text.data["bodies"][0]["code"] == "X-V1"
    assert text.data["portfolio"]["covers"] == {"from": date(1999, 4, 1), "to": date(2010, 3, 31)}


def test_unknown_and_missing_sheets_and_columns_are_told_with_what_may_be_meant() -> None:
    faults = of_form(
        {
            "bodys": [["code"], ["X-1"]],
            "bodies": [["code", "nmae", "form"], ["X-V1", "Upper", "pcg-1"]],
            "shares": [["original", "resulting", "share"], ["X-1", "X-2", 1]],
        }
    )
    said = {(fault.where, fault.field): fault.message for fault in faults}
    assert "Is it bodies?" in said["sheet bodys", ""]
    assert "Is it name?" in said["sheet bodies, row 1", "nmae"]
    assert "missing" in said["sheet bodies, row 1", "name"]
    assert "missing" in said["sheet shares, row 1", "change"]
    assert "portfolio" in said["document", ""]
    assert len(faults) == 5  # and no fault twice: nothing is said of each row's missing name


def test_what_a_spreadsheet_made_of_a_cell_is_told() -> None:
    rows = [
        [*BODIES[0], "populations"],
        [50.0, "Upper", "pcg-1", None, "illustrative", "pcorg-illustration"],
        ["X-V2", date(2008, 9, 1), "pcg-1", 40000, "illustrative", "pcorg-illustration"],
        ["X-V3", "Lower", "pcg-1", NOON, True, "pcorg-illustration"],
        ["X-V4", "=A2", "pcg-1", "01/04/1999", "illustrative", "pcorg-illustration"],
        [None, None, None, None, None, None],
        ["5E+1", "Lower", "pcg-1", "1999-02-30", "illustrative", "pcorg-illustration", "x"],
    ]
    faults = of_form({"portfolio": PORTFOLIO, "bodies": rows})
    assert [told(fault) for fault in faults] == [
        ("sheet bodies, row 1", "populations", ""),
        ("sheet bodies, row 2", "code", "50"),
        ("sheet bodies, row 3", "name", "2008-09-01 00:00:00"),
        ("sheet bodies, row 3", "opened", "40000"),
        ("sheet bodies, row 4", "basis", "True"),
        ("sheet bodies, row 4", "opened", "1999-04-01 12:00:00"),
        ("sheet bodies, row 5", "name", "=A2"),
        ("sheet bodies, row 5", "opened", "01/04/1999"),
        ("sheet bodies, row 7", "code", "5E+1"),
        ("sheet bodies, row 7", "opened", "1999-02-30"),
    ]
    assert "Format the cell as text" in faults[1].message
    assert "formula" in faults[6].message
    assert faults[1].pointer == "/bodies/0/code"
    assert faults[8].pointer == "/bodies/4/code"


def test_faults_of_form_follow_the_rows_of_the_sheet() -> None:
    faults = of_form(
        {
            "portfolio": PORTFOLIO,
            "bodies": [*BODIES, [], ["X V2", "Lower", None, None, "guessed", "pcorg-illustration"]],
            "populations": [
                ["body", "count", "on", "basis"],
                ["X-V1", 80001.5, "1999-04-01", "registered"],
                ["X-V9", 70000, "1999-04-01", "registered"],
                [None, 70000, "1999-04-01", "registered"],
                ["X-V1", 70000, "1999-04-01", "counted"],
            ],
        }
    )
    assert [(*told(fault), fault.pointer) for fault in faults] == [
        ("sheet bodies, row 4", "basis", "guessed", "/bodies/1/basis"),
        ("sheet bodies, row 4", "code", "X V2", "/bodies/1/code"),
        ("sheet bodies, row 4", "form", "", "/bodies/1/form"),
        ("sheet populations, row 2", "count", "80001.5", "/bodies/0/populations/0/count"),
        ("sheet populations, row 3", "body", "X-V9", ""),
        ("sheet populations, row 4", "body", "", ""),
        ("sheet populations, row 5", "basis", "counted", "/bodies/0/populations/1/basis"),
    ]


def test_sentences_and_evidence_have_their_rows() -> None:
    text = read(
        {
            "portfolio": PORTFOLIO,
            "limits": [["text"], ["One"], [], ["Two"]],
            "changes": [["reference", "kind", "effective_on", "title"], ["a", "rename", "2000-04-01", "A"]],
            "evidence": [
                ["change", "check", "text"],
                ["a", "board-composition", "Said"],
                ["a", "board-composition", "Again"],
                ["a", "whole-area", None],
                ["a", None, "Orphan"],
            ],
        }
    )
    assert text.data["portfolio"]["limits"] == ["One", "Two"]
    assert told(text.fault("", ("portfolio", "limits", 1))) == ("sheet limits, row 4", "text", "Two")
    place = ("changes", 0, "evidence", "board-composition")
    assert told(text.fault("", place)) == ("sheet evidence, row 2", "text", "Said")
    assert [(fault.where, fault.field) for fault in text.faults] == [
        ("sheet evidence, row 3", "check"),
        ("sheet evidence, row 4", "text"),
        ("sheet evidence, row 5", "check"),
    ]


def test_a_body_that_continues_does_not_take_what_is_stated_of_the_new_one() -> None:
    text = read(
        {
            "portfolio": PORTFOLIO,
            "changes": [
                ["reference", "kind", "effective_on", "title"],
                ["later", "merger", "2001-04-01", "Later"],
                ["first", "establishment", "2000-04-01", "First"],
            ],
            "change_bodies": [["change", "code", "name"], ["later", "X-T"], ["first", "X-T", "Trust"]],
            "populations": [["body", "count", "on", "basis"], ["X-T", 5, "2000-04-01", "registered"]],
        }
    )
    assert not text.faults
    later, first = text.data["changes"]
    assert later["resulting"] == [{"code": "X-T"}]
    assert first["resulting"][0]["populations"][0]["count"] == 5


@pytest.mark.parametrize("rows", [PORTFOLIO[:1], [], [*PORTFOLIO, PORTFOLIO[1]]])
def test_a_workbook_is_one_portfolio(rows: Rows) -> None:
    faults = of_form({"portfolio": rows, "bodies": BODIES})
    assert [fault.sheet and fault.sheet.name for fault in faults] == ["portfolio"]
