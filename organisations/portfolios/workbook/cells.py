"""One cell: from what a spreadsheet holds to the value of a document, and back.

Spreadsheet programs alter what people type: the code 5E1 becomes the number 50, 2008/09 becomes a date. Such a cell is
told as a fault, for what was typed cannot be had back. Numbers are taken exactly: the shortest decimal that means the
same double-precision number is what was typed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from organisations.portfolios.workbook.layout import CellKind, SheetColumn
from pcorg.core.spreadsheets import shielded, unshielded


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that works something out."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Failure:
    """A cell that shows an error of the spreadsheet, such as #REF!."""

    text: str

    def __str__(self) -> str:
        return self.text


Raw = str | int | float | bool | Decimal | datetime | date | time | timedelta | Formula | Failure | None
"""What a cell holds. Of CSV all are texts."""

LONGEST = 32_767
"""Characters of a cell at most: what a spreadsheet can hold."""

EXACT_DIGITS = 15
"""Significant digits that a number in a spreadsheet holds exactly."""

_SEPARATORS = re.compile(r"[\s,;]+")
_POWER = re.compile(r"-?\d+(?:\.\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?", re.ASCII)

AS_TEXT = "Format the cell as text and type it again."
GIVE_DATE = "Give a date such as 2010-04-01 (year, month, day)."
GIVE_NUMBER = "Give a number such as 1250.75, without commas, spaces or a pound sign."
GIVE_WHOLE = "Give a whole number, without commas or spaces."


class UnreadableCell(Exception):
    """A cell that cannot be taken as what its column holds; the message says what to do."""


def is_blank(raw: Raw) -> bool:
    """Whether there is nothing in a cell."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def value_of(raw: Raw, column: SheetColumn) -> Any:
    """The value a cell states, as plain data; None for a blank one. Raises Unreadable."""
    if isinstance(raw, Formula):
        raise UnreadableCell("This is a formula. Put its result there instead: copy the cell and paste the value only.")
    if isinstance(raw, Failure):
        raise UnreadableCell("The spreadsheet shows an error here. Type the value in.")
    if is_blank(raw):
        return None
    if isinstance(raw, str):
        if len(raw) > LONGEST:
            raise UnreadableCell(f"A cell holds at most {LONGEST:,} characters.")
        raw = unshielded(raw)
    return _READ[column.kind](raw)


def _text(raw: Raw) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        raise UnreadableCell(f"The spreadsheet has made this TRUE or FALSE. {AS_TEXT}")
    if isinstance(raw, date | time | timedelta):
        raise UnreadableCell(f"The spreadsheet has made this a date or time, so what was typed is lost. {AS_TEXT}")
    raise UnreadableCell(f"The spreadsheet has made this a number, so what was typed may be lost. {AS_TEXT}")


def _code(raw: Raw) -> str:
    code = _text(raw).strip()
    if _POWER.fullmatch(code):
        raise UnreadableCell(f"A spreadsheet has turned this code into a power of ten. {AS_TEXT}")
    return code


def _codes(raw: Raw) -> list[str]:
    return [_code(part) for part in _SEPARATORS.split(_text(raw)) if part]


def _date(raw: Raw) -> date:
    if isinstance(raw, datetime):
        if raw.time() != time():
            raise UnreadableCell("This is a date with a time of day. Leave the time out.")
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str):
        return _date_written(raw.strip())
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raise UnreadableCell("This is a number, not a date. Format the cell as a date, or as text and type 2010-04-01.")
    raise UnreadableCell(GIVE_DATE)


def _date_written(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise UnreadableCell(GIVE_DATE)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnreadableCell(f"There is no such day. {GIVE_DATE}") from None


def _whole(raw: Raw) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, str) and _WHOLE.fullmatch(raw.strip()):
        return int(raw)
    raise UnreadableCell(GIVE_WHOLE)


def _decimal(raw: Raw) -> Decimal:
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return Decimal(raw)
    if isinstance(raw, float) and math.isfinite(raw):
        return Decimal(repr(raw))
    if isinstance(raw, str) and _DECIMAL.fullmatch(raw.strip()):
        return Decimal(raw.strip())
    raise UnreadableCell(GIVE_NUMBER)


def _truth(raw: Raw) -> bool:
    if isinstance(raw, bool):
        return raw
    text = raw.strip().lower() if isinstance(raw, str) else ""
    if text not in {"true", "false"}:
        raise UnreadableCell("Give TRUE or FALSE.")
    return text == "true"


_READ = {
    CellKind.CODE: _code,
    CellKind.CODES: _codes,
    CellKind.TEXT: _text,
    CellKind.CHOICE: _code,
    CellKind.DATE: _date,
    CellKind.WHOLE: _whole,
    CellKind.DECIMAL: _decimal,
    CellKind.TRUTH: _truth,
}


def raw_of(value: Any, column: SheetColumn) -> Raw:
    """A value of a document as a cell; texts so that no spreadsheet takes them for formulas. Dates and decimals may
    come as texts, as JSON has them.

    Raises ValueError for a text longer than a cell.
    """
    if isinstance(value, list):
        return shielded(" ".join(str(part) for part in value)) or None
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return _raw_of_text(value, column)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and not _held_exactly(value):
        return f"{Decimal(value):f}"
    return value  # a date, a number, a truth value or nothing


def _raw_of_text(text: str, column: SheetColumn) -> Raw:
    if len(text) > LONGEST:
        raise ValueError(f"A cell holds at most {LONGEST:,} characters.")
    if column.kind is CellKind.DATE and _DATE.fullmatch(text):
        return date.fromisoformat(text)
    if column.kind is CellKind.DECIMAL and _DECIMAL.fullmatch(text):
        return raw_of(Decimal(text), column)
    return shielded(text) or None


def _held_exactly(number: int | Decimal) -> bool:
    return len(Decimal(number).normalize().as_tuple().digits) <= EXACT_DIGITS


def written(raw: Raw) -> str:
    """A cell as text, for CSV."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    return f"{raw:f}" if isinstance(raw, Decimal) else str(raw)
