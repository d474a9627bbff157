"""Lists of rows in a form, by the names of their inputs.

A row is named by its list and its number from 0: `originals-0`, or `resulting-1-name` where a row has several fields.
Rows are added and taken away by plain submits, so everything works without scripts and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MOST_ROWS = 200
"""Rows of one list that are read; a form never asks for nearly as many."""


def row_count(names: Iterable[str], prefix: str) -> int:
    """How many rows a list has: one more than the highest number named."""
    numbers = [int(digits) for name in names if (digits := _number(name, prefix))]
    return min(max(numbers, default=-1) + 1, MOST_ROWS)


def without_row(values: Mapping[str, str], prefix: str, number: int) -> dict[str, str]:
    """What was sent without a row of a list; those after it move up."""
    kept = {}
    for name, text in values.items():
        digits = _number(name, prefix)
        if not digits or int(digits) < number:
            kept[name] = text
        elif int(digits) > number:
            rest = name[len(prefix) + 1 + len(digits) :]
            kept[f"{prefix}-{int(digits) - 1}{rest}"] = text
    return kept


def _number(name: str, prefix: str) -> str:
    """The number of the row an input belongs to, as digits; empty where it belongs to no row of the list."""
    if not name.startswith(f"{prefix}-"):
        return ""
    digits = name[len(prefix) + 1 :].partition("-")[0]
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= 4 else ""
