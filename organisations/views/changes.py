"""Changes: a list with filters, and one with all it did."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.filters import ChangeFilter
from organisations.models import Organisation, PolicyCheck, Source
from organisations.presenters import changes as present
from organisations.presenters.pages import pages
from organisations.queries import changes as queries
from organisations.scope import Scope, scope_of
from pcorg.audit.memory import one_version, recall

A_PAGE = 50
ORIGINALS_A_PAGE = 25


@require_safe
@one_version()
def changes(request: HttpRequest) -> HttpResponse:
    """Every change of the portfolio, latest first. The day shown marks what had happened by then and what had not."""
    scope = scope_of(request)
    search = ChangeFilter(request.GET, queries.listing(portfolio=scope.portfolio), portfolio=scope.portfolio)
    found = search.qs if search.is_valid() else search.queryset.none()
    paginator = Paginator(found.order_by("-effective_on", "-sequence", "-id"), A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    asked = {name: request.GET.get(name, "").strip() for name in present.SEARCHED}
    context = {
        "scope": scope,
        "fields": present.fields(asked),
        "errors": present.errors(search.errors),
        "narrowed": any(asked.values()),
        "total": paginator.count,
        "rows": present.rows(shown, queries.parties_of(change.pk for change in shown), scope),
        "pages": pages(page, lambda number: scope.link("changes", **asked, page=number)),
        "api": scope.api("changes/", **asked, as_of=None, ordering="-effective_on"),
        "csv": scope.api("changes/", **asked, as_of=None, ordering="-effective_on", format="csv"),
    }
    return render(request, "organisations/changes.jinja", context)


@require_safe
@one_version()
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One change: originals and resulting bodies, shares, moves, decisions, and what the checks found."""
    scope = scope_of(request)
    try:
        detail = queries.detail(number)
    except queries.Unknown as unknown:
        raise Http404(str(unknown)) from unknown
    named = {code for move in detail["moves"] for code in (move["from"], move["to"])}
    named |= {code for edge in detail["edges"] for code in (edge["original"], edge["resulting"])}
    named |= {*detail["originals"], *detail["resulting"]}
    lives = {
        code: (opened, closed)
        for code, opened, closed in Organisation.objects.filter(code__in=named).values_list("code", "opened", "closed")
    }
    page = present.page(
        detail,
        lives=lives,
        checks=recall("checks", PolicyCheck.objects.in_bulk),
        sources=recall("sources", Source.objects.in_bulk),
        scope=scope,
    )
    asked = {"body": request.GET.get("body", "").strip()[:100], "shares": request.GET.get("shares", "")}
    found = present.sift(page.givers, **asked)
    paginator = Paginator(found, ORIGINALS_A_PAGE)
    sheet = paginator.get_page(request.GET.get("page"))
    context = {
        "scope": scope,
        "page": page,
        "givers": list(sheet.object_list),
        "givers_total": paginator.count,
        "edges_asked": asked,
        "edges_searchable": len(page.givers) > ORIGINALS_A_PAGE,
        "edge_pages": pages(sheet, lambda place: scope.link("change", number, **asked, page=place) + "#shares"),
        "api": f"/api/v1/changes/{number}/",
        **_download(page, asked, scope),
    }
    return render(request, "organisations/change.jinja", context)


def _download(page: present.ChangePage, asked: dict[str, str], scope: Scope) -> dict[str, str]:
    """The file a change is taken away in: its shares as narrowed, or where none passed, its row among those of its
    kind and day."""
    told = page.detail
    if page.givers:
        return {"csv": scope.link("shares-csv", told["id"], **asked), "csv_records": "the shares"}
    day = told["effective_on"].isoformat()
    csv = scope.api(
        "changes/",
        as_of=None,
        portfolio=told["portfolio"],
        kind=told["kind"],
        effective_after=day,
        effective_before=day,
        format="csv",
    )
    return {"csv": csv, "csv_records": "the changes of this kind and day"}
