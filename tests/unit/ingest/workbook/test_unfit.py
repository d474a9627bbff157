"""Files that are not what they should be, or would expand to more than they should, are refused before they do harm."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organisations.portfolios import reading
from organisations.portfolios.formats import document_from, layouts
from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.portfolios.workbook import filing, packing, sheets

VALLEY = {"portfolio": {"slug": "valley", "title": "Valley"}, "bodies": [{"code": "X-1", "name": "One"}]}
XLSX = filing.as_xlsx(VALLEY, layouts(), {})
ZIP = filing.as_zip(VALLEY, layouts())


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(DocumentRefused) as refused:
        document_from(content, name="file")
    (fault,) = refused.value.faults
    return fault.message


def read_on(content: bytes) -> list[DocumentFault]:
    """The faults of a file of which the rest is read."""
    return [fault for fault in document_from(content, name="file").faults if "has no row" not in fault.message]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed({"bodies.csv": b"code\n" + b"X" * 80_000_000}), "would expand"),
        (packed({"bodies.csv": b"code\n" + b"X" * 5_000_000}), "times its size"),
        (packed({f"{number}.csv": b"" for number in range(400)}), "400 files"),
        (packed({"bodies.csv": b"code"}, zipfile.ZIP_LZMA), "usual settings"),
        (packed({"readme.txt": b"hello"}), "neither"),
        (packed({"xl/workbook.xml": b"<workbook"}), "damaged"),
        (packed({}), "neither"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and the rest", "old kind"),
        (XLSX[: len(XLSX) // 2], "damaged"),
    ],
)
def test_unfit_files_are_refused_with_the_reason(content: bytes, words: str) -> None:
    assert words in refusal(content)


@pytest.mark.parametrize(
    ("files", "where", "words"),
    [
        ({"bodies.csv": b"code,name", "readme.txt": b"hello"}, "sheet readme.txt", "not a CSV file"),
        ({"bodies.csv": b"code,name", "again/bodies.csv": b"code"}, "sheet bodies.csv", "Two files"),
        (
            {"bodies.csv": b"code,name\nX-1,Caf\xe9 Trust\n"},
            "sheet bodies, row 2",
            "byte 17 of the file (byte 8 of the line) is 0xE9, “é” in Windows-1252. Save the file as UTF-8.",
        ),
        ({"bodies.csv": b'code,name\nX-1,"open\n'}, "sheet bodies, row 2", "not well-formed CSV near line 2"),
        ({"bodies.csv": b"code;name\nX-1;One\n"}, "sheet bodies, row 1", "separated by semicolons, not by commas"),
        ({"bodies.csv": b"code\tname\nX-1\tOne\n"}, "sheet bodies, row 1", "separated by tabs, not by commas"),
    ],
)
def test_a_csv_file_with_a_fault_is_read_on(files: dict[str, bytes], where: str, words: str) -> None:
    faults = read_on(packed(files | {"shares.csv": b"change,original\nnone,X-1\n"}))
    told = [fault for fault in faults if words in fault.message]
    assert [fault.where for fault in told] == [where]
    assert any(fault.where.startswith("sheet shares") for fault in faults), "the other files are read too"


def test_a_csv_file_of_another_separator_is_read_by_it() -> None:
    text = document_from(packed({"bodies.csv": b"code;name;opened\nX-1;One;soon\n"}), name="file")
    (body,) = text.data["bodies"]
    assert (body["code"], body["name"], body["opened"]) == ("X-1", "One", None)
    assert "sheet bodies, row 2" in {fault.where for fault in text.faults}


def test_a_workbook_that_expands_far_is_not_expanded() -> None:
    """A file of some ten kilobytes with a sheet of many megabytes."""
    row = b"<row><c t='inlineStr'><is><t>x</t></is></c></row>"
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    files["xl/worksheets/sheet4.xml"] = b"<worksheet><sheetData>" + row * 600_000 + b"</sheetData></worksheet>"
    bomb = packed(files)
    assert len(bomb) < 200_000
    assert "times its size" in refusal(bomb)


def test_entities_are_not_expanded() -> None:
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert "damaged" in refusal(packed(files | {"xl/worksheets/sheet4.xml": entities}))


@pytest.mark.parametrize("row", ["99999999999", "1048576"])
def test_a_row_far_down_does_not_make_us_count_to_it(row: str) -> None:
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    cell = f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>x</t></is></c></row>'
    namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = f"<worksheet {namespace}><sheetData>{cell}</sheetData></worksheet>"
    assert "rows" in refusal(packed(files | {"xl/worksheets/sheet4.xml": sheet.encode()}))


@pytest.mark.parametrize("content", [XLSX, ZIP])
def test_a_workbook_of_too_many_cells_is_refused(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 20)
    assert "cells" in refusal(content)


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisations.portfolios.formats.LARGEST", 10)
    assert "at most 10" in refusal(XLSX)
    assert reading.LARGEST > packing.SMALL


def test_files_of_packing_programs_are_left_aside() -> None:
    with zipfile.ZipFile(io.BytesIO(ZIP)) as archive:
        files = {f"valley/{entry.filename}": archive.read(entry) for entry in archive.infolist()}
    files |= {"__MACOSX/valley/._bodies.csv": b"\x00\x05", "valley/.DS_Store": b"\x00", "valley/": b""}
    assert document_from(packed(files), name="valley.zip").data == VALLEY


Spoil = Callable[[bytes], bytes]


@pytest.mark.parametrize("content", [XLSX, ZIP])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_spoiled_file_is_read_or_refused_and_never_breaks_the_reader(content: bytes, data: st.DataObject) -> None:
    spoiled = bytearray(content)
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=5)
    ):
        spoiled[place] = byte
    with contextlib.suppress(DocumentRefused):
        document_from(bytes(spoiled), name="spoiled")
