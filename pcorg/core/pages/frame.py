"""The frame of every page: navigation, the date, the portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from pcorg.core.accounts.roles import roles_of
from pcorg.core.pages.navigation import sections_for
from pcorg.core.pages.scope import ALL, Scope, scope_of
from pcorg.core.values import storable

# Parameters that are of one page of a list and mean nothing once the date or portfolio is another.
_PASSING = {"as_of", "portfolio", "page"}


@dataclass(frozen=True)
class NavigationEntry:
    """An entry of the main navigation. `current` is the value of aria-current: page, true or nothing."""

    text: str
    href: str
    current: str


@dataclass(frozen=True)
class PortfolioChoice:
    """A portfolio to choose in the date bar."""

    value: str
    text: str
    selected: bool


@dataclass(frozen=True)
class Frame:
    """The frame of one page. `scope` is None where the date or portfolio asked for is none."""

    scope: Scope | None
    sections: list[NavigationEntry]
    action: str
    kept: list[tuple[str, str]]

    def at(self, on: date) -> str:
        """This page, as it stands, on another day."""
        portfolio = {"portfolio": self.scope.portfolio} if self.scope and self.scope.portfolio else {}
        return f"{self.action}?{urlencode([*self.kept, *portfolio.items(), ('as_of', on.isoformat())])}"

    @property
    def choices(self) -> list[PortfolioChoice]:
        """The portfolios a reader can turn to: all real ones first."""
        scope = self.scope
        if scope is None:
            return []
        real = [portfolio for portfolio in scope.portfolios if not portfolio.illustrative]
        invented = [portfolio for portfolio in scope.portfolios if portfolio.illustrative]
        pairs = [("", real[0].title if len(real) == 1 else "All real portfolios")]
        if len(real) > 1:
            pairs += [(portfolio.slug, portfolio.title) for portfolio in real]
        pairs += [(portfolio.slug, f"{portfolio.title} (invented)") for portfolio in invented]
        if invented and real:
            pairs.append((ALL, "All, with invented data"))
        chosen = scope.portfolio or ""
        if len(real) == 1 and chosen == real[0].slug:
            chosen = ""
        return [PortfolioChoice(value, text, value == chosen) for value, text in pairs]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`, worked out when a template first asks for it, so that the page for a server fault
    can do without the database; and `session_idle`, the seconds that a session lasts without use."""
    idle = round(settings.SESSION_IDLE.total_seconds())
    return {"frame": SimpleLazyObject(lambda: frame_of(request)), "session_idle": idle}


def frame_of(request: HttpRequest) -> Frame:
    """The frame of the page that answers this request."""
    try:
        scope = scope_of(request)
    except BadRequest:
        scope = None
    here = request.resolver_match.url_name if request.resolver_match else None
    readable = request.method == "GET" and here is not None and scope is not None and storable(request.path)
    return Frame(
        scope=scope,
        sections=[
            NavigationEntry(
                section.text,
                scope.link(section.page) if scope else reverse(section.page),
                "page" if here == section.page else "true" if section.holds(here) else "",
            )
            for section in sections_for(roles_of(request.user) if hasattr(request, "user") else frozenset())
        ],
        action=request.path if readable else reverse("home"),
        kept=[
            (name, value)
            for name, values in (request.GET.lists() if readable else ())
            if name not in _PASSING
            for value in values
            if value and storable(name + value)
        ],
    )
