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
    Seat,
    Snapshot,
    TieIdentity,
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
    _refuse_ties_altered_since(past, snapshot)
    for tie in snapshot.ties:
        if tie.begun_by == number:
            yield ReviseRelationship(tie.kind, tie.subject, tie.object, tie.period.start, tie.period.start)
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
    for tie in _ended_by(number, snapshot):
        yield ReopenRelationship(tie)
    yield UndoChange(number, sorted(past.codes)[0])


def _counts(body: Body, number: int) -> Iterator[Operation]:
    """Take back the counts that the change brought, and let those it superseded stand again."""
    for count in body.counts:
        if count.begun_by == number:
            yield WithdrawPopulation(body.code, count.on)
    for count in body.superseded:
        if count.superseded_by == number:
            yield ReinstatePopulation(body.code, count.on, number)


def _refuse_ties_altered_since(past: PastChange, snapshot: Snapshot) -> None:
    """A relationship that the change began may have been ended by another change; another may have come to a body that
    it opened, or the far end of one that it ended may have closed since. Undone, it would leave those with a body that
    is not there."""
    opened = frozenset(past.resulting) - frozenset(past.originals)
    altered = [
        tie
        for tie in snapshot.ties
        if (tie.begun_by == past.change and tie.ended_by not in {None, past.change})
        or (tie.begun_by != past.change and {tie.subject, tie.object} & opened)
    ]
    altered += [tie for tie in _ended_by(past.change, snapshot) if _outlives_a_body(reopened(tie), past, snapshot)]
    if altered:
        named = "; ".join(
            f"{tie.subject} {tie.kind.label.lower()} {tie.object} from {tie.period.start:%-d %B %Y}" for tie in altered
        )
        raise Impossible(
            "blocked-by-check",
            f"Other changes have altered relationships that this one began or ended: {named}. Undo or correct those "
            "changes first.",
            "/corrects",
        )


def _ended_by(change: int | None, snapshot: Snapshot) -> Iterator[DatedRelationship]:
    """The ties of others that a change ended, or struck out before they began."""
    for tie in (*snapshot.ties, *snapshot.struck):
        if tie.ended_by == change and tie.begun_by != change:
            yield tie


def _outlives_a_body(tie: DatedRelationship, past: PastChange, snapshot: Snapshot) -> bool:
    bodies = (snapshot.bodies[code] for code in (tie.subject, tie.object))
    return any(body.closed_by != past.change and not body.lives_through(tie.period) for body in bodies)


def _facts_of(body: Body) -> Iterator[tuple[FactKind, DatedForm | DatedName | Seat]]:
    """The dated facts about a body alone, each kind once for a day: the seats of one board begin together."""
    seen: set[tuple[FactKind, date]] = set()
    for fact, spells in ((FactKind.FORM, body.forms), (FactKind.NAME, body.names), (FactKind.SEAT, body.seats)):
        for spell in spells:
            if (fact, spell.period.start) not in seen:
                seen.add((fact, spell.period.start))
                yield fact, spell


def _struck(body: Body, number: int) -> Iterator[Operation]:
    """Strike out what the change began of a body."""
    for fact, spell in _facts_of(body):
        if spell.begun_by == number:
            yield ReviseEnd(fact, body.code, spell.period.start, spell.period.start)


def _reopened(body: Body, number: int) -> Iterator[Operation]:
    """Let what the change ended of a body go on to the day on which it was due to end."""
    for fact, spell in _facts_of(body):
        if spell.ended_by == number and spell.begun_by != number:
            yield ReopenFact(fact, body.code, spell.period.start, spell.due)


# --- a forgotten change ---------------------------------------------------------------------------------------------


def _forgotten(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """A succession or merger into a new body, put where it belongs in time."""
    later = _one_later_change(request, snapshot)
    heir = request.new[0]
    if later is None:
        stated = [*heir.ties, *request.ties]
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
    for tie in _taken_over(request, snapshot, later):
        yield OpenRelationship(tie)
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
    seen: set[TieIdentity] = set()
    for code in request.closing:
        for tie in snapshot.ties_with(code):
            touched = tie.period.end is None or tie.period.end > on
            if touched and tie.identity not in seen:
                seen.add(tie.identity)
                start = tie.period.start
                yield ReviseRelationship(tie.kind, tie.subject, tie.object, start, max(start, on))
        body = snapshot.bodies[code]
        for fact, spells in ((FactKind.FORM, body.forms), (FactKind.NAME, body.names), (FactKind.SEAT, body.seats)):
            for spell in spells:
                if spell.period.end is None or spell.period.end > on:
                    yield ReviseEnd(fact, code, spell.period.start, max(spell.period.start, on))
        yield ReviseEnd(FactKind.LIFE, code, body.opened, on)


def _taken_over(request: ChangeRequest, snapshot: Snapshot, later: PastChange) -> list[DatedRelationship]:
    """What the originals were tied to from the earlier day until the later change, as the new body's ties; what is
    stated for it comes first. What would go on is ended by the later change."""
    heir, on, closing = request.new[0], request.effective_on, frozenset(request.closing)
    said = heir.states | {tie.kind for tie in heir.ties}
    taken = [_until(tie, later) for tie in (*heir.ties, *request.ties)]
    for code in request.closing:
        for tie in snapshot.ties_with(code):
            if tie.other_end(code) in closing or (tie.period.end is not None and tie.period.end <= on):
                continue
            if tie.kind in said and (tie.subject == code or tie.kind.symmetric):
                continue
            moved = _until(steps.repointed(tie, code, heir.code, request), later)
            if not any(held.key == moved.key and held.period.overlaps(moved.period) for held in taken):
                taken.append(moved)
    return taken


def _until(tie: DatedRelationship, later: PastChange) -> DatedRelationship:
    """A tie of the new body, which ends with it: by the later change, unless it was to end before."""
    if tie.period.end is not None and tie.period.end <= later.effective_on:
        return tie
    ended_then = Period(tie.period.start, later.effective_on)
    return replace(tie, period=ended_then, ended_by=later.change, due=tie.period.end)


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
