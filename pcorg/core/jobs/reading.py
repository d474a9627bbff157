"""Jobs as their people read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from django.db import DatabaseError
from django.db.models import QuerySet
from django.db.models.functions import Now

from pcorg.core.accounts.roles import Role, actor_of, roles_of
from pcorg.core.api.problems import ProblemDocument
from pcorg.core.jobs.actions import lease, tend
from pcorg.core.jobs.kinds import Person, kind_of
from pcorg.core.jobs.models import OPEN, Job, JobState
from pcorg.core.policies import ALLOWED, Actor, Permission, RequiredRole, Rule, Verdict, can, register
from pcorg.core.read_models import Address, Source


class JobItem(TypedDict):
    """A job: what it is, who asked for it, how far it has come."""

    id: int
    kind: str
    title: str
    state: Annotated[str, JobState]
    stage: Annotated[str, "What it does just now"]
    done: Annotated[int, "Steps of the stage that are done"]
    total: Annotated[int, "Steps of the stage; 0 where nobody knows"]
    asked_by: Annotated[str, Source("asker_name")]
    attempts: Annotated[int, "Times that a worker began it"]
    created: datetime
    started: datetime | None
    finished: datetime | None
    fault: Annotated[str, "Why it failed"]
    url: NotRequired[Annotated[str, Address("api:job-detail", "id")]]


class JobLineDocument(TypedDict):
    """A line of a job's log."""

    at: datetime
    text: str


class JobResult(TypedDict):
    """What a job came to."""

    summary: str
    page: Annotated[str, "Address of the page that shows it; empty where there is none"]
    document: Annotated[Any | None, "What the request would have been answered with"]


class JobDetail(JobItem):
    """A job in full. `result` and `problem` are told to nobody but the person who asked for it."""

    asked_by: str
    label: Annotated[str, "The kind in words"]
    heartbeat: Annotated[datetime, "The last sign of life"]
    cancel_asked: datetime | None
    problem: Annotated[ProblemDocument | None, "What the request would have been refused with"]
    result: JobResult | None
    log: list[JobLineDocument]
    allowed_actions: list[Literal["cancel"]]


class JobPermission(Permission):
    """What people do with long work."""

    READ = "read jobs"
    CANCEL = "cancel a job"


def asked_for_or_administered(by: Actor, job: Job) -> Verdict:
    """A job that the person asked for; data administrators stop any."""
    if job.asker == by.id or by.administers:
        return ALLOWED
    return Verdict("forbidden", "Only the person who asked for a job and data administrators cancel it.")


register(
    {
        JobPermission.READ: Rule(RequiredRole.SIGNED_IN, "read jobs"),
        JobPermission.CANCEL: Rule(RequiredRole.SIGNED_IN, "cancel jobs", (asked_for_or_administered,)),
    }
)


OVERSEERS = frozenset({Role.APPROVER, Role.DATA_ADMINISTRATOR})
"""Who sees that others' jobs are there and how they stand; never what came of them."""


def visible_to(person: Person) -> QuerySet[Job]:
    """The jobs a person may see, newest first: one's own; approvers and data administrators see those of all."""
    if roles_of(person) & OVERSEERS:
        return Job.objects.all()
    return Job.objects.filter(asker=person.pk) if person.is_authenticated else Job.objects.none()


def may_cancel(job: Job, person: Person) -> bool:
    """Whether a job can still be cancelled and the person may do so."""
    standing = job.state in OPEN and job.cancel_asked is None
    return standing and can(actor_of(person), JobPermission.CANCEL, job).allowed


def take_over_abandoned() -> None:
    """Requeue the jobs of workers that have died. Called by whoever reads jobs, so that it also works where no worker
    looks after them. A database that cannot be written is still read."""
    if Job.objects.filter(state=JobState.RUNNING, heartbeat__lt=Now() - lease()).exists():
        try:
            tend()
        except DatabaseError:
            return


PLAIN = (
    *("kind", "title", "state", "stage", "done", "total", "attempts"),
    *("created", "started", "finished", "heartbeat", "cancel_asked", "fault"),
)
"""Columns that everybody who sees a job reads as they are."""


def document_of(job: Job, person: Person) -> dict[str, Any]:
    """A job in full. What it came to is told to nobody but the one who asked."""
    own = job.asker == person.pk
    kind = kind_of(job.kind)
    result = (job.result or {}) if own else {}
    return {
        **{name: getattr(job, name) for name in PLAIN},
        "id": job.pk,
        "label": kind.label if kind else job.kind,
        "asked_by": job.asker_name,
        "problem": result.get("problem"),
        "result": {name: result[name] for name in ("summary", "page", "document")} if "summary" in result else None,
        "log": [{"at": line.at, "text": line.text} for line in job.lines.all()],
        "allowed_actions": ["cancel"] if may_cancel(job, person) else [],
    }
