"""How an address of the API hands its work to a job: `later=true` or `Prefer: respond-async`, answered with 202."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from pcorg.core.api.parameters import yes_or_no
from pcorg.core.api.problems import ApiProblem, ProblemCode, as_problem
from pcorg.core.jobs.actions import TooMany, enqueue
from pcorg.core.jobs.kinds import JobRefused
from pcorg.core.jobs.reading import document_of

LATER = yes_or_no(
    "later",
    "`true`: as a job, for those signed in. The answer is 202 with the job, whose address says how far it is and holds "
    "the answer in the end. The header `Prefer: respond-async` asks for the same.",
)
WAIT = 30
"""Seconds after which somebody with too many jobs is told to try again."""


class TooManyJobs(ApiProblem):
    """As many jobs of one person wait and run as may."""

    wait = WAIT


def job_requested(request: Request, parameters: Mapping[str, Any]) -> bool:
    """Whether the client asks for the work to be done as a job."""
    prefers = {part.split(";")[0].strip().lower() for part in request.headers.get("Prefer", "").split(",")}
    return bool(parameters.get("later")) or "respond-async" in prefers


def accepted(
    request: Request,
    *,
    kind: str,
    title: str,
    inputs: Mapping[str, Any],
    file: tuple[str, bytes] | None = None,
) -> Response:
    """Have a job do the work: 202, with the job. Raises Problem."""
    if not request.user.is_authenticated:
        raise ApiProblem(401, "Sign in or send a token: work is done as a job for those signed in.")
    try:
        job = enqueue(kind=kind, title=title, inputs=inputs, by=request.user, file=file)
    except TooMany as fault:
        raise TooManyJobs(429, str(fault), code=ProblemCode.THROTTLED) from fault
    url = request.build_absolute_uri(reverse("api:job-detail", args=[job.pk]))
    headers = {"Location": url, "Preference-Applied": "respond-async", "Cache-Control": "no-store"}
    return Response({**document_of(job, request.user), "url": url}, status=202, headers=headers)


@contextmanager
def as_refused() -> Iterator[None]:
    """Turns what a request would have been refused with into the refusal of a job."""
    try:
        yield
    except Exception as fault:
        problem = as_problem(fault)
        if problem is None:
            raise
        raise JobRefused(problem.summary, document(problem)) from fault


def document(problem: ApiProblem) -> dict[str, Any]:
    """The problem document of a job; its type is an address within this site."""
    return {
        "type": reverse("api:problem", args=[problem.problem.value]),
        "title": problem.problem.label,
        "status": problem.status_code,
        "detail": problem.summary,
        "code": problem.problem.value,
        "errors": [fault.as_json() for fault in problem.faults],
    }
