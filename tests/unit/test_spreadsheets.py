"""Cells that a spreadsheet would take for a formula are made harmless, and numbers stay numbers."""

from __future__ import annotations

import pytest

from pcorg.core.api.streaming import cell
from pcorg.core.spreadsheets import unshielded


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+44 20", "-1-1", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''+1", "-"),
        *("\uff1d1+1", "'\uff201"),
    ],
)
def test_what_could_be_a_formula_gets_an_apostrophe_that_reading_takes_away(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert unshielded(cell(text)) == text


@pytest.mark.parametrize("text", ["-12.50", "-3", "12", "'Tis so", "a=1", "", "X-AAA"])
def test_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert cell(text) == text
    assert unshielded(text) == text


@pytest.mark.parametrize("value", [-3, -0.5, None])
def test_values_that_are_no_text_are_left_alone(value: object) -> None:
    assert cell(value) is value
