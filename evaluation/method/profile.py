"""How integrated a body stands on an axis on a day, from views recorded over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RecordedView:
    """A level from 0 to 5 recorded on a day: one person's view, or what a panel agreed on."""

    on: date
    level: int
    assessor: str
    consensus: bool


@dataclass(frozen=True, slots=True)
class RecordedLevel:
    """Where a body stands: a level, the day it was recorded, and whether people agreed on it."""

    level: float
    on: date
    consensus: bool


def standing(views: Iterable[RecordedView], on: date) -> RecordedLevel | None:
    """Where a body stands on an axis on a day: the latest consensus by then; where there is none, the mean of each
    person's latest view; None where nobody had said anything. That rule is ours."""
    by_then = sorted((view for view in views if view.on <= on), key=lambda view: view.on)
    agreed = [view for view in by_then if view.consensus]
    if agreed:
        return RecordedLevel(float(agreed[-1].level), agreed[-1].on, True)
    latest = {view.assessor: view for view in by_then}
    if not latest:
        return None
    levels = [view.level for view in latest.values()]
    return RecordedLevel(sum(levels) / len(levels), max(view.on for view in latest.values()), False)
