"""Proposals: what waits for whom, what else is proposed for the same bodies, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from django.db.models import Max

from organisations.domain.lifecycle import OPEN_STATUSES
from organisations.domain.vocabulary import ChangeStatus
from organisations.models import Change, ChangeAuthor, ChangeParty
from organisations.models.querysets import ChangeQuerySet
from pcorg.core.people import written_by
from pcorg.core.policies import Actor

DECIDABLE = (ChangeStatus.PROPOSED, ChangeStatus.CONSULTING, ChangeStatus.APPROVED)
"""Statuses in which a proposal waits for an approver: to be approved or rejected, or once approved to be carried
out."""


class ProposalQueue(Enum):
    """Proposals as they concern a person."""

    WAITING = "waiting"
    OWN = "own"
    FLAGGED = "flagged"
    OPEN = "open"


def proposals() -> ChangeQuerySet:
    """Everything that was proposed here, recorded history left out."""
    return Change.objects.filter(recorded=False)


def queue_of(which: ProposalQueue, by: Actor) -> ChangeQuerySet:
    """The proposals of a pile that somebody reads: those an approver may decide upon (never what they wrote
    themselves), those of any status that they own or work on, those that need looking at again, or all open ones."""
    match which:
        case ProposalQueue.WAITING:
            own = written_by(by, ChangeAuthor.objects.order_by(), "change")
            return proposals().filter(status__in=DECIDABLE).exclude(own) if by.approves else proposals().none()
        case ProposalQueue.OWN:
            return proposals().of_person(by)
        case ProposalQueue.FLAGGED:
            return proposals().visible_to(by).filter(status__in=OPEN_STATUSES).exclude(flag="")
        case ProposalQueue.OPEN:
            return proposals().visible_to(by).filter(status__in=OPEN_STATUSES)


def waiting_for(by: Actor) -> int:
    """How many proposals wait for a person's decision."""
    return queue_of(ProposalQueue.WAITING, by).count() if by.approves else 0


def rivals_of(change: Change, by: Actor) -> list[Change]:
    """Other open proposals about any of the same bodies that somebody reads, oldest first."""
    codes = ChangeParty.objects.filter(change=change).values("organisation")
    same = ChangeParty.objects.filter(organisation__in=codes).values("change")
    found = proposals().visible_to(by).filter(pk__in=same, status__in=OPEN_STATUSES).exclude(pk=change.pk)
    return list(found.order_by("pk")[:20])


def since_of(changes: Iterable[Change]) -> dict[int, datetime]:
    """By change, when the last step was taken."""
    rows = Change.objects.filter(pk__in=[change.pk for change in changes]).annotate(last=Max("decisions__at"))
    return dict(rows.values_list("pk", "last"))
