"""What stands before the pages and the API so that neither many requests nor dear ones nor the loss of the database
bring them down."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from pcorg.core.accounts import security
from pcorg.core.api.problems import ApiProblem, ProblemCode
from pcorg.core.api.throttles import PAGES
from pcorg.core.http import budgets
from pcorg.core.http.errors import refused
from pcorg.core.http.middleware import API, PROBES, Middleware

LOGGED = frozenset({401, 403, 413, 429})
"""Refusals that the security log is told of by their status: access, forged forms, size, throttles and locks."""
LOGGED_BY_CODE = frozenset({ProblemCode.OWN_PROPOSAL.value, ProblemCode.OVER_BUDGET.value})
"""Those it is told of by their problem code: the second person, and the budgets."""
DOCS = "/api/v1/docs/"
"""The page about the API: people come to it by a browser, which may be led on to HTTPS."""


class Refusals(Middleware):
    """Tells the security log of what was refused: to whom, where from and why. Stands within the log of requests."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        code = getattr(response, "problem_code", "page")
        if response.status_code in LOGGED or code in LOGGED_BY_CODE:
            request_line = f"{request.method} {request.path}"
            security.warn("refused", subject=request_line, request=request, status=response.status_code, code=code)
        return response


class ApiByHttps(Middleware):
    """Refuses what asks the API by plain HTTP where HTTPS is the rule. Led on to HTTPS, a program would go on sending
    its token in the clear and nobody would notice."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        by_programs = request.path.startswith(API) and not request.path.startswith(DOCS)
        if settings.SECURE_SSL_REDIRECT and by_programs and not request.is_secure():
            detail = "The API answers by HTTPS alone. Ask again so, and revoke a token that was sent without."
            return refused(request, ApiProblem(HTTPStatus.FORBIDDEN, detail))
        return self.get_response(request)


class Budgets(Middleware):
    """Work is done for the request, within its budget; what is refused is answered in the reader's own form."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with budgets.of_request(request):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to work that is refused; None for any other exception. The API answers by itself."""
        match exception:
            case budgets.OverBudget():
                return refused(request, ApiProblem(422, str(exception), code=ProblemCode.OVER_BUDGET))
            case budgets.Busy():
                return refused(request, ApiProblem(503, str(exception)), wait=exception.wait)
        return None


class FairUse(Middleware):
    """Pages are asked no more often than the API; it counts its own."""

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """429 where a reader asks for more pages than they may."""
        if request.path.startswith((API, *PROBES)):
            return None
        for throttle in (each() for each in PAGES):
            if not throttle.allow_request(request, None):
                wait = max(1, int(throttle.wait()))
                detail = f"You have asked for more pages than we can give at once. Try again in {wait} seconds."
                return refused(request, ApiProblem(HTTPStatus.TOO_MANY_REQUESTS, detail), wait=wait)
        return None
