"""Values as people and programs write them, read in one place: days, whole numbers, text.

A reader takes the text of a parameter, a field or a header. It gives a typed value, or raises Unreadable with a
sentence that says what to enter. Digits are ASCII digits: `²` and `٣` count as digits in Unicode, but are no number.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LARGEST = 2**63 - 1
"""The largest whole number that both databases hold."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
"""The days that a person can ask for, both included: those that a portfolio can state."""

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Unreadable(ValueError):
    """A text that is no value of the kind asked for; its sentence says what to enter."""


def storable(text: str) -> bool:
    """Whether both databases can hold a text: one without null characters and halves of characters."""
    return _UNSTORABLE.search(text) is None


def whole_number(text: str, *, low: int = 0, high: int = LARGEST) -> int:
    """A whole number between two bounds, both included. Raises Unreadable."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and low <= int(text) <= high):
        raise Unreadable(f"Give a whole number from {low:,} to {high:,}.")
    return int(text)


def whole_or_none(text: str, *, high: int = LARGEST) -> int | None:
    """A whole number from 0 to a bound; None where the text is none."""
    try:
        return whole_number(text, high=high)
    except Unreadable:
        return None


def steps_of(pointer: str) -> tuple[str | int, ...]:
    """The steps of a JSON pointer, places in a list as numbers: `/originals/1` is `originals` and 1."""
    steps = [step for step in pointer.split("/") if step]
    return tuple(step if (place := whole_or_none(step)) is None else place for step in steps)


def day_of(text: str) -> date:
    """A day as programs write it: `2009-04-01` and nothing else. Raises Unreadable."""
    if not _ISO.fullmatch(text):
        raise Unreadable("Write a date as year, month and day: 2009-04-01.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"There is no day {text}.") from None


def day_typed(text: str) -> date | None:
    """A day as people write it: 2009-04-01 or, where a browser has no date control, 1/4/2009; None where it is neither
    or lies before FIRST_DAY or after LAST_DAY."""
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year = day_first.groups()
        text = f"{year}-{month:>02}-{day:>02}"
    try:
        found = day_of(text)
    except Unreadable:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


class IsoDateField(forms.DateField):
    """A day of a query or form, written as `2009-04-01`."""

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return day_of(str(value).strip())
        except Unreadable as fault:
            raise ValidationError(str(fault), code="invalid") from fault
