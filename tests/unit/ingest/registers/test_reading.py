"""Registers as they come: encodings, line ends, dates, and files that are none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from organisations.portfolios.reading import DocumentRefused
from organisations.registers.oddities import OddKind, Origin
from organisations.registers.reading import RecordReader, read_csv, recognised
from organisations.registers.records import Facts, RegisterKind
from tests.unit.ingest.registers.files import group, practice, row, trust, written

HERE = Origin("test.csv", 1)


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"], ids=["CRLF", "LF", "bare CR"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_encoding_and_line_end_gives_the_same_rows(tmp_path: Path, encoding: str, newline: str) -> None:
    rows = [group("08Y", "NHS QUEEN’S PARK CCG"), group("09A", "NHS CENTRAL LONDON CCG")]
    text = read_csv(written(tmp_path / "g.csv", rows, encoding=encoding, newline=newline))
    assert text.rows == [(1, rows[0]), (2, rows[1])]


def test_the_right_single_quotation_mark_of_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_bytes(b'"08Y","QUEEN\x92S PARK"\n')
    assert read_csv(path).rows == [(1, ["08Y", "QUEEN’S PARK"])]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text('"A","one\ntwo"\n\n"B","three"\n')
    assert [line for line, _ in read_csv(path).rows] == [1, 4]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\x81\x00", "neither UTF-8 nor Windows-1252"),
        (b"a\x00b", "zero bytes"),
        (b'"a"b","c"\n', "not well-formed CSV"),
        (b'"A81001";"THE MILL"\n', "separated by semicolons, not by commas"),
        (b"A81001\tTHE MILL\n", "separated by tabs, not by commas"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(DocumentRefused) as refused:
        read_csv(path)
    assert words in refused.value.faults[0].message


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([practice("A81001"), practice("Y00123"), practice("ALD001", setting="0")], RegisterKind.PRACTICES),
        (
            [trust("RA2", "A NHS TRUST"), trust("TAF", "B CARE TRUST"), trust("G6V2S", "C NHS TRUST")],
            RegisterKind.TRUSTS,
        ),
        ([group("00C"), group("A3A8R")], RegisterKind.GROUPS),
        ([row("Q31", "NORTH WEST SHA"), row("5NT", "MANCHESTER PCT")], RegisterKind.AUTHORITIES),
        ([["A81001", "00K", "C", "20130401", "", "0"]], RegisterKind.MEMBERSHIPS),
        ([["RW6", "R0A", "", "20211001", "S"]], RegisterKind.SUCCESSIONS),
    ],
)
def test_a_layout_is_known_by_its_content(tmp_path: Path, rows: list[list[str]], kind: RegisterKind) -> None:
    assert recognised(read_csv(written(tmp_path / "x.csv", rows)), None) is kind


@pytest.mark.parametrize(
    ("rows", "said", "words"),
    [
        ([["ons_code", "hscic_code", "name"]], None, "3 columns"),
        ([["x"] * 49], None, "ingest_nhspd"),
        ([group("00C"), trust("RA2", "A"), trust("RA3", "B")], None, "Say it with --kind"),
        ([group("G6V2S"), group("A3A8R")], None, "Say it with --kind"),
        ([practice("A81001", setting="")], None, "column 26"),
        ([["A81001", "00K", "C", "20130401", "", "0"]], RegisterKind.TRUSTS, "6 columns"),
        ([group("00C")], RegisterKind.SUCCESSIONS, "27 columns"),
    ],
)
def test_what_cannot_be_told_is_refused(
    tmp_path: Path, rows: list[list[str]], said: RegisterKind | None, words: str
) -> None:
    with pytest.raises(DocumentRefused) as refused:
        recognised(read_csv(written(tmp_path / "x.csv", rows)), said)
    assert words in refused.value.faults[0].message


def test_the_kind_can_be_said(tmp_path: Path) -> None:
    text = read_csv(written(tmp_path / "x.csv", [trust("G6V2S", "A NHS TRUST")]))
    assert recognised(text, RegisterKind.TRUSTS) is RegisterKind.TRUSTS


def test_the_last_day_in_force_becomes_the_first_no_longer_in_force() -> None:
    assert RecordReader(Facts(), "X", HERE).last_day("20130331") == date(2013, 4, 1)


def test_dates_of_both_spellings() -> None:
    reader = RecordReader(Facts(), "X", HERE)
    assert reader.day("20130401") == reader.day("2013-04-01") == date(2013, 4, 1)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("19000101", OddKind.FILLER_DATE),
        ("20130230", OddKind.BAD_DATE),
        ("99991231", OddKind.BAD_DATE),
        ("soon", OddKind.BAD_DATE),
    ],
)
def test_filler_and_nonsense_are_no_dates_and_are_told(value: str, kind: OddKind) -> None:
    facts = Facts()
    assert RecordReader(facts, "X", HERE).day(value) is None
    assert [(odd.kind, odd.code, odd.origin.line) for odd in facts.oddities.met] == [(kind, "X", 1)]


def test_a_date_not_given_is_not_odd() -> None:
    facts = Facts()
    assert RecordReader(facts, "X", HERE).day("") is None
    assert facts.oddities.met == []
