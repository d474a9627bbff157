"""Proposing changes and deciding upon them: each step a row with who, when and why, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from organisations.actions.previews import Preview, Unacceptable, codes_of, requested, work_out
from organisations.actions.recording import next_sequence
from organisations.actions.saved import as_request, saved_with
from organisations.actions.snapshots import lock_with_neighbours, snapshot_of
from organisations.actions.writer import write
from organisations.contributors import Stale, measures
from organisations.domain.checks import Finding
from organisations.domain.checks.evidence import SETTLED_BY
from organisations.domain.integrity import Problem
from organisations.domain.lifecycle import OPEN_STATUSES, STEPS, Step, steps_open_to
from organisations.domain.totals import totals_of
from organisations.domain.vocabulary import Basis, ChangeStatus
from organisations.ingest.proposal import ProposedChange
from organisations.models import (
    Change,
    ChangeComment,
    ChangeDecision,
    ChangeFinding,
    ChangeParty,
    Consultation,
)
from organisations.models.batches import BATCH, batches
from pcorg.audit.trail import record
from pcorg.policies import Actor


class Refusal(Exception):
    """A step that cannot be taken: `code` is the problem code, `problems` the particulars where there are several."""

    def __init__(self, code: str, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = list(problems)


@dataclass(frozen=True)
class ConsultationNews:
    """What is known of the consultation; what is None stays as it was."""

    opens: Any = None
    closes: Any = None
    responses_for: int | None = None
    responses_against: int | None = None
    summary: str | None = None


SETTLED_LATER = frozenset(SETTLED_BY)
"""Checks that may still block when a change is proposed: evidence for them is gathered while it is open."""


def propose(
    *, asked: ProposedChange, by: Actor, draft: bool = False, pointers: Mapping[str, str] | None = None
) -> Change:
    """Save a proposal, as a draft or for decision.

    Raises Malformed and Unacceptable as preview does, and Refusal (`blocked-by-check`) where a check blocks that no
    evidence can settle. A draft only has to be readable.
    """
    with transaction.atomic():
        request = requested(asked, pointers or {})
        seen = None if draft else work_out(request, pointers=pointers or {})
        if seen is not None:
            _refuse_blocks(finding for finding in seen.blocks if finding.code not in SETTLED_LATER)
        status = ChangeStatus.DRAFT if draft else ChangeStatus.PROPOSED
        change = Change.objects.create(
            portfolio_id=request.portfolio,
            kind=request.kind,
            route=request.route or "",
            status=status,
            recorded=False,
            effective_on=request.effective_on,
            title=request.title or titled(asked),
            rationale=request.rationale,
            legal_instrument=request.legal_instrument,
            evidence=dict(request.evidence),
            particulars=asked.model_dump(mode="json", by_alias=True, exclude_unset=True),
            corrects_id=asked.corrects,
            proposed_by=by.name,
            basis=Basis.DECISION,
        )
        held = frozenset(codes_of(request))
        ChangeParty.objects.bulk_create(
            [
                ChangeParty(change=change, organisation_id=code, role=ChangeParty.ORIGINAL, position=position)
                for position, code in enumerate(request.originals)
                if code in held
            ],
            batch_size=BATCH,
        )
        _decided(change, status, by, "")
        if seen is not None:
            _keep_findings(change, seen.findings)
        record(actor=by.name, action="draft-change" if draft else "propose-change", subject=f"change {change.pk}")
    return change


ALTERED_BY_STEPS = [field.name for field in Change._meta.concrete_fields if field.name not in {"id", "particulars"}]
"""A step leaves what a change asks for as it is, even where that cannot be read."""


def decide(
    *,
    change_id: int,
    step: Step,
    by: Actor,
    comment: str = "",
    overrides: Mapping[str, str] | None = None,
    consultation: ConsultationNews | None = None,
    expected: int | None = None,
) -> Change:
    """Take a step with a change.

    `overrides` gives an approver's reasons for going on in spite of advisories, by check code; `consultation` what is
    known of it; `expected` the version the caller saw. Raises Change.DoesNotExist; Refusal with `stale`,
    `not-allowed-in-status`, `own-proposal`, `forbidden`, `blocked-by-check` or `conflict`; Unacceptable where the
    change can no longer be planned.
    """
    try:
        with transaction.atomic():
            if step is Step.EFFECT:
                _lock_bodies_and_rivals(change_id)
            change = _locked(change_id, expected)
            _may(change, step, by)
            if consultation is not None:
                _note_consultation(change, consultation)
            _carry(change, step, by, overrides or {})
            change.status, change.flag = STEPS[step].leads_to, ""
            change.version += 1
            change.save(update_fields=ALTERED_BY_STEPS)
            _decided(change, STEPS[step].leads_to, by, comment)
            record(
                actor=by.name,
                action=f"{step}-change",
                subject=f"change {change.pk}",
                particulars={"comment": comment} if comment else {},
            )
    except (Stale, IntegrityError) as clash:
        raise Refusal("conflict", "Somebody else changed these bodies meanwhile; look at the preview again.") from clash
    except OperationalError as error:
        if not any(word in str(error) for word in ("locked", "deadlock")):
            raise
        raise Refusal("conflict", "Somebody else is writing at this moment; try again.") from error
    return change


def amend(
    *,
    change_id: int,
    by: Actor,
    evidence: Mapping[str, str] | None = None,
    rationale: str | None = None,
    consultation: ConsultationNews | None = None,
    expected: int | None = None,
) -> Change:
    """Add to a change that is still open: evidence, rationale, or news of the consultation. Raises as decide does."""
    with transaction.atomic():
        change = _locked(change_id, expected)
        if not by.commissions:
            raise Refusal("forbidden", "Only commissioners and approvers add to a change.")
        if change.status not in OPEN_STATUSES - {ChangeStatus.APPROVED}:
            raise Refusal("not-allowed-in-status", f"The change is {ChangeStatus(change.status).label.lower()}.")
        if evidence is not None:
            asked = saved_with(change, change.evidence | dict(evidence))
            requested(asked, {})
            change.evidence, change.particulars = (
                asked.evidence,
                asked.model_dump(mode="json", by_alias=True, exclude_unset=True),
            )
        if rationale is not None:
            change.rationale = rationale
        if consultation is not None:
            _note_consultation(change, consultation)
        change.version += 1
        change.save()
        record(actor=by.name, action="amend-change", subject=f"change {change.pk}")
    return change


def comment_on(*, change_id: int, by: Actor, text: str) -> ChangeComment:
    """Say something about a change. Raises Change.DoesNotExist."""
    with transaction.atomic():
        change = Change.objects.get(pk=change_id)
        said = ChangeComment.objects.create(change=change, by=by.name, at=timezone.now(), text=text)
        record(actor=by.name, action="comment-on-change", subject=f"change {change.pk}")
    return said


def actions_open_to(change: Change, by: Actor) -> tuple[Step, ...]:
    """What somebody may do next with a change. Recorded history is finished."""
    return steps_open_to(
        ChangeStatus(change.status), commissions=by.commissions, approves=by.approves, own=change.proposed_by == by.name
    )


def preview_of(change: Change) -> Preview:
    """The preview of a saved proposal as it stands now. Raises Unacceptable where it can no longer be planned."""
    return work_out(as_request(change), pointers={})


def titled(asked: ProposedChange) -> str:
    """A title for a change that was given none."""
    codes = asked.originals or ([asked.organisation] if asked.organisation else [])
    names = [entry.code for entry in asked.resulting]
    words = f"{asked.kind.label}: {', '.join(codes[:6])}{' and others' if len(codes) > 6 else ''}"
    return (words + (f" → {', '.join(names[:6])}" if names else ""))[:200]


def _locked(change_id: int, expected: int | None) -> Change:
    change = Change.objects.select_for_update(no_key=True).get(pk=change_id)
    if expected is not None and change.version != expected:
        raise Refusal("stale", f"The change is at version {change.version} now; you saw {expected}.")
    return change


def _lock_bodies_and_rivals(change_id: int) -> None:
    """Lock what effecting a change will write to, in the order every writer keeps: bodies, then changes by id."""
    change = Change.objects.get(pk=change_id)
    if change.recorded:  # history asks for nothing, and no step can be taken with it
        return
    try:
        request = as_request(change)
    except Unacceptable:  # nothing will be written to bodies, and it can still be withdrawn or rejected
        return
    lock_with_neighbours(codes_of(request))
    open_changes = Change.objects.select_for_update(no_key=True).filter(pk__in=_rivals(request.touched))
    list(open_changes.order_by("pk").values_list("pk"))


def _rivals(codes: Iterable[str]) -> list[int]:
    """Ids of the open proposals about any of the bodies."""
    return sorted(
        {
            pk
            for batch in batches(codes)
            for pk in Change.objects.filter(
                status__in=OPEN_STATUSES, parties__organisation__in=batch, recorded=False
            ).values_list("pk", flat=True)
        }
    )


def _may(change: Change, step: Step, by: Actor) -> None:
    rule = STEPS[step]
    if rule.approver and not by.approves:
        raise Refusal("forbidden", f"To {step.label.lower()} a change takes an approver.")
    if not rule.approver and not by.commissions:
        raise Refusal("forbidden", f"To {step.label.lower()} a change takes a commissioner.")
    if change.status not in rule.starts:
        raise Refusal(
            "not-allowed-in-status",
            f"The change is {ChangeStatus(change.status).label.lower()}; “{step.label}” is not possible now.",
        )
    if step not in actions_open_to(change, by):
        raise Refusal("own-proposal", "Nobody decides upon a proposal of their own.")


def _note_consultation(change: Change, news: ConsultationNews) -> None:
    held, _ = Consultation.objects.get_or_create(change=change)
    for name in ("opens", "closes", "responses_for", "responses_against", "summary"):
        value = getattr(news, name)
        if value is not None:
            setattr(held, name, value)
    if held.opens and held.closes and held.closes < held.opens:
        raise Refusal(
            "invalid",
            "The consultation closes before it opens.",
            [Problem("invalid", "The consultation closes before it opens.", "/consultation/closes")],
        )
    held.save()


def _decided(change: Change, status: ChangeStatus, by: Actor, comment: str) -> None:
    ChangeDecision.objects.create(change=change, status=status, by=by.name, at=timezone.now(), comment=comment)


def _keep_findings(change: Change, findings: Iterable[Finding]) -> None:
    """Replace what the checks found last by what they find now; reasons for overriding stay with their check."""
    held = {finding.policy_check_id: finding for finding in change.findings.all()}
    change.findings.all().delete()
    ChangeFinding.objects.bulk_create(
        ChangeFinding(
            change=change,
            policy_check_id=finding.code,
            outcome=finding.outcome,
            message=finding.message,
            source=finding.source,
            overridden_by=held[finding.code].overridden_by if finding.code in held else "",
            override_reason=held[finding.code].override_reason if finding.code in held else "",
        )
        for finding in findings
    )


def _refuse_blocks(blocks: Iterable[Finding]) -> None:
    blocks = list(blocks)
    if blocks:
        raise Refusal(
            "blocked-by-check",
            f"{len(blocks)} {'check blocks' if len(blocks) == 1 else 'checks block'} this change.",
            [Problem(finding.code, finding.message, "") for finding in blocks],
        )


def _carry(change: Change, step: Step, by: Actor, overrides: Mapping[str, str]) -> None:
    """Do what a step calls for beyond the new status; to reject or withdraw calls for nothing more."""
    match step:
        case Step.PROPOSE:
            _put_forward(change)
        case Step.CONSULT:
            Consultation.objects.get_or_create(change=change)
        case Step.APPROVE:
            _approve(change, by, overrides)
        case Step.EFFECT:
            _effect(change)


def _put_forward(change: Change) -> None:
    seen = preview_of(change)
    _refuse_blocks(finding for finding in seen.blocks if finding.code not in SETTLED_LATER)
    _keep_findings(change, seen.findings)


def _approve(change: Change, by: Actor, overrides: Mapping[str, str]) -> None:
    seen = preview_of(change)
    _refuse_blocks(seen.blocks)
    advisories = {finding.code for finding in seen.advisories}
    wrong = [code for code in overrides if code not in advisories]
    if wrong:
        raise Refusal(
            "invalid",
            "Only an advisory can be overridden.",
            [
                Problem("invalid", f"{code} does not advise against this change.", f"/overrides/{code}")
                for code in wrong
            ],
        )
    _keep_findings(change, seen.findings)
    for code, reason in overrides.items():
        change.findings.filter(policy_check=code).update(overridden_by=by.name, override_reason=reason)


def _effect(change: Change) -> None:
    """Carry a change out: work it out again, write, and see that what the preview said has come about."""
    request = as_request(change)
    seen = work_out(request, pointers={})
    _refuse_blocks(seen.blocks)
    write(seen.plan, change=change)
    reached = totals_of(request.resulting, snapshot_of(request.resulting), request.effective_on, measures())
    if reached != seen.after:
        raise Stale(f"the change led to {reached}, not to {seen.after}")
    ChangeParty.objects.bulk_create(
        [
            ChangeParty(change=change, organisation_id=code, role=ChangeParty.RESULTING, position=position)
            for position, code in enumerate(request.resulting)
        ],
        batch_size=BATCH,
    )
    _keep_findings(change, seen.findings)
    change.sequence = next_sequence(change.portfolio_id, change.effective_on)
    change.originals_count, change.resulting_count = len(request.originals), len(request.resulting)
    _flag_rivals(change, request.touched)


def _flag_rivals(change: Change, codes: Iterable[str]) -> None:
    """Look again at other open proposals about the same bodies, and say on each what has become of it."""
    for rival in Change.objects.filter(pk__in=_rivals(codes)).exclude(pk=change.pk):
        words = f"“{change.title}” (change {change.pk}) has been carried out meanwhile."
        try:
            seen = preview_of(rival)
        except Unacceptable as now:
            words += " This change can no longer be made: " + " ".join(problem.message for problem in now.problems)
        else:
            _keep_findings(rival, seen.findings)
            words += " This change is now blocked." if seen.blocks else " This change is still possible."
        Change.objects.filter(pk=rival.pk).update(flag=words, version=rival.version + 1)
