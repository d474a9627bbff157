"""Writing down an effected change of history with what it did."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import Finding
from organisations.domain.replay import Recorded
from organisations.domain.vocabulary import ChangeStatus, Outcome
from organisations.models import Change, ChangeDecision, ChangeFinding, ChangeParty, Portfolio
from organisations.services.writer import write
from pcorg.core.audit.subjects import Subject
from pcorg.core.batches import BATCH


def record_change(recorded: Recorded, *, by: str) -> tuple[Change, set[Subject]]:
    """Write a change of history, its parties, its advisories and its plan. Must run inside a transaction. Gives the
    change, and the subjects whose rows were written.

    Raises what the plan writer raises. The caller adds the audit entry.
    """
    request = recorded.request
    change = Change.objects.create(
        portfolio_id=request.portfolio,
        reference=request.reference,
        kind=request.kind,
        route=request.route or "",
        status=ChangeStatus.EFFECTED,
        recorded=True,
        effective_on=request.effective_on,
        sequence=next_sequence(request.portfolio, request.effective_on),
        title=request.title,
        rationale=request.rationale,
        legal_instrument=request.legal_instrument,
        evidence=dict(request.evidence),
        corrects=_corrected(request),
        originals_count=len(request.originals),
        resulting_count=len(request.resulting),
        basis=request.known.basis,
        source_id=request.known.source or None,
        locator=request.known.locator,
        note=request.known.note,
    )
    wrote = write(recorded.plan, change=change)
    ChangeParty.objects.bulk_create(
        [
            ChangeParty(change=change, organisation_id=code, role=role, position=position)
            for role, codes in (
                (ChangeParty.ORIGINAL, request.originals),
                (ChangeParty.RESULTING, request.resulting),
            )
            for position, code in enumerate(codes)
        ],
        batch_size=BATCH,
    )
    ChangeDecision.objects.create(
        change=change,
        status=ChangeStatus.EFFECTED,
        by=by,
        at=timezone.now(),
        comment="Recorded from a portfolio.",
    )
    ChangeFinding.objects.bulk_create(_advisories(change, recorded.findings))
    return change, wrote


def next_sequence(portfolio: str, on: date) -> int:
    """The place of the next change of a portfolio that is effected for a day, after all others of that day.

    The portfolio stays locked until the transaction ends, so that two changes effected at once come one after the
    other. Take it after bodies and changes, and before the head of the audit chain.
    """
    list(Portfolio.objects.select_for_update(no_key=True).filter(pk=portfolio).values_list("pk"))
    of_the_day = Change.objects.effected().filter(portfolio=portfolio, effective_on=on)
    last: int | None = of_the_day.order_by("-sequence").values_list("sequence", flat=True).first()
    return 1 if last is None else last + 1


def _corrected(request: ChangeRequest) -> Change | None:
    if not request.corrects:
        return None
    if request.undoes:
        return Change.objects.get(pk=int(request.corrects))
    return Change.objects.get(portfolio=request.portfolio, reference=request.corrects)


def _advisories(change: Change, findings: tuple[Finding, ...]) -> list[ChangeFinding]:
    """What did not pass, as advice: history did what it did."""
    return [
        ChangeFinding(
            change=change,
            policy_check_id=finding.code,
            outcome=Outcome.ADVISE,
            message=finding.message,
            source=finding.source,
        )
        for finding in findings
        if finding.outcome is not Outcome.PASS
    ]
