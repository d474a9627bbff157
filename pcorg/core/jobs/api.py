"""Jobs by the API: those of whoever asks, how far each is, what came of it, cancelling."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, cast

import django_filters
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pcorg.core.api.conditional import Validators
from pcorg.core.api.paging import Order
from pcorg.core.api.parameters import Parameter, formats
from pcorg.core.api.problems import ApiProblem, ProblemCode
from pcorg.core.api.serializers import StrictSerializer
from pcorg.core.api.views import RecordViewSet
from pcorg.core.api.writing import Writing, states_expected
from pcorg.core.filters import ListFilters
from pcorg.core.jobs.actions import Over, cancel
from pcorg.core.jobs.models import Job, JobState
from pcorg.core.jobs.reading import JobDetail, JobItem, JobPermission, document_of, take_over_abandoned, visible_to
from pcorg.core.policies import can
from pcorg.core.values import whole_or_none


class NoBodySerializer(StrictSerializer):
    """No fields."""


class JobFilter(ListFilters):
    """What a job is found by."""

    state = django_filters.ChoiceFilter(choices=JobState.choices(), help_text="Where it stands.")
    kind = django_filters.CharFilter(max_length=60, help_text="The kind of job, such as `load-portfolio`.")

    class Meta:
        model = Job
        fields: list[str] = []


class JobsViewSet(Writing, RecordViewSet):
    """Long work: each person sees their own jobs; approvers and data administrators see those of everybody, without
    what came of them."""

    dated = False
    reads = JobPermission.READ
    permissions = {"cancel": JobPermission.CANCEL}
    item = JobItem
    whole = JobDetail
    filters = JobFilter
    lookup_url_kwarg = "id"
    noun = "job"
    key = Order("id", "id")
    orderings = (Order("created", "created"), Order("state", "state", text=True))
    default_ordering = "-id"
    answers = {"cancel": JobDetail}
    takes = {"cancel": NoBodySerializer}
    needs_version = frozenset({"cancel"})

    def rows(self) -> QuerySet[Job]:
        take_over_abandoned()
        return visible_to(self.request.user).order_by()

    def one(self, key: str) -> Mapping[str, Any]:
        take_over_abandoned()
        return self._document(self._found(key))

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: str) -> HttpResponse:
        """Cancel a job of your own; data administrators cancel any. One that waits ends at once; one that runs stops at
        its next step, and nothing of it is kept."""

        def stop() -> Response:
            job = self._found(id)
            body = NoBodySerializer(data=request.data)
            body.is_valid(raise_exception=True)
            states = {tag.partition("-")[0] for tag in states_expected(request)}
            if f"{job.pk}.{job.state}" not in states:
                raise ApiProblem(412, "The job has moved on since you read it. Read it again.")
            if not (verdict := can(self.actor, JobPermission.CANCEL, job)):
                raise ApiProblem(403, verdict.reason)
            try:
                stopped = cancel(job=job, by=cast("User", request.user))
            except Over as fault:
                raise ApiProblem(409, str(fault), code=ProblemCode.NOT_ALLOWED_IN_STATUS) from fault
            return Response(self._document(stopped), headers={"ETag": self._tag(stopped, "")})

        return self.carried_out(request, stop)

    def parameters_of(self, action: str) -> Sequence[Parameter]:
        if action == "cancel":
            return (formats(self.forms_of(action)),)
        return super().parameters_of(action)

    def validators_of(self, request: Request, form: str) -> Validators:
        """Jobs are no data, so that their tags rest on themselves. That of one job is strong and begins with its state,
        for `If-Match`; the rest tells its progress apart."""
        if self.action != "retrieve":
            state = visible_to(request.user).aggregate(Sum("version"), Count("id"), Max("created"))
            return Validators(f'W/"{_digest(request, form, *state.values())}"', None, private=True)
        return Validators(self._tag(self._found(self.kwargs["id"]), form), None, private=True)

    def _tag(self, job: Job, form: str) -> str:
        return f'"{job.pk}.{job.state}-{_digest(self.request, form, job.version)}"'

    def _found(self, key: str) -> Job:
        """A job that the person may see. Raises a 404 problem."""
        number = whole_or_none(str(key))
        job = visible_to(self.request.user).filter(pk=number).first() if number is not None else None
        if job is None:
            raise ApiProblem(404, f"You have no job {str(key)[:40]}.")
        return job

    def _document(self, job: Job) -> Mapping[str, Any]:
        return self.with_address(document_of(job, self.request.user))


def _digest(request: Request, form: str, *parts: Any) -> str:
    parts = (settings.VERSION, request.user.pk, request.build_absolute_uri(), form, *parts)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
