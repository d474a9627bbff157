"""Editions of the registers one after another: what really changed is recorded or reported, and nothing else."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from organisations.domain.vocabulary import RelationshipKind
from organisations.models import Organisation, Relationship
from organisations.registers.ingest import Ingestion, IngestReport, ingest_registers
from organisations.registers.oddities import OddKind
from tests.unit.ingest.registers.files import group, practice, written

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
QUIET = {OddKind.CLOSED_SINCE, OddKind.COVERAGE_STAYS}
"""What is said of a real change, or of the portfolio as a whole."""


def _written(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""


@dataclass
class Country:
    """Groups and practices as they really were, and the editions that a register makes of them. A group is its
    opening, its closing and its successor; a practice its opening, its closing, and its groups with the days of
    joining them."""

    groups: dict[str, tuple[date, date | None, str | None]] = field(default_factory=dict)
    practices: dict[str, tuple[date, date | None]] = field(default_factory=dict)
    parents: dict[str, tuple[str, date]] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)

    def open_groups(self) -> list[str]:
        return [code for code, (_, closed, _) in self.groups.items() if closed is None]

    def open_practices(self) -> list[str]:
        return [code for code, (_, closed) in self.practices.items() if closed is None]

    def merge(self, codes: list[str], into: str, on: date) -> None:
        if into not in self.groups:
            self.groups[into] = (on, None, None)
        for code in codes:
            self.groups[code] = (self.groups[code][0], on, into)
        for member, (parent, _) in self.parents.items():
            if parent in codes and self.practices[member][1] is None:
                self.parents[member] = (into, on)

    def close(self, code: str, on: date) -> None:
        self.practices[code] = (self.practices[code][0], on)

    def move(self, code: str, to: str, on: date) -> None:
        self.parents[code] = (to, on)
        self.moved.add(code)

    def edition(self, folder: Path) -> list[Path]:
        """The files of an edition: last days where the record has first days without."""
        folder.mkdir()
        successions = [
            [code, new, "", _written(closed), "S"] for code, (_, closed, new) in self.groups.items() if closed and new
        ]
        rows = [
            practice(
                code,
                opened=_written(opened),
                closed=_written(closed and closed - DAY),
                status="C" if closed else "A",
                parent=self.parents[code][0],
                joined=_written(self.parents[code][1]),
            )
            for code, (opened, closed) in self.practices.items()
        ]
        files = [
            written(
                folder / "eccg.csv",
                [
                    group(code, opened=_written(opened), closed=_written(closed and closed - DAY))
                    for code, (opened, closed, _) in self.groups.items()
                ],
            ),
            written(folder / "epraccur.csv", rows),
        ]
        return [*files, written(folder / "succ.csv", successions)] if successions else files


def _founded(chance: random.Random) -> Country:
    country = Country()
    for number in range(30):
        country.groups[f"{number:02}Z"] = (date(2013, 4, 1), None, None)
    for number in range(400):
        code = f"B{number:05}"
        country.practices[code] = (date(1974, 4, 1), None)
        country.parents[code] = (chance.choice(country.open_groups()), date(2013, 4, 1))
    return country


def _a_year_passes(country: Country, year: int, chance: random.Random) -> None:
    """Closings, openings, moves; then mergers into a new group and into one that was there."""
    for code in chance.sample(country.open_practices(), 12):
        country.close(code, date(year, chance.randint(5, 12), 1))
    for number in range(6):
        code = f"C{year}{number}"
        country.practices[code] = (date(year, 6, 1), None)
        country.parents[code] = (chance.choice(country.open_groups()), date(year, 6, 1))
    for code in chance.sample([each for each in country.open_practices() if each not in country.moved], 4):
        other = [each for each in country.open_groups() if each != country.parents[code][0]]
        country.move(code, chance.choice(other), date(year, 9, 1))
    merging = chance.sample(country.open_groups(), 5)
    country.merge(merging[:3], f"{year % 100}Y", date(year + 1, 4, 1))
    country.merge([merging[3]], merging[4], date(year + 1, 4, 1))


def _ingest(paths: list[Path]) -> IngestReport:
    return ingest_registers(ingestion=Ingestion(paths, covers_to=date(2020, 1, 1)), by="tests")


def _told(report: IngestReport) -> set[tuple[OddKind, str]]:
    return {(odd.kind, odd.code) for odd in report.oddities.met if odd.kind not in QUIET}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_edition_reports_the_practices_that_moved_and_nothing_else(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    country = _founded(chance)
    assert _told(_ingest(country.edition(tmp_path / "first"))) == set()
    for year in (2014, 2015, 2016):
        _a_year_passes(country, year, chance)
        paths = country.edition(tmp_path / str(year))
        report = _ingest(paths)
        moved = {(OddKind.MEMBERSHIP_DIFFERS, code) for code in country.moved}
        assert _told(report) == moved
        assert report.assembled.differing == len(moved)
        again = _ingest(paths)
        assert again.load is None
        assert _told(again) == moved
        _as_it_really_was(country)


def _as_it_really_was(country: Country) -> None:
    """Lives, and the groups of all practices that have not moved, are as they really were."""
    lives = dict(Organisation.objects.filter(portfolio="ods-registers").values_list("code", "closed"))
    assert lives == {code: closed for code, (_, closed, _) in country.groups.items()} | {
        code: closed for code, (_, closed) in country.practices.items()
    }
    rows = Relationship.objects.open().filter(kind=RelationshipKind.MEMBER_OF, subject__portfolio="ods-registers")
    held = dict(rows.values_list("subject", "object"))
    stayed = [code for code in country.open_practices() if code not in country.moved]
    assert {code: held[code] for code in stayed} == {code: country.parents[code][0] for code in stayed}
