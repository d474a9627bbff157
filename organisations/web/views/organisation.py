"""One organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from organisations.domain.lineage import HeldShare
from organisations.models import Form, Source
from organisations.panels import panels_of
from organisations.read_models.organisations import OrganisationDetail
from organisations.selectors import lineage
from organisations.selectors.organisations import detail
from organisations.web.presenters.organisation import OrganisationPage, page_of
from organisations.web.presenters.organisation_tables import TABLES
from pcorg.core.accounts.roles import actor_of
from pcorg.core.api import streaming
from pcorg.core.audit.memory import one_version, recall
from pcorg.core.forms.address import Address
from pcorg.core.pages.jinja2 import day
from pcorg.core.pages.scope import scope_showing
from pcorg.core.values import day_of


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """A body by its code, whether or not it is in force on the day. 404 only where no body has the code."""
    with one_version():
        document = detail(code)
        scope = scope_showing(request, document["portfolio"])
        family = lineage.lineage_of(code, direction=lineage.Direction.BOTH)
        since = _day_of_data(request, document, scope.on)
        page = page_of(
            document,
            family,
            _standing_in(code, since, scope.on),
            since=since,
            origins=_behind(code, max(scope.on, document["opened"])),
            forms=recall("forms", lambda: {form.slug: form for form in Form.objects.all()}),
            sources=recall("sources", Source.objects.in_bulk),
            portfolio=scope.named(document["portfolio"]).title,
            scope=scope,
        )
    if table := Address.of(request).text("table"):
        return _spreadsheet(page, table)
    downloads = {name: scope.link("organisation", code, table=name) for name, rows in TABLES.items() if rows(page)}
    context = {
        "scope": scope,
        "page": page,
        "downloads": downloads,
        "panels": panels_of(code, page.status.shown, scope, actor_of(request.user)),
    }
    return render(request, "organisations/organisation.jinja", context)


def _spreadsheet(page: OrganisationPage, name: str) -> HttpResponse:
    """One table of the page as comma-separated values. Raises BadRequest where the page has no such table."""
    rows = TABLES[name](page) if name in TABLES else []
    if not rows:
        raise BadRequest(f"This page has no table called “{name}”.")
    content = b"".join(streaming.table([rows], list(rows[0])))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    named = content_disposition_header(as_attachment=True, filename=f"{page.code}-{name}.csv")
    response["Content-Disposition"] = named or "attachment"
    return response


def _day_of_data(request: HttpRequest, document: OrganisationDetail, on: date) -> date | None:
    """The day whose people are followed: the parameter `from`, else the last day of a body that has closed. None: those
    with whom the body opened. Raises BadRequest where there were none on the day, or it comes after the day shown."""
    closed: date | None = document["closed"]
    day_text = Address.of(request).text("from")
    if not day_text:
        return closed - timedelta(days=1) if closed is not None and closed <= on else None
    try:
        since = day_of(day_text)
    except ValueError as fault:
        raise BadRequest(f"Day of the data: {fault}") from fault
    if not document["opened"] <= since <= on or (closed is not None and since >= closed):
        last = min(on, closed - timedelta(days=1)) if closed is not None else on
        raise BadRequest(f"Day of the data: enter a day from {day(document['opened'])} to {day(last)}.")
    return since


def _standing_in(code: str, since: date | None, on: date) -> list[tuple[HeldShare, bool]]:
    """The bodies that hold the people of the body on a day, itself apart."""
    standing = lineage.graph().stand_ins(code, since=since, on=on, rounded=True)
    return _with_status((holding for holding in standing if holding.code != code), on)


def _behind(code: str, on: date) -> list[tuple[HeldShare, bool]]:
    """The earliest bodies behind the body, with the shares of them that it has on a day."""
    return _with_status(lineage.graph().origins(code, on=on, rounded=True), on)


def _with_status(shares: Iterable[HeldShare], on: date) -> list[tuple[HeldShare, bool]]:
    """Each share, and whether the body that holds it is open on a day."""
    lives = lineage.lives()
    return [(held, (life := lives.get(held.code)) is not None and life.holds(on)) for held in shares]
