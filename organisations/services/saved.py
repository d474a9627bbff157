"""Saved proposals in the domain's terms."""

from __future__ import annotations

from collections.abc import Mapping

from organisations.domain.changes import ChangeRequest
from organisations.models import Change, Consultation
from organisations.services.previews import request_from
from organisations.specs.change import ProposedChange, as_saved
from pcorg.core.refusals import Invalid, NoLongerPossible


def as_request(change: Change) -> ChangeRequest:
    """What a saved proposal asks for, with the evidence recorded for it. Raises NoLongerPossible where it cannot be
    read any more."""
    saved = saved_with(change, _evidence(change))
    return request_from(saved, portfolio=change.portfolio_id, reference=str(change.pk))


def saved_with(change: Change, evidence: Mapping[str, str]) -> ProposedChange:
    """A saved proposal with other evidence. Raises as as_request does."""
    try:
        return as_saved(change.particulars, evidence=evidence)
    except Invalid as fault:
        raise NoLongerPossible(fault.problems) from fault


def _evidence(change: Change) -> dict[str, str]:
    """Evidence given, and the consultation's summary where one is recorded."""
    consultation = Consultation.objects.filter(change=change).first()
    evidence = {"consultation-held": consultation.summary} if consultation is not None and consultation.summary else {}
    given = change.evidence if isinstance(change.evidence, dict) else {}
    return evidence | {code: words for code, words in given.items() if words}
