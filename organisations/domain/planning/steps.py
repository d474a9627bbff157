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
    Snapshot,
    TieIdentity,
    TieKey,
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
    closed: set[TieIdentity] = set()
    codes = tuple(codes)
    for code in codes:
        for tie in snapshot.ties_with(code):
            if (tie.period.end is not None and tie.period.end <= on) or tie.identity in closed:
                continue
            closed.add(tie.identity)
            refuse_later_history(tie, on)
            yield CloseRelationship(tie.kind, tie.subject, tie.object, on)
    for code in codes:
        body = snapshot.bodies[code]
        _refuse_later_facts(body, on)
        yield CloseForm(code, on)
        yield CloseName(code, on)
        if body.seats_on(on):
            yield CloseBoard(code, on)
        yield CloseOrganisation(code, on)


def refuse_later_history(tie: DatedRelationship, on: date) -> None:
    """Raise Impossible where a tie cannot end on a day, for it begins later or another change has ended it later."""
    said = f"the relationship “{tie.kind.label.lower()}” between {tie.subject} and {tie.object}"
    if tie.period.start > on:
        raise Impossible(
            "conflict",
            f"A change on {on:%-d %B %Y} cannot end {said}, which begins on {tie.period.start:%-d %B %Y}. State it "
            "with the organisation that takes over, or begin it earlier.",
        )
    if tie.period.end is not None and tie.ended_by is not None:
        raise Impossible(
            "conflict",
            f"A change on {on:%-d %B %Y} cannot end {said}, for a later change ended it on "
            f"{tie.period.end:%-d %B %Y}. Undo that change first, or record this one as a correction.",
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
        yield from opened(_put_right(tie, snapshot) for tie in request.ties)
    else:
        yield from opened_within_lives(request.ties, snapshot)


def _put_right(tie: DatedRelationship, snapshot: Snapshot) -> DatedRelationship:
    """A tie that should have been recorded: it lasts as long as the one it takes the place of, or until one of the two
    bodies closes, by whatever change."""
    if tie.period.end is not None:
        return tie
    on = tie.period.start
    held = next((each for each in snapshot.ties_of(tie.subject, on=on) if _gives_way(each, tie)), None)
    if held is not None:
        return replace(tie, period=Period(on, held.period.end), ended_by=held.ended_by, due=held.due)
    closings = [(body.closed, body.closed_by) for body in _bodies_of(tie, snapshot) if body.closed is not None]
    first = min((each for each in closings if each[0] > on), key=lambda each: each[0], default=None)
    return tie if first is None else replace(tie, period=Period(on, first[0]), ended_by=first[1])


def _gives_way(held: DatedRelationship, stated: DatedRelationship) -> bool:
    return held.kind is stated.kind and held.kind in ANSWERING and held.subject == stated.subject


def _bodies_of(tie: DatedRelationship, snapshot: Snapshot) -> list[Body]:
    return [snapshot.bodies[code] for code in (tie.subject, tie.object) if code in snapshot.bodies]


def _rest(held: DatedForm | DatedName | None) -> tuple[date | None, int | None, date | None]:
    """The end that a form or name has, the change that ended it, and when it was stated to end."""
    return (None, None, None) if held is None else (held.period.end, held.ended_by, held.due)


def inheritance(
    request: ChangeRequest,
    heir: str,
    snapshot: Snapshot,
    stated: Iterable[DatedRelationship],
    leaving: Container[TieIdentity],
) -> list[DatedRelationship]:
    """The ties of the bodies that end, as their single heir takes them over.

    What the heir states itself takes the place of what it would inherit of that kind. Members come along, save those
    that leave for another body. An heir answers to one body: one that continues goes on answering as it did; for a
    new one it must be stated where the originals answered to several.
    """
    on = request.effective_on
    gone = set(request.closing)
    own = [tie for tie in stated if heir in (tie.subject, tie.object)]
    held = snapshot.ties_of(heir, on=on)
    said = _stated_kinds(request, heir) | ({tie.kind for tie in held if tie.subject == heir} & ANSWERING)
    free = _free_standing(request, heir, snapshot)
    taken = {tie.key for tie in (*own, *held)}
    carried: dict[TieKey, DatedRelationship] = {}
    for code in request.closing:
        for tie in snapshot.ties_of(code, on=on):
            other = tie.other_end(code)
            if other in gone or other == heir or tie.identity in leaving:
                continue
            outward = tie.subject == code or tie.kind.symmetric
            if outward and tie.kind in said:
                continue
            if outward and free and tie.kind is RelationshipKind.SUB_COMMITTEE_OF:
                continue
            moved = _carried_over(tie, code, heir, request, snapshot)
            if tie.subject == code and len(request.originals) > 1:
                moved = replace(moved, share=None)  # a part of one original's people is another part of the heir's
            if moved.key not in taken:
                carried[moved.key] = _longer(carried.get(moved.key), moved)
    ties = list(carried.values())
    masters = {tie.object for tie in ties if tie.subject == heir and tie.kind is RelationshipKind.ACCOUNTABLE_TO}
    if len(masters) > 1:
        raise Impossible(
            "invalid",
            f"The originals answer to different bodies ({', '.join(sorted(masters))}); say to which {heir} answers.",
            "/resulting/0/accountable_to",
        )
    return ties


def division(request: ChangeRequest, snapshot: Snapshot) -> list[DatedRelationship]:
    """The ties that every part of a divided body keeps: to whom it answers and who commissions it."""
    (code,) = request.originals
    ties = []
    for new in request.new:
        said = _stated_kinds(request, new.code)
        for tie in snapshot.ties_of(code, on=request.effective_on):
            if (
                tie.subject == code
                and tie.kind in CARRIED_ON_SPLIT - said
                and not (tie.kind is RelationshipKind.SUB_COMMITTEE_OF and _free_standing(request, new.code, snapshot))
            ):
                ties.append(_carried_over(tie, code, new.code, request, snapshot))
    return ties


def handovers(request: ChangeRequest, snapshot: Snapshot) -> Iterator[tuple[DatedRelationship, DatedRelationship]]:
    """Ties of members named in moves: each as it was with the giver, and as it will be with the receiver."""
    for move in request.moves:
        for tie in snapshot.ties_of(move.what, on=request.effective_on):
            if tie.subject == move.what and tie.object == move.giver:
                refuse_later_history(tie, request.effective_on)
                yield tie, _carried_over(tie, move.giver, move.receiver, request, snapshot)


def left_behind(request: ChangeRequest, snapshot: Snapshot, after: Snapshot) -> list[str]:
    """Members of area bodies that end and whom nobody takes in: codes in order. Empty when all have a home."""
    on, closing = request.effective_on, frozenset(request.closing)
    homeless = []
    for code in request.closing:
        form = snapshot.bodies[code].form_on(on)
        if form is None or snapshot.forms[form].family not in AREA_FAMILIES:
            continue
        for tie in snapshot.ties_of(code, on=on):
            if tie.kind is RelationshipKind.MEMBER_OF and tie.object == code and tie.subject not in closing:
                homes = after.ties_of(tie.subject, on=on)
                if not any(home.kind is RelationshipKind.MEMBER_OF and home.subject == tie.subject for home in homes):
                    homeless.append(tie.subject)
    return sorted(set(homeless))


def replaced(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """End what a stated tie takes the place of: a body that goes on answers to one other at a time."""
    on, closing = request.effective_on, frozenset(request.closing)
    for tie in request.ties:
        if tie.period.start != on or tie.subject in closing:
            continue
        for held in snapshot.ties_of(tie.subject, on=on):
            if _gives_way(held, tie) and held.object not in closing:
                if request.kind is not ChangeKind.CORRECTION:
                    refuse_later_history(held, on)
                yield CloseRelationship(held.kind, held.subject, held.object, on)


def opened(ties: Iterable[DatedRelationship]) -> Iterator[Operation]:
    """Open ties, each once; the same two bodies may be tied again from a later day."""
    seen: set[TieIdentity] = set()
    for tie in ties:
        if tie.identity not in seen:
            seen.add(tie.identity)
            yield OpenRelationship(tie)


def by_change(request: ChangeRequest, note: str = "") -> Provenance:
    """Provenance of what the change itself brings about."""
    return replace(request.known, note=note)


def repointed(tie: DatedRelationship, old: str, new: str, request: ChangeRequest) -> DatedRelationship:
    """The same tie with another body in the place of one, from the day of a change on or when it begins, and to the end
    it has. It is known as the change is."""
    subject = new if tie.subject == old else tie.subject
    object_ = new if tie.object == old else tie.object
    if tie.kind.symmetric and object_ < subject:
        subject, object_ = object_, subject
    known = by_change(request, f"carried over from {old}")
    period = Period(max(request.effective_on, tie.period.start), tie.period.end)
    return DatedRelationship(tie.kind, subject, object_, period, known, tie.share, ended_by=tie.ended_by, due=tie.due)


def _longer(one: DatedRelationship | None, other: DatedRelationship) -> DatedRelationship:
    """Of two ties that come together, the one that lasts longer."""
    if one is None:
        return other
    return max(one, other, key=lambda tie: tie.period.end or date.max)


def opened_within_lives(ties: Iterable[DatedRelationship], snapshot: Snapshot) -> Iterator[Operation]:
    """Open ties; those without an end last until one of the two bodies is stated to close."""
    return opened(_cut_to_lives(tie, snapshot) if tie.period.end is None else tie for tie in ties)


def _carried_over(
    tie: DatedRelationship, old: str, new: str, request: ChangeRequest, snapshot: Snapshot
) -> DatedRelationship:
    """A tie as it goes on with another body, to its end or to the stated closing of one of the two."""
    return _cut_to_lives(repointed(tie, old, new, request), snapshot)


def _cut_to_lives(tie: DatedRelationship, snapshot: Snapshot) -> DatedRelationship:
    closings = [body.closed for body in _bodies_of(tie, snapshot) if body.closed is not None and body.closed_by is None]
    first = min((day for day in closings if day > tie.period.start), default=None)
    if first is None or (tie.period.end is not None and tie.period.end <= first):
        return tie
    return replace(tie, period=Period(tie.period.start, first), ended_by=None, due=None)


def _stated_kinds(request: ChangeRequest, heir: str) -> frozenset[RelationshipKind]:
    """Kinds of tie that are stated for a new body from its beginning; nothing is stated for one that continues."""
    return next((new.states | {tie.kind for tie in new.ties} for new in request.new if new.code == heir), frozenset())


def _free_standing(request: ChangeRequest, heir: str, snapshot: Snapshot) -> bool:
    form = next((new.form for new in request.new if new.code == heir), None)
    if form is None:
        form = snapshot.bodies[heir].form_on(request.effective_on)
    return form is not None and bool(snapshot.forms[form].free_standing)
