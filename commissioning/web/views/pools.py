"""Pooled budgets: which partners put in how much, who holds each pool, and for whom it is."""

from __future__ import annotations

from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.domain.vocabulary import Flexibility
from commissioning.filters import PooledBudgetFilter
from commissioning.models import Contribution
from commissioning.selectors import listing
from commissioning.web.presenters import pools as present
from organisations.selectors.periods import names_of
from organisations.web.presenters import listing as searching
from organisations.web.presenters.listing import SearchField, one
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.names import alphabetical, bytewise, fold
from pcorg.core.pages.jinja2 import count, rough_pounds
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import scope_of

A_PAGE = 20
LABELS = {
    "q": "Title, people or code",
    "partner": "Partner",
    "flexibility": "Flexibility",
    "price_year": "Prices of",
    "code": "Codes",
}


@require_safe
@one_version()
def pooled_budgets(request: HttpRequest) -> HttpResponse:
    """The pooled budgets of the day, as the filters ask, each with its contributions drawn and as a table."""
    scope = scope_of(request)
    everything = listing.pools(scope.on, portfolio=scope.portfolio).select_related("portfolio")
    search = PooledBudgetFilter(request.GET, everything, on=scope.on, portfolio=scope.portfolio)
    found = search.qs if search.is_valid() else everything.none()
    paginator = Paginator(found.order_by(alphabetical("title"), bytewise("code")), A_PAGE)
    page = paginator.get_page(Address.of(request).page)
    records = list(page.object_list)
    parts = listing.parts_of([record.code for record in records], scope.on)
    contributions = Contribution.objects.of_portfolio(scope.portfolio).as_of(scope.on)
    partners = set(contributions.order_by().values_list("partner", flat=True).distinct())
    names = names_of(partners, on=scope.on)
    shown = [present.pool(record, parts[record.code], names, scope) for record in records]
    parameters = searching.query_of(request.GET, search.filters)

    def address(**query: object) -> str:
        return scope.link("pooled-budgets", **{**parameters, **query})

    chosen = sorted(((code, names[code]) for code in partners), key=lambda pair: (fold(pair[1]), pair[0]))
    fields = [
        SearchField("q", LABELS["q"], one(parameters, "q"), type="search"),
        SearchField("partner", LABELS["partner"], one(parameters, "partner"), [("", "Any partner"), *chosen]),
        SearchField(
            "flexibility", LABELS["flexibility"], one(parameters, "flexibility"), [("", "Any"), *Flexibility.choices()]
        ),
    ]
    total = contributions.filter(item__in=found.order_by()).aggregate(total=Sum("amount"))["total"]
    number = count(paginator.count, "pooled budget", "pooled budgets")
    caption = f"{number} of {rough_pounds(total or Decimal(0))} a year"

    context = {
        "scope": scope,
        "fields": fields,
        "chips": searching.chips(parameters, fields, address, LABELS),
        "errors": searching.errors(search, LABELS),
        "asked": parameters,
        "pools": shown,
        "table": present.overview(shown, caption) if shown else None,
        "pages": pages(page, lambda number: address(page=number)),
        "api": scope.api("pooled-budgets/", **parameters),
        "csv": scope.api("pooled-budgets/", **parameters, format="csv"),
        "links": [] if shown or parameters else scope.elsewhere("pooled-budgets", listing.fullest_days(Contribution)),
    }
    return render(request, "commissioning/pooled-budgets.jinja", context)
