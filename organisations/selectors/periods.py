"""Dated values of one organisation held in memory, and which of them held on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from organisations.models import FormPeriod, NamePeriod, Organisation
from organisations.read_models.lineage import LineageNode


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value held for the half-open period `[start, end)`."""

    value: str
    start: date
    end: date | None

    def holds(self, on: date) -> bool:
        """Whether it held on a day."""
        return self.start <= on and (self.end is None or on < self.end)


def value_on(periods: Sequence[DatedValue], on: date) -> str | None:
    """The value that held on a day, or None."""
    return next((period.value for period in periods if period.holds(on)), None)


def value_known_on(periods: Sequence[DatedValue], on: date | None) -> str | None:
    """The value of a day; for a body that had ended by then its last; without a day the last known.
    `spells` are in order of time."""
    if not periods:
        return None
    if on is None:
        return periods[-1].value
    begun = [period for period in periods if period.start <= on]
    return (begun[-1] if begun else periods[0]).value


def values_by_code(rows: Iterable[tuple[str, str, date, date | None]]) -> dict[str, tuple[DatedValue, ...]]:
    """Spells by organisation from rows of organisation, value, start, end in order of time."""
    found: dict[str, list[DatedValue]] = defaultdict(list)
    for code, value, start, end in rows:
        found[code].append(DatedValue(value, start, end))
    return {code: tuple(periods) for code, periods in found.items()}


def names_of(codes: Iterable[str], *, on: date | None) -> dict[str, str]:
    """The names of bodies on a day, or the last known; one query."""
    rows = NamePeriod.objects.filter(organisation__in=set(codes)).order_by("organisation", "start")
    periods = values_by_code(rows.values_list("organisation_id", "name", "start", "end"))
    return {code: value_known_on(values, on) or code for code, values in periods.items()}


def names_in_record(codes: Iterable[str], *, on: date) -> dict[str, str]:
    """The names of bodies on a day, and of bodies that a correction struck out the names they were recorded under: for
    changes that are undone, which stay readable. One query, two where there are any such."""
    codes_requested = set(codes)
    found = names_of(codes_requested, on=on)
    struck = NamePeriod.with_struck_out.filter(organisation__in=codes_requested - found.keys()).order_by(
        "organisation", "start"
    )
    return dict(struck.values_list("organisation_id", "name")) | found if codes_requested - found.keys() else found


def briefs_of(codes: Iterable[str], *, on: date | None) -> dict[str, LineageNode]:
    """Code, name, form, whole life of bodies with name and form of a day (of the end, where they had ended
    by then); three queries."""
    codes_requested = set(codes)
    names = names_of(codes_requested, on=on)
    periods = FormPeriod.objects.filter(organisation__in=codes_requested).order_by("organisation", "start")
    forms = values_by_code(periods.values_list("organisation_id", "form_id", "start", "end"))
    lives = Organisation.objects.filter(code__in=codes_requested).values_list("code", "opened", "closed")
    return {
        code: {
            "code": code,
            "name": names.get(code, code),
            "form": value_known_on(forms.get(code, ()), on),
            "opened": opened,
            "closed": closed,
        }
        for code, opened, closed in lives
    }
