"""A whole trust's portfolio as a workbook: faults of every kind planted in it are all told, and nothing is loaded."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from organisations.models import Organisation, Portfolio
from organisations.portfolios.formats import document_from, layouts
from organisations.portfolios.reading import DocumentRefused
from organisations.portfolios.workbook import filing
from organisations.services.load_portfolio import load_content
from tests.databases import FIXTURES

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Planted:
    """A fault: in which row of a sheet (the first that has this code), under which heading, what is written there, and
    a word that its message has."""

    sheet: str
    row: str
    heading: str
    value: Any
    word: str


FAULTS = [
    Planted("bodies", "X-WKP01", "colour", "green", "no such column"),
    Planted("bodies", "X-WKP02", "name", "=A1", "formula"),
    Planted("bodies", "X-WKP03", "form", "gp-praktice", "no form"),
    Planted("bodies", "X-WKP04", "source", "hearsay", "no source"),
    Planted("bodies", "X-WKP05", "basis", "guessed", "not one of"),
    Planted("bodies", "X-WKIS1", "code", "KIS1", "begin with X-"),
    Planted("bodies", "X-WKP07", "opened", "01/04/1999", "date"),
    Planted("premises", "X-WKB101", "built", 1908.5, "whole number"),
    Planted("premises", "X-WKB103", "title", "=A1", "formula"),
    Planted("provisions", "X-WKS002", "wte", "1,200", "commas"),
    Planted("provisions", "X-WKS003", "service", "district-nursing", "service"),
    Planted("provisions", "X-WKS004", "price_year", "2008/10", "financial year"),
    Planted("contracts", "X-WKC101", "annual_value", -1, "out of range"),
    Planted("contracts", "X-WKC102", "title", None, "missing"),
    Planted("contract_measures", "X-WKC002", "contract", "X-WNONE", "No row"),
    Planted("contract_measures", "X-WKC103", "contract", None, "which contract"),
    Planted("budgets", "X-WKM001", "end", datetime(1998, 4, 1, 9), "time of day"),  # noqa: DTZ001 - a spreadsheet's
    Planted("budgets", "X-WKM002", "organisation", "X-WNONE", "X-WNONE"),
    Planted("contributions", "X-WKQ1", "amount", "plenty", "number"),
    Planted("staffing", "X-WKW101", "headcount", "many", "whole number"),
    Planted("staffing", "X-WKW102", "code", 5e1, "number"),
    Planted("milestones", "X-WKV1", "due", "soon", "date"),
    Planted("portfolio_groups", "X-WKG1", "chosen_on", True, "date"),
    Planted("recommendation_answers", "X-WKPCT1", "state", "perhaps", "not one of"),
]

NAMED_NO_MORE = {("provisions", 20, "provider"), ("contracts", 17, "provider")}
"""Where the body with the mistyped code is named: told as well, for either end may be the one to mend."""


def trusts() -> dict[str, Any]:
    """The illustrative trusts under other codes, so that nothing of them is loaded yet."""
    content = (FIXTURES / "portfolios" / "illustrative-trusts.yaml").read_text()
    moved = content.replace("X-", "X-W").replace("slug: illustrative-trusts", "slug: other-trusts")
    data: dict[str, Any] = document_from(moved.encode(), name="trusts.yaml").data
    return data


def row_of(sheet: Worksheet, code: str) -> int:
    return next(row for row, cells in enumerate(sheet.iter_rows(values_only=True), start=1) if code in cells)


def plant(book: openpyxl.Workbook, fault: Planted) -> tuple[str, int, str]:
    """Write a fault into the workbook: the sheet, row and heading where it is to be told."""
    sheet = book[fault.sheet]
    headings = [cell.value for cell in sheet[1]]
    row = row_of(sheet, fault.row)
    if fault.heading not in headings:
        sheet.cell(1, len(headings) + 1, fault.heading)
        sheet.cell(row, len(headings) + 1, fault.value)
        return fault.sheet, 1, fault.heading
    sheet.cell(row, headings.index(fault.heading) + 1).value = fault.value
    return fault.sheet, row, fault.heading


def test_the_workbook_says_what_the_document_says() -> None:
    data = trusts()
    again = document_from(filing.as_xlsx(data, layouts(), {}), name="trusts.xlsx")
    assert not again.faults
    assert load_content(
        content=filing.as_xlsx(data, layouts(), {}), name="trusts.xlsx", by="tests", dry_run=True
    ).created
    assert not Portfolio.objects.filter(pk="other-trusts").exists()


def test_every_planted_fault_is_told_in_its_place_and_nothing_is_loaded() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filing.as_xlsx(trusts(), layouts(), {})))
    places = {plant(book, fault): fault.word for fault in FAULTS}
    book.create_sheet("prices").append(["code"])
    places["prices", 0, ""] = "no such sheet"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(DocumentRefused) as refused:
        load_content(content=stream.getvalue(), name="trusts.xlsx", by="tests")
    told = {
        (fault.sheet.name if fault.sheet else "", fault.line or 0, fault.field): fault.message
        for fault in refused.value.faults
    }
    assert len(places) > 20
    assert {place: word for place, word in places.items() if word not in told.get(place, "")} == {}
    assert set(told) == set(places) | NAMED_NO_MORE, "faults that follow from the planted ones are not told"
    assert not Organisation.objects.filter(code__startswith="X-W").exists()
