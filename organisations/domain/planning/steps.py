"""The steps every kind of change is put together from."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from datetime import date

from organisations.domain.changes import ChangeRequest, NewBody
from organisations.domain.operations import (
    CloseBoard,
    CloseForm,
    CloseName,
    CloseOrganisation,
    CloseRelationship,
    Impossible,
    OpenForm,
    OpenName,
    OpenOrganisation,
    OpenRelationship,
    OpenSeat,
    Operation,
    RecordPopulation,
)
from organisations.domain.snapshot import (
    Body,
    DatedForm,
    DatedName,
    DatedRelationship,
    Provenance,
    RelationshipIdentity,
    RelationshipKey,
    Snapshot,
    in_force,
)
from organisations.domain.vocabulary import ChangeKind, Family, RelationshipKind
from pcorg.core.periods import Period

AREA_FAMILIES = frozenset({Family.GROUPS_AND_TRUSTS, Family.LATER_BODIES})
"""Families whose bodies stand for all people and practices of an area: their members may not be left without one."""

ANSWERING = frozenset({RelationshipKind.ACCOUNTABLE_TO, RelationshipKind.SUB_COMMITTEE_OF})
"""Ties of which a body has one at most at a time."""

CARRIED_ON_SPLIT = frozenset(
    {RelationshipKind.ACCOUNTABLE_TO, RelationshipKind.SUB_COMMITTEE_OF, RelationshipKind.COMMISSIONED_BY}
)
"""What every part of a divided body keeps. Councils, neighbours and members depend on the line of division."""


def birth(new: NewBody, portfolio: str) -> Iterator[Operation]:
    """Open a body with its form, name, counts and board. Its ties follow once every body of the change is open."""
    yield OpenOrganisation(new.code, portfolio, new.opened, new.opened_basis, new.known, new.closed)
    yield OpenForm(new.code, new.form, new.opened, new.form_known, new.closed)
    yield OpenName(new.code, new.name, new.opened, new.known, new.closed)
    for count in new.counts:
        yield RecordPopulation(new.code, count)
    for seat in new.seats:
        yield OpenSeat(new.code, seat)


def ending(codes: Iterable[str], snapshot: Snapshot, on: date) -> Iterator[Operation]:
    """Close bodies and everything about them that would go on. A tie between two of them is closed once.

    What was stated to end later ends with them. Raises Impossible where something about them begins only later, or was
    ended later by another change.
    """
    closed: set[RelationshipIdentity] = set()
    codes = tuple(codes)
    for code in codes:
        for relationship in snapshot.relationships_with(code):
            if (
                relationship.period.end is not None and relationship.period.end <= on
            ) or relationship.identity in closed:
                continue
            closed.add(relationship.identity)
            refuse_later_history(relationship, on)
            yield CloseRelationship(relationship.kind, relationship.subject, relationship.object, on)
    for code in codes:
        body = snapshot.bodies[code]
        _refuse_later_facts(body, on)
        yield CloseForm(code, on)
        yield CloseName(code, on)
        if body.seats_on(on):
            yield CloseBoard(code, on)
        yield CloseOrganisation(code, on)


def refuse_later_history(relationship: DatedRelationship, on: date) -> None:
    """Raise Impossible where a tie cannot end on a day, for it begins later or another change has ended it later."""
    description = (
        f"the relationship “{relationship.kind.label.lower()}” between {relationship.subject} and {relationship.object}"
    )
    if relationship.period.start > on:
        raise Impossible(
            "conflict",
            f"A change on {on:%-d %B %Y} cannot end {description}, "
            f"which begins on {relationship.period.start:%-d %B %Y}. State it "
            "with the organisation that takes over, or begin it earlier.",
        )
    if relationship.period.end is not None and relationship.ended_by is not None:
        raise Impossible(
            "conflict",
            f"A change on {on:%-d %B %Y} cannot end {description}, for a later change ended it on "
            f"{relationship.period.end:%-d %B %Y}. Undo that change first, or record this one as a correction.",
        )


def _refuse_later_facts(body: Body, on: date) -> None:
    starts = (*(each.period.start for each in body.forms), *(each.period.start for each in body.names))
    later = min((day for day in starts if day > on), default=None)
    if later is not None:
        raise Impossible(
            "conflict",
            f"{body.last_name()} ({body.code}) cannot close on {on:%-d %B %Y}, for its form or name changes on "
            f"{later:%-d %B %Y}. Undo that change first, or record this one as a correction.",
        )


def same_body(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """Level, designation, rename and a fact put right: the body stays, its form or name changes.

    What it takes lasts as long as it would have had the one before: up to the next one recorded, or to its closing.
    """
    on = request.effective_on
    for code in request.originals:
        body = snapshot.bodies[code]
        if request.to_form is not None:
            yield CloseForm(code, on)
            yield OpenForm(code, request.to_form, on, request.known, *_rest(in_force(body.forms, on)))
        if request.name is not None:
            yield CloseName(code, on)
            yield OpenName(code, request.name, on, request.known, *_rest(in_force(body.names, on)))
    yield from replaced(request, snapshot)
    if request.kind is ChangeKind.CORRECTION:
        yield from opened(_put_right(relationship, snapshot) for relationship in request.relationships)
    else:
        yield from opened_within_lives(request.relationships, snapshot)


def _put_right(relationship: DatedRelationship, snapshot: Snapshot) -> DatedRelationship:
    """A tie that should have been recorded: it lasts as long as the one it takes the place of, or until one of the two
    bodies closes, by whatever change."""
    if relationship.period.end is not None:
        return relationship
    on = relationship.period.start
    existing = next(
        (each for each in snapshot.relationships_of(relationship.subject, on=on) if _gives_way(each, relationship)),
        None,
    )
    if existing is not None:
        return replace(
            relationship, period=Period(on, existing.period.end), ended_by=existing.ended_by, due=existing.due
        )
    closings = [(body.closed, body.closed_by) for body in _bodies_of(relationship, snapshot) if body.closed is not None]
    first = min((each for each in closings if each[0] > on), key=lambda each: each[0], default=None)
    return relationship if first is None else replace(relationship, period=Period(on, first[0]), ended_by=first[1])


def _gives_way(existing: DatedRelationship, stated: DatedRelationship) -> bool:
    return existing.kind is stated.kind and existing.kind in ANSWERING and existing.subject == stated.subject


def _bodies_of(relationship: DatedRelationship, snapshot: Snapshot) -> list[Body]:
    return [snapshot.bodies[code] for code in (relationship.subject, relationship.object) if code in snapshot.bodies]


def _rest(existing: DatedForm | DatedName | None) -> tuple[date | None, int | None, date | None]:
    """The end that a form or name has, the change that ended it, and when it was stated to end."""
    return (None, None, None) if existing is None else (existing.period.end, existing.ended_by, existing.due)


def inheritance(
    request: ChangeRequest,
    heir: str,
    snapshot: Snapshot,
    stated: Iterable[DatedRelationship],
    leaving: Container[RelationshipIdentity],
) -> list[DatedRelationship]:
    """The ties of the bodies that end, as their single heir takes them over.

    What the heir states itself takes the place of what it would inherit of that kind. Members come along, save those
    that leave for another body. An heir answers to one body: one that continues goes on answering as it did; for a
    new one it must be stated where the originals answered to several.
    """
    on = request.effective_on
    gone = set(request.closing)
    own = [relationship for relationship in stated if heir in (relationship.subject, relationship.object)]
    existing = snapshot.relationships_of(heir, on=on)
    kinds_stated = _stated_kinds(request, heir) | (
        {relationship.kind for relationship in existing if relationship.subject == heir} & ANSWERING
    )
    free = _free_standing(request, heir, snapshot)
    taken = {relationship.key for relationship in (*own, *existing)}
    carried: dict[RelationshipKey, DatedRelationship] = {}
    for code in request.closing:
        for relationship in snapshot.relationships_of(code, on=on):
            other = relationship.other_end(code)
            if other in gone or other == heir or relationship.identity in leaving:
                continue
            outward = relationship.subject == code or relationship.kind.symmetric
            if outward and relationship.kind in kinds_stated:
                continue
            if outward and free and relationship.kind is RelationshipKind.SUB_COMMITTEE_OF:
                continue
            moved = _carried_over(relationship, code, heir, request, snapshot)
            if relationship.subject == code and len(request.originals) > 1:
                moved = replace(moved, share=None)  # a part of one original's people is another part of the heir's
            if moved.key not in taken:
                carried[moved.key] = _longer(carried.get(moved.key), moved)
    inherited = list(carried.values())
    masters = {
        relationship.object
        for relationship in inherited
        if relationship.subject == heir and relationship.kind is RelationshipKind.ACCOUNTABLE_TO
    }
    if len(masters) > 1:
        raise Impossible(
            "invalid",
            f"The originals answer to different bodies ({', '.join(sorted(masters))}); say to which {heir} answers.",
            "/resulting/0/accountable_to",
        )
    return inherited


def division(request: ChangeRequest, snapshot: Snapshot) -> list[DatedRelationship]:
    """The ties that every part of a divided body keeps: to whom it answers and who commissions it."""
    (code,) = request.originals
    relationships = []
    for new in request.new:
        kinds_stated = _stated_kinds(request, new.code)
        for relationship in snapshot.relationships_of(code, on=request.effective_on):
            if (
                relationship.subject == code
                and relationship.kind in CARRIED_ON_SPLIT - kinds_stated
                and not (
                    relationship.kind is RelationshipKind.SUB_COMMITTEE_OF
                    and _free_standing(request, new.code, snapshot)
                )
            ):
                relationships.append(_carried_over(relationship, code, new.code, request, snapshot))
    return relationships


def handovers(request: ChangeRequest, snapshot: Snapshot) -> Iterator[tuple[DatedRelationship, DatedRelationship]]:
    """Ties of members named in moves: each as it was with the giver, and as it will be with the receiver."""
    for move in request.moves:
        for relationship in snapshot.relationships_of(move.what, on=request.effective_on):
            if relationship.subject == move.what and relationship.object == move.giver:
                refuse_later_history(relationship, request.effective_on)
                yield relationship, _carried_over(relationship, move.giver, move.receiver, request, snapshot)


def left_behind(request: ChangeRequest, snapshot: Snapshot, after: Snapshot) -> list[str]:
    """Members of area bodies that end and whom nobody takes in: codes in order. Empty when all have a home."""
    on, closing = request.effective_on, frozenset(request.closing)
    homeless = []
    for code in request.closing:
        form = snapshot.bodies[code].form_on(on)
        if form is None or snapshot.forms[form].family not in AREA_FAMILIES:
            continue
        for relationship in snapshot.relationships_of(code, on=on):
            if (
                relationship.kind is RelationshipKind.MEMBER_OF
                and relationship.object == code
                and relationship.subject not in closing
            ):
                homes = after.relationships_of(relationship.subject, on=on)
                if not any(
                    home.kind is RelationshipKind.MEMBER_OF and home.subject == relationship.subject for home in homes
                ):
                    homeless.append(relationship.subject)
    return sorted(set(homeless))


def replaced(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """End what a stated tie takes the place of: a body that goes on answers to one other at a time."""
    on, closing = request.effective_on, frozenset(request.closing)
    for relationship in request.relationships:
        if relationship.period.start != on or relationship.subject in closing:
            continue
        for existing in snapshot.relationships_of(relationship.subject, on=on):
            if _gives_way(existing, relationship) and existing.object not in closing:
                if request.kind is not ChangeKind.CORRECTION:
                    refuse_later_history(existing, on)
                yield CloseRelationship(existing.kind, existing.subject, existing.object, on)


def opened(relationships: Iterable[DatedRelationship]) -> Iterator[Operation]:
    """Open ties, each once; the same two bodies may be tied again from a later day."""
    seen: set[RelationshipIdentity] = set()
    for relationship in relationships:
        if relationship.identity not in seen:
            seen.add(relationship.identity)
            yield OpenRelationship(relationship)


def by_change(request: ChangeRequest, note: str = "") -> Provenance:
    """Provenance of what the change itself brings about."""
    return replace(request.known, note=note)


def repointed(relationship: DatedRelationship, old: str, new: str, request: ChangeRequest) -> DatedRelationship:
    """The same tie with another body in the place of one, from the day of a change on or when it begins, and to the end
    it has. It is known as the change is."""
    subject = new if relationship.subject == old else relationship.subject
    object_ = new if relationship.object == old else relationship.object
    if relationship.kind.symmetric and object_ < subject:
        subject, object_ = object_, subject
    provenance = by_change(request, f"carried over from {old}")
    period = Period(max(request.effective_on, relationship.period.start), relationship.period.end)
    return DatedRelationship(
        relationship.kind,
        subject,
        object_,
        period,
        provenance,
        relationship.share,
        ended_by=relationship.ended_by,
        due=relationship.due,
    )


def _longer(one: DatedRelationship | None, other: DatedRelationship) -> DatedRelationship:
    """Of two ties that come together, the one that lasts longer."""
    if one is None:
        return other
    return max(one, other, key=lambda relationship: relationship.period.end or date.max)


def opened_within_lives(relationships: Iterable[DatedRelationship], snapshot: Snapshot) -> Iterator[Operation]:
    """Open ties; those without an end last until one of the two bodies is stated to close."""
    return opened(
        _cut_to_lives(relationship, snapshot) if relationship.period.end is None else relationship
        for relationship in relationships
    )


def _carried_over(
    relationship: DatedRelationship, old: str, new: str, request: ChangeRequest, snapshot: Snapshot
) -> DatedRelationship:
    """A tie as it goes on with another body, to its end or to the stated closing of one of the two."""
    return _cut_to_lives(repointed(relationship, old, new, request), snapshot)


def _cut_to_lives(relationship: DatedRelationship, snapshot: Snapshot) -> DatedRelationship:
    closings = [
        body.closed for body in _bodies_of(relationship, snapshot) if body.closed is not None and body.closed_by is None
    ]
    first = min((day for day in closings if day > relationship.period.start), default=None)
    if first is None or (relationship.period.end is not None and relationship.period.end <= first):
        return relationship
    return replace(relationship, period=Period(relationship.period.start, first), ended_by=None, due=None)


def _stated_kinds(request: ChangeRequest, heir: str) -> frozenset[RelationshipKind]:
    """Kinds of tie that are stated for a new body from its beginning; nothing is stated for one that continues."""
    return next(
        (
            new.states | {relationship.kind for relationship in new.relationships}
            for new in request.new
            if new.code == heir
        ),
        frozenset(),
    )


def _free_standing(request: ChangeRequest, heir: str, snapshot: Snapshot) -> bool:
    form = next((new.form for new in request.new if new.code == heir), None)
    if form is None:
        form = snapshot.bodies[heir].form_on(request.effective_on)
    return form is not None and bool(snapshot.forms[form].free_standing)
