"""The sensitivity of an assessment as a job: many draws take longer than a request may."""

from __future__ import annotations

from django.urls import reverse

from evaluation.models import Assessment
from evaluation.read_models.assessments import SensitivityDocument
from evaluation.selectors.results import sensitivity_of
from pcorg.core.jobs.answering import as_refused
from pcorg.core.jobs.kinds import JobKind, JobOutcome, Person, register
from pcorg.core.jobs.running import JobRun
from pcorg.core.writes import existing

SENSITIVITY = "sensitivity"


def _may(person: Person) -> bool:
    return bool(person.is_authenticated)


def _worked_out(run: JobRun) -> SensitivityDocument:
    run("Working out the sensitivity", 1)
    with as_refused():
        assessment = existing(Assessment.objects.all(), run.inputs["assessment"])
        found = sensitivity_of(
            assessment, draws=run.inputs["draws"], seed=run.inputs["seed"], chosen=tuple(run.inputs["mitigations"])
        )
    run("Working out the sensitivity", 0)
    return found


def _kept(run: JobRun, found: SensitivityDocument) -> JobOutcome:
    number = run.inputs["assessment"]
    page = reverse("assessment", args=[number])
    return JobOutcome(f"The sensitivity of assessment {number} is worked out.", page=page, document=found)


def register_kinds() -> None:
    """Make the kind known."""
    register(JobKind(SENSITIVITY, "Sensitivity of an assessment", may=_may, prepare=_worked_out, finish=_kept))
