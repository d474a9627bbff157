"""From bytes to text: UTF-8, with every character that is not plain text found and its place given.

What is not UTF-8 is read on as Windows-1252, so that everything else that is wrong with the file is found as well."""

from __future__ import annotations

import codecs
import re
from itertools import islice

DEEPEST = 20
"""Levels of nesting at most."""

HOPELESS = 5 * DEEPEST
"""Levels beyond which the rest of a document is not even looked at."""

LONGEST_NAME = 200
"""Characters of the name of a field."""

LONGEST_TEXT = 100_000
"""Characters of one value; what a record holds is far shorter."""

TOO_DEEP = f"Nested more than {DEEPEST} levels deep."
TOO_LONG = f"A single value has at most {LONGEST_TEXT:,} characters."
TOO_LONG_NAME = f"The name of a field has at most {LONGEST_NAME} characters."


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


UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

FEW = 20
"""Characters of one kind that are named one by one."""

CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no text of ours holds: control characters, and what Unicode sets aside."""

BLANKED = {code: " " for code in range(0x10000) if not 0xD800 <= code < 0xE000 and CONTROL.match(chr(code))}
"""The same, each with what stands in its place."""

BAD = re.compile("[\udc80-\udcff]+")
"""Bytes that are not UTF-8, as Python escapes them."""

MANY = 1_000
"""Bytes that are not UTF-8 beyond which a file is taken not to be meant as that."""

Misread = tuple[str, int | None]
"""What is wrong with a character, and the line it is on."""


def is_utf_16(content: bytes) -> bool:
    """Whether some bytes are UTF-16 text and say so."""
    if not content.startswith(UTF_16):
        return False
    try:
        content.decode("utf-16")
    except UnicodeDecodeError:
        return False
    return True


def decoded(content: bytes) -> tuple[str, list[Misread]]:
    """The text in some bytes, and what is wrong with its encoding."""
    if is_utf_16(content):
        words = "This is UTF-16 text, which some programs call Unicode. Save it as UTF-8."
        return content.decode("utf-16"), [(words, None)]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        first = error.start
    escaped = content.decode("utf-8-sig", errors="surrogateescape")
    bad = len(escaped) - len(BAD.sub("", escaped))
    misreadings: list[Misread] = [(_misread(content, first, bad - 1), content.count(b"\n", 0, first) + 1)]
    if bad > MANY:
        return content.decode("cp1252", errors="replace"), misreadings
    return BAD.sub(_as_windows, escaped), misreadings


def _as_windows(found: re.Match[str]) -> str:
    return found[0].encode("utf-8", errors="surrogateescape").decode("cp1252", errors="replace")


def _misread(content: bytes, at: int, others: int) -> str:
    """Which byte is not UTF-8, what it may have been meant to be, and how many others there are."""
    value = content[at]
    letter = bytes([value]).decode("cp1252", errors="replace")
    meant = f", “{letter}” in Windows-1252" if letter.isprintable() and letter != "\ufffd" else ""
    column = at - (content.rfind(b"\n", 0, at) + 1) + 1
    more = f"; so are {others:,} more" if others > 1 else "; so is 1 more" if others else ""
    words = (
        f"This is not UTF-8 text: byte {at:,} of the file (byte {column:,} of the line) is 0x{value:02X}{meant}{more}."
    )
    return f"{words} Save the file as UTF-8."


def printable(text: str) -> tuple[str, list[Misread]]:
    """A text with spaces in place of what no text holds, and where that stands."""
    if CONTROL.search(text) is None:
        return text, []
    misread: list[Misread] = []
    for each in islice(CONTROL.finditer(text), FEW):
        line, column = text.count("\n", 0, each.start()) + 1, each.start() - text.rfind("\n", 0, each.start())
        words = f"The character U+{ord(each[0]):04X} at place {column:,} of the line cannot be read. Take it out."
        misread.append((words, line))
    more = sum(text.count(chr(each)) for each in BLANKED) - len(misread)
    if more > 0:
        misread.append((f"There are {more:,} more characters of this kind. Take them out.", None))
    return text.translate(BLANKED), misread
