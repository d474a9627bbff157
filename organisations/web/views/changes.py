"""Changes: a list with filters."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.filters import ChangeFilter
from organisations.selectors import changes as queries
from organisations.web.presenters import changes as present
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import scope_of

A_PAGE = 50


@require_safe
@one_version()
def changes(request: HttpRequest) -> HttpResponse:
    """Every change of the portfolio, latest first. The day shown marks what had happened by then and what had not."""
    scope, address = scope_of(request), Address.of(request)
    search = ChangeFilter(
        request.GET, queries.listing(portfolio=scope.portfolio, by=actor_of(request.user)), portfolio=scope.portfolio
    )
    found = search.qs if search.is_valid() else search.queryset.none()
    paginator = Paginator(found.order_by("-effective_on", "-sequence", "-id"), A_PAGE)
    page = paginator.get_page(address.page)
    shown = list(page.object_list)
    query = {name: address.text(name) for name in present.SEARCHED}
    context = {
        "scope": scope,
        "fields": present.fields(query),
        "errors": present.errors(search.errors),
        "narrowed": any(query.values()),
        "total": paginator.count,
        "rows": present.rows(shown, queries.parties_of(change.pk for change in shown), scope),
        "pages": pages(page, lambda number: scope.link("changes", **query, page=number)),
        "api": scope.api("changes/", **query, as_of=None, ordering="-effective_on"),
        "csv": scope.api("changes/", **query, as_of=None, ordering="-effective_on", format="csv"),
    }
    return render(request, "organisations/changes.jinja", context)
