"""Pilots: where they work and with whom, how long their term was to run, when it ends, and how they stand on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from organisations.domain.forms import PMS_PILOT
from pcorg.core.periods import Period
from pcorg.core.vocabulary import Term


class TermStatus(Term):
    """How a pilot stands to its term."""

    RUNNING = "running", "Within its term"
    OVER = "over", "Over its term"


@dataclass(frozen=True, slots=True)
class PilotTerm:
    """How many years pilots of a form were to run, and where that is said."""

    form: str
    years: int
    source: str

    def ends(self, start: date) -> date:
        """The first day after the term of a pilot that began on a day."""
        try:
            return start.replace(year=start.year + self.years)
        except ValueError:  # 29 February
            return date(start.year + self.years, 3, 1)


def days_left(ends: date, on: date) -> int:
    """Days that are left from a day on, that day included, of a term of which `ends` is the first day after; negative
    where it is over."""
    return (ends - on).days


def standing(ends: date, on: date) -> TermStatus:
    """How a pilot stands on a day to its term, of which `ends` is the first day after."""
    return TermStatus.RUNNING if days_left(ends, on) > 0 else TermStatus.OVER


TERMS: Mapping[str, PilotTerm] = {
    term.form: term
    for term in (
        PilotTerm(PMS_PILOT, 3, "goodwin-2001 lines 207-208"),
        PilotTerm("total-purchasing-pilot", 3, "goodwin-2001 lines 145-157"),
    )
}
"""Pilots whose term the sources state."""

FIRST_WAVE = {PMS_PILOT: (1998, 4)}
"""The year and month in which the first wave of a kind of pilot went live, where the sources state it (Goodwin 2001,
line 207). They name no day."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """A personal medical services pilot, as the checks see it.

    `term_ends` is the first day after its term, None where nobody stated it: then the term of its form counts.
    `councils` are those it lies in, as far as the snapshot does not tell; `members` the practices that take part in it,
    itself among them.
    """

    code: str
    name: str
    life: Period
    term_ends: date | None = None
    councils: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    @property
    def ends(self) -> date:
        """The first day after its term."""
        return TERMS[PMS_PILOT].ends(self.life.start) if self.term_ends is None else self.term_ends

    def runs_on(self, on: date) -> bool:
        """Whether it is in force on a day and within its term."""
        return self.life.holds(on) and standing(self.ends, on) is TermStatus.RUNNING


def places_of(pilot: Pilot) -> tuple[str, ...]:
    """Codes by which a pilot is found: its own, and those of its councils and its members."""
    return (pilot.code, *sorted(pilot.councils | pilot.members))
