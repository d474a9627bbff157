"""The pages of jobs: which there are, how far one has come and what came of it, and the button that cancels it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from pcorg.core.accounts.roles import actor_of, roles_of
from pcorg.core.forms.address import Address
from pcorg.core.jobs.actions import Over, lease
from pcorg.core.jobs.actions import cancel as cancel_job
from pcorg.core.jobs.models import ENDED, Job, JobState
from pcorg.core.jobs.reading import OVERSEERS, JobPermission, document_of, take_over_abandoned, visible_to
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import API_ROOT, scope_of
from pcorg.core.policies import can

A_PAGE = 25


@never_cache
@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs that a person may see, newest first."""
    take_over_abandoned()
    sheet = Paginator(visible_to(request.user), A_PAGE).get_page(Address.of(request).page)
    scope = scope_of(request)
    context: dict[str, Any] = {
        "scope": scope,
        "rows": [(job, JobState.stored(job.state).label) for job in sheet.object_list],
        "total": sheet.paginator.count,
        "of_all": bool(roles_of(request.user) & OVERSEERS),
        "pages": pages(sheet, lambda place: scope.link("jobs", page=place)),
        "api": f"{API_ROOT}jobs/",
        "csv": f"{API_ROOT}jobs/?format=csv",
    }
    return render(request, "jobs/jobs.jinja", context)


@never_cache
@login_required
@require_safe
def job(request: HttpRequest, number: int) -> HttpResponse:
    """One job: its state, progress, log and result."""
    take_over_abandoned()
    found = _found(request, number)
    context = {
        "scope": scope_of(request),
        "job": document_of(found, request.user),
        "state": JobState.stored(found.state).label,
        "ended": found.state in ENDED,
        "own": found.asker == request.user.pk,
        "lease": round(lease().total_seconds()),
        "api": f"{API_ROOT}jobs/{found.pk}/",
    }
    return render(request, "jobs/job.jinja", context)


@never_cache
@login_required
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Cancels a job and turns back to its page."""
    found = _found(request, number)
    if not (verdict := can(actor_of(request.user), JobPermission.CANCEL, found)):
        raise PermissionDenied(verdict.reason)
    try:
        cancel_job(job=found, by=request.user)  # type: ignore[arg-type]  # login_required lets nobody else in
    except Over as over:
        messages.warning(request, str(over))
    return redirect("job", number=found.pk)


def _found(request: HttpRequest, number: int) -> Job:
    found = visible_to(request.user).filter(pk=number).first()
    if found is None:
        raise Http404("You have no such job.")
    return found
