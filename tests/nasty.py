"""Values that a person, a program or an attacker may put where another is expected."""

from __future__ import annotations

from urllib.parse import quote

VALUES = [
    "",
    " ",
    "a\x00b",
    "'; DROP TABLE",
    "%\\",
    "-1",
    "9" * 40,
    "²",
    "1.²",
    "NaN",
    "1e400",
    "true",
    "0001-01-01",
    "9999-12-31",
    "2009-W14-3",
    "2009-04-01T00:00:00+23:59",
    "٣🏥",
    "a" * 3000,
    "-code,,name",
    "\r\nX: y",
]

NO_TEXT = ("%FF", "%ED%A0%80")
"""Bytes in an address that are no text: a lone 0xFF, and half of a character."""

QUOTED = [*(quote(value, safe="") for value in VALUES), *NO_TEXT]
"""All of these as they stand in an address."""

FEW = ["", "a\x00b", "9" * 40, "²", "٣🏥"]
"""Those of them that have broken most: what no field, no database, no column and no number takes."""
