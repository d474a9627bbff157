"""The one task: carry out a job, by its number alone. A task that comes twice does nothing twice."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task
from django_tasks_db.backend import DatabaseBackend

from pcorg.core.jobs.models import Job


@task()
def carry_out(job: int) -> None:
    """Carry out a job, if it still waits."""
    from pcorg.core.jobs.running import run  # noqa: PLC0415 - it hands jobs back to this task

    run(job)


def send(job: Job) -> None:
    """Give a job to the workers: in the same transaction where their queue is in this database, else once it is
    committed."""
    number = job.pk
    if isinstance(carry_out.get_backend(), DatabaseBackend):
        carry_out.enqueue(number)
    else:
        transaction.on_commit(lambda: carry_out.enqueue(number))
