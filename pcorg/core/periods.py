"""Half-open periods of days: `[start, end)`; `end` None means still in force."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, and not including, `end`.

    Raises ValueError where the end does not come after the start.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a period from {self.start} cannot end on {self.end}")

    def holds(self, on: date) -> bool:
        """Whether the day lies in the period."""
        return self.start <= on and (self.end is None or on < self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether the two have a day in common."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)

    def covers(self, other: Period) -> bool:
        """Whether every day of the other lies in this one."""
        if other.start < self.start:
            return False
        return self.end is None or (other.end is not None and other.end <= self.end)

    def closed_on(self, day: date) -> Period:
        """The same period ended on a day. Raises ValueError where it would be empty."""
        return Period(self.start, day)


def first_overlap(periods: Iterable[Period]) -> tuple[Period, Period] | None:
    """The earliest pair of periods that have a day in common, or None. Takes n log n steps."""
    ordered = sorted(periods, key=lambda period: period.start)
    for earlier, later in pairwise(ordered):
        if earlier.overlaps(later):
            return earlier, later
    return None


def months_later(on: date, months: int) -> date:
    """The same day so many months later (earlier where negative), or the last of the month where that has no such
    day. Raises ValueError or OverflowError beyond the calendar."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
