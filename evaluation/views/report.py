"""The report of an assessment: one self-contained document, its figures recomputed from the kept seed; and its
judgements and figures as tables."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from evaluation.domain.weights import Unweighable
from evaluation.models import Assessment
from evaluation.queries import assessments as queries
from evaluation.queries import tables
from evaluation.queries.results import results_of
from evaluation.views.assessment import about, found, shows_names, worked_out
from organisations.scope import scope_of
from pcorg import naming
from pcorg.api import streaming
from pcorg.audit.memory import one_version


@require_safe
@one_version()
def report(request: HttpRequest, number: int) -> HttpResponse:
    """The report to keep or print: no scripts, nothing fetched from elsewhere. Digit for digit what the API gives."""
    held = found(number)
    context: dict[str, Any] = {
        "scope": scope_of(request),
        "assessment": held,
        "about": about(held),
        "judgements": queries.judgements_of(number).select_related("criterion"),
        "assessors": _assessors(held, named=shows_names(request, held)),
        "history": held.steps.all(),
        "discounted": [option for option in held.options.all() if not option.passes_gate],
        "address": request.build_absolute_uri(scope_of(request).link("assessment", number)),
        **worked_out(held, None, (), "", named=shows_names(request, held)),
    }
    response = render(request, "evaluation/report.jinja", context)
    response["Content-Disposition"] = f'attachment; filename="assessment-{number}-{slugify(held.title)[:60]}.html"'
    return response


def _assessors(held: Assessment, *, named: bool) -> dict[str, str]:
    """What each assessor is called in the report."""
    names = list(held.panel.values_list("name", flat=True))
    if named:
        return {name: name for name in names}
    return dict(zip(names, naming.without_names({"assessors": names})["assessors"], strict=True))


@require_safe
@one_version()
def table(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The results of an assessment as a table: a row for each option. Raises BadRequest where they cannot be worked
    out."""
    try:
        rows = tables.result_rows(results_of(found(number)))
    except Unweighable as fault:
        raise BadRequest(str(fault)) from fault
    return streaming.sheet(rows, list(rows[0]), f"assessment-{number}-results")


@require_safe
@one_version()
def judgements(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The judgements of an assessment as a table."""
    held = found(number)
    rows = tables.judgement_rows(held.pk)
    rows = rows if shows_names(request, held) else naming.without_names(rows)
    return streaming.sheet(rows, tables.JUDGEMENT, f"assessment-{number}-judgements")


@require_safe
@one_version()
def readings(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The readings of the model chosen as a table."""
    held = found(number)
    rows = tables.reading_rows(held.pk)
    rows = rows if shows_names(request, held) else naming.without_names(rows)
    return streaming.sheet(rows, tables.READING, f"assessment-{number}-readings")
