"""For which period the loaded portfolios speak."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet
from django.utils import timezone

from organisations.models import Portfolio
from pcorg.audit.memory import recall


def portfolios() -> dict[str, Portfolio]:
    """Every portfolio by its slug, real ones first; kept in the process."""
    return recall("portfolios", lambda: {found.slug: found for found in Portfolio.objects.all()})


def chosen(portfolio: str | None) -> list[Portfolio]:
    """The portfolios that a choice means: a slug, `all`, or None for all real ones."""
    if portfolio == "all":
        return list(portfolios().values())
    if portfolio is None:
        return [found for found in portfolios().values() if not found.illustrative]
    return [found for slug, found in portfolios().items() if slug == portfolio]


def coverage(on: date | None, *, portfolio: str | None = None) -> dict[str, Any]:
    """From when to when the chosen portfolios speak (both days included), and whether a day lies within one
    of them.

    `from` and `to` are None where nothing is loaded; `within` is None where no day is asked about.
    """
    return of_portfolios(on, chosen(portfolio))


def of_portfolios(on: date | None, found: list[Portfolio]) -> dict[str, Any]:
    """The coverage of given portfolios."""
    return {
        "from": min((one.covers_from for one in found), default=None),
        "to": max((one.covers_to for one in found), default=None),
        "within": None if on is None else any(one.covers(on) for one in found),
    }


def last_covered(portfolio: str | None = None) -> date:
    """The last day the chosen portfolios speak of; today where nothing is loaded."""
    return max((one.covers_to for one in chosen(portfolio)), default=timezone.localdate())


def last_days(periods: QuerySet, path: str) -> dict[str, date]:
    """The last covered day of each portfolio on which one of these periods was in force, by slug. `path` leads from a
    period to its portfolio. Portfolios that have none are left out."""
    known, found = portfolios(), periods.order_by().filter(Q(end__isnull=True) | Q(end__gt=F("start")))
    open_ones = found.filter(end__isnull=True, start__lte=F(f"{path}__covers_to"))
    days = {slug: known[slug].covers_to for slug in open_ones.values_list(path, flat=True).distinct() if slug in known}
    for slug, first, end in found.values_list(path).annotate(first=Min("start"), last=Max("end")):
        if slug in known and slug not in days and end is not None:
            day = min(end - timedelta(days=1), known[slug].covers_to)
            days |= {slug: day} if first <= day else {}
    return days
