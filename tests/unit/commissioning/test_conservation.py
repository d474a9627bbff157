"""Of whatever bodies hold, a change of any kind loses nothing, invents nothing, and leaves nothing with nobody.

Random holdings of every kind, random changes with random shares and random named things; the result is held against a
slow oracle in exact fractions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from commissioning.domain.amounts import SMALLEST, divided
from commissioning.domain.holdings import NAME, Holding, Holdings, Item
from commissioning.domain.movement import movements
from commissioning.domain.vocabulary import HoldingKind, PartyRole, Separation
from organisations.domain.changes import ChangeRequest, Move
from organisations.domain.integrity import problems_of
from organisations.domain.planning import plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, Route
from pcorg.core.periods import Period, first_overlap
from tests.factories import holdings as make
from tests.factories.snapshots import OPENED, body, new, request, share, world
from tests.oracles import holdings as oracle
from tests.strategies import divisions, shares_to

DAY = date(2009, 4, 1)
DAYS = [OPENED, *(DAY + timedelta(days=number) for number in (-2, -1, 0, 1, 2, 3))]
TRUSTS = ["A", "B", "C", "D"]
BODIES = [*TRUSTS, "COUNCIL", "HOSPITAL"]

pennies = st.none() | st.integers(0, 10_000_00).map(lambda pence: Decimal(pence) / 100)
whole = st.none() | st.integers(0, 5_000).map(Decimal)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(st.sampled_from(DAYS))
    end = draw(st.none() | st.sampled_from([day for day in DAYS if day > start] or [DAY + timedelta(days=9)]))
    return Period(start, end)


@st.composite
def things(draw: st.DrawFn, code: str) -> list[make.Thing]:
    """One thing with its holdings: for what can be held together, perhaps several."""
    kind = draw(st.sampled_from(list(HoldingKind)))
    who = draw(st.lists(st.sampled_from(BODIES), min_size=1, max_size=3, unique=True))
    other = draw(st.sampled_from(BODIES))
    made = []
    for number, holder in enumerate(
        who if kind not in {HoldingKind.ARM, HoldingKind.GROUP, HoldingKind.PREMISES} else who[:1]
    ):
        spell = draw(periods())
        when = {"start": spell.start, "end": spell.end}
        match kind:
            case HoldingKind.CONTRACT:
                agreement = number == 0 and len(who) == 1 and draw(st.booleans())
                if holder == other and not agreement:
                    continue
                made.append(make.contract(code, holder, other, draw(pennies), agreement=agreement, **when))
            case HoldingKind.BUDGET:
                made.append(make.budget(code, holder, draw(pennies), **when))
            case HoldingKind.POOL:
                made.append(make.pool(code, holder, draw(pennies), **when))
            case HoldingKind.PROVISION:
                amounts = {"wte": draw(pennies), "value": draw(pennies), "contacts": draw(whole)}
                made.append(make.provision(code, "self-care", holder, draw(st.sampled_from(BODIES)), **amounts, **when))
            case HoldingKind.STAFFING:
                made.append(make.staffing(code, holder, draw(pennies), headcount=draw(whole), **when))
            case HoldingKind.PREMISES:
                made.append(make.premises(code, holder, **when))
            case HoldingKind.ARM:
                made.append(make.arm(code, holder, draw(st.sampled_from(list(Separation))), **when))
            case HoldingKind.GROUP:
                made.append(make.group(code, "V", holder, **when))
    return made


@st.composite
def counties(draw: st.DrawFn) -> Snapshot:
    found = [each for number in range(draw(st.integers(1, 6))) for each in draw(things(f"T{number}"))]
    return make.holding(world(*(body(code, "pct-4") for code in BODIES)), *found)


@st.composite
def changes(draw: st.DrawFn, before: Snapshot) -> ChangeRequest:
    kind = draw(st.sampled_from([kind for kind in ChangeKind if kind is not ChangeKind.CORRECTION]))
    first, second, third, _ = draw(st.permutations(TRUSTS))
    heirs = (new("N", on=DAY), new("M", on=DAY))
    match kind:
        case ChangeKind.ESTABLISHMENT:
            return request(kind, DAY, new=heirs[:1])
        case ChangeKind.RENAME:
            return request(kind, DAY, [first], name="Another")
        case ChangeKind.TRANSITION:
            return request(
                kind,
                DAY,
                [first],
                route=Route.SUCCESSION,
                new=heirs[:1],
                moves=moves(draw, before, [first], ["N", second]),
            )
        case ChangeKind.MERGER:
            codes = [first, second, third][: draw(st.integers(2, 3))]
            if draw(st.booleans()):
                return request(kind, DAY, codes, continuing=(first,), moves=moves(draw, before, codes[1:], [first]))
            return request(kind, DAY, codes, new=heirs[:1], moves=moves(draw, before, codes, ["N"]))
        case ChangeKind.SPLIT:
            goes_on = draw(st.booleans())
            results = ["N"] if goes_on else ["N", "M"]
            return request(
                kind,
                DAY,
                [first],
                continuing=(first,) if goes_on else (),
                new=heirs[: len(results)],
                edges=tuple(draw(shares_to([first], results, all_of_it=not goes_on))),
                moves=moves(draw, before, [first], [*results, second]),
            )
        case ChangeKind.SEPARATION:
            return request(kind, DAY, [first], new=heirs[:1], moves=moves(draw, before, [first], ["N"]))
        case ChangeKind.TRANSFER:
            part = draw(divisions(2))[0]
            passing = moves(draw, before, [first], [second])
            return request(kind, DAY, [first, second], edges=(share(first, second, part),), moves=passing)
        case ChangeKind.RECONFIGURATION:
            goes_on = [first] if draw(st.booleans()) else []
            results = [*goes_on, "N", "M"]
            edges = draw(shares_to([second, third], results, all_of_it=True))
            edges += draw(shares_to(goes_on, results, all_of_it=False))
            edges += [] if goes_on else draw(shares_to([first], results, all_of_it=True))
            codes = [first, second, third]
            passing = moves(draw, before, codes, results)
            return request(kind, DAY, codes, continuing=tuple(goes_on), new=heirs, edges=tuple(edges), moves=passing)
        case _:
            return request(kind, DAY, [first], moves=moves(draw, before, [first], [second]))


def moves(draw: st.DrawFn, before: Snapshot, givers: list[str], receivers: list[str]) -> tuple[Move, ...]:
    """Some of what the givers hold, by its code."""
    part: Holdings = before.parts[NAME]
    held = sorted({(each.item, code) for code in givers for each in part.with_body(code) if each.lasts_beyond(DAY)})
    if not held:
        return ()
    drawn = draw(st.lists(st.tuples(st.sampled_from(held), st.sampled_from(receivers)), max_size=3))
    chosen = {what: receiver for what, receiver in drawn if receiver != what[1]}
    return tuple(Move(what, giver, receiver) for (what, giver), receiver in chosen.items())


@st.composite
def cases(draw: st.DrawFn) -> tuple[Snapshot, ChangeRequest]:
    before = draw(counties())
    return before, draw(changes(before))


def parts_of(state: Snapshot) -> tuple[dict[str, Item], list[Holding]]:
    held: Holdings = state.parts[NAME]
    return {item.code: item for item in held.items.values()}, list(held.holdings)


@given(cases())
def test_nothing_is_lost_invented_or_left_with_nobody(case: tuple[Snapshot, ChangeRequest]) -> None:
    before, change = case
    assert problems_of(change, before) == []
    after = plan(change, before, [movements]).after
    items, was = parts_of(before)
    _, now = parts_of(after)
    for on in DAYS:
        held = {(each.item, each.parties): each for each in now if each.period.holds(on)}
        if on < DAY:
            assert held.keys() == {(each.item, each.parties) for each in was if each.period.holds(on)}
            continue
        expected = oracle.held_after(change, items, was, on)
        assert held.keys() == expected.keys()
        for who, amounts in expected.items():
            for name, exact in amounts.items():
                assert oracle.close_to(held[who].amount(name), exact, SMALLEST[name], len(was))
        rounded = oracle.ended_in_part(change, items, was)
        assert sums(held.values(), rounded) == exactly(expected, rounded)
    nobody_holds_outside_its_life(after)
    nothing_overlaps(now)


def sums(holdings: Iterable[Holding], rounded: set[str]) -> dict[tuple[str, str], Fraction]:
    """Each quantity of each thing, added up over its holders; but of what is rounded."""
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for each in holdings:
        for name, amount in each.amounts if each.item not in rounded else ():
            found[each.item, name] += Fraction(amount or 0)
    return dict(found)


def exactly(expected: dict[oracle.Who, oracle.Exact], rounded: set[str]) -> dict[tuple[str, str], Fraction]:
    """The same of the oracle."""
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (item, _), amounts in expected.items():
        for name, exact in amounts.items() if item not in rounded else ():
            found[item, name] += exact or 0
    return dict(found)


def nobody_holds_outside_its_life(state: Snapshot) -> None:
    for each in state.parts[NAME].holdings:
        for code in each.bodies:
            holder = state.bodies[code]
            assert holder.opened <= each.period.start
            assert holder.closed is None or holder.lives_through(each.period), each


def nothing_overlaps(holdings: list[Holding]) -> None:
    same = defaultdict(list)
    for each in holdings:
        same[each.same].append(each.period)
    assert all(first_overlap(spells) is None for spells in same.values())


SERVICES = ["district-nurses", "self-care", "audiology"]


@st.composite
def arms(draw: st.DrawFn) -> Snapshot:
    """A trust with services, their staff, agreements on them, and groups of them in an arm."""
    found = [make.arm("V", "A")]
    for number, service in enumerate(draw(st.lists(st.sampled_from(SERVICES), max_size=5))):
        who, amounts = draw(st.sampled_from(["A", "B"])), {"wte": draw(pennies), "value": draw(pennies)}
        found.append(make.provision(f"S{number}", service, who, draw(st.sampled_from(["A", "C"])), **amounts))
        found.append(make.staffing(f"W{number}", who, draw(pennies), service=service))
    for number, services in enumerate(draw(st.lists(st.sets(st.sampled_from(SERVICES)), max_size=3))):
        found.append(make.group(f"G{number}", "V", "A", *sorted(services)))
        found.append(make.contract(f"C{number}", "A", "A", draw(pennies), services=services, agreement=True))
        found.append(make.contract(f"D{number}", "C", "A", draw(pennies), services=services))
    return make.holding(world(*(body(code, "pct-4") for code in BODIES)), *found)


@given(arms(), st.sets(st.sampled_from([*SERVICES, "V", "G0", "G1"])), st.sampled_from(["ARM", "B"]))
def test_what_goes_by_service_group_or_arm_goes_whole_and_adds_up(
    before: Snapshot, named: set[str], receiver: str
) -> None:
    """By a separation and by a transfer: of each thing as much as before, with nobody but the giver, the receiver and
    those who had it; and what the giver does not provide stays."""
    held: Holdings = before.parts[NAME]
    known = {item.code for item in held.items.values()} | set(SERVICES)
    passing = tuple(Move(what, "A", receiver) for what in sorted(named & known))
    if not passing:
        return
    if receiver == "ARM":
        change = request(ChangeKind.SEPARATION, DAY, ["A"], new=(new("ARM", "pct-4", on=DAY),), moves=passing)
    else:
        change = request(ChangeKind.TRANSFER, DAY, ["A", "B"], moves=passing)
    assert problems_of(change, before) == []
    after = plan(change, before, [movements]).after
    was, now = list(held.in_force(DAY)), list(after.parts[NAME].in_force(DAY))
    assert sums(now, set()) == sums(was, set())
    for each in was:
        if "A" not in each.bodies:
            assert sum(other.parties == each.parties and other.thing == each.thing for other in now) == 1
    takers = {code for each in now for code in each.bodies}
    assert takers <= {code for each in was for code in each.bodies} | {receiver}
    gone = {service for service in SERVICES if service in named}
    left = [each for each in now if each.kind is HoldingKind.PROVISION and each.party(PartyRole.PROVIDER) == "A"]
    assert not any(held.items[each.thing].services & gone for each in left)
    nothing_overlaps(list(after.parts[NAME].holdings))


@given(st.integers(0, 10**13), divisions(4), st.sampled_from(sorted(set(SMALLEST.values()))))
def test_a_division_adds_up_and_no_part_is_a_smallest_part_off(
    units: int, weights: list[Decimal], smallest: Decimal
) -> None:
    amount = units * smallest
    parts = divided(amount, weights, smallest)
    assert sum(parts) == amount
    assert all(abs(part - amount * weight) < smallest for part, weight in zip(parts, weights, strict=True))
    assert all(part % smallest == 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)
