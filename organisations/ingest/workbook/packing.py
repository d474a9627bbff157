"""Opening a ZIP file that a stranger sent: what it would expand to is looked at before anything is expanded."""

from __future__ import annotations

import io
import zipfile

MOST_FILES = 300
"""Files in one ZIP."""

LARGEST_UNPACKED = 64 * 1024 * 1024
"""Bytes of all files together, expanded. A portfolio of the size of England has about three."""

STEEPEST = 100
"""How many times larger than packed a file may be; honest sheets stay under 30."""

SMALL = 1024 * 1024
"""Bytes up to which a file may be as steep as it likes."""


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
        raise Unfit("This file is damaged: it cannot be opened. Save it again and try once more.") from None
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
    return archive
