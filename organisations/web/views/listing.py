"""Organisations: found by name, code, form, level, area and size; sorted, ticked for comparison, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.domain.forms import COUNCIL
from organisations.domain.vocabulary import RelationshipKind
from organisations.filters import OrganisationFilter
from organisations.models import Relationship
from organisations.selectors import organisations as queries
from organisations.selectors.periods import names_of, value_on
from organisations.selectors.system import SystemBody, system
from organisations.web.presenters import listing as present
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.names import alphabetical, by_column, bytewise, fold
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import Scope, scope_of

A_PAGE = 50

# What a list can be sorted by, and the column of each.
WORDS = {"name": alphabetical, "code": bytewise, "form": bytewise}
ORDERINGS = {"code": "code", "name": "name", "form": "form", "opened": "opened", "population": "people"}


@require_safe
@one_version()
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations in force on the day, as the filters ask."""
    scope, address = scope_of(request), Address.of(request)
    search = OrganisationFilter(
        request.GET,
        queries.listing(scope.on, portfolio=scope.portfolio),
        on=scope.on,
        portfolio=scope.portfolio,
    )
    found = search.qs if search.is_valid() else search.queryset.none()
    ordering = address.ordering(ORDERINGS, "name")
    paginator = Paginator(_sorted(found, ordering), A_PAGE)
    page = paginator.get_page(address.page)
    shown = list(page.object_list)
    parameters = present.query_of(request.GET, search.filters)
    sorting = {"ordering": ordering if ordering != "name" else None}

    def link(**query: object) -> str:
        return scope.link("organisations", **{**parameters, **sorting, **query})

    fields, more = present.fields(parameters, **_choices(scope)), present.more_fields(parameters)
    above = names_of({body.accountable_to for body in shown if body.accountable_to}, on=scope.on)
    context = {
        "scope": scope,
        "fields": fields,
        "more_fields": more,
        "more_open": any(field.value for field in more),
        "chips": present.chips(parameters, [*fields, *more], link),
        "errors": present.errors(search),
        "asked": parameters,
        "ordering": ordering,
        "total": paginator.count,
        "first": page.start_index(),
        "last": page.end_index(),
        "headings": present.headings(ordering, link),
        "rows": [present.row(body, above, scope) for body in shown],
        "pages": pages(page, lambda number: link(page=number)),
        "api": scope.api("organisations/", **parameters, ordering=ordering),
        "csv": scope.api("organisations/", **parameters, ordering=ordering, format="csv"),
    }
    return render(request, "organisations/list.jinja", context)


def _sorted(found: QuerySet, ordering: str) -> QuerySet:
    column = ORDERINGS[ordering.removeprefix("-")]
    return found.order_by(by_column(column, WORDS, descending=ordering.startswith("-")), bytewise("code"))


def _choices(scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """What there is to choose from on the day: forms that occur, authorities that others answer to, councils."""
    known, on = system(scope.portfolio), scope.on
    occurring = known.tally(on)
    ties = Relationship.objects.as_of(on).filter(kind=RelationshipKind.ACCOUNTABLE_TO)
    above = {to for body, to in ties.values_list("subject_id", "object_id") if _in_force(known.members.get(body), on)}
    return {
        "forms": [(slug, form.label) for slug, form in known.forms.items() if occurring[slug]],
        "authorities": _named({code: known.members.get(code) for code in above}, on),
        "councils": _named({member.code: member for member in known.with_form(COUNCIL, on)}, on),
    }


def _in_force(member: SystemBody | None, on: date) -> bool:
    return member is not None and member.alive_on(on)


def _named(members: Mapping[str, SystemBody | None], on: date) -> list[tuple[str, str]]:
    """Codes with names, in the order of the names."""
    pairs = ((code, (member and value_on(member.names, on)) or code) for code, member in members.items())
    return sorted(pairs, key=lambda pair: (fold(pair[1]), pair[0]))
