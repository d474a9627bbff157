"""The plan writer: the only code that writes periods, relationships, populations, boards, codes, lineage and effects.

It writes a plan's operations in batches, closing before opening. Every closing counts the rows it met: where another
writer was there first, `Stale` is raised and the transaction undoes everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import models, transaction
from django.db.models import F

from organisations.contributors import Stale, contributors
from organisations.domain import operations as ops
from organisations.domain import revisions
from organisations.domain.effects import effects_of
from organisations.domain.planning import Plan
from organisations.domain.snapshot import DatedRelationship, Provenance
from organisations.models import (
    BoardSeat,
    Change,
    ChangeEffects,
    ChangeMove,
    ChangeParty,
    FormPeriod,
    LineageEdge,
    LineageLink,
    NamePeriod,
    Organisation,
    Population,
    Relationship,
    subjects,
)
from organisations.models.querysets import DUE
from pcorg.core.audit.subjects import Subject
from pcorg.core.batches import BATCH, batches


def write(plan: Plan, *, change: Change | None) -> set[Subject]:
    """Write a plan. `change` is the change that brings it about, with which the plan's effects are stored; None for
    opening facts. Gives the subjects whose rows it wrote, for the audit trail.

    Must run inside a transaction. Raises Stale, or IntegrityError where the database's own guards refuse.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a plan is written inside a transaction")
    corrects = any(type(operation) in REVISIONS for operation in plan.operations)
    for kind, found in _in_turn(plan) if corrects else _sorted_out(plan):
        if kind in WRITTEN:
            WRITTEN[kind](found, change)
    bodies = {operation.subject for operation in plan.operations}
    wrote = {subjects.organisation(code) for code in bodies}
    wrote |= {subjects.change(op.change) for op in plan.operations if isinstance(op, REVISING_CHANGES)}
    if change is not None:
        ChangeEffects.objects.create(change=change, effects=[effect.stored() for effect in effects_of(plan)])
        wrote.add(subjects.change(change.pk))
    for contributor in contributors():
        wrote.update(contributor.write(plan.operations, change=change))
    _touch(bodies)
    return wrote


def _sorted_out(plan: Plan) -> Iterable[tuple[type, list[Any]]]:
    """The operations by kind, closings first: a change is written in as many steps as it has kinds."""
    by_kind: dict[type, list[Any]] = defaultdict(list)
    for operation in plan.operations:
        by_kind[type(operation)].append(operation)
    return ((kind, by_kind[kind]) for kind in STEPS if kind in by_kind)


def _in_turn(plan: Plan) -> Iterable[tuple[type, list[Any]]]:
    """The operations in the plan's own order: a correction gives the same fact one end and then another."""
    return ((kind, list(run)) for kind, run in groupby(plan.operations, key=type))


def _facts(provenance: Provenance) -> dict[str, Any]:
    return {
        "basis": provenance.basis,
        "source_id": provenance.source or None,
        "locator": provenance.locator,
        "note": provenance.note,
    }


def _touch(codes: Iterable[str]) -> None:
    for batch in batches(sorted(codes)):
        Organisation.objects.filter(pk__in=batch).update(version=F("version") + 1)


def _by_day(operations: Iterable[Any]) -> dict[date, list[str]]:
    days: dict[date, list[str]] = defaultdict(list)
    for operation in operations:
        days[operation.on].append(operation.code)
    return days


def _close_relationships(operations: Sequence[ops.CloseRelationship], change: Change | None) -> None:
    """Ends the relationship in force between each two; one that began on that very day is kept with no days."""
    by_day: dict[date, set[tuple[str, str, str]]] = defaultdict(set)
    for operation in operations:
        by_day[operation.on].add(operation.key)
    for on, rows_by_key in by_day.items():
        updated: list[int] = []
        for batch in batches(sorted({subject for _, subject, _ in rows_by_key})):
            rows = Relationship.objects.as_of(on).filter(subject__in=batch)
            updated += (
                pk for pk, *key in rows.values_list("pk", "kind", "subject", "object") if tuple(key) in rows_by_key
            )
        if len(updated) != len(rows_by_key):
            raise Stale(f"{len(rows_by_key) - len(updated)} relationships are no longer in force")
        for batch in batches(updated):
            Relationship.objects.filter(pk__in=batch).update(end=on, ended_by=change, due_end=DUE)


def _closing(model: type[models.Model]) -> Callable[[Sequence[Any], Change | None], None]:
    """Ends the period in force of each body named; each must have at least one."""

    def close(operations: Sequence[Any], change: Change | None) -> None:
        manager: Any = model._default_manager
        for on, codes in _by_day(operations).items():
            for batch in batches(codes):
                rows = manager.as_of(on).filter(organisation__in=batch)
                bodies = set(rows.values_list("organisation", flat=True))
                if bodies != set(batch):
                    raise Stale(f"no {model._meta.verbose_name} in force for {sorted(set(batch) - bodies)}")
                rows.update(end=on, ended_by=change, due_end=DUE)

    return close


def _close_organisations(operations: Sequence[ops.CloseOrganisation], change: Change | None) -> None:
    for on, codes in _by_day(operations).items():
        for batch in batches(codes):
            open_ones = Organisation.objects.filter(pk__in=batch, closed__isnull=True)
            if open_ones.update(closed=on, closed_by=change) != len(batch):
                raise Stale("a body to be closed is closed already")


def _creating(
    model: type[models.Model], facts: Callable[[Any, Change | None], dict[str, Any]]
) -> Callable[[Sequence[Any], Change | None], None]:
    """Makes a row of the model for each operation, in batches; `facts` gives the row's fields."""

    def create(operations: Sequence[Any], change: Change | None) -> None:
        model._default_manager.bulk_create([model(**facts(op, change)) for op in operations], batch_size=BATCH)

    return create


def _organisation(op: ops.OpenOrganisation, change: Change | None) -> dict[str, Any]:
    life = {"opened": op.opened, "opened_basis": op.opened_basis, "closed": op.closed}
    return {"code": op.code, "portfolio_id": op.portfolio, **life, **_facts(op.known)}


def _form(op: ops.OpenForm, change: Change | None) -> dict[str, Any]:
    columns = {"organisation_id": op.code, "form_id": op.form, "start": op.start, "end": op.end}
    return {**columns, "begun_by": change, **_ending(op), **_facts(op.known)}


def _name(op: ops.OpenName, change: Change | None) -> dict[str, Any]:
    columns = {"organisation_id": op.code, "name": op.name, "start": op.start, "end": op.end}
    return {**columns, "begun_by": change, **_ending(op), **_facts(op.known)}


def _relationship(op: ops.OpenRelationship, change: Change | None) -> dict[str, Any]:
    relationship = op.relationship
    ends = {
        "kind": relationship.kind,
        "subject_id": relationship.subject,
        "object_id": relationship.object,
        "share": relationship.share,
    }
    columns = {"start": relationship.period.start, "end": relationship.period.end, "begun_by": change}
    return {**ends, **columns, **_ending(relationship), **_facts(relationship.known)}


def _ending(fact: ops.OpenForm | ops.OpenName | DatedRelationship) -> dict[str, Any]:
    """The change that ends a fact that opens, where one is known that has a number, and when it was stated to end."""
    return {"ended_by_id": fact.ended_by or None, "due_end": fact.due}


def _seat(op: ops.OpenSeat, change: Change | None) -> dict[str, Any]:
    seat = op.seat
    columns = {"organisation_id": op.code, "constituency": seat.constituency, "seats": seat.seats}
    return {**columns, "start": seat.period.start, "end": seat.period.end, "begun_by": change, **_facts(seat.known)}


def _population(op: ops.RecordPopulation, change: Change | None) -> dict[str, Any]:
    count = op.count
    people = {"organisation_id": op.code, "on": count.on, "count": count.count, "counted": count.basis}
    if count.computed:
        parts = [part.stored() for part in count.parts]
        people |= {"oldest_on": count.counted_on, "at_least": count.at_least, "parts": parts}
    return {**people, "begun_by": change, **_facts(count.known)}


def _supersede_populations(operations: Sequence[ops.SupersedePopulation], change: Change | None) -> None:
    for on, codes in _by_day(operations).items():
        for batch in batches(codes):
            if Population.objects.filter(organisation__in=batch, on=on).update(superseded_by=change) != len(batch):
                raise Stale(f"a population of {on} is no longer there")


def _edge(op: ops.RecordLineage, change: Change | None) -> dict[str, Any]:
    ends = {"original_id": op.original, "resulting_id": op.resulting}
    taken_back = {"of": list(op.of), "of_share": op.of_share, "others_share": op.others_share}
    return {"change": change, **ends, "share": op.share, "basis": op.basis, "note": op.note, **taken_back}


def _link(op: ops.RecordLink, change: Change | None) -> dict[str, Any]:
    ends = {"original_id": op.original, "resulting_id": op.resulting}
    return {"change": change, **ends, "share": op.share, "basis": op.basis, "note": op.note}


def _move(op: ops.MoveItem, change: Change | None) -> dict[str, Any]:
    return {"change": change, "what": op.what, "giver_id": op.giver, "receiver_id": op.receiver}


STEPS: dict[type, Callable[[Any, Change | None], None]] = {
    ops.CloseRelationship: _close_relationships,
    ops.CloseForm: _closing(FormPeriod),
    ops.CloseName: _closing(NamePeriod),
    ops.CloseBoard: _closing(BoardSeat),
    ops.CloseOrganisation: _close_organisations,
    ops.SupersedePopulation: _supersede_populations,
    ops.OpenOrganisation: _creating(Organisation, _organisation),
    ops.OpenForm: _creating(FormPeriod, _form),
    ops.OpenName: _creating(NamePeriod, _name),
    ops.OpenRelationship: _creating(Relationship, _relationship),
    ops.OpenSeat: _creating(BoardSeat, _seat),
    ops.RecordPopulation: _creating(Population, _population),
    ops.RecordLineage: _creating(LineageEdge, _edge),
    ops.RecordLink: _creating(LineageLink, _link),
    ops.MoveItem: _creating(ChangeMove, _move),
}
"""What is written for each operation, in the order in which it is written."""


def _revise_ends(operations: Sequence[revisions.ReviseEnd], change: Change | None) -> None:
    for op in operations:
        by = op.by if op.by is not None else (change.pk if change is not None else None)
        if op.fact is revisions.FactKind.LIFE:
            updated = Organisation.objects.filter(pk=op.code).update(closed=op.end, closed_by_id=by)
        else:
            updated = _periods(op).update(end=op.end, ended_by_id=by, due_end=DUE)
        if not updated:
            raise Stale(f"the {op.fact.value} of {op.code} from {op.start} is no longer there")


def _reopen_facts(operations: Sequence[revisions.ReopenFact], change: Change | None) -> None:
    for op in operations:
        if op.fact is revisions.FactKind.LIFE:
            updated = Organisation.objects.filter(pk=op.code).update(closed=op.due, closed_by=None)
        else:
            updated = _periods(op).update(end=op.due, ended_by=None, due_end=None)
        if not updated:
            raise Stale(f"the {op.fact.value} of {op.code} from {op.start} is no longer there")


def _periods(op: revisions.ReviseEnd | revisions.ReopenFact) -> Any:
    manager: Any = REVISED[op.fact]._default_manager
    return manager.filter(organisation=op.code, start=op.start)


def _revise_relationships(operations: Sequence[revisions.ReviseRelationship], change: Change | None) -> None:
    for op in operations:
        rows = Relationship.objects.filter(kind=op.kind, subject=op.subject, object=op.object, start=op.start)
        if rows.update(end=op.end, ended_by=change, due_end=DUE) != 1:
            raise Stale(f"{op.subject} is no longer {op.kind} {op.object} from {op.start}")


def _reopen_relationships(operations: Sequence[revisions.ReopenRelationship], change: Change | None) -> None:
    for op in operations:
        relationship = op.relationship
        rows = Relationship.with_struck_out.filter(
            kind=relationship.kind,
            subject=relationship.subject,
            object=relationship.object,
            start=relationship.period.start,
            ended_by=relationship.ended_by,
        )
        if rows.update(end=relationship.due, ended_by=None, due_end=None) != 1:
            raise Stale(
                f"{relationship.subject} was not {relationship.kind} {relationship.object} "
                f"from {relationship.period.start}"
            )


def _supersede_lineage(operations: Sequence[revisions.SupersedeLineage], change: Change | None) -> None:
    for op in operations:
        LineageEdge.objects.filter(change=op.change, original=op.original).update(superseded_by=change)
        ChangeParty.objects.filter(change=op.change, organisation=op.original, role=ChangeParty.ORIGINAL).update(
            superseded_by=change
        )


def _rebase_lineage(operations: Sequence[revisions.RebaseLineage], change: Change | None) -> None:
    for op in operations:
        LineageEdge.objects.bulk_create(
            [
                LineageEdge(
                    change_id=op.change,
                    original_id=op.original,
                    resulting_id=resulting,
                    share=share,
                    basis=basis,
                    note=f"re-based: {change.title}" if change is not None else "",
                )
                for resulting, share, basis in op.shares
            ],
            batch_size=BATCH,
        )
        ChangeParty.objects.create(
            change_id=op.change, organisation_id=op.original, role=ChangeParty.ORIGINAL, position=0
        )


def _undo_changes(operations: Sequence[revisions.UndoChange], change: Change | None) -> None:
    for op in operations:
        if not Change.objects.filter(pk=op.change, undone_by=None).update(undone_by=change, version=F("version") + 1):
            raise Stale(f"change {op.change} has been undone already")
        LineageEdge.objects.filter(change=op.change).update(superseded_by=change)
        LineageLink.objects.filter(change=op.change).update(superseded_by=change)


def _withdraw_populations(operations: Sequence[revisions.WithdrawPopulation], change: Change | None) -> None:
    for op in operations:
        if not Population.objects.filter(organisation=op.code, on=op.on).delete()[0]:
            raise Stale(f"the population of {op.code} on {op.on} is no longer there")


def _reinstate_populations(operations: Sequence[revisions.ReinstatePopulation], change: Change | None) -> None:
    for op in operations:
        rows = Population.with_struck_out.filter(organisation=op.code, on=op.on, superseded_by=op.superseded_by)
        if rows.update(superseded_by=None) != 1:
            raise Stale(f"the earlier population of {op.code} on {op.on} is no longer there")


REVISED: dict[revisions.FactKind, type[models.Model]] = {
    revisions.FactKind.FORM: FormPeriod,
    revisions.FactKind.NAME: NamePeriod,
    revisions.FactKind.SEAT: BoardSeat,
}

REVISIONS: dict[type, Callable[[Any, Change | None], None]] = {
    revisions.ReviseEnd: _revise_ends,
    revisions.ReopenFact: _reopen_facts,
    revisions.ReviseRelationship: _revise_relationships,
    revisions.ReopenRelationship: _reopen_relationships,
    revisions.SupersedeLineage: _supersede_lineage,
    revisions.RebaseLineage: _rebase_lineage,
    revisions.UndoChange: _undo_changes,
    revisions.WithdrawPopulation: _withdraw_populations,
    revisions.ReinstatePopulation: _reinstate_populations,
}
"""What is written for the operations that only corrections use."""

REVISING_CHANGES = (revisions.SupersedeLineage, revisions.RebaseLineage, revisions.UndoChange)
"""Operations that write rows of the change they name."""

WRITTEN = STEPS | REVISIONS
