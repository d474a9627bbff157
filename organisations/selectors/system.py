"""All bodies of the chosen portfolios with their dated facts, in memory: what the system looked like on any
day.

Filled by five queries and kept in the process for as long as the data stay the same, so that a series of dates
costs no query per point.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from organisations.domain.counts import standing_for
from organisations.domain.vocabulary import PopulationBasis
from organisations.models import Form, FormPeriod, NamePeriod, Organisation, Population
from organisations.selectors.coterminosity import SERVING_A_POPULATION
from organisations.selectors.periods import DatedValue, value_on, values_by_code
from pcorg.core.audit.kinds import RECORDED
from pcorg.core.audit.memory import recall


@dataclass(frozen=True, slots=True)
class Headcount:
    """People counted on a day, or computed by a change from counts of which the oldest is of that day; then there may
    be more than are known. It stands from the day `start`."""

    on: date
    count: int
    start: date
    computed: bool = False
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class SystemBody:
    """One body and its dated facts."""

    code: str
    opened: date
    closed: date | None
    forms: tuple[DatedValue, ...]
    names: tuple[DatedValue, ...]
    counts: tuple[Headcount, ...]

    def alive_on(self, on: date) -> bool:
        """Whether it was in force on a day."""
        return self.opened <= on and (self.closed is None or on < self.closed)

    def people_on(self, on: date) -> Headcount | None:
        """The count that stands for a day (`counts.standing_for`)."""
        return standing_for(self.counts, on, on=lambda each: each.start, computed=lambda each: each.computed)


@dataclass(frozen=True)
class System:
    """The bodies of the chosen portfolios by code, and the forms in their order."""

    members: dict[str, SystemBody]
    forms: dict[str, Form]

    def on(self, day: date) -> Iterator[tuple[SystemBody, str]]:
        """The bodies in force on a day, each with its form."""
        for member in self.members.values():
            if member.alive_on(day):
                form = value_on(member.forms, day)
                if form is not None:
                    yield member, form

    def tally(self, day: date) -> Counter[str]:
        """How many bodies in force on a day have each form, without a look at each of them."""
        return Counter(
            {
                form: number
                for form, (starts, ends) in self._turns.items()
                if (number := bisect_right(starts, day) - bisect_right(ends, day))
            }
        )

    def with_form(self, form: str, day: date) -> Iterator[SystemBody]:
        """The bodies in force on a day that have a form."""
        return (
            member
            for member in self._ever.get(form, ())
            if member.alive_on(day) and value_on(member.forms, day) == form
        )

    def serving(self, day: date) -> Iterator[SystemBody]:
        """The groups, trusts and later bodies of a day: those that answer for a population."""
        for form in self._ever:
            if self.forms[form].family in SERVING_A_POPULATION:
                yield from self.with_form(form, day)

    @cached_property
    def _ever(self) -> dict[str, list[SystemBody]]:
        """By form, the bodies that have it at any time."""
        found: dict[str, list[SystemBody]] = defaultdict(list)
        for member in self.members.values():
            for form in {period.value for period in member.forms}:
                found[form].append(member)
        return found

    @cached_property
    def _turns(self) -> dict[str, tuple[list[date], list[date]]]:
        """By form, the days on which a body in force takes it and those on which one no longer has it, each in
        order."""
        found: dict[str, tuple[list[date], list[date]]] = defaultdict(lambda: ([], []))
        for member in self.members.values():
            for period in member.forms:
                start = max(period.start, member.opened)
                end = min((day for day in (period.end, member.closed) if day is not None), default=None)
                if end is None or start < end:
                    found[period.value][0].append(start)
                    if end is not None:
                        found[period.value][1].append(end)
        return {form: (sorted(starts), sorted(ends)) for form, (starts, ends) in found.items()}


def system(portfolio: str | None = None) -> System:
    """The bodies of the chosen portfolios: a slug, `all`, or None for all real ones."""
    return recall(("system", portfolio), lambda: _read(portfolio), rests_on=RECORDED)


def _read(portfolio: str | None) -> System:
    bodies = Organisation.objects.of_portfolio(portfolio).order_by("code")
    chosen = bodies.order_by().values("code")
    form_rows = FormPeriod.objects.filter(organisation__in=chosen).order_by("organisation", "start")
    forms = values_by_code(form_rows.values_list("organisation_id", "form_id", "start", "end"))
    name_rows = NamePeriod.objects.filter(organisation__in=chosen).order_by("organisation", "start")
    names = values_by_code(name_rows.values_list("organisation_id", "name", "start", "end"))
    counts: dict[str, list[Headcount]] = defaultdict(list)
    people = Population.objects.filter(organisation__in=chosen).order_by("organisation", "on")
    for code, start, oldest, count, counted, at_least in people.values_list(
        "organisation_id", "on", "oldest_on", "count", "counted", "at_least"
    ):
        computed = counted == PopulationBasis.COMPUTED
        counts[code].append(Headcount(oldest or start, count, start, computed, at_least))
    return System(
        members={
            code: SystemBody(
                code=code,
                opened=opened,
                closed=closed,
                forms=forms.get(code, ()),
                names=names.get(code, ()),
                counts=tuple(counts.get(code, ())),
            )
            for code, opened, closed in bodies.values_list("code", "opened", "closed")
        },
        forms={form.slug: form for form in Form.objects.all()},
    )
