"""Answers outside the API's own views: Django's error pages, as problem documents under `/api/`."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from pcorg.api.problems import Problem, answer
from pcorg.pages import errors as pages

PREFIX = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where the body is too large."""
    if not request.path.startswith(PREFIX):
        return pages.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return answer(request, Problem(413, "The body is larger than this service reads."))
    return answer(request, Problem(400, "The request cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    if not request.path.startswith(PREFIX):
        return pages.forbidden(request, exception)
    return answer(request, Problem(403, "You may not do this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for addresses that match nothing."""
    if not request.path.startswith(PREFIX):
        return pages.not_found(request, exception)
    return answer(request, Problem(404, f"Nothing answers at {request.path}."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Says nothing of the cause; the log does, under the request's id."""
    if not request.path.startswith(PREFIX):
        return pages.server_error(request)
    return answer(request, Problem(500, "Something went wrong on our side. The failure has been logged."))
