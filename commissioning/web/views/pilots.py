"""Pilots: those in force on the day, how long they have left, and what may happen at the end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.domain.pilots import TERMS
from commissioning.selectors.pilots import pilots as in_force
from commissioning.web.presenters.pilots import PilotGroup, groups
from organisations.models import FormPeriod, Source
from organisations.models.reference import rules_only
from pcorg.core.api.streaming import table
from pcorg.core.audit.memory import one_version, recall
from pcorg.core.forms.address import Address
from pcorg.core.pages.scope import scope_of
from pcorg.core.portfolios import fullest_days

COLUMNS = [
    "code", "name", "form", "started", "wave", "variant", "run_by", "practices", "lies_in", "people", "people_counted",
    "salaried_gps", "nurses", "contract", "commissioner", "annual_value", "last_day_of_term", "days_left", "at_end",
]  # fmt: skip


@require_safe
@one_version()
def pilots(request: HttpRequest) -> HttpResponseBase:
    """The personal medical services and total purchasing pilots of the day; `format=csv` gives them as a table."""
    scope = scope_of(request)
    listed = groups(
        in_force(scope.on, portfolio=scope.portfolio, forms=TERMS),
        forms=rules_only().forms,
        graph=rules_only().graph,
        sources=recall("sources", Source.objects.in_bulk),
        scope=scope,
    )
    if Address.of(request).choice("format", {"csv"}):
        return _sheet(listed)
    pilots_held = FormPeriod.objects.filter(form__in=TERMS)
    total = sum(len(group.rows) for group in listed)
    context = {
        "scope": scope,
        "groups": listed,
        "total": total,
        "csv": scope.link("pilots", format="csv"),
        "api": scope.api("organisations/", form=list(TERMS)),
        "particulars": scope.api("pms-pilots/"),
        "links": [] if total else scope.elsewhere("pilots", fullest_days(pilots_held, "organisation__portfolio")),
    }
    return render(request, "commissioning/pilots.jinja", context)


def _sheet(listed: list[PilotGroup]) -> HttpResponseBase:
    rows: list[dict[str, Any]] = [
        {
            "code": row.code,
            "name": row.name,
            "form": group.form,
            "started": row.start,
            "wave": row.wave,
            "variant": row.variant,
            "run_by": "; ".join(name for name, _ in row.provider),
            "practices": "; ".join(name for name, _ in row.practices),
            "lies_in": "; ".join(name for name, _ in row.places),
            "people": row.people,
            "people_counted": row.people_note,
            "salaried_gps": row.salaried_gps,
            "nurses": row.nurses,
            "contract": row.contract.code if row.contract else None,
            "commissioner": row.commissioner[0] if row.commissioner else None,
            "annual_value": row.annual_value,
            "at_end": row.at_end,
            "last_day_of_term": row.last_day,
            "days_left": row.days,
        }
        for group in listed
        for row in group.rows
    ]
    answer: HttpResponse | StreamingHttpResponse = StreamingHttpResponse(
        table([rows], [(column,) for column in COLUMNS]), content_type="text/csv; charset=utf-8; header=present"
    )
    answer["Content-Disposition"] = 'attachment; filename="pilots.csv"'
    return answer
