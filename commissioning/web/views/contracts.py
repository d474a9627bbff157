"""Contracts: found by who commissions, who provides, what and for how much; and one contract over time."""

from __future__ import annotations

from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.filters import ContractFilter
from commissioning.models import Contract, ContractHolding, ContractType, PmsPilot, Service
from commissioning.selectors import listing, things
from commissioning.web.presenters import contracts as present
from commissioning.web.presenters.tables import TableColumn
from organisations.models import Change, Source
from organisations.selectors.periods import names_of
from organisations.web.presenters import listing as searching
from pcorg.core.audit.memory import one_version, recall
from pcorg.core.forms.address import Address
from pcorg.core.names import alphabetical, by_column, bytewise, fold
from pcorg.core.pages.jinja2 import count, rough_pounds
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import Scope, scope_of, scope_showing

A_PAGE = 50

ORDERINGS = {
    "title": "item__title",
    "type": "item__type__position",
    "sector": "item__sector",
    "annual_value": "annual_value",
    "ends": "item__ends",
}
"""What the list can be sorted by, and the column of each."""
WORDS = {"item__title": alphabetical, "item__sector": bytewise}
FIRST = "-annual_value"


@require_safe
@one_version()
def contracts(request: HttpRequest) -> HttpResponse:
    """The contracts in force on the day, as the filters ask."""
    scope = scope_of(request)
    everything = listing.held(ContractHolding, scope.on, portfolio=scope.portfolio)
    search = ContractFilter(request.GET, everything, on=scope.on, portfolio=scope.portfolio)
    found = search.qs if search.is_valid() else everything.none()
    ordering = Address.of(request).ordering(ORDERINGS, FIRST)
    paginator = Paginator(_sorted(found, ordering), A_PAGE)
    page = paginator.get_page(Address.of(request).page)
    shown = list(page.object_list)
    parameters = searching.query_of(request.GET, search.filters)
    sorting = {"ordering": ordering if ordering != FIRST else None}

    def address(**query: object) -> str:
        return scope.link("contracts", **{**parameters, **sorting, **query})

    def heading(text: str, name: str, *, numeric: bool = False, narrow: bool = False) -> TableColumn:
        here, descending = ordering.removeprefix("-") == name, ordering.startswith("-")
        turned = f"-{name}" if (here and not descending) or (numeric and not here) else name
        sort = ("descending" if descending else "ascending") if here else ""
        return TableColumn(text, numeric, narrow, href=address(ordering=turned, page=None), sort=sort)

    fields, more = present.fields(parameters, _choices(everything, scope)), present.more_fields(parameters)
    total = found.aggregate(total=Sum("annual_value"))["total"]
    caption = f"{count(paginator.count, 'contract', 'contracts')} worth {rough_pounds(total or Decimal(0))} a year"
    names = names_of({party for row in shown for party in (row.commissioner_id, row.provider_id)}, on=scope.on)
    context = {
        "scope": scope,
        "fields": fields,
        "more_fields": more,
        "more_open": any(field.value for field in more),
        "chips": searching.chips(parameters, [*fields, *more], address, present.LABELS),
        "errors": searching.errors(search, present.LABELS),
        "asked": parameters,
        "ordering": ordering if ordering != FIRST else "",
        "table": present.listed(shown, caption, names, heading, scope) if shown else None,
        "first": page.start_index(),
        "last": page.end_index(),
        "pages": pages(page, lambda number: address(page=number)),
        "api": scope.api("contracts/", **parameters, ordering=ordering),
        "csv": scope.api("contracts/", **parameters, ordering=ordering, format="csv"),
        "links": [] if shown or parameters else scope.elsewhere("contracts", listing.fullest_days(ContractHolding)),
    }
    return render(request, "commissioning/contracts.jinja", context)


@require_safe
@one_version()
def contract(request: HttpRequest, code: str) -> HttpResponse:
    """One contract: what it is, between whom it ran when and for how much, what it is to achieve."""
    found_contract = things.found(Contract, code, along=("type", "services", "measures"))
    scope = scope_showing(request, found_contract.portfolio_id)
    holdings = list(found_contract.holdings.all())
    touched = {number for row in holdings for number in (row.begun_by_id, row.ended_by_id) if number is not None}
    page = present.page(
        found_contract,
        holdings,
        things.names_in([found_contract], on=scope.on),
        Change.objects.in_bulk(touched),
        sources=recall("sources", Source.objects.in_bulk),
        pilot=PmsPilot.objects.filter(contract=found_contract).values_list("pk", flat=True).first(),
        scope=scope,
    )
    context = {
        "scope": scope,
        "page": page,
        "csv": scope.api("contracts/", code=code, format="csv"),
        "api": f"/api/v1/contracts/{found_contract.pk}/",
    }
    return render(request, "commissioning/contract.jinja", context)


def _sorted(found: QuerySet, ordering: str) -> QuerySet:
    column = by_column(ORDERINGS[ordering.removeprefix("-")], WORDS, descending=ordering.startswith("-"))
    return found.select_related("item__type").order_by(column, bytewise("item_id"), "pk")


def _choices(everything: QuerySet, scope: Scope) -> present.Choices:
    """What there is to choose from on the day: parties that occur, by name; types and services of the reference."""
    pairs = list(everything.order_by().values_list("commissioner", "provider").distinct())
    names = names_of({code for pair in pairs for code in pair}, on=scope.on)

    def named(codes: set[str]) -> list[tuple[str, str]]:
        return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: (fold(pair[1]), pair[0]))

    return present.Choices(
        commissioners=named({commissioner for commissioner, _ in pairs}),
        providers=named({provider for _, provider in pairs}),
        types=recall("contract-types", lambda: list(ContractType.objects.values_list("slug", "label"))),
        services=recall("service-labels", lambda: list(Service.objects.values_list("slug", "label"))),
    )
