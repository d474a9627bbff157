"""Files that are made to bring a reader down: each small enough to be sent, and each refused or read cheaply."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from organisations.portfolios.formats import layouts
from organisations.portfolios.workbook import filing
from organisations.portfolios.workbook.packing import LARGEST_UNPACKED

HEAD = (
    '{"schema": "pcorg-portfolio/1", "portfolio": {"slug": "a", "title": "A", "illustrative": true, '
    '"covers": {"from": "2000-01-01", "to": "2001-01-01"}}, '
)


def listed(entry: str, times: int) -> bytes:
    """A document of JSON with one list of bodies that are all the same."""
    return f'{HEAD}"bodies": [{", ".join([entry] * times)}]}}'.encode()


def within_a_change() -> bytes:
    """One change with as many wrong entries in each of its lists as a list takes."""
    names = ("edges", "links", "moves", "relationships", "resulting")
    lists = ", ".join(f'"{name}": [{", ".join(["{}"] * 5_000)}]' for name in names)
    return f'{HEAD}"changes": [{{{lists}}}]}}'.encode()


def rows_of_csv(row: str, times: int) -> bytes:
    """CSV files in a ZIP, with many rows that do not pack well."""
    rows = "".join(row.replace("?", f"{number * 7919 % 1_000_003}") for number in range(times))
    return packed({"bodies.csv": f"code,name,form,opened\n{rows}".encode()})


def numbered(element: str, times: int) -> bytes:
    """Many elements that are all different."""
    return "".join(element.replace("?", f"{number * 7919 % 1_000_003}") for number in range(times)).encode()


def workbook(sheet: bytes, strings: bytes = b"") -> bytes:
    """A workbook of ours with something else in one of its sheets."""
    with zipfile.ZipFile(io.BytesIO(filing.as_xlsx({"portfolio": {"slug": "a"}}, layouts(), {}))) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/worksheets/sheet2.xml"] = b"<worksheet " + main + b"><sheetData>" + sheet + b"</sheetData></worksheet>"
    if strings:
        parts["xl/sharedStrings.xml"] = b"<sst " + main + b">" + strings + b"</sst>"
    return packed(parts)


def packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def lying(name: str, content: bytes, says: int) -> bytes:
    """A ZIP whose headers both say that its one file expands to less than it does, with the checksum of that much."""
    packed_content = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    squeezed = packed_content.compress(content) + packed_content.flush()
    checksum, title = zlib.crc32(content[:says]), name.encode()
    common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, checksum, len(squeezed), says, len(title), 0)
    local = b"PK\x03\x04" + common + title + squeezed
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + title
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


FILES: dict[str, Callable[[], bytes]] = {
    "1.9 million short wrong entries": lambda: listed("1", 1_900_000),
    "as many short wrong entries as are read": lambda: listed("1", 990_000),
    "empty records": lambda: listed("{}", 490_000),
    "empty lists": lambda: listed("[]", 490_000),
    "nineteen megabytes of words": lambda: listed('"aaaaaaaaaaaaaaaaaa"', 900_000),
    "nineteen megabytes of numbers": lambda: listed("1234567", 2_000_000),
    "nineteen megabytes of short lines": lambda: b"bodies:\n" + b"- aaaaaaaaaaaaa\n" * 1_200_000,
    "nineteen megabytes of long lines": lambda: b"bodies:\n" + b"- aaaaaaaaaaaaa bbbbbbbbbbbbbb cccccccc\n" * 480_000,
    "records with everything missing": lambda: b"bodies:\n" + b"- {note: aaaaaaaaaaaa}\n" * 190_000,
    "bodies of a form that is none": lambda: listed(
        '{"code": "X-1", "name": "N", "form": "pct-9", "basis": "illustrative", "source": "pcorg-illustration"}', 85_000
    ),
    "aliases": lambda: b"a: &a 1\nbodies:\n" + b"- *a\n" * 450_000,
    "a record of many fields": lambda: listed(
        f"{{{', '.join(f'{chr(34)}{n}{chr(34)}: 1' for n in range(400_000))}}}", 1
    ),
    "wrong entries within a change": within_a_change,
    "one long word": lambda: listed(f'"{"a" * 19_000_000}"', 1),
    "one long word with a letter of four bytes": lambda: listed(f'"\U0001f3e5{"a" * 19_000_000}"', 1),
    "control characters": lambda: b"a: " + b"\x07" * 19_000_000,
    "bytes that are no text": lambda: b"a: " + b"\xff" * 19_000_000,
    "brackets": lambda: b'{"a": ' + b"[" * 19_000_000,
    "a list given many times": lambda: b"a: [1]\n" * 150_000,
    "rows of wrong cells": lambda: rows_of_csv("X ?,,pcg ?,soon\n", 79_000),
    "rows of one cell": lambda: rows_of_csv("X-?\n", 79_000),
    "a ZIP that lies": lambda: lying("bodies.csv", b"code\n" + b"X" * 400_000_000, 1_000),
    "a workbook that lies": lambda: lying("xl/workbook.xml", b"<workbook>" + b" " * 400_000_000, 1_000),
    "a workbook of styles": lambda: packed(
        {"xl/workbook.xml": b"<workbook/>", "xl/styles.xml": b"<styles>" + b"<xf a='1234567'/>" * 40_000}
    ),
    "a workbook of elements that mean nothing": lambda: packed(
        {
            "xl/workbook.xml": b"<workbook/>",
            "xl/worksheets/sheet1.xml": b"<worksheet>" + numbered("<a b='?'/>", 1_000_000),
        }
    ),
    "a sheet of elements that mean nothing": lambda: workbook(numbered("<a b='?'/>", 1_900_000)),
    "a sheet of as many cells as are read": lambda: workbook(numbered("<row><c><v>?</v></c></row>", 79_000)),
    "a row of many cells": lambda: workbook(b"<row>" + numbered("<c><v>?</v></c>", 400_000) + b"</row>"),
    "a cell of many texts": lambda: workbook(b"<row><c><is>" + numbered("<t>?</t>", 900_000) + b"</is></c></row>"),
    "a workbook of many texts": lambda: workbook(b"", numbered("<si><t>?</t></si>", 240_000)),
    "a ZIP of all that is let in": lambda: packed({"bodies.csv": b"code\n" + b"X" * (LARGEST_UNPACKED // 40)}),
}
"""How each is made, by name."""

BY_NETWORK = frozenset({"bodies of a form that is none"})
"""Files of sound records, of which a command loads more than the pages and the API do."""
