"""What a page speaks of: a day and a choice of portfolio, both kept from page to page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from pcorg.core.forms.address import Address
from pcorg.core.portfolios import Portfolio, coverage, portfolios
from pcorg.core.values import FIRST_DAY, LAST_DAY, day_typed

ALL = "all"
API_ROOT = "/api/v1/"


@dataclass(frozen=True)
class Scope:
    """The day a page is of and the portfolio it shows.

    `portfolio` is a slug, `all`, or None for all real ones. `stated` tells a day that was asked for from the last
    covered one, on which pages open. `covered_from` and `covered_to` are both inclusive; None where nothing is loaded.
    """

    on: date
    portfolio: str | None
    stated: bool
    portfolios: tuple[Portfolio, ...]
    covered_from: date | None
    covered_to: date | None

    @property
    def chosen(self) -> tuple[Portfolio, ...]:
        """The portfolios shown."""
        if self.portfolio is None:
            return tuple(portfolio for portfolio in self.portfolios if not portfolio.illustrative)
        return tuple(portfolio for portfolio in self.portfolios if self.portfolio in {ALL, portfolio.slug})

    @property
    def within(self) -> bool:
        """Whether a portfolio shown covers the day."""
        return any(portfolio.covers(self.on) for portfolio in self.chosen)

    @property
    def illustrative(self) -> bool:
        """Whether invented bodies are among those shown."""
        return any(portfolio.illustrative for portfolio in self.chosen)

    @property
    def title(self) -> str:
        """The choice of portfolio in words."""
        if len(self.chosen) == 1:
            return self.chosen[0].title
        return "All portfolios, with illustrative ones" if self.portfolio == ALL else "All real portfolios"

    @property
    def kept(self) -> dict[str, str]:
        """The parameters that carry this scope to another page; none where it is the one pages open with."""
        kept = {}
        if self.stated:
            kept["as_of"] = self.on.isoformat()
        if self.portfolio is not None:
            kept["portfolio"] = self.portfolio
        return kept

    def named(self, slug: str) -> Portfolio:
        """A portfolio by its slug. Raises StopIteration where there is none."""
        return next(portfolio for portfolio in self.portfolios if portfolio.slug == slug)

    def link(self, name: str, /, *args: object, **query: object) -> str:
        """The address of a page in this scope. Parameters that are None are left out; a list is repeated."""
        return _address(reverse(name, args=args), {**self.kept, **query})

    def body(self, code: str, opened: date, closed: date | None) -> str:
        """The address of an organisation's page: on the day shown if it was in force then, else on the day of its
        life that is nearest."""
        if opened > self.on:
            return self.link("organisation", code, as_of=opened.isoformat())
        if closed is not None and closed <= self.on:
            return self.link("organisation", code, as_of=(closed - timedelta(days=1)).isoformat())
        return self.link("organisation", code)

    def elsewhere(self, name: str, days: Mapping[str, date]) -> list[tuple[str, str]]:
        """The titles of the portfolios that have something to show on a page, with its address. `days` gives a day on
        which they have it, by slug."""
        return [
            (portfolio.title, self.link(name, portfolio=portfolio.slug, as_of=days[portfolio.slug]))
            for portfolio in self.portfolios
            if portfolio.slug in days
        ]

    def api(self, path: str, /, **query: object) -> str:
        """The address of the same data in the API: `scope.api("organisations/", form="pct-4")`."""
        stated = {"as_of": self.on.isoformat(), "portfolio": self.portfolio}
        return _address(API_ROOT + path, {**stated, **query})


def scope_of(request: HttpRequest) -> Scope:
    """The scope a request asks for. Worked out once per request.

    Raises BadRequest, with a sentence for the reader, on a day or portfolio that is none.
    """
    scope = getattr(request, "pcorg_scope", None)
    if scope is None:
        scope = request.pcorg_scope = _scope(request)  # type: ignore[attr-defined]
    return scope


def scope_showing(request: HttpRequest, portfolio: str) -> Scope:
    """The scope of a page about one record: where its portfolio is not shown, the page shows that one, and where no day
    is asked for, its last. Raises BadRequest as `scope_of` does."""
    scope = scope_of(request)
    if portfolio in {shown.slug for shown in scope.chosen}:
        return scope
    own = scope.named(portfolio)
    scope = replace(
        scope,
        portfolio=own.slug,
        on=scope.on if scope.stated else own.covers_to,
        covered_from=own.covers_from,
        covered_to=own.covers_to,
    )
    request.pcorg_scope = scope  # type: ignore[attr-defined]  # the frame reads it
    return scope


def _scope(request: HttpRequest) -> Scope:
    known = portfolios()
    address = Address.of(request)
    choice = address.choice("portfolio", {ALL, *known}) or None
    day_text = address.text("as_of")
    covered = coverage(None, portfolio=choice)
    return Scope(
        on=_day(day_text) if day_text else covered["to"] or timezone.localdate(),
        portfolio=choice,
        stated=bool(day_text),
        portfolios=tuple(known.values()),
        covered_from=covered["from"],
        covered_to=covered["to"],
    )


def _day(text: str) -> date:
    """A day as people write it, among those that a portfolio can state."""
    found = day_typed(text)
    if found is None:
        years = f"from {FIRST_DAY.year} to {LAST_DAY.year - 1}"
        raise BadRequest(f"“{text}” is not a date {years}. Write the year, month and day like this: 2009-04-01.")
    return found


def _address(path: str, query: dict[str, object]) -> str:
    pairs = {name: value for name, value in query.items() if value not in (None, "", [], ())}
    return f"{path}?{urlencode(pairs, doseq=True)}" if pairs else path
