"""Reading the files of registers: encodings, line ends, rows with their lines, and which layout a file has."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from organisations.portfolios.decoding import COMMA, SAVE_AS, SEPARATORS, separator_of
from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.registers.oddities import OddKind, Origin
from organisations.registers.records import Facts, RegisterKind

LARGEST_CSV = 100 * 1024 * 1024
"""Bytes of the largest CSV file read; the largest that is published has three million."""

FILLER = date(1900, 1, 1)
"""What the registers write for a day nobody knows."""

LATEST = date(2200, 1, 1)

WIDTHS = {
    27: "bodies",
    6: RegisterKind.MEMBERSHIPS,
    5: RegisterKind.SUCCESSIONS,
}
"""Columns of the layouts; those of bodies share one."""

POSTCODE_WIDTH = 49

CODES: dict[RegisterKind, re.Pattern[str]] = {
    RegisterKind.PRACTICES: re.compile(r"[A-Z]\d{5}|[A-Z]{3}\d{3}"),
    RegisterKind.TRUSTS: re.compile(r"R[A-Z0-9]{2}|T[A-Z][A-Z0-9]"),
    RegisterKind.GROUPS: re.compile(r"\d\d[A-Z]"),
    RegisterKind.AUTHORITIES: re.compile(r"Q[A-Z0-9]{2}|Y\d\d|5[A-Z][A-Z0-9]"),
}
"""How the codes of each kind of body look. Bodies named since April 2020 have codes such as A3A8R, whatever their
kind: those tell nothing and are told by their names."""

NEW_CODE = re.compile(r"[A-Z]\d[A-Z]\d[A-Z]")

TELLING = 0.8
"""Share of the codes, those of no kind left aside, that must look alike for a file to be recognised."""

Row = tuple[int, list[str]]
"""A line number and the fields."""


@dataclass(frozen=True)
class RegisterText:
    """A CSV register as read."""

    name: str
    sha256: str
    rows: list[Row]


def read_csv(path: Path) -> RegisterText:
    """Read a CSV file in UTF-8, with or without byte order mark, or Windows-1252; lines end in CR, LF or both.

    Raises Refused where it is too large, is no text, or is no CSV.
    """
    size = path.stat().st_size
    if size > LARGEST_CSV:
        raise _refused(path, f"The file has {size:,} bytes; at most {LARGEST_CSV:,} are read.")
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            words = f"The file is neither UTF-8 nor Windows-1252: byte {error.start:,} (0x{content[error.start]:02X})."
            raise _refused(path, words, line=line) from None
    if "\x00" in text:
        raise _refused(path, "The file holds zero bytes, so it is no CSV file.")
    separator = separator_of(text)
    if separator != COMMA:
        words = f"The values are separated by {SEPARATORS[separator]}, not by commas. Save it as {SAVE_AS}."
        raise _refused(path, words, line=1)
    reader = csv.reader(io.StringIO(text, newline=None), strict=True)
    rows: list[Row] = []
    try:
        before = 0
        for fields in reader:
            if any(fields):
                rows.append((before + 1, [field.strip() for field in fields]))
            before = reader.line_num
    except csv.Error as error:
        raise _refused(path, f"This is not well-formed CSV: {error}.", line=reader.line_num) from None
    if not rows:
        raise _refused(path, "The file is empty.")
    return RegisterText(path.name, hashlib.sha256(content).hexdigest(), rows)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_xml(path: Path) -> bool:
    """Whether a file begins as XML does."""
    with path.open("rb") as file:
        return file.read(200).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def recognised(text: RegisterText, kind: RegisterKind | None) -> RegisterKind:
    """The kind of register a CSV file is, by its columns and the look of its codes, or the one that is said.

    Raises Refused where the columns fit no layout or the codes tell no kind.
    """
    width = Counter(len(fields) for _, fields in text.rows).most_common(1)[0][0]
    layout = WIDTHS.get(width)
    if width == POSTCODE_WIDTH:
        raise _unrecognised(text, "This looks like the NHS Postcode Directory: use manage.py ingest_nhspd.")
    if layout is None:
        known = "27 (bodies), 6 (memberships) or 5 (successions)"
        raise _unrecognised(text, f"The rows have {width} columns; the registers read have {known} and no header.")
    if isinstance(layout, RegisterKind):
        if kind is not None and kind is not layout:
            raise _unrecognised(text, f"{width} columns are those of “{layout}”, not of “{kind}”.")
        return layout
    if kind in {RegisterKind.MEMBERSHIPS, RegisterKind.SUCCESSIONS, RegisterKind.REFERENCE_XML}:
        raise _unrecognised(text, f"27 columns are those of bodies, not of “{kind}”.")
    return kind or _kind_of_bodies(text)


def _kind_of_bodies(text: RegisterText) -> RegisterKind:
    counted: Counter[RegisterKind] = Counter()
    for _, fields in text.rows:
        code = fields[0].upper()
        counted.update([kind for kind, pattern in CODES.items() if pattern.fullmatch(code)])
    commonest = counted.most_common(1)
    strange = sum(1 for _, fields in text.rows if not _states_kind(fields[0].upper()))
    if not commonest or commonest[0][1] < TELLING * (counted.total() + strange):
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in counted.most_common()) or "none"
        raise _unrecognised(text, f"The codes do not tell what this lists ({kinds}). Say it with --kind.")
    kind = commonest[0][0]
    with_setting = any(len(fields) > 25 and fields[25] for _, fields in text.rows)
    if (kind is RegisterKind.PRACTICES) != with_setting:
        raise _unrecognised(
            text,
            f"The codes are those of {kind}, the prescribing settings in column 26 say otherwise. "
            "Say with --kind what this lists.",
        )
    return kind


def _states_kind(code: str) -> bool:
    return NEW_CODE.fullmatch(code) is not None or any(pattern.fullmatch(code) for pattern in CODES.values())


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Reads the values of one record of a register: of the body with a code, at its place. What is odd is noted."""

    facts: Facts
    code: str
    origin: Origin

    def note(self, kind: OddKind, particulars: str = "") -> None:
        """Note something odd."""
        self.facts.oddities.note(kind, self.code, particulars, self.origin)

    def day(self, value: str) -> date | None:
        """A day as the registers write it (`20130401`, in XML `2013-04-01`); None where it is not given or is
        filler."""
        if not value:
            return None
        read = _date(value)
        if read is None:
            self.note(OddKind.BAD_DATE, f"“{value[:20]}”")
        elif read == FILLER:
            self.note(OddKind.FILLER_DATE)
            return None
        else:
            self.facts.speaks_of(self.origin.file, read)
        return read

    def last_day(self, value: str) -> date | None:
        """A last day in force as the first day no longer in force."""
        read = self.day(value)
        return None if read is None else read + timedelta(days=1)

    def name(self, name: str) -> str:
        """A name on one line, without control characters or stray spaces; empty where nothing is left."""
        clean = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:200].rstrip()
        if clean and clean != name:
            self.note(OddKind.TRIMMED_NAME)
        return clean


def _date(value: str) -> date | None:
    try:
        read = datetime.strptime(value.replace("-", ""), "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return read if FILLER <= read <= LATEST else None


def right_width(text: RegisterText, width: int, facts: Facts) -> Iterator[tuple[Origin, list[str]]]:
    """The rows that have the width of the layout; others are noted."""
    for line, fields in text.rows:
        origin = Origin(text.name, line)
        if len(fields) == width:
            yield origin, fields
        else:
            facts.oddities.note(OddKind.WRONG_WIDTH, fields[0][:40], f"{len(fields)} columns, not {width}", origin)


def _unrecognised(text: RegisterText, message: str) -> DocumentRefused:
    return DocumentRefused(text.name, [DocumentFault(message)])


def _refused(path: Path, message: str, line: int | None = None) -> DocumentRefused:
    return DocumentRefused(path.name, [DocumentFault(message, line=line)])
