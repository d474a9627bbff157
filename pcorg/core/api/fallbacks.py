"""Answers outside the API's own views: Django's error pages, as problem documents under `/api/`."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from pcorg.core.api.problems import ApiProblem, answer
from pcorg.core.http.database_errors import ailment
from pcorg.core.pages import errors as pages

PREFIX = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where the body is too large."""
    if not request.path.startswith(PREFIX):
        return pages.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return answer(request, ApiProblem(413, "The body is larger than this service reads."))
    return answer(request, ApiProblem(400, "The request cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    if not request.path.startswith(PREFIX):
        return pages.forbidden(request, exception)
    return answer(request, ApiProblem(403, "You may not do this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for addresses that match nothing."""
    if not request.path.startswith(PREFIX):
        return pages.not_found(request, exception)
    return answer(request, ApiProblem(404, f"Nothing answers at {request.path}."))


def refused(request: HttpRequest, problem: ApiProblem, *, wait: int = 0) -> HttpResponse:
    """Work that is not done, or not now: as a problem document or a page; `wait` says after how many seconds to ask
    again."""
    if request.path.startswith(PREFIX):
        response = answer(request, problem)
    else:
        response = pages.refused(request, problem.status_code, problem.said)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is away, only readable or in use. Says nothing more of the cause; the log does,
    under the request's id."""
    if found := ailment(sys.exc_info()[1]):
        return refused(request, ApiProblem(503, found.told), wait=found.wait)
    if not request.path.startswith(PREFIX):
        return pages.server_error(request)
    return answer(request, ApiProblem(500, "Something went wrong on our side. The failure has been logged."))
