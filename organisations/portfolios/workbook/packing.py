"""Opening a ZIP file that a stranger sent: what it would expand to is looked at before anything is expanded, and
whether that is true by expanding it piece by piece, without keeping any. Likewise the XML of a workbook is looked
through before anything is built of it: openpyxl keeps what it does not know, and a row until its end."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

MOST_FILES = 300
"""Files in one ZIP."""

LARGEST_UNPACKED = 32 * 1024 * 1024
"""Bytes of all files together, expanded. A portfolio of the size of England has about three."""

STEEPEST = 100
"""How many times larger than packed a file may be; honest sheets stay under 30."""

SMALL = 1024 * 1024
"""Bytes up to which a file may be as steep as it likes."""

PIECE = 64 * 1024
"""Bytes that are expanded at a time."""


class Unfit(Exception):
    """A file that is not read; the message says why and what to do, the code what kind of refusal it is."""

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.code = code


def opened(content: bytes) -> zipfile.ZipFile:
    """A ZIP file that is safe to expand. Raises Unfit."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise Unfit(DAMAGED) from None
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise Unfit(f"There are {len(entries):,} files inside; at most {MOST_FILES} are read.")
    if len({entry.filename for entry in entries}) < len(entries):
        raise Unfit("Two files inside have the same name.")
    total = sum(entry.file_size for entry in entries)
    if total > LARGEST_UNPACKED:
        raise Unfit(f"It would expand to {total:,} bytes; at most {LARGEST_UNPACKED:,} are read.", "too-large")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Unfit("It is protected with a password. Save it without one.")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Unfit("It is packed in a way that is not read here. Make the ZIP with the usual settings.")
        if entry.file_size > SMALL and entry.file_size > STEEPEST * max(entry.compress_size, 1):
            raise Unfit(f"“{entry.filename[:60]}” would expand to more than {STEEPEST} times its size; it is not read.")
    _judged(content, entries)
    return archive


def _judged(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Hold what each file says of its size against what it expands to. Raises Unfit as soon as one goes beyond."""
    for entry in entries:
        size = 0
        for piece in pieces_of(content, entry):
            size += len(piece)
            if size > entry.file_size:
                raise Unfit(f"“{entry.filename[:60]}” expands to more than it says; it is not read.")
        if size < entry.file_size:
            raise Unfit(DAMAGED)


DAMAGED = "This file is damaged: it cannot be opened. Save it again and try once more."


def pieces_of(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A file of a ZIP, expanded piece by piece whatever its headers say of its size. Raises Unfit."""
    at = entry.header_offset
    if content[at : at + 4] != b"PK\x03\x04":
        raise Unfit(DAMAGED)
    start = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
    start += int.from_bytes(content[at + 28 : at + 30], "little")
    packed = memoryview(content)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[place : place + PIECE]) for place in range(0, len(packed), PIECE))
        return
    expanding = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for place in range(0, len(packed), PIECE):
            left = bytes(packed[place : place + PIECE])
            while left and not expanding.eof:
                piece = expanding.decompress(left, PIECE)
                left = expanding.unconsumed_tail
                if piece:
                    yield piece
        while piece := expanding.decompress(b"", PIECE):
            yield piece
    except zlib.error:
        raise Unfit(DAMAGED) from None


MOST_BELOW = 16_384
"""Elements within one that is no list: the columns that a spreadsheet has at most."""

LISTS = frozenset({"sheetData", "sst"})
"""Elements of which openpyxl keeps nothing but what it makes of those within."""

KNOWN = frozenset(
    {
        *(("sheetData", "row"), ("row", "c"), ("c", "v"), ("c", "is"), ("c", "f"), ("is", "t"), ("is", "r")),
        *(("sst", "si"), ("si", "t"), ("si", "r"), ("r", "t"), ("r", "rPr")),
    }
)
"""Which elements a workbook has many of, each with the one around it."""


class Elements:
    """Looks at the elements of one file piece by piece. Raises Unfit where there are too many."""

    def __init__(self, name: str, *, most: int, others: int) -> None:
        self.name = name[:60]
        self.left = most
        self.others = others
        self.around: list[tuple[str, int]] = [("", 0)]
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse

    def look_at(self, piece: bytes, *, last: bool = False) -> None:
        """Look at the next piece."""
        try:
            self.parser.Parse(piece, last)
        except expat.ExpatError:
            raise Unfit(DAMAGED) from None

    def _begin(self, name: str, attributes: object) -> None:
        name = name.rpartition(":")[2]
        around, number = self.around[-1]
        self.around[-1] = (around, number + 1)
        self.left -= 1
        if (around, name) not in KNOWN:
            self.others -= 1
        if self.left < 0 or self.others < 0 or (number >= MOST_BELOW and around not in LISTS):
            raise Unfit(f"“{self.name}” holds too much to be read: copy the values into a new workbook, or in parts.")
        self.around.append((name, 0))

    def _end(self, name: str) -> None:
        self.around.pop()

    def _refuse(self, *declared: object) -> NoReturn:
        raise Unfit(DAMAGED)
