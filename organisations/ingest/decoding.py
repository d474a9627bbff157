"""From bytes to text: UTF-8, with every character that is not plain text found and its place given.

What is not UTF-8 is read on as Windows-1252, so that everything else that is wrong with the file is found as well.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

FEW = 20
"""Characters of one kind that are named one by one."""

CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no text of ours holds: control characters, and what Unicode sets aside."""

Misread = tuple[str, int | None]
"""What is wrong with a character, and the line it is on."""


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.start + 1].decode("cp1252", errors="replace"), error.start + 1


codecs.register_error("pcorg-windows-1252", _as_windows)


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
    text = content.decode("utf-8-sig", errors="pcorg-windows-1252")
    return text, [(_misread(content, first), content.count(b"\n", 0, first) + 1)]


def _misread(content: bytes, at: int) -> str:
    """Which byte is not UTF-8, what it may have been meant to be, and how many there are."""
    value = content[at]
    letter = bytes([value]).decode("cp1252", errors="replace")
    meant = f", “{letter}” in Windows-1252" if letter.isprintable() and letter != "\ufffd" else ""
    column = at - (content.rfind(b"\n", 0, at) + 1) + 1
    others = sum(1 for _ in _bad_bytes(content)) - 1
    more = f"; so are {others:,} more" if others > 1 else "; so is 1 more" if others else ""
    words = (
        f"This is not UTF-8 text: byte {at:,} of the file (byte {column:,} of the line) is 0x{value:02X}{meant}{more}."
    )
    return f"{words} Save the file as UTF-8."


def _bad_bytes(content: bytes) -> Iterator[int]:
    """The places of bytes that are not UTF-8."""
    text = content.decode("utf-8", errors="surrogateescape")
    return (number for number, letter in enumerate(text) if "\udc80" <= letter <= "\udcff")


def printable(text: str) -> tuple[str, list[Misread]]:
    """A text with spaces in place of what no text holds, and where that stands."""
    found = list(CONTROL.finditer(text))
    if not found:
        return text, []
    misread: list[Misread] = []
    for each in found[:FEW]:
        line, column = text.count("\n", 0, each.start()) + 1, each.start() - text.rfind("\n", 0, each.start())
        words = f"The character U+{ord(each[0]):04X} at place {column:,} of the line cannot be read. Take it out."
        misread.append((words, line))
    if len(found) > FEW:
        misread.append((f"There are {len(found) - FEW:,} more characters of this kind. Take them out.", None))
    return CONTROL.sub(" ", text), misread
