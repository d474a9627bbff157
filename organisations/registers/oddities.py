"""What is odd in a register: told by kind, with what was done about it and what a reader can do."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pcorg.core.spreadsheets import shielded
from pcorg.core.vocabulary import Term

EXAMPLES = 5
"""Oddities of a kind shown as examples; the report file holds them all."""


class OddKind(Term):
    """Kinds of oddity. The label says what was met and done; `remedy` what to do, where something can be done."""

    remedy: str

    def __new__(cls, value: str, label: str, remedy: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.remedy = remedy
        return member

    # Rows
    WRONG_WIDTH = "wrong-width", "Row with another number of columns: left out", "Put the row right in the file."
    NO_CODE = "no-code", "Code that is missing or no code: left out", "Put the code right in the file."
    NO_NAME = "no-name", "No name: left out", "Put the name right in the file."
    TRIMMED_NAME = "trimmed-name", "Name with stray spaces or control characters: cleaned"
    BAD_DATE = "bad-date", "Not a date: taken as not given", "Put the date right in the file."
    FILLER_DATE = "filler-date", "1 January 1900 stands for an unknown date: taken as not given"
    NO_OPENING = "no-opening", "No opening date: open from the start of the period covered"
    NO_LIFE = (
        "no-life",
        "Closed before it opened, or before the period covered when its opening is unknown: left out",
        "Put the dates right in the file.",
    )
    SAME_ROW = "same-row", "The same record again: counted once"
    REPEATED_CODE = (
        "repeated-code",
        "Records of one code that contradict each other: all left out",
        "Leave one record of the code in the file.",
    )
    REOPENED = (
        "reopened",
        "Code closed and opened again: the latest opening is kept, the earlier life is left out",
        "Nothing need be done; a code has one life here.",
    )
    REOPENED_SINCE = (
        "reopened-since",
        "Code opened again after the life that is held: the later life is left out",
        "A code has one life here: record the later one under another code, if it is wanted.",
    )
    SHARED_NAME = "shared-name", "Bodies of one name: kept apart by their codes"
    # What a record is
    NOT_A_PRACTICE = "not-a-practice", "Prescribing setting other than 4, general practice: left out"
    NOT_ENGLAND = "not-england", "Outside the National Health Service in England: left out"
    NO_FORM = "no-form", "Kind of body for which there is no form here: left out"
    NO_KIND = (
        "no-kind",
        "Code that does not fit the kind of register: left out",
        "Name the kind with --kind if the whole file was mistaken.",
    )
    PROPOSED = "proposed", "Proposed, so not there yet: left out", "Ingest a later edition once it has opened."
    DORMANT = "dormant", "Dormant: kept as open, for the register gives no closing date"
    ASSUMED_FORM = (
        "assumed-form",
        "Form not told by the name: taken to be an acute trust",
        "State the form in the overrides file.",
    )
    FOUNDATION_SINCE = (
        "foundation-since",
        "Foundation trust by its name now, opened before there were any: the day it became one is not in the register",
        "State form foundation-trust and the day under forms in the overrides file.",
    )
    # Memberships
    UNKNOWN_PARENT = (
        "unknown-parent",
        "Parent that is neither in these files nor held: membership left out",
        "Ingest the register that holds the parent as well.",
    )
    UNKNOWN_MEMBER = "unknown-member", "Membership of a body that is neither in these files nor held: left out"
    SHORTENED = "shortened-membership", "Membership outlasts one of its two bodies: shortened to the days both lived"
    NEVER_MET = "never-met", "Membership on days on which the two bodies were not both there: left out"
    OVERLAPPING = (
        "overlapping-membership",
        "Membership that overlaps another of the same two: left out",
        "Put the dates right in the file.",
    )
    TWO_GROUPS = (
        "two-groups",
        "Practice in two groups at once: recorded as the registers state it",
        "Put the dates right in the file, or record when it left the one.",
    )
    TWO_GROUPS_FOR_A_DAY = (
        "two-groups-for-a-day",
        "Practice in two groups for one day: taken to have left the first when it joined the second",
    )
    SINGLE_DAY = "single-day", "Membership of a single day: recorded as the register states it", "Check the two dates."
    # Successions
    SELF_SUCCESSION = "self-succession", "A body said to succeed itself: left out"
    BOTH_ENDS = "both-ends", "Succession stated from both ends or twice: counted once"
    DAY_APART = "day-apart", "Succession stated with dates a day apart: the later is taken, the successor's first day"
    CYCLE = "cycle", "Bodies said to succeed each other in a circle: left out", "Settle it in the overrides file."
    UNDATED_SUCCESSION = (
        "undated-succession",
        "Succession without a date: left out",
        "State it with its date under successions in the overrides file.",
    )
    SEVERAL_DATES = (
        "several-dates",
        "Succession of the same two bodies on dates more than a day apart: left out",
        "Keep one date under successions in the overrides file.",
    )
    UNKNOWN_PARTY = "unknown-party", "Succession that names a body neither in these files nor held: left out"
    OTHER_PORTFOLIO = (
        "other-portfolio",
        "Succession of a body that another portfolio holds: left out",
        "Record the change in that portfolio.",
    )
    SUCCESSOR_NOT_THERE = (
        "successor-not-there",
        "Successor that opens later or closed before: left out",
        "State the date under successions in the overrides file.",
    )
    PREDECESSOR_GOES_ON = (
        "predecessor-goes-on",
        "Predecessor that does not close that day: left out",
        "State the day it closed under successions in the overrides file.",
    )
    GAP = (
        "gap",
        "Successor that opens after the predecessor has closed: left out",
        "State the day to take under successions in the overrides file; the dates this moves are reported and noted.",
    )
    DATE_MOVED = "date-moved", "Date of the register moved by the overrides file; the record says so"
    NO_SHARES = (
        "no-shares",
        "Body with several successors and no shares: left out, for shares are never invented",
        "Give the shares with --shares (see ingest_nhspd) or in the overrides file.",
    )
    PARTIAL = (
        "partial-succession",
        "One of several successors of a body, of which another cannot be recorded: left out with it",
        "Put right what stands against the other, or leave it out under successions in the overrides file.",
    )
    ENDS_TWICE = (
        "ends-twice",
        "Body that ends by several changes: only the first is kept",
        "Leave the others out under successions in the overrides file.",
    )
    LATE_SUCCESSION = (
        "late-succession",
        "Succession of a body whose closing is recorded already: left out",
        "Record a correction, or ingest the succession together with the bodies.",
    )
    HOMELESS = (
        "homeless-members",
        "Members of a body that ends among several, which no register takes over: their membership ends that day",
    )
    OVERRIDDEN = "overridden", "Settled by the overrides file"
    UNUSED_OVERRIDE = (
        "unused-override",
        "Entry of the overrides file that speaks of nothing in the registers",
        "Check its codes and its date.",
    )
    # Against what is held
    HELD_ELSEWHERE = "held-elsewhere", "Held by another portfolio already: not made again, only compared"
    NAME_DIFFERS = (
        "name-differs",
        "Held under another name: not changed",
        "Record a change of name if it is one; the register does not say from which day.",
    )
    OPENED_DIFFERS = "opened-differs", "Held with another opening: not changed", "Record a correction."
    CLOSED_DIFFERS = (
        "closed-differs",
        "Held with another closing: not changed",
        "Record a dissolution, merger or correction in the portfolio that holds it.",
    )
    CLOSED_SINCE = "closed-since", "Closed since the last edition: recorded as a dissolution"
    CLOSED_WITH_MEMBERS = (
        "closed-with-members",
        "Closed since the last edition, with members that would be left behind: not changed",
        "Ingest the successions with it, or record the merger or dissolution.",
    )
    MEMBERSHIP_DIFFERS = (
        "membership-differs",
        "Member of another body, or until another day, than is held: not changed",
        "Record a transfer of the practice.",
    )
    COVERAGE_STAYS = "coverage-stays", "The file speaks of days after the period the portfolio covers"
    FIRST_DAY_STAYS = "first-day-stays", "The portfolio is held already and keeps the first day it covers"
    # Reference XML and postcodes
    NO_ROLE = "no-role", "Role of which there is no form here: left out"
    OTHER_LINK = "other-link", "Succession that is neither predecessor nor successor: left out"
    TERMINATED = "terminated", "Postcode no longer in use: not counted"
    ONLY_TERMINATED = "only-terminated", "Codes that share only postcodes no longer in use: no share"
    PSEUDO_CODE = "pseudo-code", "Code that stands for no body: not counted"
    SHARE_DIFFERS = "share-differs", "Recorded share that differs from that of postcodes by more than 0.01: not changed"
    SHARE_NOT_RECORDED = (
        "share-not-recorded",
        "Shares that were not recorded as a change",
        "The note says what stood against it.",
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands: the file and, in a CSV, the line."""

    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file} line {self.line}" if self.line is not None else self.file


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Oddity:
    """One odd thing: its kind, the code it is about, what in particular, and where it stands."""

    kind: OddKind
    code: str
    particulars: str
    origin: Origin


@dataclass
class Oddities:
    """All that was odd, in the order in which it was met."""

    met: list[Oddity] = field(default_factory=list)

    def note(self, kind: OddKind, code: str, particulars: str = "", origin: Origin = NOWHERE) -> None:
        """Note one."""
        self.met.append(Oddity(kind, code, particulars, origin))

    def by_kind(self) -> dict[OddKind, list[Oddity]]:
        """All of them by kind, kinds in their order."""
        found: dict[OddKind, list[Oddity]] = {kind: [] for kind in OddKind}
        for oddity in self.met:
            found[oddity.kind].append(oddity)
        return {kind: these for kind, these in found.items() if these}

    def lines(self) -> Iterator[str]:
        """Lines for people: each kind with its count, some examples, and what to do."""
        for kind, these in self.by_kind().items():
            yield f"{len(these):>7,}  {kind.label}."
            for oddity in these[:EXAMPLES]:
                place = f" ({oddity.origin})" if oddity.origin.file else ""
                particulars = f": {oddity.particulars}" if oddity.particulars else ""
                yield f"           {oddity.code}{particulars}{place}"
            if len(these) > EXAMPLES:
                yield f"           and {len(these) - EXAMPLES:,} more"
            if kind.remedy:
                yield f"         → {kind.remedy}"

    def write_csv(self, path: Path) -> None:
        """Write all of them as CSV; cells that a spreadsheet would take for a formula are escaped."""
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["kind", "what", "code", "particulars", "file", "line", "remedy"])
            for kind, these in self.by_kind().items():
                for odd in these:
                    place = (odd.origin.file, odd.origin.line or "")
                    row = [kind, kind.label, odd.code, odd.particulars, *place, kind.remedy]
                    writer.writerow([shielded(str(cell)) for cell in row])
