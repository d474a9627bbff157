"""The glossary and the page about the data."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.models import Change, GlossaryTerm, Organisation, PortfolioLoad, Source
from organisations.web.presenters import reference as present
from pcorg.core.audit.memory import one_version
from pcorg.core.pages.scope import scope_of


@require_safe
@one_version()
def glossary(request: HttpRequest) -> HttpResponse:
    """Every term and acronym, in plain words."""
    scope = scope_of(request)
    terms = GlossaryTerm.objects.select_related("source").prefetch_related("see")
    context = {
        "scope": scope,
        "letters": present.glossary(terms, scope),
        "api": "/api/v1/glossary/",
        "csv": "/api/v1/glossary/?format=csv",
    }
    return render(request, "organisations/glossary.jinja", context)


@require_safe
@one_version()
def about_the_data(request: HttpRequest) -> HttpResponse:
    """Portfolios with their coverage and limits, how facts are known, sources and attribution."""
    scope = scope_of(request)
    bodies = _by_portfolio(Organisation)
    changes = _by_portfolio(Change)
    loads = {load.portfolio_id: load for load in PortfolioLoad.objects.order_by("loaded_at")}
    context = {
        "scope": scope,
        "portfolios": [
            (
                present.portfolio_entry(
                    portfolio,
                    organisations=bodies[portfolio.slug],
                    changes=changes[portfolio.slug],
                    scope=scope,
                ),
                loads.get(portfolio.slug),
            )
            for portfolio in scope.portfolios
        ],
        "bases": present.BASES,
        "counted": present.COUNTED,
        "shared": present.SHARED,
        "sources": [present.source_entry(source) for source in Source.objects.order_by("title")],
    }
    return render(request, "organisations/about.jinja", context)


def _by_portfolio(model: type[Organisation] | type[Change]) -> Counter[str]:
    return Counter(dict(model.objects.values_list("portfolio").annotate(number=Count("pk")).order_by()))
