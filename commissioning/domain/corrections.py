"""What corrections do to what bodies hold.

A forgotten succession or merger under a later change: what the originals held between the two days is the new body's;
what the later change began stays as it is. Where nothing later touches the originals it moves what they hold as any
succession does.

An error undone: what the change began never held, and what it ended goes on to the day on which it was due to end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commissioning.domain.holdings import Holding
from commissioning.domain.movement import movements, novated, passings
from commissioning.domain.operations import CloseHolding, held_in
from commissioning.domain.revisions import ReviseHolding, ReviveHolding
from organisations.domain.changes import ChangeRequest
from organisations.domain.operations import Impossible, Operation
from organisations.domain.snapshot import Snapshot
from pcorg.core.periods import Period


def corrected(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """The operations of a correction; of a fact put right, none. Raises Impossible where what it would undo has been
    changed since."""
    if request.undoes:
        yield from _undone(request, snapshot)
    elif request.new:
        yield from _forgotten(request, snapshot)


def _undone(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    number, holdings = int(request.corrects), held_in(snapshot)
    begun = [each for each in holdings.holdings if each.begun_by == number]
    ended = [each for each in (*holdings.holdings, *holdings.struck) if each.ended_by == number]
    _refuse_what_was_changed_since(number, snapshot, begun, ended)
    for each in begun:
        yield ReviseHolding(each, each.period.start, each.period.end)
    for each in ended:
        yield ReviveHolding(each)


def _refuse_what_was_changed_since(
    number: int, snapshot: Snapshot, begun: Sequence[Holding], ended: Sequence[Holding]
) -> None:
    """What the change began may have been moved on by another, or something else may have come to a body that it
    opened: undone, it would leave that without anybody to hold it."""
    holdings = held_in(snapshot)
    past = next(each for each in snapshot.history if each.change == number)
    opened = frozenset(past.resulting) - frozenset(past.originals)
    stray = [each for code in opened for each in holdings.with_body(code) if each.begun_by != number]
    moved_on = [each for each in (*begun, *holdings.struck) if each.begun_by == number and each.ended_by is not None]
    given_back = {each.thing for each in ended}
    lost = [each for each in begun if each.thing not in given_back]
    changed = sorted({each.item for each in (*stray, *moved_on, *lost)})
    if changed:
        raise Impossible(
            "blocked-by-check",
            f"What this change moved has been changed since, or has come to a body that it opened: "
            f"{', '.join(changed)}. Undo or correct that first.",
            "/corrects",
        )


def _forgotten(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    ended = snapshot.bodies[request.closing[0]].closed
    if ended is None:
        yield from movements(request, snapshot)
        return
    between = Period(request.effective_on, ended)
    for operation in novated(passings(request, snapshot), held_in(snapshot), between):
        if isinstance(operation, CloseHolding):
            old = operation.holding
            yield ReviseHolding(old, operation.end, old.period.end if old.ended_by is None else old.due)
        else:
            yield operation
