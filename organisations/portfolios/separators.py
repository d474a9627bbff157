"""What stands between the values of a CSV file: commas, or what some programs write instead."""

from __future__ import annotations

COMMA = ","
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""What some programs put between the values instead."""

SAVE_AS = "“CSV UTF-8 (comma delimited)”"


def separator_of(text: str) -> str:
    """What stands between the values, told by the first line."""
    first = text.lstrip().split("\n", 1)[0]
    if COMMA in first:
        return COMMA
    return max(SEPARATORS, key=first.count) if any(each in first for each in SEPARATORS) else COMMA
