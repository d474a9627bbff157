"""The term of a pilot: how long it was to run, when that ends, and how it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from organisations.domain.vocabulary import Term


class Standing(Term):
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

    def last_day(self, start: date) -> date:
        """The last day of the term."""
        return self.ends(start) - timedelta(days=1)

    def days_left(self, start: date, on: date) -> int:
        """Days of the term that are left from a day on, that day included; negative where it is over."""
        return (self.ends(start) - on).days

    def standing(self, start: date, on: date) -> Standing:
        """How a pilot stands on a day."""
        return Standing.RUNNING if self.days_left(start, on) > 0 else Standing.OVER


TERMS: Mapping[str, PilotTerm] = {
    term.form: term
    for term in (
        PilotTerm("pms-pilot", 3, "goodwin-2001 lines 207-208"),
        PilotTerm("total-purchasing-pilot", 3, "goodwin-2001 lines 145-157"),
    )
}
"""Pilots whose term the sources state."""

FIRST_WAVE = {"pms-pilot": date(1998, 4, 1)}
"""The day on which the first wave of a kind of pilot went live, where the sources state it (Goodwin 2001, line 207)."""
