"""Files that are made to bring a reader down take little memory, and what is told of them is short."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from organisations.portfolios.faults_of_files import MOST_REPORTED, DocumentFault, DocumentRefused, Found
from organisations.portfolios.formats import document_from
from organisations.portfolios.stated import stated_by
from organisations.portfolios.workbook.packing import pieces_of
from tests.unit.ingest.hostile import FILES, HEAD, listed, lying

ROOT = Path(__file__).resolve().parents[3]
MOST = 300
"""Megabytes that a process may take with everything that the product loads, whatever the file."""
TIMES = 10
"""Times its own size that a file may take; of a packed one, the size it expands to."""
ANYWAY = 120
"""Megabytes that reading may take of even the smallest file: as many values as are read are worth so much."""
EXPANDED = {
    "a sheet of elements that mean nothing": 28_000_000,
    "a workbook of elements that mean nothing": 15_000_000,
    "a workbook of many texts": 6_000_000,
}
"""Bytes that a packed file expands to."""


def refused(content: bytes) -> DocumentRefused:
    try:
        return DocumentRefused("file", stated_by(document_from(content, name="file")).faults)
    except DocumentRefused as found:
        return found


@pytest.mark.exhaustive
def test_whatever_the_file_it_takes_little_memory(subtests: pytest.Subtests) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.ingest.measured"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "pcorg.settings", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [found["file"] for found in told] == list(FILES)
    for found in told:
        size = max(found["bytes"], EXPANDED.get(found["file"], 0)) / 1_000_000
        with subtests.test(file=found["file"]):
            assert found["most"] <= MOST, found
            assert found["most"] - found["before"] <= max(TIMES * size, ANYWAY), found
            assert found["told"] <= MOST_REPORTED
            assert found["counted"] >= found["told"]


@pytest.mark.parametrize("times", [999, 1_000, 1_001, 30_000])
@pytest.mark.parametrize("entry", ["1", "[]", '"a"'])
def test_the_first_thousand_faults_are_told_and_the_rest_counted(entry: str, times: int) -> None:
    found = refused(listed(entry, times))
    assert len(found.faults) == min(times, MOST_REPORTED)
    assert (found.count, found.more, found.counted) == (times, max(times - MOST_REPORTED, 0), True)
    assert found.how_many == f"{times:,} faults"
    assert [fault.pointer for fault in found.faults[:3]] == ["/bodies/0", "/bodies/1", "/bodies/2"]


def test_where_the_rest_is_not_looked_at_that_is_said() -> None:
    found = refused(listed("{}", 50_000))
    assert len(found.faults) == MOST_REPORTED
    assert not found.counted
    assert found.how_many.startswith("at least 20,0")


def test_found_faults_are_kept_so_far_and_counted_beyond() -> None:
    found = Found()
    for number in range(25_000):
        found.append(DocumentFault(str(number)))
    assert (len(found), found.rest, DocumentRefused("x", found).count) == (20_000, 5_000, 25_000)
    assert not Found().too_many


def test_a_line_is_found_for_every_fault_of_a_long_list() -> None:
    entries = ",\n".join(["1"] * 1_500)
    for content in (f'{HEAD}"bodies": [\n{entries}\n]}}', "bodies:\n" + "- 1\n" * 1_500):
        found = refused(content.encode())
        assert {2, 3, 4, 500} <= {fault.line for fault in found.faults}
        assert len({fault.line for fault in found.faults}) >= 999


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (listed(f'{{"{"a" * 201}": 1}}', 1), "The name of a field has at most 200 characters."),
        (f"{'a' * 201}: 1".encode(), "The name of a field has at most 200 characters."),
        (listed(f'"{"a" * 100_001}"', 1), "A single value has at most 100,000 characters."),
        (f"a: {'a' * 100_001}".encode(), "A single value has at most 100,000 characters."),
        (listed(f'{{"{0}": [{", ".join(["1"] * 5_001)}]}}', 1), "A list within a record has at most 5,000 entries."),
        (listed(r'"\ud800"', 1), "This holds half of a character, which is no text. Write it out."),
        (listed(r'{"\udfff": 1}', 1), "This holds half of a character, which is no text. Write it out."),
        (listed('{"a": 1, "a": 2}', 1), "“a” is given twice."),
        (b"a: 2009-02-30", "“2009-02-30” cannot be read as a date."),
        (listed("9" * 5_000, 1), f"“{'9' * 59}…” cannot be read as a whole number."),
        (listed("[" * 30 + "]" * 30, 1), "Nested more than 20 levels deep."),
        (listed("[" * 3_000 + "]" * 3_000, 1), "Nested more than 20 levels deep."),
    ],
)
def test_what_no_honest_file_holds_is_told(content: bytes, words: str) -> None:
    assert words in [fault.message for fault in refused(content).faults]


@pytest.mark.parametrize("says", [0, 1, 1_000, 999_999])
@pytest.mark.parametrize("name", ["bodies.csv", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_zip_that_says_less_than_it_holds_is_stopped_there(name: str, says: int) -> None:
    (fault,) = refused(lying(name, b"code\n" + b"X" * 1_000_000, says)).faults
    assert "expands to more than it says" in fault.message


def test_a_file_of_a_zip_is_expanded_piece_by_piece() -> None:
    import io
    import zipfile

    content = lying("bodies.csv", b"X" * 10_000_000, 1_000)
    entry = zipfile.ZipFile(io.BytesIO(content)).infolist()[0]
    assert {len(piece) for piece in pieces_of(content, entry)} <= set(range(1, 65_537))
    assert sum(map(len, pieces_of(content, entry))) == 10_000_000
