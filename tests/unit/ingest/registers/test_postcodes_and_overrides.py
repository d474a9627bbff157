"""Shares from the postcode directory; overrides and tables of shares as files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from organisations.portfolios.reading import DocumentRefused
from organisations.registers.oddities import Oddities, OddKind, Origin
from organisations.registers.overrides import ShareRow, read_overrides, read_shares, write_shares
from organisations.registers.postcode_directory import STEPS, DirectoryColumn, count, shares_of

ENGLAND, WALES = "E92000001", "W92000004"
FORMS = {"foundation-trust", "mental-health-trust"}


def postcode(country: str = ENGLAND, terminated: str = "", **codes: str) -> list[str]:
    """A line of the directory; `codes` by the name of the column, e.g. `trust_2006`."""
    fields = [""] * 49
    fields[0], fields[1], fields[2], fields[3], fields[12] = "AB1 2CD", "AB1 2CD", "199001", terminated, country
    for name, code in codes.items():
        fields[DirectoryColumn(name.replace("_", "-")).place] = code
    return fields


def directory(tmp_path: Path, *lines: list[str]) -> Path:
    path = tmp_path / "nhspd.csv"
    path.write_text("".join(",".join(f'"{field}"' for field in line) + "\r\n" for line in lines))
    return path


def shares(tmp_path: Path, *lines: list[str]) -> tuple[dict[tuple[str, str, str], str], Oddities]:
    oddities = Oddities()
    rows = shares_of(count(directory(tmp_path, *lines)), oddities)
    return {(row.step, row.original, row.resulting): str(row.share) for row in rows}, oddities


def test_shares_are_of_live_postcodes_in_england(tmp_path: Path) -> None:
    found, oddities = shares(
        tmp_path,
        *[postcode(trust_2006="5D9", group="00K")] * 3,
        postcode(trust_2006="5D9", group="00D"),
        postcode(trust_2006="5D9", group="00D", terminated="200904"),
        postcode(WALES, trust_2006="5D9", group="00D"),
    )
    assert found == {("groups-2013", "5D9", "00D"): "0.250000", ("groups-2013", "5D9", "00K"): "0.750000"}
    assert [odd.kind for odd in oddities.met] == [OddKind.TERMINATED, *[OddKind.PSEUDO_CODE] * 4]


def test_shares_add_up_to_one_in_six_places(tmp_path: Path) -> None:
    found, _ = shares(tmp_path, *(postcode(trust_2002="5AA", trust_2006=code) for code in ("5NA", "5NB", "5NC")))
    assert sum(map(Decimal, found.values())) == 1
    assert sorted(found.values()) == ["0.333333", "0.333333", "0.333334"]


def test_a_body_that_stays_as_it_is_has_no_shares(tmp_path: Path) -> None:
    found, _ = shares(tmp_path, postcode(trust_2002="5LC", trust_2006="5LC"))
    assert found == {}


def test_a_pair_with_terminated_postcodes_alone_is_told(tmp_path: Path) -> None:
    found, oddities = shares(tmp_path, postcode(trust_2002="5AA", trust_2006="5NA", terminated="200904"))
    assert found == {}
    assert OddKind.ONLY_TERMINATED in {odd.kind for odd in oddities.met}


@pytest.mark.parametrize("code", ["E99999999", "W92", "X98", "Q99", ""])
def test_codes_that_stand_for_no_body_are_not_counted(tmp_path: Path, code: str) -> None:
    found, _ = shares(tmp_path, postcode(trust_2006="5D9", group=code))
    assert found == {}


def test_every_step_is_read_from_its_own_columns(tmp_path: Path) -> None:
    codes = {column.value.replace("-", "_"): f"A{number}{number}" for number, column in enumerate(DirectoryColumn)}
    found, _ = shares(tmp_path, postcode(**codes))
    assert {step for step, _, _ in found} == {step.name for step in STEPS}
    assert len({DirectoryColumn(column).place for column in DirectoryColumn}) == len(DirectoryColumn)


def test_what_is_no_directory_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DocumentRefused) as refused:
        count(directory(tmp_path, postcode(), ["x"] * 48))
    assert (refused.value.faults[0].line, "48 columns" in refused.value.faults[0].message) == (2, True)


def test_an_empty_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentRefused):
        count(directory(tmp_path))


def test_progress_is_told_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisations.registers.postcode_directory.REPORTED_EVERY", 2)
    told: list[int] = []
    count(directory(tmp_path, *[postcode()] * 5), told.append)
    assert told == [2, 4]


def test_a_table_of_shares_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    write_shares(path, [ShareRow("groups-2013", date(2013, 4, 1), "5D9", "00K", 3, Decimal("0.750000"))])
    assert read_shares(path) == {("5D9", "00K"): Decimal("0.75")}


def test_a_table_with_faults_tells_them_all(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    lines = ["step,on,original,resulting,postcodes,share", "s,,A,B,1,2", "s,,A,C,1,x", "s,,A,D,1,0.5", "s,,A,D,1,0.5"]
    path.write_text("\n".join(lines))
    with pytest.raises(DocumentRefused) as refused:
        read_shares(path)
    assert [fault.line for fault in refused.value.faults] == [2, 3, 5]


def test_another_table_is_no_table_of_shares(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("pct,ccg,share\n")
    with pytest.raises(DocumentRefused):
        read_shares(path)


def test_overrides_are_read_with_their_reasons(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    path.write_text(
        "successions:\n"
        "  - {old: RYK, new: TAJ, on: 2024-10-01, reason: Missing from the register}\n"
        "  - {old: RW6, new: R0A, leave_out: true, reason: A part only}\n"
        "equal_shares:\n  - {old: RW6, reason: No count survives}\n"
        "forms:\n  - {code: RPG, form: foundation-trust, since: 2006-11-01, reason: Authorised that day}\n"
    )
    settled = read_overrides(path, FORMS)
    assert settled.successions["RYK", "TAJ"].on == date(2024, 10, 1)
    assert settled.successions["RW6", "R0A"].leave_out
    assert settled.forms["RPG"].since == date(2006, 11, 1)
    assert settled.equal["RW6"].reason == "No count survives"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "forms:\n  - {code: RPG, form: nothing, reason: x}\n  - {code: RPG, form: foundation-trust, reason: x}\n",
            [2, 3],
        ),
        ("successions:\n  - {old: A, new: B, reason: x}\n  - {old: A, new: B, on: 2020-01-01}\n", [2, 3]),
        ("formes: []\n", [1]),
    ],
)
def test_overrides_with_faults_tell_them_all(tmp_path: Path, text: str, lines: list[int]) -> None:
    path = tmp_path / "overrides.yaml"
    path.write_text(text)
    with pytest.raises(DocumentRefused) as refused:
        read_overrides(path, FORMS)
    assert [fault.line for fault in refused.value.faults] == lines


def test_the_report_escapes_what_a_spreadsheet_takes_for_a_formula(tmp_path: Path) -> None:
    oddities = Oddities()
    oddities.note(OddKind.DORMANT, "A81001", '=HYPERLINK("x")', Origin("e.csv", 3))
    oddities.write_csv(tmp_path / "odd.csv")
    assert "'=HYPERLINK" in (tmp_path / "odd.csv").read_text()
    lines = list(oddities.lines())
    assert lines[0].split() == ["1", *OddKind.DORMANT.label.split()[:-1], f"{OddKind.DORMANT.label.split()[-1]}."]
    assert "(e.csv line 3)" in lines[1]


def test_only_some_examples_are_shown() -> None:
    oddities = Oddities()
    for number in range(7):
        oddities.note(OddKind.DORMANT, f"A{number}")
    assert "           and 2 more" in list(oddities.lines())
