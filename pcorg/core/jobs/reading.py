"""Jobs as their people read them."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from pcorg.core.accounts.roles import Role, actor_of, roles_of
from pcorg.core.jobs.actions import lease, tend
from pcorg.core.jobs.kinds import Person, kind_of
from pcorg.core.jobs.models import OPEN, Job, JobState
from pcorg.core.policies import ALLOWED, Actor, Permission, RequiredRole, Rule, Verdict, can, register


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
    """Where a worker has died, send its job again: whoever looks at the jobs has it noticed, also where no worker looks
    after them. A database that cannot be written is still read."""
    if Job.objects.filter(Q(state=JobState.RUNNING, heartbeat__lt=Now() - lease())).exists():
        try:
            tend()
        except DatabaseError:
            return


def document_of(job: Job, person: Person) -> dict[str, Any]:
    """A job in full. What it came to is told to nobody but the one who asked."""
    own = job.asker == person.pk
    kind = kind_of(job.kind)
    result = (job.result or {}) if own else {}
    return {
        "id": job.pk,
        "kind": job.kind,
        "label": kind.label if kind else job.kind,
        "title": job.title,
        "state": job.state,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "asked_by": job.asker_name,
        "attempts": job.attempts,
        "created": job.created,
        "started": job.started,
        "finished": job.finished,
        "heartbeat": job.heartbeat,
        "cancel_asked": job.cancel_asked,
        "fault": job.fault,
        "problem": result.get("problem"),
        "result": {name: result[name] for name in ("summary", "page", "document")} if "summary" in result else None,
        "log": [{"at": line.at, "text": line.text} for line in job.lines.all()],
        "allowed_actions": ["cancel"] if may_cancel(job, person) else [],
    }
