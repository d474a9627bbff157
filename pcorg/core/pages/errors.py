"""What a reader is told when a page cannot be shown."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: something in the address or form is not understood, or 413: it is too large; the exception's own sentence
    says what."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, "errors/400.jinja", {"reason": _sentence(exception)}, status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person may not do this."""
    return render(request, "errors/403.jinja", {"reason": _sentence(exception)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form was sent without the proof that it came from our page."""
    told = (
        "The form had been open too long, or your browser does not keep our cookies. "
        "Go back, load the page again and send it once more."
    )
    response = render(request, "errors/403.jinja", {"reason": told}, status=403)
    response.problem_code = "forged-form"  # type: ignore[attr-defined]  # for the log and the figures of the service
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or no such organisation on this date."""
    return render(request, "errors/404.jinja", {"reason": _sentence(exception)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Its template asks nothing of the database."""
    return render(request, "errors/500.jinja", status=500)


def refused(request: HttpRequest, status: int, reason: str) -> HttpResponse:
    """422, 429 or 503: what was asked for is not done, or not now. Its template asks nothing of the database."""
    titles = {422: "That is too much at once", 429: "Too many requests"}
    context = {"title": titles.get(status, "This cannot be answered just now"), "reason": reason}
    return render(request, "errors/refused.jinja", context, status=status)


def _sentence(exception: Exception) -> str:
    """The words an exception was raised with, when it was raised for a reader."""
    told = exception.args[0] if exception.args else ""
    return told if isinstance(told, str) else ""
