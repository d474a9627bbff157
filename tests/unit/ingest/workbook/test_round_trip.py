"""A document written as a workbook reads back as the same document."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from organisations.portfolios.formats import document_from, layouts
from organisations.portfolios.reading import parse
from organisations.portfolios.sections import document_model
from organisations.portfolios.workbook import filing
from pcorg.core.spreadsheets import shielded
from tests.databases import PORTFOLIOS
from tests.unit.ingest.workbook.documents import TEXT, documents

Write = Callable[[dict[str, Any]], bytes]


def as_xlsx(data: dict[str, Any]) -> bytes:
    return filing.as_xlsx(data, layouts(), {})


def as_zip(data: dict[str, Any]) -> bytes:
    return filing.as_zip(data, layouts())


BOTH = pytest.mark.parametrize("write", [as_xlsx, as_zip])


@pytest.mark.exhaustive
@BOTH
@given(data=documents(layouts()))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_document_comes_back(write: Write, data: dict[str, Any]) -> None:
    read = document_from(write(data), name="again")
    assert read.faults == ()
    assert read.data == data


@given(text=TEXT)
def test_no_cell_begins_a_formula_and_no_letter_is_lost(text: str) -> None:
    cell = shielded(text)
    assert not cell.startswith(("=", "+", "@", "\t", "\r"))
    assert not cell.startswith("-") or Decimal(cell) < 1
    assert document_from(as_zip({"portfolio": {"title": text}}), name="x").data["portfolio"]["title"] == text


@BOTH
@pytest.mark.parametrize("path", PORTFOLIOS, ids=lambda path: path.stem)
def test_every_shipped_portfolio_comes_back(write: Write, path: Any) -> None:
    document = document_model().model_validate(parse(path.read_bytes(), name=path.name).data)
    data = document.model_dump(by_alias=True, exclude_unset=True)
    assert document_model().model_validate(document_from(write(data), name="again").data) == document
