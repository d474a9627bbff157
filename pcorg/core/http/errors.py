"""Answers to what goes wrong outside the API's own views: problem documents under `/api/`, pages elsewhere."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pcorg.core.api.problems import ApiProblem, answer
from pcorg.core.http.database_errors import outage
from pcorg.core.http.middleware import API


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: something in the address or form is not understood, or 413: it is too large. On a page the exception's own
    sentence says what."""
    too_large = isinstance(exception, RequestDataTooBig)
    detail = "The body is larger than this service reads." if too_large else "The request cannot be understood."
    return _answer(request, ApiProblem(413 if too_large else 400, detail), "errors/400.jinja", exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person may not do this."""
    return _answer(request, ApiProblem(403, "You may not do this."), "errors/403.jinja", exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for addresses that match nothing; a page also where there is no such organisation on this date."""
    return _answer(request, ApiProblem(404, f"Nothing answers at {request.path}."), "errors/404.jinja", exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is away, only readable or in use. Says nothing more of the cause; the log does,
    under the request's id. The template of the page asks nothing of the database."""
    if found := outage(sys.exc_info()[1]):
        return refused(request, ApiProblem(503, found.message), wait=found.wait)
    problem = ApiProblem(500, "Something went wrong on our side. The failure has been logged.")
    return _answer(request, problem, "errors/500.jinja", None)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form was sent without the proof that it came from our page."""
    explanation = (
        "The form had been open too long, or your browser does not keep our cookies. "
        "Go back, load the page again and send it once more."
    )
    response = render(request, "errors/403.jinja", {"reason": explanation}, status=403)
    response.problem_code = "forged-form"  # type: ignore[attr-defined]  # for the log and the figures of the service
    return response


def refused(request: HttpRequest, problem: ApiProblem, *, wait: int = 0) -> HttpResponse:
    """Work that is not done, or not now; `wait` says after how many seconds to ask again. The template of the page asks
    nothing of the database."""
    status = problem.status_code
    if request.path.startswith(API):
        response = answer(request, problem)
    else:
        titles = {422: "That is too much at once", 429: "Too many requests"}
        context = {"title": titles.get(status, "This cannot be answered just now"), "reason": problem.summary}
        response = render(request, "errors/refused.jinja", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _answer(request: HttpRequest, problem: ApiProblem, template: str, exception: Exception | None) -> HttpResponse:
    """The problem under `/api/`; elsewhere the page, with the words of an exception that was raised for a reader."""
    if request.path.startswith(API):
        return answer(request, problem)
    reason = exception.args[0] if exception is not None and exception.args else ""
    context = {"reason": reason if isinstance(reason, str) else ""}
    return render(request, template, context, status=problem.status_code)
