"""The piles of proposals, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from organisations.domain.vocabulary import ChangeKind, ChangeStatus
from organisations.models import Change
from organisations.policies import steps_open_to
from organisations.read_models.changes import ChangeParties
from organisations.selectors.proposals import ProposalQueue
from organisations.web.presenters.changes import kind_label
from organisations.web.presenters.listing import SearchField
from organisations.web.presenters.proposal import COLOURS
from pcorg.core.pages.scope import Scope
from pcorg.core.people import owns
from pcorg.core.policies import Actor

WORDS = {
    ProposalQueue.WAITING: "Waiting for my decision",
    ProposalQueue.OWN: "My proposals",
    ProposalQueue.FLAGGED: "To look at again",
    ProposalQueue.OPEN: "All that are open",
}


@dataclass(frozen=True)
class QueueLink:
    """A pile with how many lie in it."""

    text: str
    href: str
    number: int
    current: bool


@dataclass(frozen=True)
class ProposalRow:
    """A proposal in a pile."""

    title: str
    href: str
    illustrative: bool
    kind: str
    on: date
    status: str
    colour: str
    proposed_by: str
    own: bool
    since: datetime | None
    flag: str
    bodies: str
    can: str


def queue_links(
    chosen: ProposalQueue, counts: Mapping[ProposalQueue, int], scope: Scope, *, approves: bool
) -> list[QueueLink]:
    """The piles to turn to; that of decisions is for approvers."""
    return [
        QueueLink(WORDS[pile], scope.link("decisions", pile=pile.value), counts[pile], pile is chosen)
        for pile in ProposalQueue
        if approves or pile is not ProposalQueue.WAITING
    ]


def fields(query: Mapping[str, str]) -> list[SearchField]:
    """The fields that narrow a pile."""
    return [
        SearchField("q", "Words of the title", query["q"], type="search"),
        SearchField("kind", "Kind of change", query["kind"], [("", "All kinds"), *ChangeKind.choices()]),
        SearchField("status", "Status", query["status"], [("", "All statuses"), *ChangeStatus.choices()]),
    ]


def rows(
    changes: Iterable[Change],
    parties: Mapping[int, ChangeParties],
    since: Mapping[int, datetime],
    *,
    by: Actor,
    scope: Scope,
) -> list[ProposalRow]:
    """Proposals as rows, with what the reader may do with each."""
    return [
        ProposalRow(
            title=change.title,
            href=scope.link("change", change.pk),
            illustrative=change.portfolio.illustrative,
            kind=kind_label(change.kind, change.route),
            on=change.effective_on,
            status=ChangeStatus.stored(change.status).label,
            colour=COLOURS[ChangeStatus(change.status)],
            proposed_by=change.owner_name,
            own=owns(by, change),
            since=since.get(change.pk),
            flag=change.flag,
            bodies=", ".join(parties[change.pk]["originals"][:4]) if change.pk in parties else "",
            can=", ".join(step.label.lower() for step in steps_open_to(by, change)).capitalize(),
        )
        for change in changes
    ]
