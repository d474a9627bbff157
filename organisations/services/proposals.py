"""Proposing changes and deciding upon them: each step a row with who, when and why, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from organisations.contributors import Stale, measures
from organisations.domain.changes import ChangeRequest
from organisations.domain.lifecycle import OPEN_STATUSES, STEPS, Step
from organisations.domain.totals import totals_of
from organisations.domain.vocabulary import Basis, ChangeStatus
from organisations.models import Change, ChangeComment, ChangeParty, Consultation, subjects
from organisations.policies import PERMISSIONS, ChangePermission
from organisations.services.amendments import ConsultationNews, content_of, note_consultation
from organisations.services.previews import Preview, codes_of, requested, work_out
from organisations.services.proposal_writes import (
    SETTLED_LATER,
    altered,
    decided,
    filled,
    keep_findings,
    keep_parties,
    locked,
    refuse_blocks,
    written,
)
from organisations.services.recorded_changes import next_sequence
from organisations.services.saved import as_request
from organisations.services.snapshots import lock_with_neighbours, snapshot_of
from organisations.services.writer import write
from organisations.specs.change import ProposedChange
from pcorg.core.audit.kinds import EFFECTED, PROPOSED
from pcorg.core.audit.subjects import Subject
from pcorg.core.audit.trail import record
from pcorg.core.batches import BATCH, batches
from pcorg.core.http.budgets import Work, spending
from pcorg.core.policies import Actor
from pcorg.core.refusals import NoLongerPossible, Problem, Refusal, Unacceptable, require
from pcorg.core.writes import existing, one_write


def propose(
    *, spec: ProposedChange, by: Actor, draft: bool = False, pointers: Mapping[str, str] | None = None
) -> Change:
    """Save a proposal, as a draft or for decision.

    Raises Invalid as preview does, and Refusal (`blocked-by-check`) where a check blocks that no
    evidence can settle. A draft only has to be readable.
    """
    with one_write():
        require(by, ChangePermission.PROPOSE)
        request = requested(spec, pointers or {})
        preview = None if draft else work_out(request, pointers=pointers or {})
        if preview is not None:
            refuse_blocks(finding for finding in preview.blocks if finding.code not in SETTLED_LATER)
        change = filled(Change(recorded=False, basis=Basis.DECISION), spec, request)
        change.owner_id, change.owner_name = by.id, by.name
        change.status = ChangeStatus.DRAFT if draft else ChangeStatus.PROPOSED
        change.save(force_insert=True)
        keep_parties(change, request)
        decided(change, by)
        written(change, by, "draft" if draft else "proposal")
        if preview is not None:
            keep_findings(change, preview.findings)
        action = "draft-change" if draft else "propose-change"
        record(actor=by, action=action, subject=f"change {change.pk}", altered=PROPOSED)
    return change


NO_REASON = "Say why it is withdrawn."

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
    known of it, which is an amendment too; `expected` the version the caller saw. Raises NotFound; StaleVersion;
    Refusal with `not-allowed-in-status`, `own-proposal`, `forbidden`, `invalid`, `blocked-by-check` or `conflict`;
    NoLongerPossible where the change can no longer be planned.
    """
    with one_write():
        if step is Step.EFFECT:
            _lock_bodies_and_rivals(change_id)
        change = locked(change_id, by, expected)
        details: dict[str, Any] = {"comment": comment} if comment else {}
        if consultation is not None:
            require(by, ChangePermission.AMEND, change)
            before = content_of(change)
            note_consultation(change, consultation, by)
            details |= altered(before, content_of(change))
        require(by, PERMISSIONS[step], change)
        if step is Step.WITHDRAW and not comment.strip():
            raise Refusal("invalid", NO_REASON, [Problem("invalid", NO_REASON, "/comment")])
        wrote = _carry(change, step, by, overrides or {})
        change.status, change.flag = STEPS[step].leads_to, ""
        change.version += 1
        change.save(update_fields=ALTERED_BY_STEPS)
        decided(change, by, comment)
        record(
            actor=by,
            action=f"{step}-change",
            subject=f"change {change.pk}",
            particulars=details,
            wrote=wrote,
            altered=EFFECTED if step is Step.EFFECT else PROPOSED,
        )
    return change


def comment_on(*, change_id: int, by: Actor, text: str) -> ChangeComment:
    """Say something about a change that one reads. Raises NotFound, and Refusal as decide does."""
    with one_write():
        change = existing(Change.objects.visible_to(by), change_id)
        require(by, ChangePermission.COMMENT, change)
        comment = ChangeComment.objects.create(change=change, by=by.name, at=timezone.now(), text=text)
        record(actor=by, action="comment-on-change", subject=f"change {change.pk}", altered=PROPOSED)
    return comment


def preview_of(change: Change) -> Preview:
    """The preview of a saved proposal as it stands now. Raises NoLongerPossible where it can no longer be planned."""
    return _work_out_saved(as_request(change))


def _work_out_saved(request: ChangeRequest) -> Preview:
    try:
        return work_out(request, pointers={})
    except Unacceptable as fault:
        raise NoLongerPossible(fault.problems) from fault


def look_at(change: Change) -> Preview:
    """The same for a reader, within their budget. Raises budgets.NotBegun too."""
    particulars = change.particulars if isinstance(change.particulars, dict) else {}
    parts = sum(len(each) for each in particulars.values() if isinstance(each, list))
    with spending(Work.PARTS, parts, instead="Sign in to look at it."):
        return preview_of(change)


def _lock_bodies_and_rivals(change_id: int) -> None:
    """Lock what effecting a change will write to, in the order every writer keeps: bodies, then changes by id, itself
    among them."""
    change = Change.objects.filter(pk=change_id).first()
    if change is None or change.recorded:  # history asks for nothing, and no step can be taken with it
        return
    try:
        request = as_request(change)
    except NoLongerPossible:  # nothing will be written to bodies, and it can still be withdrawn or rejected
        return
    lock_with_neighbours(codes_of(request))
    open_changes = Change.objects.select_for_update(no_key=True).filter(pk__in={change_id, *_rivals(request.touched)})
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


def _carry(change: Change, step: Step, by: Actor, overrides: Mapping[str, str]) -> set[Subject]:
    """Do what a step calls for beyond the new status; to reject or withdraw calls for nothing more. Gives the subjects
    whose rows were written beside those of the change."""
    match step:
        case Step.PROPOSE:
            _put_forward(change, by)
        case Step.CONSULT:
            Consultation.objects.get_or_create(change=change)
        case Step.APPROVE:
            _approve(change, by, overrides)
        case Step.EFFECT:
            return _effect(change)
    return set()


def _put_forward(change: Change, by: Actor) -> None:
    preview = preview_of(change)
    written(change, by, "proposal")
    refuse_blocks(finding for finding in preview.blocks if finding.code not in SETTLED_LATER)
    keep_findings(change, preview.findings)


def _approve(change: Change, by: Actor, overrides: Mapping[str, str]) -> None:
    preview = preview_of(change)
    refuse_blocks(preview.blocks)
    advisories = {finding.code for finding in preview.advisories}
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
    keep_findings(change, preview.findings)
    for code, reason in overrides.items():
        change.findings.filter(policy_check=code).update(overridden_by=by.name, override_reason=reason)


def _effect(change: Change) -> set[Subject]:
    """Carry a change out: plan it again, write it, and verify the result against the preview. Gives the
    subjects whose rows were written."""
    request = as_request(change)
    preview = _work_out_saved(request)
    refuse_blocks(preview.blocks)
    wrote = write(preview.plan, change=change)
    reached = totals_of(request.resulting, snapshot_of(request.resulting), request.effective_on, measures())
    if reached != preview.after:
        raise Stale(f"the change led to {reached}, not to {preview.after}")
    ChangeParty.objects.bulk_create(
        [
            ChangeParty(change=change, organisation_id=code, role=ChangeParty.RESULTING, position=position)
            for position, code in enumerate(request.resulting)
        ],
        batch_size=BATCH,
    )
    keep_findings(change, preview.findings)
    change.sequence = next_sequence(change.portfolio_id, change.effective_on)
    change.originals_count, change.resulting_count = len(request.originals), len(request.resulting)
    return wrote | _flag_rivals(change, request.touched)


def _flag_rivals(change: Change, codes: Iterable[str]) -> set[Subject]:
    """Preview again other open proposals about the same bodies, flag each with its outcome, and return them."""
    flagged = set()
    for rival in Change.objects.filter(pk__in=_rivals(codes)).exclude(pk=change.pk):
        words = f"“{change.title}” (change {change.pk}) has been carried out meanwhile."
        try:
            preview = preview_of(rival)
        except NoLongerPossible as now:
            words += " This change can no longer be made: " + " ".join(problem.message for problem in now.problems)
        else:
            keep_findings(rival, preview.findings)
            words += " This change is now blocked." if preview.blocks else " This change is still possible."
        Change.objects.filter(pk=rival.pk).update(flag=words, version=rival.version + 1)
        flagged.add(subjects.change(rival.pk))
    return flagged
