"""Figures and days as people type them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

_DAY_FIRST = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_PLAIN = re.compile(r"\d{1,3}(\.\d{1,4})?")


class NotANumber(ValueError):
    """The text is no figure of the kind that is asked for."""


def whole_typed(text: str) -> int:
    """A whole number, with or without commas. Raises NotANumber."""
    digits = text.replace(",", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise NotANumber(text)
    return int(digits)


def fraction_typed(text: str) -> Decimal:
    """A percentage from 0 to 100, with at most four decimal places, as a fraction. Raises NotANumber."""
    plain = text.replace("%", "").strip()
    if not _PLAIN.fullmatch(plain):
        raise NotANumber(text)
    try:
        share = Decimal(plain) / 100
    except InvalidOperation:
        raise NotANumber(text) from None
    if share > 1:
        raise NotANumber(text)
    return share


def day_typed(text: str) -> date | None:
    """A day written as 2009-04-01 or, where a browser has no date control, as 1/4/2009; None where it is neither or
    lies outside 1900 to 2200."""
    day_first = _DAY_FIRST.fullmatch(text)
    try:
        if day_first:
            day, month, year = (int(part) for part in day_first.groups())
            found: date | None = date(year, month, day)
        else:
            found = date.fromisoformat(text) if len(text) == len("2009-04-01") else None
    except ValueError:
        return None
    return found if found is not None and 1900 <= found.year < 2200 else None


def percent_typed(share: Decimal) -> str:
    """A fraction as a person would type it: 37.5."""
    text = f"{(share * 100):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
