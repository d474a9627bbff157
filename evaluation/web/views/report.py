"""The report of an assessment: one self-contained document, its figures recomputed from the kept seed; and its
judgements and figures as tables."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from evaluation.method.weights import Unweighable
from evaluation.selectors import assessments as queries
from evaluation.selectors import tables
from evaluation.selectors.people import assessors_of
from evaluation.selectors.results import results_of
from evaluation.web.views.assessment import about, aside, found, history, worked_out
from pcorg.core.accounts.roles import actor_of
from pcorg.core.api import streaming
from pcorg.core.audit.memory import one_version
from pcorg.core.pages.scope import scope_of


@require_safe
@one_version()
def report(request: HttpRequest, number: int) -> HttpResponse:
    """The report to keep or print: no scripts, nothing fetched from elsewhere. Digit for digit what the API gives."""
    by = actor_of(request.user)
    assessment = found(number, by)
    options, called = list(assessment.options.all()), assessors_of(assessment, by)
    context: dict[str, Any] = {
        "scope": scope_of(request),
        "assessment": assessment,
        "about": about(assessment),
        "judgements": [
            (called(each.assessor), each)
            for each in queries.judgements_of(number).filter(option__set_aside="").select_related("criterion")
        ],
        "history": history(assessment, by),
        "discounted": [option for option in options if not option.passes_gate and not option.set_aside],
        "aside": aside(assessment, by) if any(option.set_aside for option in options) else [],
        "address": request.build_absolute_uri(scope_of(request).link("assessment", number)),
        **worked_out(assessment, None, (), "", by),
    }
    response = render(request, "evaluation/report.jinja", context)
    response["Content-Disposition"] = (
        f'attachment; filename="assessment-{number}-{slugify(assessment.title)[:60]}.html"'
    )
    return response


@require_safe
@one_version()
def table(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The results of an assessment as a table: a row for each option. Raises BadRequest where they cannot be worked
    out."""
    try:
        rows = tables.result_rows(results_of(found(number, actor_of(request.user))))
    except Unweighable as fault:
        raise BadRequest(str(fault)) from fault
    return streaming.sheet(rows, list(rows[0]), f"assessment-{number}-results")


@require_safe
@one_version()
def judgements(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The judgements of an assessment as a table."""
    by = actor_of(request.user)
    rows = tables.judgement_rows(found(number, by), by)
    return streaming.sheet(rows, tables.JUDGEMENT, f"assessment-{number}-judgements")


@require_safe
@one_version()
def readings(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The readings of the model chosen as a table."""
    by = actor_of(request.user)
    return streaming.sheet(tables.reading_rows(found(number, by), by), tables.READING, f"assessment-{number}-readings")
