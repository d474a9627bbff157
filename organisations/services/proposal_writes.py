"""Steps shared by all writes to a proposal: lock it, compare the expected version, record who did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import Finding
from organisations.domain.checks.evidence import SETTLED_BY
from organisations.models import Change, ChangeAuthor, ChangeDecision, ChangeFinding, ChangeParty
from organisations.services.previews import codes_of
from organisations.specs.change import ProposedChange
from pcorg.core.batches import BATCH
from pcorg.core.policies import Actor
from pcorg.core.refusals import Problem, Refusal, StaleVersion
from pcorg.core.writes import existing

SETTLED_LATER = frozenset(SETTLED_BY)
"""Checks that may still block when a change is proposed: evidence for them is gathered while it is open."""


def locked(change_id: int, by: Actor, expected: int | None) -> Change:
    """A change that somebody reads, locked until the transaction ends. Raises NotFound, and StaleVersion where it is
    not at the version expected."""
    change = existing(Change.objects.visible_to(by).select_for_update(no_key=True), change_id)
    if expected is not None and change.version != expected:
        raise StaleVersion(f"The change is at version {change.version} now; you saw {expected}.")
    return change


def written(change: Change, by: Actor, what: str) -> None:
    """Keep that somebody wrote a part of what is decided."""
    ChangeAuthor.objects.create(change=change, user_id=by.id, name=by.name, what=what, at=timezone.now())


def decided(change: Change, by: Actor, comment: str = "") -> None:
    """Keep that a change took the status it has."""
    ChangeDecision.objects.create(change=change, status=change.status, by=by.name, at=timezone.now(), comment=comment)


def filled(change: Change, spec: ProposedChange, request: ChangeRequest) -> Change:
    """A change that asks for what a proposal says; not saved."""
    change.portfolio_id = request.portfolio
    change.kind, change.route = request.kind, request.route or ""
    change.effective_on = request.effective_on
    change.title = request.title or titled(spec)
    change.rationale, change.legal_instrument = request.rationale, request.legal_instrument
    change.evidence = dict(request.evidence)
    change.particulars = spec.as_kept()
    change.corrects_id = spec.corrects
    return change


def keep_parties(change: Change, request: ChangeRequest) -> None:
    """Put the bodies that a proposal starts from in the place of those there were."""
    change.parties.all().delete()
    parties = frozenset(codes_of(request))
    ChangeParty.objects.bulk_create(
        [
            ChangeParty(change=change, organisation_id=code, role=ChangeParty.ORIGINAL, position=position)
            for position, code in enumerate(request.originals)
            if code in parties
        ],
        batch_size=BATCH,
    )


def keep_findings(change: Change, findings: Iterable[Finding]) -> None:
    """Replace what the checks found last by what they find now; reasons for overriding stay with their check."""
    existing = {finding.policy_check_id: finding for finding in change.findings.all()}
    change.findings.all().delete()
    ChangeFinding.objects.bulk_create(
        ChangeFinding(
            change=change,
            policy_check_id=finding.code,
            outcome=finding.outcome,
            message=finding.message,
            source=finding.source,
            overridden_by=existing[finding.code].overridden_by if finding.code in existing else "",
            override_reason=existing[finding.code].override_reason if finding.code in existing else "",
        )
        for finding in findings
    )


def refuse_blocks(blocks: Iterable[Finding]) -> None:
    """Raises Refusal (`blocked-by-check`) with every check that blocks."""
    blocks = list(blocks)
    if blocks:
        raise Refusal(
            "blocked-by-check",
            f"{len(blocks)} {'check blocks' if len(blocks) == 1 else 'checks block'} this change.",
            [Problem(finding.code, finding.message, "") for finding in blocks],
        )


def titled(spec: ProposedChange) -> str:
    """A title for a change that was given none."""
    codes = spec.starts_from
    names = [entry.code for entry in spec.resulting]
    words = f"{spec.kind.label}: {', '.join(codes[:6])}{' and others' if len(codes) > 6 else ''}"
    return (words + (f" → {', '.join(names[:6])}" if names else ""))[:200]


def altered(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """For the trail: the fields that an amendment altered, as they were and as they are."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {
        "before": {name: before.get(name) for name in changed},
        "after": {name: after[name] for name in changed},
    }
