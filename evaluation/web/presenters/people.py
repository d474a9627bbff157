"""The people of an assessment as its page shows them: whose it is, who judges, what each may do, and why not."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from evaluation.method.vocabulary import SETTLED, AssessmentStatus
from evaluation.models import Assessment
from evaluation.policies import AssessmentPermission
from evaluation.selectors.assessments import comments_on, open_to
from evaluation.selectors.people import assessors_of, named_in
from pcorg.core.forms.stated import CollaboratorsField, ProseField, StatedForm
from pcorg.core.people import names_now
from pcorg.core.policies import Actor, can

WORDS = {"open": "Open for judgements", "close": "Close", "approve": "Approve"}
AGAIN = "Open it again"


class StepForm(StatedForm):
    """A step that may be taken, with its comment; the first opening takes none."""

    comment = ProseField("Comment, if any", rows=2)

    def __init__(self, data: QueryDict | None = None, *, held: Assessment, step: str) -> None:
        super().__init__(data, prefix=step)
        again = step == "open" and held.status == AssessmentStatus.CLOSED
        self.button = AGAIN if again else WORDS[step]
        if again:
            self.fields["comment"].label = "Why it is opened again"
        elif step == "open":
            del self.fields["comment"]


class CollaboratorsForm(StatedForm):
    """Who works on an assessment beside its owner."""

    collaborators = CollaboratorsField(
        hint="They read it, alter it, open and close it. Whoever works on it does not decide upon it"
    )


class CommentForm(StatedForm):
    """Something said of an assessment."""

    text = ProseField("Comment", sent_as="comment")


def context(assessment: Assessment, by: Actor, form: StatedForm) -> dict[str, Any]:
    """What the template needs of people. A form that was refused stands in its place."""
    allowed = open_to(assessment, by)
    named = [named_in(assessment, by, each.name) for each in assessment.collaborators.all()]
    called = assessors_of(assessment, by)
    return {
        "allowed": allowed,
        "may_record_consensus": bool(can(by, AssessmentPermission.RECORD_CONSENSUS, assessment)),
        "owner": named_in(assessment, by, assessment.owner_name),
        "collaborators": named,
        "panel": [called(row) for row in assessment.panel.all() if row.invited_at and not row.consensus],
        "steps": [_step(assessment, step, form) for step in WORDS if step in allowed],
        "why_not": _why_not(assessment, by),
        "naming": _naming(assessment, form) if can(by, AssessmentPermission.NAME_COLLABORATORS, assessment) else None,
        "comments": comments_on(assessment, by),
        "commenting": _commenting(form) if can(by, AssessmentPermission.COMMENT, assessment) else None,
    }


def _step(assessment: Assessment, step: str, form: StatedForm) -> StepForm:
    return form if isinstance(form, StepForm) and form.prefix == step else StepForm(held=assessment, step=step)


def _why_not(assessment: Assessment, by: Actor) -> str:
    """Why somebody who approves may not decide upon this one, where it waits for that."""
    if not by.approves or assessment.status not in SETTLED or assessment.slug:
        return ""
    permission = (
        AssessmentPermission.APPROVE if assessment.status == AssessmentStatus.CLOSED else AssessmentPermission.CHOOSE
    )
    verdict = can(by, permission, assessment)
    return verdict.reason if verdict.code == "own-proposal" else ""


def _naming(assessment: Assessment, form: StatedForm) -> CollaboratorsForm:
    if isinstance(form, CollaboratorsForm):
        return form
    return CollaboratorsForm(initial={"collaborators": names_now(assessment.collaborators.all())})


def _commenting(form: StatedForm) -> CommentForm:
    return form if isinstance(form, CommentForm) else CommentForm()
