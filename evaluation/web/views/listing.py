"""Assessments: what was appraised, how far each has come."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.filters import AssessmentFilter
from evaluation.method.vocabulary import AssessmentStatus
from evaluation.selectors import assessments as queries
from organisations.web.presenters import listing as searching
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import scope_of

A_PAGE = 25
LABELS = {"q": "Part of the title", "status": "Status", "subject": "Organisation"}


@require_safe
@one_version()
def assessments(request: HttpRequest) -> HttpResponse:
    """Assessments of the portfolio shown, latest first; shipped ones stand apart."""
    scope, by = scope_of(request), actor_of(request.user)
    rows = queries.listing(scope.portfolio, by).select_related("subject").prefetch_related("options").order_by("-pk")
    search = AssessmentFilter(request.GET, rows, on=scope.on, portfolio=scope.portfolio)
    listed = search.qs if search.is_valid() else rows.none()
    address = Address.of(request)
    query = {name: address.text(name) for name in LABELS}
    page = Paginator(listed, A_PAGE).get_page(address.page)
    context = {
        "scope": scope,
        "rows": [(row, AssessmentStatus.stored(row.status).label, scope.link("assessment", row.pk)) for row in page],
        "total": page.paginator.count,
        "statuses": AssessmentStatus.choices(),
        "asked": query,
        "errors": searching.errors(search, LABELS),
        "dispersals": [
            (each.title, scope.link("dispersal", each.pk), each.organisation_id, each.as_of)
            for each in queries.dispersals(scope.portfolio, by).order_by("-pk")[:A_PAGE]
        ],
        "may_make": by.commissions,
        "examples": []
        if scope.illustrative
        else scope.elsewhere("assessments", queries.worked_examples(queries.listing("all", by))),
        "pages": pages(page, lambda number: scope.link("assessments", page=number, **query)),
        "api": scope.api("assessments/", **query),
        "csv": scope.api("assessments/", **query, format="csv"),
    }
    return render(request, "evaluation/assessments.jinja", context)
