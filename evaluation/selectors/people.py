"""People of assessments as others read them: by name where the reader is signed in. Those of what ships with the
product are invented, and named to all."""

from __future__ import annotations

from collections.abc import Callable

from evaluation.method.vocabulary import AssessmentStatus
from evaluation.models import Assessment, Assessor
from pcorg.core.people import name_shown_to
from pcorg.core.policies import Actor

COMMISSIONER, APPROVER = "a commissioner", "an approver"
"""What strangers are told in place of the name of a person."""


def named_in(assessment: Assessment, by: Actor, name: str, role: str = COMMISSIONER) -> str:
    """The name of somebody who has to do with an assessment."""
    return name if assessment.slug else name_shown_to(by, name, role)


def of_step(assessment: Assessment, by: Actor, status: str, name: str) -> str:
    """The name of whoever took a step with an assessment."""
    return named_in(assessment, by, name, APPROVER if status == AssessmentStatus.APPROVED else COMMISSIONER)


def assessors_of(assessment: Assessment, by: Actor) -> Callable[[Assessor], str]:
    """How the members of a panel are called; strangers tell them apart by numbers. The panel is read where it is not
    yet."""
    if assessment.slug or by.known:
        return lambda row: row.name
    people = sorted(row.pk for row in assessment.panel.all() if not row.consensus)
    numbers = {pk: number for number, pk in enumerate(people, 1)}
    return lambda row: row.name if row.consensus else f"Assessor {numbers[row.pk]}"
