"""The configuration of primary care on a day: how many bodies of each form, whom they serve, how they fit
councils."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from statistics import median

from organisations.domain.forms import COUNCIL
from organisations.models import Change
from organisations.read_models.configuration import (
    ChangeBetween,
    Comparison,
    Configuration,
    NamedBody,
    PopulationSpread,
)
from organisations.selectors.coterminosity import coterminosity
from organisations.selectors.lineage import share_text
from organisations.selectors.periods import value_known_on
from organisations.selectors.system import System, SystemBody, system
from pcorg.core.audit.memory import one_version
from pcorg.core.portfolios import coverage
from pcorg.core.read_models import rows_of
from pcorg.core.vocabulary import Term


class SeriesStep(Term):
    """How far apart the points of a series lie."""

    MONTH = "month", "A month"
    QUARTER = "quarter", "Three months"
    YEAR = "year", "A year"

    @property
    def months(self) -> int:
        """Its length in months."""
        return {SeriesStep.MONTH: 1, SeriesStep.QUARTER: 3, SeriesStep.YEAR: 12}[self]


LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def configuration(on: date, *, portfolio: str | None = None) -> Configuration:
    """The system on a day. Councils are partners, not bodies of primary care: they are counted apart, as
    `councils`.

    Population statistics count the people of primary care groups, trusts and later bodies whose population is
    known; `mean` and `median` are whole numbers, None where nothing is known. `coterminous` is the share of
    those bodies, among the ones whose councils are known, that lie in exactly one council in which no other
    such body lies.
    """
    with one_version():
        return _configuration(system(portfolio), on, portfolio)


def _configuration(known: System, on: date, portfolio: str | None) -> Configuration:
    tally = known.tally(on)
    councils = tally.pop(COUNCIL, 0)
    fits = coterminosity(portfolio).on(on)
    return {
        "as_of": on,
        "portfolio": portfolio,
        "forms": [
            {
                "form": slug,
                "label": form.label,
                "plural": form.plural,
                "family": form.family,
                "level": form.level,
                "count": tally[slug],
            }
            for slug, form in known.forms.items()
            if tally[slug]
        ],
        "bodies": tally.total(),
        "councils": councils,
        "population": _population(known, on),
        "coterminous": {
            "share": share_text(Decimal(sum(fits.values())) / len(fits)) if fits else None,
            "known": len(fits),
        },
        "coverage": coverage(on, portfolio=portfolio),
    }


def _population(known: System, on: date) -> PopulationSpread:
    serving = list(known.serving(on))
    counted = [headcount for member in serving if (headcount := member.people_on(on))]
    counts = [headcount.count for headcount in counted]
    return {
        "bodies": len(serving),
        "known": len(counts),
        "carried_back": sum(headcount.on > on for headcount in counted),
        "computed": sum(headcount.computed for headcount in counted),
        "at_least": sum(headcount.at_least for headcount in counted),
        "total": sum(counts) if counts else None,
        "mean": int(sum(counts) / len(counts) + 0.5) if counts else None,
        "median": int(median(counts) + 0.5) if counts else None,
        "min": min(counts, default=None),
        "max": max(counts, default=None),
    }


def days_between(start: date, end: date, step: SeriesStep) -> Iterator[date]:
    """The days of a series: the start and every step after it up to and including the end. A day that a
    month lacks is that month's last."""
    months = 0
    while True:
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        if year > end.year:
            return
        leap = month == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        day = date(year, month + 1, min(start.day, LAST_DAYS[month] + leap))
        if day > end:
            return
        yield day
        months += step.months


def bodies_ever(portfolio: str | None = None) -> int:
    """How many bodies the chosen portfolios have had: each is looked at for every point of a series."""
    return len(system(portfolio).members)


def series(start: date, end: date, step: SeriesStep, *, portfolio: str | None = None) -> list[Configuration]:
    """The configurations of the days from `start` to `end`, both included, a step apart; no query per
    point."""
    with one_version():
        known = system(portfolio)
        return [_configuration(known, day, portfolio) for day in days_between(start, end, SeriesStep(step))]


def compare(a: date, b: date, *, portfolio: str | None = None) -> Comparison:
    """Two days side by side, read from `a` to `b`: what opened, closed, changed form and was renamed on
    the way, and the changes carried out between them. Councils are left out."""
    with one_version():
        return _compare(system(portfolio), a, b, portfolio)


def _compare(known: System, a: date, b: date, portfolio: str | None) -> Comparison:
    before, after = (
        {member.code: (member, form) for member, form in known.on(day) if form != COUNCIL} for day in (a, b)
    )
    both = [code for code in before if code in after]
    return {
        "a": _configuration(known, a, portfolio),
        "b": _configuration(known, b, portfolio),
        "opened": [_named(*after[code], b) for code in after if code not in before],
        "closed": [_named(*before[code], a) for code in before if code not in after],
        "changed_form": [
            {**_named(*after[code], b), "from": before[code][1], "to": after[code][1]}
            for code in both
            if before[code][1] != after[code][1]
        ],
        "renamed": [
            {"code": code, "from": was, "to": now}
            for code in both
            if (was := _name_of(before[code][0], a)) != (now := _name_of(after[code][0], b))
        ],
        "changes": rows_of(
            ChangeBetween,
            Change.objects.of_portfolio(portfolio)
            .standing()
            .filter(effective_on__gt=min(a, b), effective_on__lte=max(a, b)),
        ),
    }


def _named(member: SystemBody, form: str, on: date) -> NamedBody:
    return {"code": member.code, "name": _name_of(member, on), "form": form}


def _name_of(member: SystemBody, on: date) -> str:
    return value_known_on(member.names, on) or member.code
