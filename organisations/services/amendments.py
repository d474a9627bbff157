"""Writing on a change while it is open: its evidence, its rationale, its consultation, or a draft anew.

The owner writes, and those named to work on it. The trail keeps what each field was and became. What is amended after
it was approved has to be approved anew: an approval holds for exactly the content that was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from organisations.domain.vocabulary import ChangeStatus
from organisations.models import Change, Consultation
from organisations.policies import ChangePermission
from organisations.services.previews import requested, work_out
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
from organisations.services.saved import saved_with
from organisations.specs.change import ProposedChange
from pcorg.core.audit.kinds import PROPOSED
from pcorg.core.audit.trail import TrailEntry, record, record_all
from pcorg.core.people import put_collaborators, unfit_collaborators, users_named
from pcorg.core.policies import Actor
from pcorg.core.refusals import Problem, Refusal, require
from pcorg.core.writes import one_write


def name_collaborators(*, change_id: int, names: Sequence[str], by: Actor, expected: int | None = None) -> Change:
    """Put other people in the place of those who work on a change, by their user names. What somebody wrote stays
    theirs when they are not named any more.

    Raises NotFound; StaleVersion; Refusal: `forbidden` for anyone but the owner, `not-allowed-in-status`,
    `invalid` with every name that is nobody's, stands twice or is the owner's.
    """
    with one_write():
        change = locked(change_id, by, expected)
        require(by, ChangePermission.NAME_COLLABORATORS, change)
        users = users_named(names)
        problems = [
            Problem("invalid", words, f"/collaborators/{place}")
            for place, words in unfit_collaborators(change, names, users)
        ]
        if problems:
            raise Refusal("invalid", "These people cannot work on the change.", problems)
        before, after = put_collaborators(change, names, users)
        change.version += 1
        change.save(update_fields=["version"])
        record(
            actor=by,
            action="name-collaborators",
            subject=f"change {change.pk}",
            particulars={"before": before, "after": after},
            altered=PROPOSED,
        )
    return change


OF_A_CONSULTATION = ("opens", "closes", "responses_for", "responses_against", "summary")


@dataclass(frozen=True)
class ConsultationNews:
    """What is known of the consultation; what is None stays as it was."""

    opens: date | None = None
    closes: date | None = None
    responses_for: int | None = None
    responses_against: int | None = None
    summary: str | None = None


def amend(
    *,
    change_id: int,
    by: Actor,
    evidence: Mapping[str, str] | None = None,
    rationale: str | None = None,
    consultation: ConsultationNews | None = None,
    expected: int | None = None,
) -> Change:
    """Add to a change that is still open: evidence, rationale, or news of the consultation. One that was approved
    waits for approval again. Raises as decide does."""
    with one_write():
        change = locked(change_id, by, expected)
        require(by, ChangePermission.AMEND, change)
        before = content_of(change)
        if evidence is not None:
            saved = saved_with(change, change.evidence | dict(evidence))
            requested(saved, {})
            change.evidence, change.particulars = saved.evidence, saved.as_kept()
            written(change, by, "evidence")
        if rationale is not None:
            change.rationale = rationale
            written(change, by, "rationale")
        if consultation is not None:
            note_consultation(change, consultation, by)
        details = altered(before, content_of(change))
        if change.status == ChangeStatus.APPROVED and details["after"]:
            _void_approval(change, by)
        change.version += 1
        change.save()
        subject = f"change {change.pk}"
        record(actor=by, action="amend-change", subject=subject, particulars=details, altered=PROPOSED)
    return change


def edit_draft(
    *,
    change_id: int,
    spec: ProposedChange,
    by: Actor,
    expected: int | None = None,
    put_forward: bool = False,
    pointers: Mapping[str, str] | None = None,
) -> Change:
    """Write a draft anew, and put it forward where it is said. Raises what propose and decide raise."""
    with one_write():
        change = locked(change_id, by, expected)
        require(by, ChangePermission.EDIT_DRAFT, change)
        request = requested(spec, pointers or {})
        preview = work_out(request, pointers=pointers or {}) if put_forward else None
        if preview is not None:
            refuse_blocks(finding for finding in preview.blocks if finding.code not in SETTLED_LATER)
        before = content_of(change)
        filled(change, spec, request)
        entries = [TrailEntry("edit-draft", f"change {change.pk}", altered(before, content_of(change)))]
        written(change, by, "draft")
        keep_parties(change, request)
        change.flag = ""
        change.version += 1
        if preview is not None:
            change.status = ChangeStatus.PROPOSED
            decided(change, by)
            keep_findings(change, preview.findings)
            entries.append(TrailEntry("propose-change", f"change {change.pk}"))
        change.save()
        record_all(actor=by, entries=entries, altered=PROPOSED)
    return change


def note_consultation(change: Change, news: ConsultationNews, by: Actor) -> None:
    """Keep what is known of the consultation on a change that is locked. Raises Refusal (`invalid`)."""
    consultation, _ = Consultation.objects.get_or_create(change=change)
    for name in OF_A_CONSULTATION:
        value = getattr(news, name)
        if value is not None:
            setattr(consultation, name, value)
    if consultation.opens and consultation.closes and consultation.closes < consultation.opens:
        raise Refusal(
            "invalid",
            "The consultation closes before it opens.",
            [Problem("invalid", "The consultation closes before it opens.", "/consultation/closes")],
        )
    consultation.save()
    written(change, by, "consultation")


def _void_approval(change: Change, by: Actor) -> None:
    consulted = change.decisions.filter(status=ChangeStatus.CONSULTING).exists()
    change.status = ChangeStatus.CONSULTING if consulted else ChangeStatus.PROPOSED
    decided(change, by, "Amended after it was approved, so that it has to be approved anew.")


def content_of(change: Change) -> dict[str, Any]:
    """Return the content of a change that decisions are about, for the audit trail."""
    row = Consultation.objects.filter(change=change).values(*OF_A_CONSULTATION).first()
    consultation = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in (row or {}).items()
    }
    return {
        "title": change.title,
        "effective_on": change.effective_on.isoformat(),
        "rationale": change.rationale,
        "legal_instrument": change.legal_instrument,
        "evidence": change.evidence,
        "particulars": _asked_for(change),
        "consultation": consultation,
    }


def _asked_for(change: Change) -> Any:
    """What a change asks for. The version of its record is no part of what is decided."""
    kept = change.particulars
    return {name: value for name, value in kept.items() if name != "version"} if isinstance(kept, dict) else kept
