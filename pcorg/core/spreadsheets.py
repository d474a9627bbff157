"""What a spreadsheet program would take for a formula, made harmless: in CSV and in workbooks alike.

A text that begins with `=`, `+`, `-`, `@` (also in the wide letters of East Asia), a tab or an end of line gets an
apostrophe in front; so does one with apostrophes before such a character, so that taking one away again always gives
back what was there. Text that only begins with an apostrophe ('Tis) is left alone, and so are plain numbers: a loss
stays -12.50.
"""

from __future__ import annotations

import re

_BEGINS = r"[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
_FORMULA = re.compile(f"'*{_BEGINS}")
_SHIELDED = re.compile(f"'+{_BEGINS}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def shielded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unshielded(text: str) -> str:
    """The text that `shielded` was given."""
    return text[1:] if _SHIELDED.match(text) else text
