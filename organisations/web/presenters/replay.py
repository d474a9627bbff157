"""Stepping through time: from change to change, and from year to year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pcorg.core.pages.scope import Scope


@dataclass(frozen=True)
class ReplayStep:
    """A day to step to, with the number of changes since the step before it."""

    on: date
    href: str
    changes: int
    current: bool


@dataclass(frozen=True)
class ReplaySteps:
    """The steps through the period covered, and the days of change before and after the day shown."""

    steps: list[ReplayStep]
    earlier: ReplayStep | None
    later: ReplayStep | None


def replay(scope: Scope, days: Sequence[date]) -> ReplaySteps:
    """The steps of a scope. `days` are the days on which changes took effect, one entry per change, in order."""
    marks = _marks(scope)
    steps = []
    for place, mark in enumerate(marks):
        since = marks[place - 1] if place else None
        changed = sum((since is None or day > since) and day <= mark for day in days)
        steps.append(_step(scope, mark, changed))
    tally = Counter(days)
    before = max((day for day in tally if day < scope.on), default=None)
    after = min((day for day in tally if day > scope.on), default=None)
    return ReplaySteps(
        steps=steps,
        earlier=_step(scope, before, tally[before]) if before else None,
        later=_step(scope, after, tally[after]) if after else None,
    )


def _marks(scope: Scope) -> list[date]:
    """The first and the last day covered, and every 1 April between: the day on which the health service's year,
    and most changes, begin."""
    if scope.covered_from is None or scope.covered_to is None:
        return []
    years = range(scope.covered_from.year, scope.covered_to.year + 1)
    april = [day for day in (date(year, 4, 1) for year in years) if scope.covered_from < day < scope.covered_to]
    return [scope.covered_from, *april, scope.covered_to]


def _step(scope: Scope, on: date, changes: int) -> ReplayStep:
    return ReplayStep(on, scope.link("home", as_of=on.isoformat()), changes, on == scope.on)
