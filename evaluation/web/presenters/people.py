"""The people of an assessment as its page shows them: whose it is, who judges, what each may do, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.method.vocabulary import SETTLED, AssessmentStatus
from evaluation.models import Assessment
from evaluation.policies import AssessmentPermission
from evaluation.selectors.assessments import comments_on, open_to
from evaluation.selectors.people import assessors_of, named_in
from pcorg.core.forms.fields import Control, Field
from pcorg.core.forms.typed import Typed
from pcorg.core.people import names_now
from pcorg.core.policies import Actor, can

WORDS = {"open": "Open for judgements", "close": "Close", "approve": "Approve"}
AGAIN = "Open it again"


@dataclass(frozen=True)
class AssessmentStepForm:
    """A step that may be taken: its name, its button, and the field of its comment; none where it takes none."""

    name: str
    button: str
    comment: Field | None


def context(held: Assessment, by: Actor, typed: Typed, told: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs of people."""
    allowed = open_to(held, by)
    named = [named_in(held, by, each.name) for each in held.collaborators.all()]
    called = assessors_of(held, by)
    return {
        "allowed": allowed,
        "may_record_consensus": bool(can(by, AssessmentPermission.RECORD_CONSENSUS, held)),
        "owner": named_in(held, by, held.owner_name),
        "collaborators": named,
        "panel": [called(row) for row in held.panel.all() if row.invited_at and not row.consensus],
        "steps": [_step(held, name, typed, told) for name in WORDS if name in allowed],
        "why_not": _why_not(held, by),
        "naming": _naming(held, typed, told) if can(by, AssessmentPermission.NAME_COLLABORATORS, held) else None,
        "comments": comments_on(held, by),
        "commenting": _commenting(typed, told) if can(by, AssessmentPermission.COMMENT, held) else None,
    }


def _step(held: Assessment, name: str, typed: Typed, told: Mapping[str, str]) -> AssessmentStepForm:
    again = name == "open" and held.status == AssessmentStatus.CLOSED
    if name == "open" and not again:
        return AssessmentStepForm(name, WORDS[name], None)
    at = f"{name}-comment"
    label = "Why it is opened again" if again else "Comment, if any"
    field = Field(at, label, typed[at], Control.PROSE, rows=2, longest=5000, error=told.get(at, ""))
    return AssessmentStepForm(name, AGAIN if again else WORDS[name], field)


def _why_not(held: Assessment, by: Actor) -> str:
    """Why somebody who approves may not decide upon this one, where it waits for that."""
    if not by.approves or held.status not in SETTLED or held.slug:
        return ""
    permission = AssessmentPermission.APPROVE if held.status == AssessmentStatus.CLOSED else AssessmentPermission.CHOOSE
    verdict = can(by, permission, held)
    return verdict.reason if verdict.code == "own-proposal" else ""


def _naming(held: Assessment, typed: Typed, told: Mapping[str, str]) -> Field:
    sent = "collaborators" in dict(typed)
    return Field(
        "collaborators",
        "Who works on it with you: user names, one to a line",
        typed["collaborators"] if sent else "\n".join(names_now(held.collaborators.all())),
        Control.PROSE,
        hint="They read it, alter it, open and close it. Whoever works on it does not decide upon it",
        error=told.get("collaborators", ""),
    )


def _commenting(typed: Typed, told: Mapping[str, str]) -> Field:
    return Field("comment", "Comment", typed["comment"], Control.PROSE, longest=5000, error=told.get("comment", ""))
