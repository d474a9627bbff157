"""What each operation of a plan does, in before and after, for people and programs to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from organisations.domain import operations as ops
from organisations.domain import revisions
from organisations.domain.operations import Operation
from organisations.domain.planning import Plan
from organisations.domain.snapshot import PopulationCount, Snapshot

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """One operation: what it does, to which body, and the facts it changes."""

    operation: str
    subject: str
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)


def effects_of(plan: Plan) -> list[Effect]:
    """The effects of a plan in the order in which they apply."""
    return [effect_of(operation, plan.before) for operation in plan.operations]


def effect_of(operation: Operation, before: Snapshot) -> Effect:
    """What one operation does. An operation that an app above contributes may describe itself by `effect(before)`."""
    describe = DESCRIBED.get(type(operation))
    if describe is None:
        own: Callable[[Snapshot], tuple[Facts, Facts]] | None = getattr(operation, "effect", None)
        facts = own(before) if own is not None else ({}, {})
    else:
        facts = describe(operation, before)
    return Effect(operation.verb, operation.subject, *facts)


def _closed(operation: ops.CloseOrganisation, before: Snapshot) -> tuple[Facts, Facts]:
    return {"closed": None, "name": before.bodies[operation.code].last_name()}, {"closed": operation.on}


def _opened(operation: ops.OpenOrganisation, before: Snapshot) -> tuple[Facts, Facts]:
    return {}, {"opened": operation.opened, "portfolio": operation.portfolio}


def _form_opened(operation: ops.OpenForm, before: Snapshot) -> tuple[Facts, Facts]:
    body = before.bodies.get(operation.code)
    return ({"form": body.form_on(operation.start)} if body else {}), {"form": operation.form, "from": operation.start}


def _form_closed(operation: ops.CloseForm, before: Snapshot) -> tuple[Facts, Facts]:
    return {"form": before.bodies[operation.code].form_on(operation.on)}, {"until": operation.on}


def _name_opened(operation: ops.OpenName, before: Snapshot) -> tuple[Facts, Facts]:
    body = before.bodies.get(operation.code)
    return ({"name": body.name_on(operation.start)} if body else {}), {"name": operation.name, "from": operation.start}


def _name_closed(operation: ops.CloseName, before: Snapshot) -> tuple[Facts, Facts]:
    return {"name": before.bodies[operation.code].name_on(operation.on)}, {"until": operation.on}


def _tie_opened(operation: ops.OpenRelationship, before: Snapshot) -> tuple[Facts, Facts]:
    tie = operation.tie
    return {}, {"kind": tie.kind.value, "organisation": tie.object, "from": tie.period.start}


def _tie_closed(operation: ops.CloseRelationship, before: Snapshot) -> tuple[Facts, Facts]:
    return {"kind": operation.kind.value, "organisation": operation.object}, {"until": operation.on}


def _counted(operation: ops.RecordPopulation, before: Snapshot) -> tuple[Facts, Facts]:
    counted = operation.count
    held = before.count_now(operation.code, counted.on) if operation.code in before.bodies else None
    return count_in_words(held) if held else {}, count_in_words(counted)


def _count_superseded(operation: ops.SupersedePopulation, before: Snapshot) -> tuple[Facts, Facts]:
    held = before.bodies[operation.code].count_of(operation.on)
    return count_in_words(held) if held else {}, {}


def count_in_words(count: PopulationCount) -> Facts:
    """A count as an effect states it: how many, when and how they were counted, and what it was computed from."""
    said: Facts = {"population": count.count, "on": count.counted_on, "basis": count.basis.value}
    if count.computed:
        said |= {"at_least": count.at_least, "parts": [part.stored() for part in count.parts]}
    return said


def _seat_opened(operation: ops.OpenSeat, before: Snapshot) -> tuple[Facts, Facts]:
    return {}, {"constituency": operation.seat.constituency.value, "seats": operation.seat.seats}


def _board_closed(operation: ops.CloseBoard, before: Snapshot) -> tuple[Facts, Facts]:
    seats = before.bodies[operation.code].seats_on(operation.on)
    return {"seats": sum(seat.seats for seat in seats)}, {"until": operation.on}


def _lineage(operation: ops.RecordLineage, before: Snapshot) -> tuple[Facts, Facts]:
    told = {"resulting": operation.resulting, "share": str(operation.share), "basis": operation.basis.value}
    return {}, told | ({"of": list(operation.of)} if operation.of else {})


def _linked(operation: ops.RecordLink, before: Snapshot) -> tuple[Facts, Facts]:
    return {}, {"resulting": operation.resulting, "share": str(operation.share), "basis": operation.basis.value}


def _moved(operation: ops.MoveItem, before: Snapshot) -> tuple[Facts, Facts]:
    return {"what": operation.what, "with": operation.giver}, {"what": operation.what, "with": operation.receiver}


def _end_revised(operation: revisions.ReviseEnd, before: Snapshot) -> tuple[Facts, Facts]:
    return {}, {"fact": operation.fact.value, "start": operation.start, "end": operation.end}


def _fact_reopened(operation: revisions.ReopenFact, before: Snapshot) -> tuple[Facts, Facts]:
    return {}, {"fact": operation.fact.value, "start": operation.start, "end": operation.due}


def _tie_reopened(operation: revisions.ReopenRelationship, before: Snapshot) -> tuple[Facts, Facts]:
    tie = operation.tie
    named = {"kind": tie.kind.value, "organisation": tie.object}
    return named, named | {"start": tie.period.start, "end": tie.due}


def _tie_revised(operation: revisions.ReviseRelationship, before: Snapshot) -> tuple[Facts, Facts]:
    named = {"kind": operation.kind.value, "organisation": operation.object}
    return named, named | {"start": operation.start, "end": operation.end}


def _superseded(operation: revisions.SupersedeLineage, before: Snapshot) -> tuple[Facts, Facts]:
    return {"change": operation.change}, {}


def _rebased(operation: revisions.RebaseLineage, before: Snapshot) -> tuple[Facts, Facts]:
    shares = [{"resulting": resulting, "share": str(share)} for resulting, share, _ in operation.shares]
    return {}, {"change": operation.change, "shares": shares}


def _undone(operation: revisions.UndoChange, before: Snapshot) -> tuple[Facts, Facts]:
    return {"change": operation.change}, {}


def _count_reinstated(operation: revisions.ReinstatePopulation, before: Snapshot) -> tuple[Facts, Facts]:
    superseded = before.bodies[operation.code].superseded
    back = next((count for count in superseded if count.superseded_by == operation.superseded_by), None)
    return {}, count_in_words(back) if back else {}


def _uncounted(operation: revisions.WithdrawPopulation, before: Snapshot) -> tuple[Facts, Facts]:
    held = next((count.count for count in before.bodies[operation.code].counts if count.on == operation.on), None)
    return {"population": held, "on": operation.on}, {}


DESCRIBED: dict[type, Callable[[Any, Snapshot], tuple[Facts, Facts]]] = {
    ops.CloseOrganisation: _closed,
    ops.OpenOrganisation: _opened,
    ops.OpenForm: _form_opened,
    ops.CloseForm: _form_closed,
    ops.OpenName: _name_opened,
    ops.CloseName: _name_closed,
    ops.OpenRelationship: _tie_opened,
    ops.CloseRelationship: _tie_closed,
    ops.RecordPopulation: _counted,
    ops.SupersedePopulation: _count_superseded,
    ops.OpenSeat: _seat_opened,
    ops.CloseBoard: _board_closed,
    ops.RecordLineage: _lineage,
    ops.RecordLink: _linked,
    ops.MoveItem: _moved,
    revisions.ReviseEnd: _end_revised,
    revisions.ReopenFact: _fact_reopened,
    revisions.ReviseRelationship: _tie_revised,
    revisions.ReopenRelationship: _tie_reopened,
    revisions.SupersedeLineage: _superseded,
    revisions.RebaseLineage: _rebased,
    revisions.UndoChange: _undone,
    revisions.WithdrawPopulation: _uncounted,
    revisions.ReinstatePopulation: _count_reinstated,
}
