"""The templates say of every column whether it is needed; the validator asks for the same."""

from __future__ import annotations

from typing import Any

from organisations.portfolios.formats import layouts
from organisations.portfolios.stated import stated_by
from organisations.portfolios.validation import cross_faults
from organisations.portfolios.workbook.assembling import assembled
from organisations.portfolios.workbook.filing import filed
from organisations.portfolios.workbook.notes import COLUMNS, notes
from organisations.portfolios.workbook.sheets import RawSheet
from tests.documents import KNOWN, coast

FORMS = {"health-authority", "local-authority", "acute-trust", "gp-practice", "pms-pilot", "pct-4"}
SOURCES = {"pcorg-illustration"}
CHECKS = {"consultation-held"}
MISSING = ("missing", "belongs to", "has no row")


def needed() -> dict[tuple[str, str], str]:
    """What the notes of the template say, by sheet and column."""
    _, _, rows = notes(layouts())
    at = {column.heading: number for number, column in enumerate(COLUMNS)}
    return {
        (str(row[at["sheet"]]), str(row[at["column"]])): str(row[at["needed"]])
        for row in rows
        if row[at["sheet"]] and row[at["column"]]
    }


def document() -> dict[str, Any]:
    """The coast, with a row on almost every sheet."""
    data = coast()
    data["bodies"][5]["board"] = [{"constituency": "nurse", "seats": 2}]
    data["changes"][0]["edges"] = [{"original": code, "resulting": "X-SC", "share": 1} for code in ("X-SA", "X-SB")]
    data["changes"][0]["moves"] = [{"what": "The minutes", "from": "X-SA", "to": "X-SC"}]
    data["changes"][0]["relationships"] = [{"kind": "located-in", "subject": "X-SC", "object": "X-SLA"}]
    data["changes"].append(
        {
            "reference": "right-name",
            "kind": "correction",
            "effective_on": "2001-04-01",
            "title": "Its right name",
            **KNOWN,
            "originals": ["X-SA"],
            "set": {"name": "East of the Coast Trust"},
        }
    )
    return data


Rows = list[list[Any]]


def asked_for(sheets: dict[str, Rows], sheet: str, column: int) -> bool:
    """Whether the validator misses what stands in a column of the first row of a sheet."""
    heading = sheets[sheet][0][column]
    first = [None if at == column else cell for at, cell in enumerate(sheets[sheet][1])]
    without = sheets | {sheet: [sheets[sheet][0], first, *sheets[sheet][2:]]}
    raw = [RawSheet(name, tuple(enumerate(map(tuple, rows), start=1))) for name, rows in without.items()]
    stated = stated_by(assembled(raw, layouts(), name="coast.xlsx", sha256=""))
    faults = [*stated.faults, *stated.independent(cross_faults(stated, forms=FORMS, sources=SOURCES, checks=CHECKS))]
    return any(
        fault.sheet is not None
        and (fault.sheet.name, fault.field, fault.line) == (sheet, heading, 2)
        and any(word in fault.message for word in MISSING)
        for fault in faults
    )


def test_what_the_template_calls_needed_is_what_the_validator_asks_for() -> None:
    told = needed()
    sheets: dict[str, Rows] = {
        name: [[column.heading for column in columns], *rows] for name, columns, rows in filed(document(), layouts())
    }
    asked = {
        (name, heading): asked_for(sheets, name, at)
        for name, rows in sheets.items()
        for at, heading in enumerate(rows[0])
        if len(rows) > 1 and len(rows[0]) > 1 and rows[1][at] is not None
    }
    assert len(asked) > 100
    assert {key: told[key] for key, is_asked in asked.items() if is_asked != told[key].startswith("yes")} == {}


def test_the_template_says_what_is_needed_only_sometimes() -> None:
    told = needed()
    assert told["bodies", "basis"] == "yes"
    assert told["bodies", "source"] == "yes, unless basis is decided-elsewhere"
    assert told["change_bodies", "name"] == "yes, unless only code is given"
    assert told["change_bodies", "basis"] == "no"
