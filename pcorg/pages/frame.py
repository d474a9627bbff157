"""What stands round every page: navigation, the date, the portfolio."""

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

from organisations.scope import ALL, Scope, scope_of
from pcorg.accounts.roles import Role, roles_of
from pcorg.values import storable

# Parameters that are of one page of a list and mean nothing once the date or portfolio is another.
_PASSING = {"as_of", "portfolio", "page"}

_COMMISSIONING = {
    "commissioning",
    "services",
    "contracts",
    "contract",
    "pooled-budgets",
    "pilots",
    "portfolio",
    "benchmark",
    "provider-arms",
    "arm-planner",
    "arm-plan",
}

_EVALUATION = {
    "options",
    "assessments",
    "assessment",
    "assessment-new",
    "assessment-edit",
    "assessment-judge",
    "assessment-terms",
    "assessments-compare",
    "dispersal",
    "dispersal-new",
    "following",
    "assessment-following",
    "integration-profile",
}

_SECTIONS = [
    ("Home", "home", {"home"}),
    ("Organisations", "organisations", {"organisations", "organisation", "compare"}),
    ("Changes", "changes", {"changes", "change", "change-effect", "propose", "propose-kind"}),
    ("Commissioning", "commissioning", _COMMISSIONING),
    ("Assessments", "assessments", _EVALUATION),
    ("Forms and rules", "forms", {"forms", "form"}),
    ("Glossary", "glossary", {"glossary"}),
    ("About the data", "about-the-data", {"about-the-data"}),
]

_FOR_ROLES = [
    ("Decisions", "decisions", {"decisions"}, {Role.COMMISSIONER, Role.APPROVER}),
    ("Audit trail", "audit", {"audit"}, {Role.APPROVER, Role.DATA_ADMINISTRATOR}),
    ("Jobs", "jobs", {"jobs", "job"}, set(Role)),
    ("Load", "load", {"load", "load-file"}, {Role.DATA_ADMINISTRATOR}),
]


@dataclass(frozen=True)
class Section:
    """An entry of the main navigation. `current` is the value of aria-current: page, true or nothing."""

    text: str
    href: str
    current: str


@dataclass(frozen=True)
class Choice:
    """A portfolio to choose in the date bar."""

    value: str
    text: str
    selected: bool


@dataclass(frozen=True)
class Frame:
    """The frame of one page. `scope` is None where the date or portfolio asked for is none."""

    scope: Scope | None
    sections: list[Section]
    action: str
    kept: list[tuple[str, str]]

    def at(self, on: date) -> str:
        """This page, as it stands, on another day."""
        portfolio = {"portfolio": self.scope.portfolio} if self.scope and self.scope.portfolio else {}
        return f"{self.action}?{urlencode([*self.kept, *portfolio.items(), ('as_of', on.isoformat())])}"

    @property
    def choices(self) -> list[Choice]:
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
        return [Choice(value, text, value == chosen) for value, text in pairs]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`, worked out when a template first asks for it, so that the page for a server fault
    can do without the database; and `session_idle`, the seconds that a session lasts without use."""
    idle = round(settings.SESSION_IDLE.total_seconds())
    return {"frame": SimpleLazyObject(lambda: frame_of(request)), "session_idle": idle}


def sections_for(request: HttpRequest) -> list[tuple[str, str, set[str]]]:
    """The entries of the main navigation; some are for people with a role."""
    roles = roles_of(request.user) if hasattr(request, "user") else frozenset()
    own = [(text, name, names) for text, name, names, readers in _FOR_ROLES if roles & readers]
    return [*_SECTIONS, *own]


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
            Section(
                text,
                scope.link(name) if scope else reverse(name),
                "page" if here == name else "true" if here in names else "",
            )
            for text, name, names in sections_for(request)
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
