"""The people of an assessment as its page shows them: whose it is, who judges, what each may do, and why not."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from evaluation.method.vocabulary import SETTLED, AssessmentStatus
from evaluation.models import Assessment
from evaluation.policies import AssessmentPermission
from evaluation.selectors.assessments import comments_on, open_to
from evaluation.selectors.people import assessors_of, named_in
from pcorg.core.forms.stated import LinesField, ProseField, StatedForm
from pcorg.core.people import names_now
from pcorg.core.policies import Actor, can

WORDS = {"open": "Open for judgements", "close": "Close", "approve": "Approve"}
AGAIN = "Open it again"


WHO_WORKS_ON_IT = "Who works on it with you: user names, one to a line"


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

    collaborators = LinesField(
        WHO_WORKS_ON_IT, hint="They read it, alter it, open and close it. Whoever works on it does not decide upon it"
    )


class CommentForm(StatedForm):
    """Something said of an assessment."""

    text = ProseField("Comment", sent_as="comment")


def context(held: Assessment, by: Actor, form: StatedForm) -> dict[str, Any]:
    """What the template needs of people. A form that was refused stands in its place."""
    allowed = open_to(held, by)
    named = [named_in(held, by, each.name) for each in held.collaborators.all()]
    called = assessors_of(held, by)
    return {
        "allowed": allowed,
        "may_record_consensus": bool(can(by, AssessmentPermission.RECORD_CONSENSUS, held)),
        "owner": named_in(held, by, held.owner_name),
        "collaborators": named,
        "panel": [called(row) for row in held.panel.all() if row.invited_at and not row.consensus],
        "steps": [_step(held, step, form) for step in WORDS if step in allowed],
        "why_not": _why_not(held, by),
        "naming": _naming(held, form) if can(by, AssessmentPermission.NAME_COLLABORATORS, held) else None,
        "comments": comments_on(held, by),
        "commenting": _commenting(form) if can(by, AssessmentPermission.COMMENT, held) else None,
    }


def _step(held: Assessment, step: str, form: StatedForm) -> StepForm:
    return form if isinstance(form, StepForm) and form.prefix == step else StepForm(held=held, step=step)


def _why_not(held: Assessment, by: Actor) -> str:
    """Why somebody who approves may not decide upon this one, where it waits for that."""
    if not by.approves or held.status not in SETTLED or held.slug:
        return ""
    permission = AssessmentPermission.APPROVE if held.status == AssessmentStatus.CLOSED else AssessmentPermission.CHOOSE
    verdict = can(by, permission, held)
    return verdict.reason if verdict.code == "own-proposal" else ""


def _naming(held: Assessment, form: StatedForm) -> CollaboratorsForm:
    if isinstance(form, CollaboratorsForm):
        return form
    return CollaboratorsForm(initial={"collaborators": names_now(held.collaborators.all())})


def _commenting(form: StatedForm) -> CommentForm:
    return form if isinstance(form, CommentForm) else CommentForm()
