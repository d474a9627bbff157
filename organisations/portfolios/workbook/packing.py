"""Opening a ZIP file that a stranger sent: what it would expand to is looked at before anything is expanded, and
whether that is true by expanding it piece by piece, without keeping any."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

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
