"""Proposals: what waits for whom, what else is proposed for the same bodies, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from django.db.models import Max

from organisations.domain.lifecycle import OPEN_STATUSES
from organisations.domain.vocabulary import ChangeStatus
from organisations.models import Change, ChangeParty
from organisations.models.querysets import ChangeQuerySet

DECIDABLE = (ChangeStatus.PROPOSED, ChangeStatus.CONSULTING, ChangeStatus.APPROVED)
"""Statuses in which a proposal waits for an approver: to be approved or rejected, or once approved to be carried
out."""


class Pile(Enum):
    """Proposals as they concern a person."""

    WAITING = "waiting"
    OWN = "own"
    FLAGGED = "flagged"
    OPEN = "open"


def proposals() -> ChangeQuerySet:
    """Everything that was proposed here, recorded history left out."""
    return Change.objects.filter(recorded=False)


def pile(which: Pile, *, name: str, approves: bool) -> ChangeQuerySet:
    """The proposals of a pile: those an approver may decide upon (never their own), a person's own of any status, those
    that need looking at again, or all open ones."""
    match which:
        case Pile.WAITING:
            waiting = proposals().filter(status__in=DECIDABLE).exclude(proposed_by=name)
            return waiting if approves else waiting.none()
        case Pile.OWN:
            return proposals().filter(proposed_by=name)
        case Pile.FLAGGED:
            return proposals().filter(status__in=OPEN_STATUSES).exclude(flag="")
        case Pile.OPEN:
            return proposals().filter(status__in=OPEN_STATUSES)


def waiting_for(name: str, *, approves: bool) -> int:
    """How many proposals wait for a person's decision."""
    return pile(Pile.WAITING, name=name, approves=approves).count() if approves else 0


def rivals_of(change: Change) -> list[Change]:
    """Other open proposals about any of the same bodies, oldest first."""
    codes = ChangeParty.objects.filter(change=change).values("organisation")
    same = ChangeParty.objects.filter(organisation__in=codes).values("change")
    found = proposals().filter(pk__in=same, status__in=OPEN_STATUSES).exclude(pk=change.pk)
    return list(found.order_by("pk")[:20])


def since_of(changes: Iterable[Change]) -> dict[int, datetime]:
    """By change, when the last step was taken."""
    rows = Change.objects.filter(pk__in=[change.pk for change in changes]).annotate(last=Max("decisions__at"))
    return dict(rows.values_list("pk", "last"))
