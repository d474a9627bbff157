"""Faults of form in plain words: what pydantic finds wrong with a value, where, and what to give instead."""

from __future__ import annotations

import difflib
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Place = tuple[str | int, ...]
"""Where something stands in a document: names of fields and numbers of records."""

SHORT = 60
"""Characters of a value as a fault shows it."""

WORDS = {
    "missing": "This is missing and must be given.",
    "extra_forbidden": "There is no such field here; check the spelling or remove it.",
    "date_from_datetime_parsing": "Give a date such as 2010-04-01.",
    "date_parsing": "Give a date such as 2010-04-01.",
    "date_from_datetime_inexact": "Give a date without a time, such as 2010-04-01.",
    "date_type": "Give a date such as 2010-04-01.",
    "int_type": "Give a whole number.",
    "int_parsing": "Give a whole number.",
    "int_from_float": "Give a whole number.",
    "decimal_parsing": "Give a decimal number such as 0.25.",
    "decimal_type": "Give a decimal number such as 0.25.",
    "finite_number": "Give a decimal number such as 0.25.",
    "bool_type": "Give true or false.",
    "bool_parsing": "Give true or false.",
    "list_type": "Give a list.",
    "dict_type": "Give fields with their values.",
    "model_type": "Give fields with their values.",
    "string_too_short": "This is empty and must be filled in.",
    "string_type": "Give text; put it in quotes where it could be read as a number.",
}

FORMS = {
    r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$": "at most 40 letters, digits and hyphens only, such as 5M1",
    r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$": "at most 60 letters, digits and hyphens only, such as X-C01",
    r"^[a-z0-9][a-z0-9-]{0,59}$": "at most 60 small letters, digits and hyphens only, such as england-2006-2015",
    r"^[a-z0-9][a-z0-9-]{0,99}$": "small letters, digits and hyphens only, such as pct-4",
    r"^[a-z0-9][a-z0-9-]*( .{1,200})?$": (
        "give the short name of a source, alone or with a place in it after a space, such as ods-eccg page 4"
    ),
}
"""What the patterns of texts ask for."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


def in_words(error: Any) -> str:
    """What a pydantic error says, in plain words with what to do."""
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "enum":
        return f"“{shown(given)}” is not one of {context['expected']}.{_near(given, context['expected'])}"
    if kind == "literal_error":
        return f"“{shown(given)}” is not {context['expected']}."
    if kind == "string_pattern_mismatch":
        return (
            f"“{shown(given)}” is not well formed: {FORMS.get(context['pattern'], 'letters, digits and hyphens only')}."
        )
    if kind == "decimal_max_places":
        return f"Give at most {NUMBERS[context['decimal_places']]} decimal places."
    if kind == "decimal_max_digits" and _has_places_to_spare(given, context["max_digits"]):
        return f"Give fewer decimal places: at most {context['max_digits']} digits in all."
    if kind in {"decimal_max_digits", "decimal_whole_digits"}:
        return f"{shown(given)} is too large a number."
    if kind == "too_long":
        return f"At most {context['max_length']:,} entries."
    if kind == "too_short":
        return f"Give at least {NUMBERS[context['min_length']]}."
    if kind == "string_too_long":
        return f"At most {context['max_length']} characters."
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = context.get("ge", context.get("le"))
        bound = bound.isoformat() if isinstance(bound, date) else bound
        return f"{shown(given)} is out of range: {'at least' if 'ge' in context else 'at most'} {bound}."
    said = WORDS.get(kind)
    if said:
        without = kind in {"missing", "extra_forbidden"} or not shown(given)
        return said if without else f"{said} “{shown(given)}” is not."
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{message[0].upper()}{message[1:]}."


def _near(given: Any, expected: str) -> str:
    """The word of a vocabulary that may have been meant: ` The nearest is block.`, or nothing."""
    words = re.findall(r"'([^']*)'", expected)
    near = difflib.get_close_matches(str(given).strip().lower().replace(" ", "-").replace("_", "-"), words, n=1)
    return f" The nearest is {near[0]}." if near else ""


def _has_places_to_spare(given: Any, most: int) -> bool:
    """Whether a number has too many digits only because of its decimal places."""
    try:
        _, digits, exponent = Decimal(str(given)).as_tuple()
    except InvalidOperation:
        return False
    return isinstance(exponent, int) and exponent < 0 and len(digits) + exponent <= most - 2


def shown(value: Any) -> str:
    """A value as a fault shows it: shortened; nothing of records and lists."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def pointer(place: Place) -> str:
    """A place as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)


def place_of(location: tuple[int | str, ...]) -> Place:
    """A pydantic location as a place in the document: without the names of the alternatives it tried."""
    return tuple(step for step in location if step not in BRANCHES)


BRANCHES = {"StatedBody", "Continuing"}
"""What pydantic calls the alternatives of a body that comes out of a change."""


def is_other_branch(error: Any) -> bool:
    """Whether the error only says that a new body is not a continuing one; the other alternative tells more."""
    return "Continuing" in error["loc"]
