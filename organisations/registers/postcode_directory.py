"""The NHS Postcode Directory: one line a postcode, 49 columns without header, with its whole chain of codes.

Read as a stream: what is kept grows with the pairs of codes, of which there are some thousands, and not with the
2.7 million postcodes. From live postcodes in England it derives, for each step of reorganisation, which share of a
body's postcodes lies in the area of each body of the next step: a share of postcodes, not of people.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.registers.oddities import Oddities, OddKind
from organisations.registers.overrides import ShareRow
from organisations.registers.succession_changes import adding_up_to_one
from pcorg.core.vocabulary import Term

WIDTH = 49
TERMINATED, COUNTRY = 3, 12
ENGLAND = "E92000001"

REPORTED_EVERY = 50_000
"""Postcodes between two tellings of how far the reading has come."""


class DirectoryColumn(Term):
    """Columns that hold a body, with the number of each (from 0)."""

    place: int

    def __new__(cls, value: str, label: str = "", place: int = 0) -> DirectoryColumn:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.place = place
        return member

    HEALTH_AUTHORITY = "health-authority", "Health authority before 2002", 15
    AUTHORITY_2002 = "authority-2002", "Strategic health authority of 2002", 30
    TRUST_2002 = "trust-2002", "Primary care trust before October 2006", 31
    AUTHORITY_2006 = "authority-2006", "Strategic health authority of 2006", 13
    TRUST_2006 = "trust-2006", "Primary care trust from October 2006", 35
    GROUP = "group", "Clinical commissioning group or location of a board, as of the edition", 17
    BOARD = "board", "Integrated care board, as of the edition", 42


@dataclass(frozen=True, slots=True)
class Reorganisation:
    """A step of reorganisation: from one level to the next, on a day."""

    name: str
    label: str
    before: DirectoryColumn
    after: DirectoryColumn
    on: date


STEPS = (
    Reorganisation(
        "health-authorities-2002",
        "Health authorities to strategic health authorities",
        DirectoryColumn.HEALTH_AUTHORITY,
        DirectoryColumn.AUTHORITY_2002,
        date(2002, 4, 1),
    ),
    Reorganisation(
        "authorities-2006",
        "Strategic health authorities from 28 to 10",
        DirectoryColumn.AUTHORITY_2002,
        DirectoryColumn.AUTHORITY_2006,
        date(2006, 7, 1),
    ),
    Reorganisation(
        "trusts-2006",
        "Primary care trusts from 303 to 152",
        DirectoryColumn.TRUST_2002,
        DirectoryColumn.TRUST_2006,
        date(2006, 10, 1),
    ),
    Reorganisation(
        "groups-2013",
        "Primary care trusts to clinical commissioning groups",
        DirectoryColumn.TRUST_2006,
        DirectoryColumn.GROUP,
        date(2013, 4, 1),
    ),
    Reorganisation(
        "boards-2022",
        "Groups to integrated care boards",
        DirectoryColumn.GROUP,
        DirectoryColumn.BOARD,
        date(2022, 7, 1),
    ),
)
"""The steps, each with the day it took effect. The codes of groups and boards are those of the edition, so that groups
which have merged since stand under their successors' codes."""

PSEUDO = re.compile(r"[EWSNLM]\d{8}|[WSNLM]\d\d|X\d\d|Q99|Y99|")
"""Codes that stand for no body in England: nine characters, other countries, none."""


@dataclass
class Counted:
    """Live and terminated postcodes by step and pair of codes, and how many postcodes were read."""

    live: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    ended: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    postcodes: int = 0
    terminated: int = 0
    elsewhere: int = 0
    pseudo: Counter[str] = field(default_factory=Counter)


def count(path: Path, progress: Callable[[int], None] = lambda read: None) -> Counted:
    """Count the postcodes of a directory by the pairs of codes they carry.

    Raises Refused where a line has not the columns of the directory, and OSError where the file cannot be opened.
    """
    counted = Counted()
    with path.open(encoding="cp1252", newline="") as file:
        for fields in _lines(file, path.name):
            counted.postcodes += 1
            if counted.postcodes % REPORTED_EVERY == 0:
                progress(counted.postcodes)
            if fields[COUNTRY] != ENGLAND:
                counted.elsewhere += 1
                continue
            tally = counted.live
            if fields[TERMINATED]:
                counted.terminated += 1
                tally = counted.ended
            for step in STEPS:
                before, after = fields[step.before.place], fields[step.after.place]
                if PSEUDO.fullmatch(before) or PSEUDO.fullmatch(after):
                    counted.pseudo[step.name] += 1
                else:
                    tally[step.name][before, after] += 1
    if not counted.postcodes:
        raise DocumentRefused(path.name, [DocumentFault("The file is empty.")])
    return counted


def _lines(file: TextIO, name: str) -> Iterator[list[str]]:
    reader = csv.reader(file)
    try:
        for fields in reader:
            if not fields:
                continue
            if len(fields) != WIDTH:
                words = f"{len(fields)} columns; the directory has {WIDTH} and no header."
                raise DocumentRefused(name, [DocumentFault(words, line=reader.line_num)])
            yield fields
    except (csv.Error, UnicodeDecodeError) as error:
        raise DocumentRefused(name, [DocumentFault(f"This cannot be read: {error}.", line=reader.line_num)]) from None


def shares_of(counted: Counted, oddities: Oddities) -> list[ShareRow]:
    """The shares of each step, which add up to one for each body. A body of which nothing else becomes keeps its
    code and is left out, save where only part of it does."""
    rows: list[ShareRow] = []
    if counted.terminated:
        oddities.note(OddKind.TERMINATED, "", f"{counted.terminated:,} postcodes")
    for step in STEPS:
        live = counted.live[step.name]
        if counted.pseudo[step.name]:
            oddities.note(OddKind.PSEUDO_CODE, step.name, f"{counted.pseudo[step.name]:,} postcodes")
        for pair, number in sorted(counted.ended[step.name].items()):
            if pair not in live:
                words = f"{step.name}: {number:,} terminated postcodes"
                oddities.note(OddKind.ONLY_TERMINATED, " → ".join(pair), words)
        parts: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for (before, after), number in sorted(live.items()):
            parts[before].append((after, number))
        for before, these in parts.items():
            if [after for after, _ in these] != [before]:
                rows += _rows(step, before, these)
    return rows


def _rows(step: Reorganisation, before: str, these: Iterable[tuple[str, int]]) -> Iterator[ShareRow]:
    these = list(these)
    whole = sum(number for _, number in these)
    shares = adding_up_to_one([Decimal(number) / whole for _, number in these])
    for (after, number), share in zip(these, shares, strict=True):
        yield ShareRow(step.name, step.on, before, after, number, share)
