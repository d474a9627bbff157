"""What every request passes through that no library offers."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render

from pcorg.core.http.database_errors import TRY_AGAIN, is_clash
from pcorg.core.http.statics import SAME_ORIGIN
from pcorg.core.refusals import NotFound
from pcorg.core.values import storable

API = "/api/"
PROBES = ("/health/", "/ready/", "/metrics")
"""Addresses that whatever watches over the service asks as often as it likes, by any name."""
_CLEAN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
log = structlog.get_logger("pcorg.request")


class Middleware:
    """What every middleware here is: it passes the request on, unless it says otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)


class RequestLog(Middleware):
    """Gives each request an id (a proxy's `X-Request-ID` where it is well formed), answers it back, and logs the
    request with its status, problem code and milliseconds, and the number of the account that asked, once it is known
    (`bind_contextvars(user=…)`)."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _CLEAN_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        code = getattr(response, "problem_code", None)
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
            **({"code": code} if code else {}),
        )
        return response


class Probes(Middleware):
    """Lets whatever watches the process ask it by any name, such as the address of its container. These answers make no
    links, so that the name in the request means nothing to them."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in PROBES and settings.ALLOWED_HOSTS:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].removeprefix(".").replace("*", "localhost")
            request.META.pop("HTTP_X_FORWARDED_HOST", None)
        return self.get_response(request)


class ReadableText(Middleware):
    """Refuses text that no database can hold, in the address of a page or in its form, before a view reads it."""

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Raises BadRequest for a field or a parameter, Http404 for a path."""
        if request.path.startswith(API):
            return  # it refuses the same with its own problems, and reads its own bodies
        if not storable(request.path):
            raise Http404("The address contains a null character. Check the address.")
        _require_storable(request.GET)
        if request.method == "POST":
            _require_storable(request.POST)


def _require_storable(sent: QueryDict) -> None:
    for name, values in sent.lists():
        if not all(storable(text) for text in (name, *values)):
            shown = name.replace("\x00", "")[:60]
            raise BadRequest(f"{shown} contains a null character, which cannot be stored. Remove it and try again.")


class SecurityHeaders(Middleware):
    """Headers that Django does not set; and no cache keeps an answer to somebody who is known or gets a cookie."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", SAME_ORIGIN)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
        )
        if response.cookies or is_known(request):
            response.headers["Cache-Control"] = "no-store"
        return response


class Refusals(Middleware):
    """Answers what a view of a page refuses without saying so itself: 404 where there is no such thing, and 409, with a
    page that says to try again, where two writers were in each other's way. The API has its own answers."""

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page for a clash; None for any other fault. Raises Http404 for a thing that is not found."""
        if request.path.startswith(API):
            return None
        if isinstance(fault, NotFound):
            raise Http404(fault.message) from fault
        if not is_clash(fault):
            return None
        return render(request, "errors/409.jinja", {"reason": TRY_AGAIN}, status=409)


def is_known(request: HttpRequest) -> bool:
    """Whether a request says who asks, by a session or a token: no cache keeps what it is answered. Asks nothing of
    the database."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
