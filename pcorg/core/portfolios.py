"""Portfolios: sets of records that speak of one area and period, real or illustrative. What is asked everywhere: which
there are, which of them a choice means, and for which period they speak. The app that holds them says where they are
read (`come_from`)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Protocol, TypedDict

from django.db.models import QuerySet
from django.utils import timezone

Coverage = TypedDict(
    "Coverage",
    {
        "from": date | None,
        "to": date | None,
        "within": Annotated[bool | None, "Null where no date is asked about"],
    },
)
Coverage.__doc__ = """From when to when what is loaded speaks, both days included, and whether the date lies within."""


class Portfolio(Protocol):
    """A portfolio. Both days of its coverage are included."""

    slug: str
    title: str
    illustrative: bool
    covers_from: date
    covers_to: date
    summary: str
    attribution: str
    limits: list[str]

    def covers(self, on: date) -> bool:
        """Whether the day lies in the period covered."""


_source: Callable[[], Mapping[str, Any]] = dict


def come_from(source: Callable[[], Mapping[str, Any]]) -> None:
    """Say where portfolios are read: by slug, real ones first."""
    global _source  # noqa: PLW0603 - one app holds them, and says so once
    _source = source


def portfolios() -> Mapping[str, Any]:
    """Every portfolio by its slug, real ones first."""
    return _source()


def chosen(portfolio: str | None) -> list[Portfolio]:
    """The portfolios that a choice means: a slug, `all`, or None for all real ones."""
    if portfolio == "all":
        return list(portfolios().values())
    if portfolio is None:
        return [found for found in portfolios().values() if not found.illustrative]
    return [found for slug, found in portfolios().items() if slug == portfolio]


def coverage(on: date | None, *, portfolio: str | None = None) -> Coverage:
    """From when to when the chosen portfolios speak (both days included), and whether a day lies within one
    of them.

    `from` and `to` are None where nothing is loaded; `within` is None where no day is asked about.
    """
    return of_portfolios(on, chosen(portfolio))


def of_portfolios(on: date | None, found: list[Portfolio]) -> Coverage:
    """The coverage of given portfolios."""
    return {
        "from": min((one.covers_from for one in found), default=None),
        "to": max((one.covers_to for one in found), default=None),
        "within": None if on is None else any(one.covers(on) for one in found),
    }


def last_covered(portfolio: str | None = None) -> date:
    """The last day the chosen portfolios speak of; today where nothing is loaded."""
    return max((one.covers_to for one in chosen(portfolio)), default=timezone.localdate())


def fullest_days(periods: QuerySet, path: str) -> dict[str, date]:
    """The covered day of each portfolio on which most of these periods are in force, the latest where there are
    several, by slug. `path` leads from a period to its portfolio. Portfolios that have none are left out."""
    spans: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for slug, start, end in periods.order_by().values_list(path, "start", "end"):
        spans[slug].append((start, end))
    found = {}
    for slug, portfolio in portfolios().items():
        starts = sorted(start for start, _ in spans[slug])
        ends = sorted(end for _, end in spans[slug] if end is not None)
        days = {max(start, portfolio.covers_from) for start in starts if start <= portfolio.covers_to}
        counts = {day: bisect_right(starts, day) - bisect_right(ends, day) for day in days}
        if any(counts.values()):
            found[slug] = max((count, day) for day, count in counts.items())[1]
    return found
