"""Provider arms of many trusts: how far they are separated, and what their trusts mean to do."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.domain.vocabulary import ApproachList, Separation
from commissioning.filters import ArmFilter
from commissioning.models import ArmHolding
from commissioning.selectors import arms as queries
from commissioning.selectors import listing
from commissioning.selectors.arm_plans import providing
from organisations.web.presenters.listing import SearchField
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.names import bytewise
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import Scope, scope_of

A_PAGE = 50
FILTERS = ("separation", "approach")


@require_safe
@one_version()
def arms(request: HttpRequest) -> HttpResponse:
    """The provider arms of the day as the filters ask, with how many are at each state and take each approach."""
    scope = scope_of(request)
    every = listing.held(ArmHolding, scope.on, portfolio=scope.portfolio)
    address = Address.of(request)
    query = {name: text for name in FILTERS if (text := address.text(name))}
    search = ArmFilter(request.GET, every, on=scope.on, portfolio=scope.portfolio)
    found = search.qs if search.is_valid() else every.none()
    ordered = found.select_related("item__portfolio").order_by(bytewise("organisation_id"), bytewise("item_id"))
    page = Paginator(ordered, A_PAGE).get_page(address.page)
    counted = queries.spread(every, scope.on)
    known = queries.approaches()
    context = {
        "scope": scope,
        "fields": _fields(query),
        "asked": query,
        "errors": "" if search.is_valid() else "There is no such state or approach.",
        "states": [
            (state.label, counted.separations[state], scope.link("provider-arms", separation=state.value))
            for state in Separation
        ],
        "lists": [
            (
                drawn_from.label,
                [
                    (label, counted.approaches.get(slug, 0), scope.link("provider-arms", approach=slug))
                    for slug, (label, of) in known.items()
                    if of is drawn_from
                ],
            )
            for drawn_from in ApproachList
        ],
        "all": counted.arms,
        "total": page.paginator.count,
        "rows": [
            (
                arm,
                scope.link("organisation", arm.trust),
                scope.link("arm-planner", arm.trust),
                [known[slug][0] for slug in arm.approaches],
            )
            for arm in queries.arms(list(page.object_list), scope.on)
        ],
        "pages": pages(page, lambda number: scope.link("provider-arms", **query, page=number)),
        "csv": scope.api("provider-arms/", **query, format="csv"),
        "api": scope.api("provider-arms/", **query),
        "examples": [] if counted.arms else _examples(scope),
    }
    return render(request, "commissioning/provider-arms.jinja", context)


def _fields(query: dict[str, str]) -> list[SearchField]:
    known = [(slug, label) for slug, (label, _) in queries.approaches().items()]
    return [
        SearchField("separation", "Separation", query.get("separation", ""), [("", "Any"), *Separation.choices()]),
        SearchField("approach", "Approach", query.get("approach", ""), [("", "Any"), *known]),
    ]


def _examples(scope: Scope) -> list[tuple[str, str]]:
    return [
        (portfolio.title, scope.link("provider-arms", portfolio=portfolio.slug, as_of=portfolio.covers_to))
        for portfolio in scope.portfolios
        if portfolio.illustrative and providing(portfolio.slug, portfolio.covers_to)
    ]
