"""What changes move: for every change, the holdings that end and those that begin in their place.

    what passes on              by what
    ──────────────────────────  ─────────────────────────────────────────────────────────────────────────────────
    succession, merger          everything the bodies that end have a part in goes to their heir
    split, reconfiguration      by the shares of the change; what has no amount goes whole to the largest share
    separation, transfer        by named item only (`commissioning.domain.named_items`)
    dissolution                 by named item only; what is left ends with its body
    establishment, level,
    designation, change of name nothing

Named items go whole whatever the kind of change. A contract both parts of which come to one body ends; whoever names
it by its own code says that it is to lapse. A holding stated to begin after the day moves too, and every new one
keeps the end of the old. Where several holdings of one thing come to the same bodies they are added up, for each of
the periods in which they run together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, product

from commissioning.domain.amounts import added_up, partly_unknown, shared_out
from commissioning.domain.holdings import HOSTS, Holding, Holdings, Item, Parties, Same
from commissioning.domain.named_items import NamedItems, named_in
from commissioning.domain.operations import CloseHolding, OpenHolding, held_in
from commissioning.domain.vocabulary import EndReason, HoldingKind, PartyRole, Separation
from organisations.domain.changes import ChangeRequest
from organisations.domain.operations import Operation
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind
from pcorg.core.periods import Period

Destinations = Mapping[str, Sequence[tuple[str, Decimal]]]
"""For each body that gives: who takes which part of what it has, parts adding up to 1; what it keeps is among them."""

BY_SHARE = frozenset(
    {
        ChangeKind.TRANSITION,
        ChangeKind.MERGER,
        ChangeKind.SPLIT,
        ChangeKind.RECONFIGURATION,
        ChangeKind.CORRECTION,
    }
)
"""Kinds of change that hand on what is not named, by the shares of their edges."""

WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Passing:
    """What becomes of one holding: the holdings that come of it, and why it ends. `meets` is the body in which both
    parts of a contract would meet."""

    old: Holding
    parts: tuple[Holding, ...]
    why: EndReason = EndReason.PASSED_ON
    meets: str = ""


def movements(request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
    """The operations by which a change moves what its bodies hold (a correction under later history: see
    `commissioning.domain.corrections`)."""
    yield from novated(passings(request, snapshot), held_in(snapshot), Period(request.effective_on))


def passings(request: ChangeRequest, snapshot: Snapshot) -> list[Passing]:
    """Work out what happens to every holding that the change affects."""
    holdings = held_in(snapshot)
    named = named_in(request, holdings)
    goes = destinations(request) if request.kind in BY_SHARE else {}
    found = (passed(old, holdings.items[old.thing], named, goes) for old in concerned(request, holdings, goes))
    return [passing for passing in found if passing is not None]


def destinations(request: ChangeRequest) -> Destinations:
    """Who takes which part of what each original has, by the shares of the change."""
    closing = frozenset(request.closing)
    parts: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for edge in request.shares():
        if edge.share:
            parts[edge.original].append((edge.resulting, edge.share))
    for code, given in parts.items():
        kept = WHOLE - sum((share for _, share in given), Decimal(0))
        if kept > 0 and code not in closing:
            given.insert(0, (code, kept))
    return parts


def concerned(request: ChangeRequest, holdings: Holdings, goes: Destinations) -> list[Holding]:
    """Holdings that last beyond the day and in which a body that gives, or ends, has a part; each once."""
    givers = dict.fromkeys([*request.closing, *goes, *(move.giver for move in request.moves)])
    found = {
        each: None for code in givers for each in holdings.with_body(code) if each.lasts_beyond(request.effective_on)
    }
    return list(found)


def passed(old: Holding, item: Item, named: NamedItems, goes: Destinations) -> Passing | None:
    """What becomes of a holding; None where it stays as it is."""
    going = named.roles_of(old)
    shared = {code: goes[code] for role, code in old.parties if role not in going and code in goes}
    if any(role not in going and code not in goes and code in named.closing for role, code in old.parties):
        return Passing(old, (), EndReason.LEFT_BEHIND)
    fates = _fates(old, going, shared)
    if fates == [(old.parties, WHOLE)]:
        return None
    if not old.amounts:
        fates = [(max(fates, key=lambda fate: fate[1])[0], WHOLE)]
        if fates[0][0] == old.parties:
            return None
    host = max(fates, key=lambda fate: fate[1])[0]
    parts = [
        replace(old, parties=parties, amounts=amounts, state=_state(old, hosting=parties == host))
        for (parties, _), amounts in zip(fates, shared_out(old.amounts, [part for _, part in fates]), strict=True)
    ]
    receiving = [] if item.agreement else [part.party(PartyRole.PROVIDER) for part in parts if with_itself(part)]
    if not receiving:
        return Passing(old, tuple(parts))
    apart = tuple(part for part in parts if not with_itself(part))
    return Passing(old, apart, EndReason.LAPSED if named.itself(old) else EndReason.WITH_ITSELF, receiving[0])


def with_itself(holding: Holding) -> bool:
    """Whether both parties of a contract are one body."""
    return holding.kind is HoldingKind.CONTRACT and holding.party(PartyRole.COMMISSIONER) == holding.party(
        PartyRole.PROVIDER
    )


def _fates(old: Holding, going: Mapping[PartyRole, str], shared: Destinations) -> list[tuple[Parties, Decimal]]:
    """Every set of parties that a part of the holding comes to, with that part; the parts add up to 1."""
    fates: dict[Parties, Decimal] = defaultdict(Decimal)
    for takers in product(*shared.values()):
        taken_by = dict(zip(shared, takers, strict=True))
        parties, part = [], WHOLE
        for role, code in old.parties:
            stays = role in going or code not in taken_by
            parties.append((role, going.get(role, code) if stays else taken_by[code][0]))
        for _, share in taken_by.values():
            part *= share
        fates[tuple(parties)] += part
    return list(fates.items())


def _state(old: Holding, *, hosting: bool) -> str:
    """A pool has one host: of the parts of a host's contribution the largest hosts."""
    return "" if old.kind is HoldingKind.POOL and not hosting else old.state


# --- what ends and what begins --------------------------------------------------------------------------------------


def novated(passing_on: Sequence[Passing], holdings: Holdings, span: Period) -> Iterator[Operation]:
    """End what passes on and open what comes of it within a span of days, added up where it comes together."""
    leaving = {passing.old for passing in passing_on}
    arriving: dict[Same, list[Holding]] = defaultdict(list)
    for passing in passing_on:
        for part in passing.parts:
            arriving[part.same].append(_within(part, span))
    existing = [
        each
        for same, parts in arriving.items()
        for each in holdings.of_same(same)
        if each not in leaving and any(each.period.overlaps(part.period) for part in parts)
    ]
    for each in existing:
        arriving[each.same].append(_within(each, span))
    for passing in passing_on:
        yield CloseHolding(passing.old, span.start, passing.why, passing.meets)
    for each in existing:
        yield CloseHolding(each, span.start)
    for parts in arriving.values():
        yield from _together(parts)


def _within(holding: Holding, span: Period) -> Holding:
    return replace(holding, period=Period(max(holding.period.start, span.start), holding.period.end), begun_by=None)


def _together(parts: Sequence[Holding]) -> Iterator[OpenHolding]:
    """One holding for each period in which the same parts run."""
    if len(parts) == 1:
        yield OpenHolding(parts[0])
        return
    bounds = sorted({day for part in parts for day in (part.period.start, part.period.end) if day is not None})
    spans = [Period(*days) for days in pairwise(bounds)]
    if any(part.period.end is None for part in parts):
        spans.append(Period(bounds[-1]))
    for span in spans:
        running = [part for part in parts if part.period.covers(span)]
        if running:
            yield _added(running, span)


def _added(running: Sequence[Holding], span: Period) -> OpenHolding:
    amounts = [part.amounts for part in running]
    joint = replace(running[0], period=span, amounts=added_up(amounts), state=_joint_state(running))
    last = next((part for part in running if part.period.end == span.end), None)
    return OpenHolding(
        replace(joint, ended_by=last.ended_by if last else None, due=last.due if last else None),
        partly_unknown(amounts),
    )


def _joint_state(running: Sequence[Holding]) -> str:
    """Of partners that become one, the one body hosts where either did; of arms, the lesser separation holds."""
    states = {part.state for part in running}
    if running[0].kind is HoldingKind.POOL:
        return HOSTS if HOSTS in states else ""
    return next((state.value for state in Separation if state.value in states), running[0].state)
