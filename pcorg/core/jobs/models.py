"""Jobs, their logs and their files."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from pcorg.core.vocabulary import Term


class JobState(Term):
    """Where a job stands. The last three are ends."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


OPEN = (JobState.QUEUED, JobState.RUNNING)
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job(models.Model):
    """One piece of long work that somebody asked for.

    `inputs` name what it works on, as addresses and numbers; a file lies beside it until the job ends. `runner` holds
    the lease, and `heartbeat` is the last sign of life by the clock of the database: of the runner while it works, else
    of the queue. `version` grows with every write. There is no foreign key to the person: the name is kept as it was.
    """

    kind = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=300)
    asker = models.PositiveBigIntegerField(help_text="The id of the user who asked")
    asker_name = models.CharField(max_length=150)
    inputs = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=JobState.choices(), default=JobState.QUEUED)
    stage = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="Steps of the stage; 0 where nobody knows")
    result = models.JSONField(null=True)
    fault = models.TextField(blank=True)
    cancel_asked = models.DateTimeField(null=True)
    runner = models.CharField(max_length=150, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in JobState]), name="job_state_is_known"),
            models.CheckConstraint(
                condition=(Q(state=JobState.RUNNING.value) & ~Q(runner=""))
                | (~Q(state=JobState.RUNNING.value) & Q(runner="")),
                name="job_runs_by_a_runner",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in ENDED], finished__isnull=False)
                | Q(state__in=[each.value for each in OPEN], finished__isnull=True),
                name="job_ends_at_a_moment",
            ),
            models.CheckConstraint(condition=Q(total=0) | Q(done__lte=F("total")), name="job_done_is_part_of_total"),
            models.UniqueConstraint(
                fields=["asker", "kind", "inputs_hash"],
                condition=Q(state__in=[each.value for each in OPEN]),
                name="job_is_asked_for_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "heartbeat"], name="job_by_sign_of_life"),
            models.Index(fields=["asker", "id"], name="job_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"


class JobLine(models.Model):
    """One line of a job's log."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField()
    text = models.CharField(max_length=1000)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.text}"


class JobFile(models.Model):
    """The file that a job works on, kept in the database so that a worker on any machine has it; it goes when the job
    ends."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="file")
    name = models.CharField(max_length=255)
    content = models.BinaryField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
