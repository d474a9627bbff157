"""Plans, and how each kind of change is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from organisations.domain.changes import ChangeRequest, NewBody
from organisations.domain.operations import CloseRelationship, MoveItem, Operation, RecordLineage, RecordLink
from organisations.domain.planning import steps
from organisations.domain.planning.corrections import correction
from organisations.domain.planning.population import population_operations
from organisations.domain.snapshot import DatedRelationship, Snapshot
from organisations.domain.vocabulary import ChangeKind


@dataclass(frozen=True)
class Plan:
    """What a change does, worked out and tried: the operations in order and the state they lead to.

    `request` is None for the opening facts of a portfolio.
    """

    request: ChangeRequest | None
    operations: tuple[Operation, ...]
    before: Snapshot
    after: Snapshot


Contribution = Callable[[ChangeRequest, Snapshot], Iterable[Operation]]
"""What an app above adds to a plan: its own operations for the request, from the snapshot before it."""


def plan(request: ChangeRequest, snapshot: Snapshot, contributions: Sequence[Contribution] = ()) -> Plan:
    """Work out a change. The request must have no integrity problems (`integrity.problems_of`).

    Raises Impossible where an operation cannot be applied to what it meets. Whether anybody is left behind is for the
    checks to say.
    """
    operations = (
        *PLANNERS[request.kind](request, snapshot),
        *_lineage(request),
        *population_operations(request, snapshot),
        *(operation for contribute in contributions for operation in contribute(request, snapshot)),
    )
    return Plan(request, operations, snapshot, snapshot.after(operations))


def opening_plan(
    bodies: Iterable[NewBody], relationships: Iterable[DatedRelationship], snapshot: Snapshot, portfolio: str
) -> Plan:
    """The opening facts of a portfolio: bodies that no change in it makes, and the ties among them."""
    operations = opening_operations(bodies, relationships, portfolio)
    return Plan(None, operations, snapshot, snapshot.after(operations))


def opening_operations(
    bodies: Iterable[NewBody], relationships: Iterable[DatedRelationship], portfolio: str
) -> tuple[Operation, ...]:
    """What opens those bodies and ties: every body before any tie."""
    bodies = tuple(bodies)
    return (
        *(operation for body in bodies for operation in steps.birth(body, portfolio)),
        *steps.opened([*(relationship for body in bodies for relationship in body.relationships), *relationships]),
    )


def _lineage(request: ChangeRequest) -> Iterator[Operation]:
    for edge in request.shares():
        yield RecordLineage(
            edge.original,
            edge.resulting,
            edge.share,
            edge.basis,
            request.effective_on,
            edge.note,
            edge.of,
            edge.of_share,
            edge.others_share,
        )
    for link in request.links:
        yield RecordLink(link.original, link.resulting, link.share, link.basis, link.note)
    for move in request.moves:
        yield MoveItem(move.what, move.giver, move.receiver)


def _stated(request: ChangeRequest) -> list[DatedRelationship]:
    return [*(relationship for new in request.new for relationship in new.relationships), *request.relationships]


def _births(request: ChangeRequest) -> Iterator[Operation]:
    for new in request.new:
        yield from steps.birth(new, request.portfolio)


def _opening(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """Establishment and separation: a body begins, nothing ends."""
    yield from _births(request)
    yield from _handing_over(request, snapshot)
    yield from steps.replaced(request, snapshot)
    yield from steps.opened_within_lives(_stated(request), snapshot)


def _succession(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """Succession and merger: bodies end and one heir, new or continuing, takes over what they had."""
    heir = request.new[0].code if request.new else request.continuing[0]
    stated = _stated(request)
    moved = list(steps.handovers(request, snapshot))
    inherited = steps.inheritance(request, heir, snapshot, stated, leaving={old.identity for old, _ in moved})
    yield from steps.ending(request.closing, snapshot, request.effective_on)
    yield from _closed(_from_those_that_go_on(moved, request), request)
    yield from steps.replaced(request, snapshot)
    yield from _births(request)
    yield from steps.opened_within_lives([*stated, *inherited, *(new for _, new in moved)], snapshot)


def _transition(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    return _succession(request, snapshot) if request.new else steps.same_body(request, snapshot)


def _division(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """Split: the body ends (or goes on smaller) and its parts keep to whom it answered; members go as moved."""
    stated = _stated(request)
    kept = steps.division(request, snapshot)
    moved = list(steps.handovers(request, snapshot))
    if request.closing:
        yield from steps.ending(request.closing, snapshot, request.effective_on)
    else:
        yield from _closed((old for old, _ in moved), request)
    yield from _births(request)
    yield from steps.opened_within_lives([*stated, *kept, *(new for _, new in moved)], snapshot)


def _reconfiguration(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """Many to many: what is not stated or moved does not carry over, for nobody says to whom it would go."""
    moved = list(steps.handovers(request, snapshot))
    yield from steps.ending(request.closing, snapshot, request.effective_on)
    yield from _closed(_from_those_that_go_on(moved, request), request)
    yield from _births(request)
    yield from steps.opened_within_lives([*_stated(request), *(new for _, new in moved)], snapshot)


def _transfer(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    yield from _handing_over(request, snapshot)
    yield from steps.replaced(request, snapshot)
    yield from steps.opened_within_lives(request.relationships, snapshot)


def _dissolution(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    moved = list(steps.handovers(request, snapshot))
    yield from steps.ending(request.closing, snapshot, request.effective_on)
    yield from steps.opened_within_lives((new for _, new in moved), snapshot)


def _handing_over(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    moved = list(steps.handovers(request, snapshot))
    yield from _closed((old for old, _ in moved), request)
    yield from steps.opened_within_lives((new for _, new in moved), snapshot)


def _from_those_that_go_on(
    moved: Iterable[tuple[DatedRelationship, DatedRelationship]], request: ChangeRequest
) -> Iterator[DatedRelationship]:
    """Of ties handed over, those with a giver that does not end: what a body had ends with it."""
    closing = frozenset(request.closing)
    return (old for old, _ in moved if old.object not in closing)


def _closed(relationships: Iterable[DatedRelationship], request: ChangeRequest) -> Iterator[Operation]:
    for relationship in relationships:
        yield CloseRelationship(relationship.kind, relationship.subject, relationship.object, request.effective_on)


PLANNERS: dict[ChangeKind, Callable[[ChangeRequest, Snapshot], Iterator[Operation]]] = {
    ChangeKind.ESTABLISHMENT: _opening,
    ChangeKind.TRANSITION: _transition,
    ChangeKind.MERGER: _succession,
    ChangeKind.SPLIT: _division,
    ChangeKind.SEPARATION: _opening,
    ChangeKind.TRANSFER: _transfer,
    ChangeKind.RECONFIGURATION: _reconfiguration,
    ChangeKind.RENAME: steps.same_body,
    ChangeKind.DISSOLUTION: _dissolution,
    ChangeKind.CORRECTION: correction,
}
