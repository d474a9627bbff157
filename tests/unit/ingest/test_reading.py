"""Where a fault is told to be: line or sheet and row, field, and the value given."""

from __future__ import annotations

import json

import pytest

from organisations.ingest.reading import Place, Sheet, Text, parse

VALLEY = """\
schema: pcorg-portfolio/1
portfolio:
  covers: {from: 1999-04-01}
bodies:
  - code: X-1
    member_of: [X-2, X-3]
    board:
      - {seats: 4}
"""


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("schema",), ("line 1", "schema", "pcorg-portfolio/1")),
        (("portfolio", "covers", "from"), ("line 3", "covers.from", "1999-04-01")),
        (("bodies", 0), ("line 5", "", "")),
        (("bodies", 0, "code"), ("line 5", "code", "X-1")),
        (("bodies", 0, "form"), ("line 5", "form", "")),
        (("bodies", 0, "member_of", 1), ("line 6", "member_of", "X-3")),
        (("bodies", 0, "board", 0, "seats"), ("line 8", "seats", "4")),
    ],
)
def test_a_fault_tells_its_line_field_and_value(place: Place, told: tuple[str, str, str]) -> None:
    fault = parse(VALLEY.encode(), name="valley").fault("Wrong.", place)
    assert (fault.where, fault.field, fault.value) == told


def test_a_fault_in_a_workbook_tells_its_sheet_and_row() -> None:
    record: Place = ("bodies", 0, "board", 0)
    text = Text(
        "valley.xlsx",
        {"bodies": [{"board": [{"seats": "many"}], "limits": ["x" * 90]}]},
        "",
        lines={("bodies", 0): 2, record: 7},
        sheets={("bodies", 0): Sheet(2, "bodies"), record: Sheet(4, "board")},
        columns={("bodies", 0, "limits", 0): "limit"},
    )
    assert str(text.fault("Give a whole number.", (*record, "seats"))) == (
        "sheet board, row 7, seats “many” (/bodies/0/board/0/seats): Give a whole number."
    )
    long = text.fault("Too long.", ("bodies", 0, "limits", 0))
    assert (long.where, long.field, len(long.value)) == ("sheet bodies, row 2", "limit", 60)


def test_json_is_read_however_it_is_written() -> None:
    data = {"title": "A \t tab, \\u00e9, \U0001f3e5 and \\ud83c", "more": [1, {"deep": "\\\U0001f3e5"}]}
    for text in (json.dumps(data), json.dumps(data, indent="\t"), json.dumps(data, ensure_ascii=False)):
        assert parse(text.encode(), name="x").data == data
    assert parse(json.dumps(data, indent="\t").encode(), name="x").line_of(("more", 1, "deep")) == 6
