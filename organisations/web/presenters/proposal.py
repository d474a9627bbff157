"""A proposal on its page: how it stands now, what was said, and what the reader may do with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from organisations.domain.lifecycle import OPEN_STATUSES, Step, steps_from
from organisations.domain.vocabulary import ChangeStatus, SettledBy
from organisations.models import Change, Consultation, PolicyCheck
from organisations.policies import PERMISSIONS, ChangePermission
from organisations.web.presenters.proposing.body_effects import BodyEffects
from organisations.web.presenters.proposing.preview import FindingRow, Shown, TotalRow
from pcorg.core.forms.fields import Control, Field
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

WORDS = {
    Step.PROPOSE: "The draft is put to the checks and, unless one stands in the way, waits for a decision.",
    Step.CONSULT: "The public is asked. Dates, responses and what came of them are recorded on this page.",
    Step.APPROVE: "It may then be carried out. No check may stand in the way.",
    Step.EFFECT: "The record is changed as of the date. What has been carried out is history: it is never edited, only "
    "corrected by another change.",
    Step.REJECT: "It ends here. Say why: the proposer and the public read it.",
    Step.WITHDRAW: "It ends here, on the wish of those who propose it.",
}


@dataclass(frozen=True)
class ChangeStepForm:
    """A step that the reader may take, with its form."""

    step: str
    label: str
    words: str
    comment: Field
    open: bool
    confirmed_apart: bool
    harmful: bool


@dataclass(frozen=True)
class OverrideField:
    """An advisory that an approver may go on in spite of, with the reason."""

    finding: FindingRow
    reason: Field


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
    """What the page of a change adds for what was proposed here. `typed` is what a refused form held."""

    number: int
    version: int
    colour: str
    is_open: bool
    owner: str
    collaborators: list[str]
    naming: Field | None
    own_draft: bool
    voids: bool
    flag: str
    rivals: list[Rival]
    impossible: list[str]
    preview: Shown | None
    steps: list[ChangeStepForm]
    why_none: str
    overrides: list[OverrideField]
    consultation: Consultation | None
    consultation_fields: list[Field]
    evidence: list[Field]
    may_add: bool
    may_comment: bool
    comments: list[Saying]
    comment: Field
    again: str


@dataclass(frozen=True)
class ProposalOutcome:
    """What an effected change did: totals before and after, and what happened to whom."""

    eve: date
    totals: list[TotalRow]
    effects: list[BodyEffects] = field(default_factory=list)


def step_forms(
    change: Change, steps: tuple[Step, ...], typed: Mapping[str, str], faults: Mapping[str, str]
) -> list[ChangeStepForm]:
    """The forms of the steps open to the reader; one that was refused stands open with what was typed."""
    return [
        ChangeStepForm(
            step=step.value,
            label=step.label,
            words=WORDS[step],
            comment=Field(
                f"{step}-comment",
                "Reason" if step in {Step.REJECT, Step.WITHDRAW} else "Comment, if any",
                typed.get(f"{step}-comment", ""),
                Control.PROSE,
                error=faults.get(f"{step}-comment", ""),
                rows=2,
            ),
            open=typed.get("step") == step.value,
            confirmed_apart=step is Step.EFFECT,
            harmful=step in {Step.REJECT, Step.WITHDRAW},
        )
        for step in steps
    ]


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


def override_fields(
    findings: list[FindingRow], typed: Mapping[str, str], faults: Mapping[str, str]
) -> list[OverrideField]:
    """A field for the reason at each check that advises."""
    return [
        OverrideField(
            finding,
            Field(
                f"override-{finding.code}",
                f"Why go on in spite of “{finding.title}”, if you wish to say so",
                typed.get(f"override-{finding.code}", ""),
                Control.PROSE,
                hint=finding.message,
                error=faults.get(f"override-{finding.code}", ""),
                rows=2,
            ),
        )
        for finding in findings
        if finding.outcome == "Advises"
    ]


def consultation_fields(held: Consultation | None, typed: Mapping[str, str], faults: Mapping[str, str]) -> list[Field]:
    """The consultation as it can be recorded."""
    now: dict[str, Any] = {}
    if held is not None:
        now = {
            "opens": held.opens.isoformat() if held.opens else "",
            "closes": held.closes.isoformat() if held.closes else "",
            "responses_for": held.responses_for,
            "responses_against": held.responses_against,
            "summary": held.summary,
        }
    asked = (
        ("opens", "Opens on", Control.DATE, ""),
        ("closes", "Closes on", Control.DATE, "The last day on which answers are taken."),
        ("responses_for", "Responses for it", Control.NUMBER, ""),
        ("responses_against", "Responses against it", Control.NUMBER, ""),
        ("summary", "What came of it", Control.PROSE, "It counts as evidence that a consultation was held."),
    )
    return [
        Field(
            f"consultation-{name}",
            label,
            typed.get(f"consultation-{name}", str(now[name]) if now.get(name) not in (None, "") else ""),
            control,
            hint,
            error=faults.get(f"consultation-{name}", ""),
            width="5" if control is Control.NUMBER else "",
        )
        for name, label, control, hint in asked
    ]


def evidence_fields(
    change: Change,
    checks: Mapping[str, PolicyCheck],
    asked: Collection[str],
    typed: Mapping[str, str],
    faults: Mapping[str, str],
) -> list[Field]:
    """Evidence in words for each check that it can settle, of those the change is put to; what was given for another
    stays."""
    given = {code: typed.get(f"evidence-{code}", change.evidence.get(code, "")) for code in checks}
    return [
        Field(
            f"evidence-{check.code}",
            check.title,
            given[check.code],
            Control.PROSE,
            check.question,
            error=faults.get(f"evidence-{check.code}", ""),
            rows=2,
        )
        for check in checks.values()
        if check.settled_by != SettledBy.DATA and (check.code in asked or given[check.code])
    ]


def naming_field(change: Change, typed: Mapping[str, str], faults: Mapping[str, str]) -> Field:
    """Where the owner says who works on the change."""
    now = "\n".join(each.name for each in change.collaborators.all())
    return Field(
        "collaborators",
        "Who works on it with you: user names, one to a line",
        typed.get("collaborators", now),
        Control.PROSE,
        "They read it while it is a draft, and may add to it, put it forward and withdraw it.",
        error=faults.get("collaborators", ""),
        rows=3,
    )


def rivals(changes: list[Change], scope: Scope) -> list[Rival]:
    """Other proposals about the same bodies."""
    return [
        Rival(change.title, scope.link("change", change.pk), ChangeStatus.stored(change.status).label)
        for change in changes
    ]
