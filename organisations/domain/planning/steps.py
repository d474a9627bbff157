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
from organisations.domain.periods import Period
from organisations.domain.snapshot import Provenance, Snapshot, Tie, TieIdentity, TieKey
from organisations.domain.vocabulary import Family, RelationshipKind

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
    """Close bodies and everything open about them. A tie between two of them is closed once."""
    closed: set[TieKey] = set()
    codes = tuple(codes)
    for code in codes:
        for tie in snapshot.ties_with(code):
            if tie.period.end is None and tie.key not in closed:
                closed.add(tie.key)
                yield CloseRelationship(tie.kind, tie.subject, tie.object, on)
            elif tie.period.end is not None and tie.period.end > on:
                raise Impossible(
                    "conflict",
                    f"{code} would end on {on:%-d %B %Y}, but its relationship “{tie.kind.label.lower()}” between "
                    f"{tie.subject} and {tie.object} is recorded until {tie.period.end:%-d %B %Y}.",
                )
    for code in codes:
        body = snapshot.bodies[code]
        yield CloseForm(code, on)
        yield CloseName(code, on)
        if any(seat.period.end is None for seat in body.seats):
            yield CloseBoard(code, on)
        yield CloseOrganisation(code, on)


def inheritance(
    request: ChangeRequest, heir: str, snapshot: Snapshot, stated: Iterable[Tie], leaving: Container[TieKey]
) -> list[Tie]:
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
    carried: dict[TieKey, Tie] = {}
    for code in request.closing:
        for tie in snapshot.ties_of(code, on=on):
            other = tie.other_end(code)
            if other in gone or other == heir or tie.period.end is not None or tie.key in leaving:
                continue
            outward = tie.subject == code or tie.kind.symmetric
            if outward and tie.kind in said:
                continue
            if outward and free and tie.kind is RelationshipKind.SUB_COMMITTEE_OF:
                continue
            moved = _repointed(tie, code, heir, on)
            if tie.subject == code and len(request.originals) > 1:
                moved = replace(moved, share=None)  # a part of one original's people is another part of the heir's
            if moved.key not in taken:
                carried.setdefault(moved.key, moved)
    ties = list(carried.values())
    masters = {tie.object for tie in ties if tie.subject == heir and tie.kind is RelationshipKind.ACCOUNTABLE_TO}
    if len(masters) > 1:
        raise Impossible(
            "invalid",
            f"The originals answer to different bodies ({', '.join(sorted(masters))}); say to which {heir} answers.",
            "/resulting/0/accountable_to",
        )
    return ties


def division(request: ChangeRequest, snapshot: Snapshot) -> list[Tie]:
    """The ties that every part of a divided body keeps: to whom it answers and who commissions it."""
    (code,) = request.originals
    ties = []
    for new in request.new:
        said = _stated_kinds(request, new.code)
        for tie in snapshot.ties_of(code, on=request.effective_on):
            if (
                tie.subject == code
                and tie.period.end is None
                and tie.kind in CARRIED_ON_SPLIT - said
                and not (tie.kind is RelationshipKind.SUB_COMMITTEE_OF and _free_standing(request, new.code, snapshot))
            ):
                ties.append(_repointed(tie, code, new.code, request.effective_on))
    return ties


def handovers(request: ChangeRequest, snapshot: Snapshot) -> Iterator[tuple[Tie, Tie]]:
    """Ties of members named in moves: each as it was with the giver, and as it will be with the receiver."""
    for move in request.moves:
        for tie in snapshot.ties_of(move.what, on=request.effective_on):
            if tie.subject == move.what and tie.object == move.giver and tie.period.end is None:
                yield tie, _repointed(tie, move.giver, move.receiver, request.effective_on)


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
        if tie.kind not in ANSWERING or tie.period.start != on or tie.subject in closing:
            continue
        for held in snapshot.ties_of(tie.subject, on=on):
            given_up = held.kind is tie.kind and held.subject == tie.subject and held.period.end is None
            if given_up and held.object not in closing:
                yield CloseRelationship(held.kind, held.subject, held.object, on)


def opened(ties: Iterable[Tie]) -> Iterator[Operation]:
    """Open ties, each once; the same two bodies may be tied again from a later day."""
    seen: set[TieIdentity] = set()
    for tie in ties:
        if tie.identity not in seen:
            seen.add(tie.identity)
            yield OpenRelationship(tie)


def by_change(request: ChangeRequest, note: str = "") -> Provenance:
    """Provenance of what the change itself brings about."""
    return replace(request.known, note=note)


def _repointed(tie: Tie, old: str, new: str, on: date) -> Tie:
    return repointed(tie, old, new, Period(on))


def repointed(tie: Tie, old: str, new: str, period: Period) -> Tie:
    """The same tie with another body in the place of one, for a period."""
    subject = new if tie.subject == old else tie.subject
    object_ = new if tie.object == old else tie.object
    if tie.kind.symmetric and object_ < subject:
        subject, object_ = object_, subject
    known = replace(tie.known, note=f"carried over from {old}")
    return Tie(tie.kind, subject, object_, period, known, tie.share)


def _stated_kinds(request: ChangeRequest, heir: str) -> frozenset[RelationshipKind]:
    """Kinds of tie that are stated for a new body from its beginning; nothing is stated for one that continues."""
    return next((new.states | {tie.kind for tie in new.ties} for new in request.new if new.code == heir), frozenset())


def _free_standing(request: ChangeRequest, heir: str, snapshot: Snapshot) -> bool:
    form = next((new.form for new in request.new if new.code == heir), None)
    if form is None:
        form = snapshot.bodies[heir].form_on(request.effective_on)
    return form is not None and snapshot.forms[form].free_standing
