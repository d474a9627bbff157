"""Problem documents (RFC 9457): every refusal of the API, all faults of a request at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NotRequired, TypedDict, cast

import orjson
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.urls import reverse
from rest_framework import exceptions

from pcorg.core.http.budgets import Busy, OverBudget
from pcorg.core.http.database_errors import TRY_AGAIN, is_clash
from pcorg.core.refusals import Invalid, NotFound, Problem, Refusal
from pcorg.core.vocabulary import Term

MEDIA_TYPE = "application/problem+json"


class ProblemCode(Term):
    """What can be wrong, by its code; the label is the title of the problem."""

    INVALID = "invalid", "The request is not valid"
    UNKNOWN_PARAMETER = "unknown-parameter", "The request has a parameter that is not known here"
    UNKNOWN_ORGANISATION = "unknown-organisation", "There is no such organisation"
    UNKNOWN_PORTFOLIO = "unknown-portfolio", "There is no such portfolio"
    NOT_IN_FORCE = "not-in-force", "The organisation is not in force on the date"
    NOT_FOUND = "not-found", "There is nothing at this address"
    NOT_AUTHENTICATED = "not-authenticated", "Sign in or send a valid token"
    NOT_PERMITTED = "not-permitted", "You may not do this"
    METHOD_NOT_ALLOWED = "method-not-allowed", "The address does not take this method"
    NOT_ACCEPTABLE = "not-acceptable", "The answer cannot be had in the form asked for"
    CODE_IN_USE = "code-in-use", "The code already stands for another organisation"
    NOT_ALLOWED_IN_STATUS = "not-allowed-in-status", "The present state does not allow this"
    BLOCKED_BY_CHECK = "blocked-by-check", "A check blocks the change"
    OWN_PROPOSAL = "own-proposal", "Nobody decides on their own proposal"
    CONFLICT = "conflict", "The request contradicts what is recorded"
    STALE = "stale", "The data have changed since they were read"
    PRECONDITION_REQUIRED = "precondition-required", "Say which version you have seen"
    TOO_LARGE = "too-large", "The request is too large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", "The body is not in a form read here"
    THROTTLED = "throttled", "Too many requests"
    OVER_BUDGET = "over-budget", "This would take more work than may be asked for at once"
    INTERNAL_ERROR = "internal-error", "Something went wrong on our side"
    UNAVAILABLE = "unavailable", "The service cannot answer just now"


STATUS_CODES = {
    400: ProblemCode.INVALID,
    401: ProblemCode.NOT_AUTHENTICATED,
    403: ProblemCode.NOT_PERMITTED,
    404: ProblemCode.NOT_FOUND,
    405: ProblemCode.METHOD_NOT_ALLOWED,
    406: ProblemCode.NOT_ACCEPTABLE,
    409: ProblemCode.CONFLICT,
    412: ProblemCode.STALE,
    413: ProblemCode.TOO_LARGE,
    415: ProblemCode.UNSUPPORTED_MEDIA_TYPE,
    422: ProblemCode.OVER_BUDGET,
    428: ProblemCode.PRECONDITION_REQUIRED,
    429: ProblemCode.THROTTLED,
    500: ProblemCode.INTERNAL_ERROR,
    503: ProblemCode.UNAVAILABLE,
}


class FaultDocument(TypedDict):
    """One thing wrong with a request."""

    pointer: Annotated[str, "JSON pointer into the body; `/query/name` for a query parameter; empty for the whole"]
    code: Annotated[str, "A problem code or, where a check blocks, the code of the check"]
    detail: str
    parameter: NotRequired[Annotated[str, "The query parameter, where it is about one"]]
    sheet: NotRequired[Annotated[str, "Of a workbook: the sheet; of CSV, the file"]]
    row: NotRequired[Annotated[int, "Of a workbook: the row of the sheet, headings included"]]
    line: NotRequired[Annotated[int, "Of YAML and JSON files: the line"]]
    field: NotRequired[Annotated[str, "Of files: the field or column"]]
    value: NotRequired[Annotated[str, "Of files: what stands there, shortened"]]


class ProblemDocument(TypedDict):
    """A refusal (RFC 9457), with everything that is wrong at once."""

    type: Annotated[str, "Address of an explanation of the code"]
    title: str
    status: int
    detail: str
    code: Annotated[str, ProblemCode]
    errors: list[FaultDocument]
    more_errors: NotRequired[
        Annotated[int, "How many more things are wrong with a file than are told: the first thousand are"]
    ]


REFUSED = {
    "forbidden": (403, ProblemCode.NOT_PERMITTED),
    "own-proposal": (403, ProblemCode.OWN_PROPOSAL),
    "stale": (412, ProblemCode.STALE),
    "invalid": (400, ProblemCode.INVALID),
    "not-allowed-in-status": (409, ProblemCode.NOT_ALLOWED_IN_STATUS),
    "blocked-by-check": (409, ProblemCode.BLOCKED_BY_CHECK),
    "conflict": (409, ProblemCode.CONFLICT),
    "too-large": (413, ProblemCode.TOO_LARGE),
    "unsupported-media-type": (415, ProblemCode.UNSUPPORTED_MEDIA_TYPE),
}
"""Status and problem code of each refusal, by its code."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a code, a sentence, and where. `pointer` is a JSON pointer into the body, or
    `/query/name` for a query parameter, which `parameter` then names too. Where a policy check blocks, the code is
    that of the check. `stands` says where in a file it is: sheet and row, or line, the field and the value there."""

    code: ProblemCode | str
    detail: str
    pointer: str = ""
    parameter: str = ""
    stands: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_parameter(cls, name: str, detail: str, code: ProblemCode = ProblemCode.INVALID) -> Fault:
        """A fault of a query parameter."""
        return cls(code, detail, f"/query/{_escaped(name)}", name)

    def as_json(self) -> FaultDocument:
        """The fault as it stands in a problem document."""
        named = {"parameter": self.parameter} if self.parameter else {}
        document = {"pointer": self.pointer, "code": str(self.code), "detail": self.detail, **self.stands, **named}
        return cast("FaultDocument", document)


class ApiProblem(exceptions.APIException):
    """A refusal. Its code is that of its faults where they agree, else that of the status. `more` counts the faults
    that are not among them."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        code: ProblemCode | None = None,
        faults: Sequence[Fault] = (),
        more: int = 0,
    ) -> None:
        self.status_code = status
        self.more = more
        self.faults = tuple(faults)
        shared = {fault.code if isinstance(fault.code, ProblemCode) else None for fault in faults}
        self.problem: ProblemCode = code or (shared.pop() if len(shared) == 1 else None) or STATUS_CODES[status]
        self.summary = detail or (faults[0].detail if len(faults) == 1 else f"{len(faults)} things are wrong.")
        super().__init__(self.summary)


class NotModified(Exception):
    """The reader holds the answer already."""


def exception_handler(exc: Exception, context: dict[str, Any]) -> HttpResponseBase | None:
    """The answer to an exception raised in a view; None for one that is our own fault, which Django then
    handles."""
    request = context["request"]
    if isinstance(exc, NotModified):
        return HttpResponseNotModified()
    problem = as_problem(exc)
    if problem is None:
        return None
    response = answer(request, problem)
    if getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    if (wait := getattr(exc, "wait", None)) is not None:
        response["Retry-After"] = str(max(1, int(wait)))
    return response


def as_problem(exc: Exception) -> ApiProblem | None:
    """The refusal an exception means, or None where it means none."""
    found: ApiProblem | None
    match exc:
        case ApiProblem():
            found = exc
        case OverBudget():
            found = ApiProblem(422, str(exc))
        case Busy():
            found = ApiProblem(503, str(exc))
        case Refusal():
            found = _of_refusal(exc)
        case Http404():
            found = ApiProblem(404, "There is nothing at this address.")
        case PermissionDenied():
            found = ApiProblem(403, "You may not do this.")
        case exceptions.ValidationError():
            found = ApiProblem(400, faults=list(faults_of(exc.detail)))
        case exceptions.ParseError():
            found = ApiProblem(400, faults=[Fault(ProblemCode.INVALID, str(exc.detail))])
        case DatabaseError() if is_clash(exc):
            found = ApiProblem(409, TRY_AGAIN)
        case exceptions.APIException():
            found = ApiProblem(exc.status_code if exc.status_code in STATUS_CODES else 500, _sentence(exc))
        case _:
            found = None
    return found


def _of_refusal(refusal: Refusal) -> ApiProblem:
    faults = [_fault_of(problem) for problem in refusal.problems]
    if isinstance(refusal, NotFound):
        return ApiProblem(404, refusal.message, code=ProblemCode(refusal.code))
    status, code = REFUSED[refusal.code]
    if isinstance(refusal, Invalid):
        return ApiProblem(status, refusal.message, faults=faults, more=refusal.more)
    return ApiProblem(status, refusal.message, code=code, faults=faults)


def _fault_of(problem: Problem) -> Fault:
    known = problem.code in set(ProblemCode)
    code = ProblemCode(problem.code) if known else problem.code
    return Fault(code, problem.message, problem.pointer, stands=problem.stands)


def _sentence(exc: exceptions.APIException) -> str:
    wait = getattr(exc, "wait", None)
    if wait is not None:
        return f"Too many requests; try again in {max(1, int(wait))} seconds."
    return str(exc.detail)


def faults_of(detail: Any, pointer: str = "") -> Iterator[Fault]:
    """The faults a serializer found, each with the JSON pointer of the field it is about."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from faults_of(inner, pointer if key == "non_field_errors" else f"{pointer}/{_escaped(str(key))}")
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            if not nested or inner:
                yield from faults_of(inner, f"{pointer}/{number}" if nested else pointer)
    else:
        known = getattr(detail, "code", "")
        code = ProblemCode(known) if known in set(ProblemCode) else ProblemCode.INVALID
        yield Fault(code, str(detail), pointer)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def document(problem: ApiProblem, request: HttpRequest) -> ProblemDocument:
    """The problem document; its type is the address of an explanation."""
    found: ProblemDocument = {
        "type": _address(problem.problem, request),
        "title": problem.problem.label,
        "status": problem.status_code,
        "detail": problem.summary,
        "code": problem.problem.value,
        "errors": [fault.as_json() for fault in problem.faults],
    }
    if problem.more:
        found["more_errors"] = problem.more
    return found


def _address(code: ProblemCode, request: HttpRequest) -> str:
    path = reverse("api:problem", args=[code.value])
    try:
        return request.build_absolute_uri(path)
    except DisallowedHost:
        return path


def answer(request: HttpRequest, problem: ApiProblem) -> HttpResponse:
    """A problem as an answer, whatever form of answer was asked for."""
    body = orjson.dumps(document(problem, request), default=str)
    response = HttpResponse(body, status=problem.status_code, content_type=MEDIA_TYPE)
    response.problem_code = problem.problem.value  # type: ignore[attr-defined]  # for the figures of the service
    response["Cache-Control"] = "no-store"
    return response


def raise_for(faults: Iterable[Fault]) -> None:
    """Refuse the request where it has faults. Raises Problem."""
    found = list(faults)
    if found:
        raise ApiProblem(400, faults=found)
