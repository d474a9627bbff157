"""Asking for jobs, cancelling them, taking them over from dead workers, forgetting them.

None of this is written to the audit trail: a job is not data. What comes of it is, by the action that it carries out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from pcorg.core.jobs.kinds import kind_of
from pcorg.core.jobs.models import ENDED, OPEN, Job, JobFile, JobLine, JobState
from pcorg.core.jobs.tasks import send

MOST_OPEN = 10
"""Jobs of one person that wait or run at a time."""

MOST_ATTEMPTS = 3
"""Times that a job is begun: one that has killed its workers so often would kill the next."""

SENT_AGAIN = timedelta(minutes=10)
"""After how long a job that still waits is given to the workers again, lest the task that named it was lost."""

SILENT = "gave no sign of life"

log = structlog.get_logger("pcorg.jobs")


class TooMany(Exception):
    """The person has as many jobs waiting and running as one may have."""


class Over(Exception):
    """The job has ended: there is nothing to cancel."""


def enqueue(
    *,
    kind: str,
    title: str,
    inputs: Mapping[str, Any],
    by: User,
    file: tuple[str, bytes] | None = None,
) -> Job:
    """Ask for a job; `file` is the name and content of the file that it works on. Where the person has the same work
    waiting or running already, that job is given.

    Raises KeyError for a kind that there is not, PermissionDenied, TooMany.
    """
    found = kind_of(kind)
    if found is None:
        raise KeyError(kind)
    if not found.may(by):
        raise PermissionDenied("You may not ask for this work.")
    tend()
    digest = _hash_of(inputs, file)
    mine = Job.objects.filter(asker=by.pk, state__in=OPEN)
    same = mine.filter(kind=kind, inputs_hash=digest)
    if (standing := same.first()) is not None:
        return standing
    if mine.count() >= MOST_OPEN:
        raise TooMany(f"You have {MOST_OPEN} jobs waiting or running. Wait until one ends, or cancel one.")
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                title=title[:300],
                asker=by.pk,
                asker_name=by.get_username(),
                inputs=dict(inputs),
                inputs_hash=digest,
                heartbeat=Now(),
            )
            if file is not None:
                JobFile.objects.create(job=job, name=file[0][-255:], content=file[1])
            send(job)
    except IntegrityError:  # somebody with the same account asked for the same at the same moment
        job = same.get()
    job.refresh_from_db()
    return job


def _hash_of(inputs: Mapping[str, Any], file: tuple[str, bytes] | None) -> str:
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode())
    for part in (file[0].encode(), file[1]) if file else ():
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def cancel(*, job: Job, by: User) -> Job:
    """Cancel a job. One that waits ends at once; one that runs stops at its next step, and nothing of it is kept. The
    caller asks who may. Raises Over where it has ended."""
    stopped = {"version": F("version") + 1, "cancel_asked": Now()}
    line = f"{by.get_username()} cancelled the job."
    with transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
        ended = waiting.update(**stopped, state=JobState.CANCELLED, finished=Now(), heartbeat=Now())
        running = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, cancel_asked=None)
        if ended:
            JobFile.objects.filter(job=job.pk).delete()
        elif not running.update(**stopped):
            job.refresh_from_db()
            if job.state in ENDED:
                raise Over(f"The job has ended already: {JobState(job.state).label.lower()}.")
            return job
        JobLine.objects.create(job_id=job.pk, at=timezone.now(), text=line)
    job.refresh_from_db()
    return job


def lease() -> timedelta:
    """For how long a worker that gives no sign of life keeps its job."""
    return timedelta(seconds=settings.PCORG_JOBS_LEASE)


def tend() -> int:
    """Take over the jobs of workers that give no sign of life, and send those again that have waited long. How many.

    Any number of processes may do so at once: each job is taken over once.
    """
    dead = Job.objects.filter(state=JobState.RUNNING, heartbeat__lt=Now() - lease())
    waiting = Job.objects.filter(state=JobState.QUEUED, heartbeat__lt=Now() - SENT_AGAIN)
    tended = sum(
        give_back(dead.filter(pk=pk, runner=runner), SILENT) for pk, runner in dead.values_list("pk", "runner")
    )
    for job in waiting:
        with transaction.atomic():
            if waiting.filter(pk=job.pk).update(heartbeat=Now(), version=F("version") + 1):
                send(job)
                tended += 1
    return tended


def give_back(jobs: QuerySet[Job], why: str) -> bool:
    """Take a job from its runner, so that another begins it anew: whether it was still his. `jobs` finds the job while
    that is so. A job that was to be cancelled is, and one that was begun too often fails."""
    with transaction.atomic():
        job = jobs.select_for_update(skip_locked=True, no_key=True).first()
        if job is None:
            return False
        runner = job.runner
        freed: dict[str, Any] = {"runner": "", "heartbeat": Now(), "version": F("version") + 1, "stage": ""}
        freed |= {"done": 0, "total": 0}
        text = f"The worker {runner} {why}; the job goes to another."
        if job.cancel_asked is not None:
            freed |= {"state": JobState.CANCELLED, "finished": Now()}
            text = f"The worker {runner} {why}."
        elif job.attempts >= MOST_ATTEMPTS:
            freed |= {"state": JobState.FAILED, "finished": Now()}
            freed["fault"] = f"It was begun {job.attempts} times and no worker ended it. Nothing was changed."
            text = f"The worker {runner} {why}. The job is not begun again."
        else:
            freed["state"] = JobState.QUEUED
        jobs.update(**freed)
        JobLine.objects.create(job=job, at=timezone.now(), text=text)
        if freed["state"] == JobState.QUEUED:
            send(job)
        else:
            JobFile.objects.filter(job=job).delete()
    log.warning("job taken from its worker", job=job.pk, runner=runner, why=why, state=str(freed["state"]))
    return True


def forget() -> int:
    """Delete jobs that ended longer ago than they are kept, and tasks whose work is over. How many jobs."""
    old = timezone.now() - timedelta(days=settings.PCORG_JOBS_KEPT)
    _, deleted = Job.objects.filter(state__in=ENDED, finished__lt=old).delete()
    yesterday = timezone.now() - timedelta(days=1)
    DBTaskResult.objects.finished().filter(finished_at__lt=yesterday).delete()
    DBTaskResult.objects.running().filter(started_at__lt=yesterday).delete()  # their workers died; jobs go by the lease
    return deleted.get(Job._meta.label, 0)
