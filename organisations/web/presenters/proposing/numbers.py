"""Figures as people type them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from pcorg.core.values import Unreadable, whole_number

_PLAIN = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
MOST = 999_999_999


class NotANumber(ValueError):
    """The text is no figure of the kind that is asked for."""


def whole_typed(text: str) -> int:
    """A whole number, with or without commas. Raises NotANumber."""
    try:
        return whole_number(text.replace(",", "").replace(" ", ""), high=MOST)
    except Unreadable:
        raise NotANumber(text) from None


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


def percent_typed(share: Decimal) -> str:
    """A fraction as a person would type it: 37.5."""
    text = f"{(share * 100):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
