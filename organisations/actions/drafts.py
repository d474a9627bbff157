"""Going on with a draft: a new proposal takes its place."""

from __future__ import annotations

from django.db import transaction

from organisations.actions.proposals import Refusal, decide, propose
from organisations.domain.lifecycle import Step
from organisations.domain.vocabulary import ChangeStatus
from organisations.ingest.proposal import ProposedChange
from organisations.models import Change
from pcorg.policies import Actor


def continue_draft(*, change_id: int, asked: ProposedChange, by: Actor, draft: bool = False) -> Change:
    """Save what became of a draft of one's own, as a draft or for decision, and withdraw the draft: one or both.

    Raises what propose and decide raise, and Refusal (`not-allowed-in-status`) where there is no such draft any more.
    """
    with transaction.atomic():
        held = Change.objects.filter(pk=change_id, status=ChangeStatus.DRAFT, proposed_by=by.name).first()
        if held is None:
            raise Refusal("not-allowed-in-status", "The draft you were going on with has been settled meanwhile.")
        made = propose(asked=asked, by=by, draft=draft)
        decide(change_id=change_id, step=Step.WITHDRAW, by=by, comment=f"Continued as change {made.pk}.")
    return made
