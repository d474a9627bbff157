"""Days, whole numbers and text as people and programs write them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from pcorg.core.forms.address import Address, without_blanks
from pcorg.core.values import (
    FIRST_DAY,
    LARGEST,
    LAST_DAY,
    Unreadable,
    day_of,
    day_typed,
    steps_of,
    storable,
    whole_number,
    whole_or_none,
)

ODD_NUMBERS = ["", "²", "٣", "1.²", "-1", "+1", "1.0", "1e3", " 1", "1_000", str(LARGEST + 1), "9" * 5000]


@given(st.integers(0, LARGEST))
def test_a_whole_number_is_read_as_it_is_written(number: int) -> None:
    assert whole_number(str(number)) == number


@pytest.mark.parametrize("text", ODD_NUMBERS)
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="Give a whole number from 0 to"):
        whole_number(text)
    assert whole_or_none(text) is None


def test_a_whole_number_lies_between_its_bounds() -> None:
    assert [whole_or_none(text, high=3) for text in ("0", "3", "4")] == [0, 3, None]
    with pytest.raises(Unreadable):
        whole_number("0", low=1)


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert whole_or_none(text) is None or text.isascii()


@given(st.dates())
def test_a_day_is_read_as_a_program_writes_it(day: date) -> None:
    assert day_of(day.isoformat()) == day


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_a_day_is_read_as_people_write_it(day: date) -> None:
    assert day_typed(day.isoformat()) == day
    assert day_typed(f"{day.day}/{day.month}/{day.year}") == day
    assert day_typed(f"{day.day:02}.{day.month:02}.{day.year}") == day


@pytest.mark.parametrize(
    "text",
    ["", "spring", "0001-01-01", "9999-12-31", "1899-12-31", "2200-01-02", "2009-02-30", "31/2/2009", "2009-W14-3",
     "२००९-०४-०१", "1/4/²²²²", "20090401", "2009-4-1", "a" * 5000],
)  # fmt: skip
def test_what_is_no_day_a_portfolio_can_state_is_none(text: str) -> None:
    assert day_typed(text) is None


@given(st.text())
def test_any_text_is_a_day_or_none(text: str) -> None:
    found = day_typed(text)
    assert found is None or FIRST_DAY <= found <= LAST_DAY


@pytest.mark.parametrize(("text", "held"), [("Ærø £ 🏥", True), ("", True), ("a\x00", False), ("b\udfff", False)])
def test_text_that_a_database_cannot_hold_is_known(text: str, held: bool) -> None:
    assert storable(text) is held


def test_a_pointer_has_names_and_places() -> None:
    assert steps_of("/originals/1/share") == ("originals", 1, "share")
    assert steps_of("/evidence/²") == ("evidence", "²")
    assert steps_of("") == ()


def test_blank_parameters_are_left_out_and_others_keep_their_order() -> None:
    kept = without_blanks(QueryDict("q=&form=+&form=pct-4&form=&name=+two+words+&code=b&code=a"))
    assert dict(kept.lists()) == {"form": ["pct-4"], "name": ["two words"], "code": ["b", "a"]}


def test_an_address_is_read_by_type() -> None:
    address = Address(QueryDict("q=+word+&page=3&code=A&code=&code=B&code=A&order=field&status="))
    assert (address.text("q"), address.text("none"), address.page, address.number("before")) == ("word", "", 3, None)
    assert address.texts("code") == ["A", "B"]
    assert address.choice("order", ["field", "message"]) == "field"
    assert address.choice("status", ["open"], "open") == "open"
    assert "q" in address
    assert "status" not in address
    assert Address(QueryDict("")).page == 1


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("page=%C2%B2", "page must be a whole number, such as 2. The address says “²”."),
        ("page=" + "9" * 30, "page must be a whole number"),
        ("order=size", "There is no order called “size”."),
        ("status=lost", "There is no kind of status called “lost”."),
        ("ordering=-colour", "This list cannot be sorted by “-colour”."),
        ("q=" + "a" * 201, "q is too long. Use 200 characters or fewer."),
    ],
)
def test_what_cannot_be_read_names_the_parameter(query: str, told: str) -> None:
    address = Address(QueryDict(query))
    with pytest.raises(BadRequest, match=told.replace("?", r"\?")):
        _ = (
            address.page,
            address.choice("order", ["field"]),
            address.choice("status", ["open"], of="kind of status"),
            address.ordering(["name"], "name"),
            address.text("q"),
        )
