"""Carrying a job out: taking it, telling how far it has come, ending it once."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from pcorg.core.jobs.actions import give_back
from pcorg.core.jobs.kinds import JobKind, JobOutcome, JobRefused, kind_of
from pcorg.core.jobs.models import Job, JobFile, JobLine, JobState

log = structlog.get_logger("pcorg.jobs")
BROKEN = "Something went wrong on our side and nothing was changed. The log of the server has the details under job {}."
STOPPED = "Stopped. Nothing was changed."


class Cancelled(Exception):
    """The job was cancelled while it ran."""


class LeaseLost(Exception):
    """Another worker has taken the job over: this one must write nothing."""


class JobRun:
    """A job while it is carried out, for the work to read its inputs from and to tell how far it has come."""

    def __init__(self, job: Job, by: User) -> None:
        self.job = job
        self.by = by
        self.inputs: dict[str, Any] = job.inputs
        self._stage, self._done, self._total = "", 0, 0
        self._lines: deque[tuple[datetime, str]] = deque()
        self._stopped: type[Cancelled | LeaseLost] | None = None

    @property
    def file(self) -> JobFile:
        """The file that was given. Raises JobFile.DoesNotExist."""
        return JobFile.objects.get(job=self.job)

    def __call__(self, stage: str, steps: int) -> None:
        """Tell progress: with steps, that a stage has so many more; with none, that one of them is done. Raises
        Cancelled and LeaseLost, where the work is to stop."""
        if stage != self._stage:
            self._stage, self._done, self._total = stage, 0, 0
            self.say(f"{stage}.")
        if steps:
            self._total += steps
        else:
            self._done += 1
        self.check()

    def say(self, text: str) -> None:
        """Add a line to the job's log. It is seen at the next sign of life."""
        self._lines.append((timezone.now(), text[:1000]))

    def check(self) -> None:
        """Raises Cancelled and LeaseLost, where the work is to stop."""
        if self._stopped is not None:
            raise self._stopped

    def beat(self) -> None:
        """Give a sign of life: renew the lease, write how far the work has come, learn whether to stop. The lines are
        written after what they speak of, in a transaction of their own."""
        jobs = self.held()
        cancel_requested = jobs.values_list("cancel_asked", flat=True).first()
        progress = {
            "stage": self._stage[:200],
            "total": self._total,
            "done": min(self._done, self._total or self._done),
        }
        if not jobs.update(heartbeat=Now(), version=F("version") + 1, **progress):
            self._stopped = LeaseLost
        elif cancel_requested is not None:
            self._stopped = Cancelled
        self._write_lines()

    def end(self, state: JobState, text: str, **fields: Any) -> bool:
        """Note the end of the job with a last line, if this worker still holds it and nobody cancelled it: whether that
        was so. Call it in the transaction of what the job writes."""
        jobs = self.held() if state == JobState.CANCELLED else self.held().filter(cancel_asked=None)
        ended = {"state": state, "runner": "", "finished": Now(), "heartbeat": Now(), "version": F("version") + 1}
        if not jobs.update(**ended, **fields):
            return False
        JobFile.objects.filter(job=self.job).delete()
        self.say(text)
        self._write_lines()
        return True

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Give signs of life from a thread with a connection of its own, which sees and writes outside the transaction
        of the work."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(settings.PCORG_JOBS_LEASE / 4):
                try:
                    self.beat()
                except DatabaseError as fault:  # SQLite while the work writes; or the database has gone for a while
                    log.info("no sign of life could be given", job=self.job.pk, fault=str(fault))
                    connection.close()
            connection.close()

        thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def held(self) -> QuerySet[Job]:
        """The job, while this worker holds it."""
        return Job.objects.filter(pk=self.job.pk, runner=self.job.runner, state=JobState.RUNNING)

    def _write_lines(self) -> None:
        lines = []
        while self._lines:  # by the thread of the work and by that of the signs of life
            try:
                lines.append(self._lines.popleft())
            except IndexError:
                break
        JobLine.objects.bulk_create([JobLine(job_id=self.job.pk, at=at, text=text) for at, text in lines])


def run(number: int) -> None:
    """Carry a job out if it waits, and note how it ended; one that another has taken or that has ended is left alone.
    Where the process is told to stop, or the database fails, the job goes back to the queue."""
    job = _taken(number)
    if job is None:
        return
    log.info("job begins", job=number, kind=job.kind, runner=job.runner, attempt=job.attempts)
    by = User.objects.filter(pk=job.asker, is_active=True).first()
    kind = kind_of(job.kind)
    asked_by = by or User(username=job.asker_name)
    this = JobRun(job, asked_by)
    if kind is None or by is None or not kind.may(by):
        why = (
            "There is no such work any more." if kind is None else "Whoever asked for this work may not do so any more."
        )
        this.end(JobState.FAILED, why, fault=why)
        return
    try:
        with this.beating():
            _work(this, kind)
    except Cancelled:
        this.end(JobState.CANCELLED, STOPPED)
    except LeaseLost:
        log.warning("job was taken over; nothing of this attempt is kept", job=number, runner=job.runner)
    except JobRefused as refused:
        problem = None if refused.problem is None else dict(refused.problem)
        _fail(this, refused.message, None if problem is None else {"problem": problem})
    except (OperationalError, InterfaceError) as fault:
        log.warning("the database failed a job", job=number, fault=str(fault))
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        give_back(this.held(), "lost the database")
    except Exception:
        log.exception("job failed", job=number, kind=job.kind)
        _fail(this, BROKEN.format(number), None)
    except BaseException:  # the process is told to stop
        give_back(this.held(), "was stopped")
        raise


def _taken(number: int) -> Job | None:
    """Take a job that waits: one of several that try."""
    runner = f"{socket.gethostname()[:80]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    waiting = Job.objects.filter(pk=number, state=JobState.QUEUED)
    taken = waiting.update(
        state=JobState.RUNNING,
        runner=runner,
        attempts=F("attempts") + 1,
        heartbeat=Now(),
        started=Coalesce(F("started"), Now()),
        version=F("version") + 1,
    )
    return Job.objects.get(pk=number) if taken else None


def _work(this: JobRun, kind: JobKind) -> None:
    this.say(f"Begun, attempt {this.job.attempts}.")
    prepared = kind.prepare(this)
    this.check()
    with transaction.atomic():
        outcome: JobOutcome = kind.finish(this, prepared)
        this.check()
        if not this.end(JobState.DONE, "Done.", result=outcome.as_json(), stage=""):
            raise Cancelled if this.held().exists() else LeaseLost


def _fail(this: JobRun, fault: str, result: dict[str, Any] | None) -> None:
    if not this.end(JobState.FAILED, "Ended with a fault.", fault=fault, result=result):
        this.end(JobState.CANCELLED, STOPPED)
