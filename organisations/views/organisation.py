"""One organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from organisations.domain.lineage import Holding
from organisations.models import Form, Source
from organisations.panels import panels_of
from organisations.presenters.organisation import Page, page_of
from organisations.presenters.organisation_tables import TABLES
from organisations.queries import lineage
from organisations.queries.organisations import Unknown, detail
from organisations.scope import scope_showing
from pcorg.api import streaming
from pcorg.audit.memory import one_version, recall
from pcorg.forms.address import Address


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """A body by its code, whether or not it is in force on the day. 404 only where no body has the code."""
    with one_version():
        try:
            told = detail(code)
        except Unknown as unknown:
            raise Http404(str(unknown)) from unknown
        scope = scope_showing(request, told["portfolio"])
        family = lineage.lineage_of(code, direction=lineage.Direction.BOTH)
        page = page_of(
            told,
            family,
            _standing_in(code, family, scope.on),
            forms=recall("forms", lambda: {form.slug: form for form in Form.objects.all()}),
            sources=recall("sources", Source.objects.in_bulk),
            portfolio=scope.named(told["portfolio"]).title,
            scope=scope,
        )
    if table := Address.of(request).text("table"):
        return _spreadsheet(page, table)
    downloads = {name: scope.link("organisation", code, table=name) for name, rows in TABLES.items() if rows(page)}
    context = {
        "scope": scope,
        "page": page,
        "downloads": downloads,
        "panels": panels_of(code, page.status.shown, scope),
    }
    return render(request, "organisations/organisation.jinja", context)


def _spreadsheet(page: Page, name: str) -> HttpResponse:
    """One table of the page as comma-separated values. Raises BadRequest where the page has no such table."""
    rows = TABLES[name](page) if name in TABLES else []
    if not rows:
        raise BadRequest(f"This page has no table called “{name}”.")
    content = b"".join(streaming.table([rows], list(rows[0])))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    named = content_disposition_header(as_attachment=True, filename=f"{page.code}-{name}.csv")
    response["Content-Disposition"] = named or "attachment"
    return response


def _standing_in(code: str, family: dict[str, Any], on: date) -> list[dict[str, Any]]:
    """The bodies that stand for the body on a day, itself apart, as the lineage tells of bodies."""
    lives = {node["code"]: (node["opened"], node["closed"]) for node in family["nodes"]}

    def told(held: Holding) -> dict[str, Any]:
        opened, closed = lives[held.code]
        is_open = opened <= on and (closed is None or on < closed)
        return {
            "code": held.code,
            "share": held.share,
            "status": "open" if is_open else "closed",
            "path": list(held.path),
        }

    standing = lineage.graph().stand_ins(code, on=on)
    return [told(held) for held in standing if held.code != code and held.code in lives]
