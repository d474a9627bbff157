"""Where a fault is told to be: line or sheet and row, field, and the value given."""

from __future__ import annotations

import json

import pytest

from organisations.portfolios import reading
from organisations.portfolios.formats import document_from
from organisations.portfolios.reading import DocumentRefused, Place, SheetPlace, Text, parse
from organisations.portfolios.suggestions import near_code

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
        sheets={("bodies", 0): SheetPlace(2, "bodies"), record: SheetPlace(4, "board")},
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


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 200_000 + "]" * 200_000,
        "[" * 5000,
        "a: 1\nb: " + "[" * 1200,
        '{"a":' + "[" * 300_000,
        "{a: " * 50_000 + "}" * 50_000,
        "- " * 100_000,
        "? " * 100_000,
    ],
)
def test_what_is_nested_far_too_deep_is_refused_before_it_is_built(bomb: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        parse(bomb.encode(), name="bomb")
    assert [fault.message for fault in refused.value.faults] == ["Nested more than 20 levels deep."]


def test_brackets_within_words_are_not_nesting() -> None:
    assert parse(("a: '" + "[" * 5000 + "'").encode(), name="words").data == {"a": "[" * 5000}
    with pytest.raises(DocumentRefused) as refused:
        parse(("a: '" + "[" * 5000).encode(), name="words")
    assert "not well-formed YAML" in refused.value.faults[0].message


def test_what_is_nested_a_little_too_deep_is_told_with_its_place() -> None:
    with pytest.raises(DocumentRefused) as refused:
        parse(("a: " + "[" * 21 + "]" * 21).encode(), name="deep")
    assert [fault.pointer for fault in refused.value.faults] == ["/a" + "/0" * 20]


def test_a_document_of_far_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_VALUES", 20)
    assert parse(b"a: [1, 2, 3]", name="few").data == {"a": [1, 2, 3]}
    with pytest.raises(DocumentRefused, match="1 fault") as refused:
        parse(("a: [" + "1, " * 30 + "]").encode(), name="many")
    assert "load it in several documents" in refused.value.faults[0].message


def test_numbers_are_read_as_they_are_written() -> None:
    text = "[010, 0, -3, 1:30, 0x1F, 1_000, 5E1]"
    assert parse(text.encode(), name="x").data == ["010", 0, -3, "1:30", "0x1F", "1_000", "5E1"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: " + "9" * 9000, f"“{'9' * 59}…” cannot be read as a whole number."),
        ("a: .inf", "“.inf” cannot be read as a decimal number."),
        ("a: 2009-02-30", "“2009-02-30” cannot be read as a date."),
        ("[a, b]: 1", "The name of a field is plain text."),
    ],
)
def test_what_cannot_be_read_is_told_in_plain_words(text: str, told: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        parse(text.encode(), name="x")
    assert [fault.message for fault in refused.value.faults] == [told]


def told_by(content: bytes, name: str = "x.yaml") -> list[tuple[int | None, str]]:
    return [(fault.line, fault.message) for fault in document_from(content, name=name).faults]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"a: 1\nb: it\x92s\n",
            (
                2,
                "This is not UTF-8 text: byte 10 of the file (byte 6 of the line) is 0x92, “’” in Windows-1252. "
                "Save the file as UTF-8.",
            ),
        ),
        (
            b"a: 1\nb: \x81\x92s\n",
            (
                2,
                "This is not UTF-8 text: byte 8 of the file (byte 4 of the line) is 0x81; so is 1 more. "
                "Save the file as UTF-8.",
            ),
        ),
        (b"a: 1\nb: x\x07y\n", (2, "The character U+0007 at place 5 of the line cannot be read. Take it out.")),
        (
            "a: 1\nb: 2".encode("utf-16"),
            (None, "This is UTF-16 text, which some programs call Unicode. Save it as UTF-8."),
        ),
        (b"a: &x [1]\n", (1, "Anchors and aliases are not read; write the value out.")),
        (b"a: 1\na: 2\n", (2, "“a” is given twice.")),
    ],
)
def test_what_can_be_read_beside_a_fault_is_read(content: bytes, told: tuple[int | None, str]) -> None:
    text = document_from(content, name="x.yaml")
    assert told_by(content) == [told]
    assert "a" in text.data


def test_every_bad_character_alias_and_value_is_found_at_once() -> None:
    content = b"a: &x [1]\nb: *x\nc: it\x92s\nd: x\x07\ne: 2009-02-30\nf: 1\nf: 2\n"
    assert sorted(line or 0 for line, _ in told_by(content)) == [1, 2, 3, 4, 5, 7]


def test_many_control_characters_are_counted() -> None:
    told = told_by(b"a: " + b"\x07" * 50)
    assert len(told) == 21
    assert told[-1] == (None, "There are 30 more characters of this kind. Take them out.")


def test_a_list_that_is_given_twice_is_read_whole() -> None:
    text = document_from(b"bodies: [{code: A}]\nbodies:\n- {code: B}\n", name="x.yaml")
    assert [body["code"] for body in text.data["bodies"]] == ["A", "B"]
    assert text.line_of(("bodies", 1, "code")) == 3


def test_aliases_do_not_expand() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 15)]
    text = document_from("\n".join(lines).encode(), name="bomb.yaml")
    assert len(text.faults) == 15 + 14 * 9


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b'{"a": 1,\n "b" 2}', 2, "not well-formed JSON: Expecting ':' delimiter at place 6 of the line"),
        (b"a: 1\nb: c: d\n", 2, "not well-formed YAML: mapping values are not allowed in this context, at place 5"),
        (b"a:\n\tb: 1\n", 2, "Indent with spaces, not tabs."),
    ],
)
def test_what_is_not_well_formed_has_its_line_and_place(content: bytes, line: int, words: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        document_from(content, name="x")
    (fault,) = refused.value.faults
    assert fault.line == line
    assert words in fault.message


def test_a_single_table_is_told_to_be_one() -> None:
    with pytest.raises(DocumentRefused) as refused:
        document_from(b"code,name\nX-1,One\n", name="bodies.csv")
    assert "put them in a ZIP" in refused.value.faults[0].message


def test_near_names_are_looked_up_for_so_many_unknown_ones_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_HINTS", 2)
    text = parse(b"a: 1", name="x")
    told = [text.unknown("form", "forms", name, ["pct-3", "pct-4"], ("a",)).message for name in ("pct-5", "x", "pct-6")]
    assert told == [
        "There is no form called pct-5. The nearest names are pct-3 and pct-4.",
        "There is no form called x. The forms are pct-3, pct-4.",
        "There is no form called pct-6.",
    ]
    assert [text.near(code, {"5M1"}) for code in ("pct-5", "5M2", "7M2")] == ["", "", ""]


@pytest.mark.parametrize(
    ("code", "near"),
    [
        ("5M2", " The nearest code is 5M1."),
        ("5m1", " The nearest code is 5M1."),
        ("5M", " The nearest code is 5M1."),
        ("5M11", " The nearest codes are 5M1 and 5N11."),
        ("7X1", ""),
    ],
)
def test_a_near_code_differs_in_a_single_letter(code: str, near: str) -> None:
    assert near_code(code, {"5M1", "5N11"}) == near
