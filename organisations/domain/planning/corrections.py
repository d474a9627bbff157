"""Corrections: a forgotten change put under later history, a fact put right, an error undone.

A forgotten succession or merger under a later change re-bases that change: the new body takes the place of the
originals in it, with their shares weighted by population.

    recorded            5QQ ──┬─▶ 99P        put right        5QQ ─1─▶ 5ZQ ──┬─▶ 99P   shares of 5ZQ are those of
                              └─▶ 99Q                         5QP ─1─▶       ├─▶ 99Q   5QQ and 5QP, weighted
                        5QP ────▶ 11N                                        └─▶ 11N

An error is undone by striking out what the change began and opening again what it ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from organisations.domain.changes import ChangeRequest
from organisations.domain.operations import Impossible, OpenRelationship, Operation
from organisations.domain.planning import steps
from organisations.domain.revisions import (
    FactKind,
    RebaseLineage,
    ReinstatePopulation,
    ReopenFact,
    ReopenRelationship,
    ReviseEnd,
    ReviseRelationship,
    SupersedeLineage,
    UndoChange,
    WithdrawPopulation,
)
from organisations.domain.snapshot import (
    Body,
    DatedForm,
    DatedName,
    DatedRelationship,
    PastChange,
    RelationshipIdentity,
    Seat,
    Snapshot,
    reopened,
)
from organisations.domain.vocabulary import ShareBasis
from pcorg.core.periods import Period

MILLIONTH = Decimal("0.000001")


def correction(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """Plan a correction. Raises Impossible where what it would put right has grown too intertwined to re-base."""
    if request.undoes:
        return _undoing(request, snapshot)
    if request.new:
        return _forgotten(request, snapshot)
    return steps.same_body(request, snapshot)


# --- an error undone ------------------------------------------------------------------------------------------------


def _undone(request: ChangeRequest, snapshot: Snapshot) -> PastChange:
    """The change that is to be undone: carried out, on the same day, and with nothing resting on it."""
    past = next((each for each in snapshot.history if str(each.change) == request.corrects), None)
    if past is None:
        raise Impossible(
            "conflict",
            f"Change {request.corrects} has not been carried out, or has been undone already.",
            "/corrects",
        )
    if past.strikes_out:
        raise Impossible(
            "conflict",
            f"{past.title} struck out another change, which cannot be brought back. Record that change again; an "
            "organisation that it opened needs a new code.",
            "/corrects",
        )
    if past.effective_on != request.effective_on:
        raise Impossible(
            "invalid", f"What is undone took effect on {past.effective_on}; give that date.", "/effective_on"
        )
    later = [
        each
        for each in snapshot.history
        if each.moment > past.moment and each.codes & past.codes and not each.strikes_out
    ]
    if later:
        named = "; ".join(f"{each.title} on {each.effective_on:%-d %B %Y}" for each in later)
        raise Impossible("blocked-by-check", f"Later changes rest on this one; undo them first: {named}.", "/corrects")
    return past


def _undoing(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    past = _undone(request, snapshot)
    number, began = past.change or 0, past.effective_on
    _refuse_relationships_altered_since(past, snapshot)
    for relationship in snapshot.relationships:
        if relationship.begun_by == number:
            yield ReviseRelationship(
                relationship.kind,
                relationship.subject,
                relationship.object,
                relationship.period.start,
                relationship.period.start,
            )
    for code in past.codes:
        yield from _struck(snapshot.bodies[code], number)
    for code in sorted(past.codes):
        body = snapshot.bodies[code]
        if code not in past.originals and body.opened == began:
            yield ReviseEnd(FactKind.LIFE, code, began, began)
        elif body.closed_by == number:
            yield ReopenFact(FactKind.LIFE, code, body.opened)
    for code in past.codes:
        yield from _reopened(snapshot.bodies[code], number)
        yield from _counts(snapshot.bodies[code], number)
    for relationship in _ended_by(number, snapshot):
        yield ReopenRelationship(relationship)
    yield UndoChange(number, sorted(past.codes)[0])


def _counts(body: Body, number: int) -> Iterator[Operation]:
    """Take back the counts that the change brought, and let those it superseded stand again."""
    for count in body.counts:
        if count.begun_by == number:
            yield WithdrawPopulation(body.code, count.on)
    for count in body.superseded:
        if count.superseded_by == number:
            yield ReinstatePopulation(body.code, count.on, number)


def _refuse_relationships_altered_since(past: PastChange, snapshot: Snapshot) -> None:
    """A relationship that the change began may have been ended by another change; another may have come to a body that
    it opened, or the far end of one that it ended may have closed since. Undone, it would leave those with a body that
    is not there."""
    opened = frozenset(past.resulting) - frozenset(past.originals)
    altered = [
        relationship
        for relationship in snapshot.relationships
        if (relationship.begun_by == past.change and relationship.ended_by not in {None, past.change})
        or (relationship.begun_by != past.change and {relationship.subject, relationship.object} & opened)
    ]
    altered += [
        relationship
        for relationship in _ended_by(past.change, snapshot)
        if _outlives_a_body(reopened(relationship), past, snapshot)
    ]
    if altered:
        named = "; ".join(
            f"{relationship.subject} {relationship.kind.label.lower()} {relationship.object} "
            f"from {relationship.period.start:%-d %B %Y}"
            for relationship in altered
        )
        raise Impossible(
            "blocked-by-check",
            f"Other changes have altered relationships that this one began or ended: {named}. Undo or correct those "
            "changes first.",
            "/corrects",
        )


def _ended_by(change: int | None, snapshot: Snapshot) -> Iterator[DatedRelationship]:
    """The ties of others that a change ended, or struck out before they began."""
    for relationship in (*snapshot.relationships, *snapshot.struck):
        if relationship.ended_by == change and relationship.begun_by != change:
            yield relationship


def _outlives_a_body(relationship: DatedRelationship, past: PastChange, snapshot: Snapshot) -> bool:
    bodies = (snapshot.bodies[code] for code in (relationship.subject, relationship.object))
    return any(body.closed_by != past.change and not body.lives_through(relationship.period) for body in bodies)


def _facts_of(body: Body) -> Iterator[tuple[FactKind, DatedForm | DatedName | Seat]]:
    """The dated facts about a body alone, each kind once for a day: the seats of one board begin together."""
    seen: set[tuple[FactKind, date]] = set()
    for fact, history in ((FactKind.FORM, body.forms), (FactKind.NAME, body.names), (FactKind.SEAT, body.seats)):
        for dated in history:
            if (fact, dated.period.start) not in seen:
                seen.add((fact, dated.period.start))
                yield fact, dated


def _struck(body: Body, number: int) -> Iterator[Operation]:
    """Strike out what the change began of a body."""
    for fact, dated in _facts_of(body):
        if dated.begun_by == number:
            yield ReviseEnd(fact, body.code, dated.period.start, dated.period.start)


def _reopened(body: Body, number: int) -> Iterator[Operation]:
    """Let what the change ended of a body go on to the day on which it was due to end."""
    for fact, dated in _facts_of(body):
        if dated.ended_by == number and dated.begun_by != number:
            yield ReopenFact(fact, body.code, dated.period.start, dated.due)


# --- a forgotten change ---------------------------------------------------------------------------------------------


def _forgotten(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """A succession or merger into a new body, put where it belongs in time."""
    later = _one_later_change(request, snapshot)
    heir = request.new[0]
    if later is None:
        stated = [*heir.relationships, *request.relationships]
        inherited = steps.inheritance(request, heir.code, snapshot, stated, leaving=())
        yield from steps.ending(request.closing, snapshot, request.effective_on)
        yield from steps.birth(heir, request.portfolio)
        yield from steps.opened_within_lives([*stated, *inherited], snapshot)
        return
    on, end = request.effective_on, later.effective_on
    shares = _rebased(request, later, snapshot)
    yield from _ended_earlier(request, snapshot)
    yield from steps.birth(heir, request.portfolio)
    for fact in (FactKind.FORM, FactKind.NAME):
        yield ReviseEnd(fact, heir.code, on, end, by=later.change)
    for seat in {seat.constituency: seat for seat in heir.seats}.values():
        yield ReviseEnd(FactKind.SEAT, heir.code, seat.period.start, end, by=later.change)
    for relationship in _taken_over(request, snapshot, later):
        yield OpenRelationship(relationship)
    yield ReviseEnd(FactKind.LIFE, heir.code, on, end, by=later.change)
    for code in request.closing:
        yield SupersedeLineage(later.change or 0, code)
    yield RebaseLineage(later.change or 0, heir.code, shares, end)


def _one_later_change(request: ChangeRequest, snapshot: Snapshot) -> PastChange | None:
    """The one later change that ended every original, or None where nothing later touches them."""
    on, originals = request.effective_on, frozenset(request.originals)
    touching = [each for each in snapshot.history if each.effective_on > on and each.codes & originals]
    if not touching:
        return None
    first = touching[0]
    ended_together = all(
        snapshot.bodies[code].closed == first.effective_on and code in first.originals for code in request.originals
    )
    if len(touching) > 1 or not ended_together:
        named = "; ".join(f"{each.title} on {each.effective_on:%-d %B %Y}" for each in touching)
        raise Impossible(
            "blocked-by-check",
            f"Several later changes touch these bodies, and not all alike: {named}. Undo or correct them first.",
            "/originals",
        )
    return first


def _ended_earlier(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """End the originals on the earlier day, with everything dated about them."""
    on = request.effective_on
    seen: set[RelationshipIdentity] = set()
    for code in request.closing:
        for relationship in snapshot.relationships_with(code):
            touched = relationship.period.end is None or relationship.period.end > on
            if touched and relationship.identity not in seen:
                seen.add(relationship.identity)
                start = relationship.period.start
                yield ReviseRelationship(
                    relationship.kind, relationship.subject, relationship.object, start, max(start, on)
                )
        body = snapshot.bodies[code]
        for fact, history in ((FactKind.FORM, body.forms), (FactKind.NAME, body.names), (FactKind.SEAT, body.seats)):
            for dated in history:
                if dated.period.end is None or dated.period.end > on:
                    yield ReviseEnd(fact, code, dated.period.start, max(dated.period.start, on))
        yield ReviseEnd(FactKind.LIFE, code, body.opened, on)


def _taken_over(request: ChangeRequest, snapshot: Snapshot, later: PastChange) -> list[DatedRelationship]:
    """What the originals were tied to from the earlier day until the later change, as the new body's ties; what is
    stated for it comes first. What would go on is ended by the later change."""
    heir, on, closing = request.new[0], request.effective_on, frozenset(request.closing)
    kinds_stated = heir.states | {relationship.kind for relationship in heir.relationships}
    taken = [_until(relationship, later) for relationship in (*heir.relationships, *request.relationships)]
    for code in request.closing:
        for relationship in snapshot.relationships_with(code):
            if relationship.other_end(code) in closing or (
                relationship.period.end is not None and relationship.period.end <= on
            ):
                continue
            if relationship.kind in kinds_stated and (relationship.subject == code or relationship.kind.symmetric):
                continue
            moved = _until(steps.repointed(relationship, code, heir.code, request), later)
            if not any(existing.key == moved.key and existing.period.overlaps(moved.period) for existing in taken):
                taken.append(moved)
    return taken


def _until(relationship: DatedRelationship, later: PastChange) -> DatedRelationship:
    """A tie of the new body, which ends with it: by the later change, unless it was to end before."""
    if relationship.period.end is not None and relationship.period.end <= later.effective_on:
        return relationship
    ended_then = Period(relationship.period.start, later.effective_on)
    return replace(relationship, period=ended_then, ended_by=later.change, due=relationship.period.end)


def _rebased(
    request: ChangeRequest, later: PastChange, snapshot: Snapshot
) -> tuple[tuple[str, Decimal, ShareBasis], ...]:
    """The originals' shares in the later change as one body's: weighted by population, adding up to 1 exactly."""
    counts = {code: snapshot.count_now(code, request.effective_on) for code in request.closing}
    unknown = sorted(code for code, count in counts.items() if count is None)
    if unknown and len(counts) > 1:
        raise Impossible(
            "conflict",
            f"The population of {', '.join(unknown)} is not known, so shares cannot be weighted.",
            "/originals",
        )
    weights = {code: count.count if count is not None else 1 for code, count in counts.items()}
    total = sum(weights.values())
    exact: dict[str, Decimal] = defaultdict(Decimal)
    bases: dict[str, set[ShareBasis]] = defaultdict(set)
    for edge in snapshot.edges:
        if edge.change == later.change and edge.original in weights:
            if edge.of:
                words = (
                    f"{later.title} takes back people of {', '.join(edge.of)} and cannot be re-based. Undo it first."
                )
                raise Impossible("blocked-by-check", words, "/originals")
            exact[edge.resulting] += edge.share * weights[edge.original] / total
            bases[edge.resulting].add(edge.basis)
    if not exact:
        return ()
    rounded = {code: share.quantize(MILLIONTH, ROUND_DOWN) for code, share in exact.items()}
    largest = max(rounded, key=lambda code: (rounded[code], code))
    rounded[largest] += 1 - sum(rounded.values())
    return tuple(
        (code, share, next(iter(bases[code])) if len(bases[code]) == 1 else ShareBasis.POPULATION)
        for code, share in sorted(rounded.items())
    )
