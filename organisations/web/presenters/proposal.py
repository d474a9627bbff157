"""A proposal on its page: how it stands now, what was said, and what the reader may do with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from organisations.domain.lifecycle import OPEN_STATUSES, Step, steps_from
from organisations.domain.vocabulary import ChangeStatus
from organisations.models import Change, Consultation
from organisations.policies import PERMISSIONS, ChangePermission
from organisations.web.presenters.change_forms import (
    CollaboratorsForm,
    CommentForm,
    ConsultationForm,
    EvidenceForm,
    StepForm,
)
from organisations.web.presenters.proposing.body_effects import BodyEffects
from organisations.web.presenters.proposing.preview import Shown, TotalRow
from pcorg.core.pages.scope import Scope
from pcorg.core.policies import Actor, can

COLOURS = {
    ChangeStatus.DRAFT: "grey",
    ChangeStatus.PROPOSED: "blue",
    ChangeStatus.CONSULTING: "purple",
    ChangeStatus.APPROVED: "aqua-green",
    ChangeStatus.EFFECTED: "green",
    ChangeStatus.REJECTED: "red",
    ChangeStatus.WITHDRAWN: "grey",
}


@dataclass(frozen=True)
class Saying:
    """A comment."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Rival:
    """Another open proposal about the same bodies."""

    title: str
    href: str
    status: str


@dataclass(frozen=True)
class ProposalPart:
    """What the page of a change adds for what was proposed here."""

    number: int
    version: int
    colour: str
    is_open: bool
    owner: str
    collaborators: list[str]
    naming: CollaboratorsForm | None
    own_draft: bool
    voids: bool
    flag: str
    rivals: list[Rival]
    impossible: list[str]
    preview: Shown | None
    steps: list[StepForm]
    why_none: str
    consultation: Consultation | None
    news: ConsultationForm | None
    evidence: EvidenceForm | None
    comments: list[Saying]
    comment: CommentForm | None
    again: str


@dataclass(frozen=True)
class ProposalOutcome:
    """What an effected change did: totals before and after, and what happened to whom."""

    eve: date
    totals: list[TotalRow]
    effects: list[BodyEffects] = field(default_factory=list)


def why_nothing(change: Change, by: Actor, steps: tuple[Step, ...], *, signed_in: bool) -> str:
    """Why the reader may take no step, or not the one that comes next."""
    status = ChangeStatus(change.status)
    if status not in OPEN_STATUSES:
        return ""
    if not signed_in:
        return "Sign in as a commissioner or an approver to act on it."
    if not can(by, ChangePermission.PROPOSE):
        return "Your account has no role that acts on changes."
    others = [can(by, PERMISSIONS[step], change) for step in steps_from(status) if step not in steps]
    decisions = [verdict.reason for verdict in others if verdict.code == "own-proposal"]
    if decisions:
        return decisions[0]
    if status is not ChangeStatus.DRAFT and not by.approves:
        return "It waits for an approver."
    return "" if steps else next((verdict.reason for verdict in others), "")


def rivals(changes: list[Change], scope: Scope) -> list[Rival]:
    """Other proposals about the same bodies."""
    return [
        Rival(change.title, scope.link("change", change.pk), ChangeStatus.stored(change.status).label)
        for change in changes
    ]
