"""Checks that nothing is lost: contracts that a body would have with itself, and things that nobody takes over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from commissioning.domain.checks.words import counted, known, named, pounds, titles
from commissioning.domain.holdings import Holding
from commissioning.domain.kinds import KINDS
from commissioning.domain.operations import CloseHolding, held_in
from commissioning.domain.vocabulary import EndReason, HoldingKind, PartyRole
from organisations.domain.checks import AppliedCheck, Finding
from organisations.domain.checks.finding import listed
from organisations.domain.forms import COUNCIL
from organisations.domain.planning import Plan

OWN_SOURCE = "kings-fund-2009 lines 2199-2201"


def contract_conflict(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`contract-conflict`: a body cannot have an enforceable contract with itself (King's Fund 2009, lines 2199-2201).

    In recorded history such a contract ended with the change. A proposed change says so by naming it in moves.
    """
    closings = [each for each in _closings(plan) if each.holding.kind is HoldingKind.CONTRACT]
    conflicts = [each for each in closings if each.why is EndReason.WITH_ITSELF]
    if conflicts:
        return check.unmet(
            f"Both parties would be one body, which has no contract with itself: {_between(conflicts, plan)}. "
            f"Say in moves what becomes of each: it ends where it is named {_remedy(conflicts)}; it goes on where it "
            "is named to pass to a third body.",
            OWN_SOURCE,
        )
    if not closings:
        words = "No contract passes on, so none would be with the body itself."
        return check.met(words, OWN_SOURCE) if check.declared else None
    lapsing = [each for each in closings if each.why is EndReason.LAPSED]
    passed = {each.holding.item for each in closings} - {each.holding.item for each in lapsing}
    messages = []
    if passed:
        number = counted(len(passed), "contract passes", "contracts pass")
        messages.append(f"{number} on, and no body would have one with itself.")
    if lapsing:
        messages.append(
            "As moves say, these end, for both parts come to one body, which then does the work itself: "
            f"{_between(lapsing, plan)}."
        )
    return check.met(" ".join(messages), OWN_SOURCE)


def _between(closings: Iterable[CloseHolding], plan: Plan) -> str:
    """Contracts with their parties and value."""
    items = held_in(plan.before).items
    holdings = [each.holding for each in closings]
    return listed(
        (
            f"{items[each.thing].title} ({each.item}) between {named(each.bodies, plan.before)}{_worth(each)}"
            for each in holdings
        ),
        "; ",
    )


def _remedy(conflicts: Iterable[CloseHolding]) -> str:
    """How each contract is to be named so that it ends: its code, the party that gives its part up, and the body that
    has the other."""
    parts = []
    for each in conflicts:
        giver = next(code for code in reversed(each.holding.bodies) if code != each.meets)
        parts.append(f"“{each.holding.item}” from {giver} to {each.meets}")
    return listed(dict.fromkeys(parts), "; ")


def _worth(holding: Holding) -> str:
    value = holding.amount("annual_value")
    return "" if value is None else f", {pounds(value)} a year"


def nothing_left_behind(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`nothing-left-behind`: whatever the bodies that end held has a home afterwards, every pool keeps a council, and
    no contract covers services that part."""
    request = plan.request
    if request is None:
        return None
    messages = [*_left(plan), *_pools_without_council(plan)]
    if messages:
        return check.unmet(" ".join(messages), "pcorg-model")
    straddling = _straddling(plan)
    if straddling:
        return check.unsure(
            f"Some services go and some stay, and one contract covers both, so that it stays: "
            f"{titles(straddling, held_in(plan.before))}. Name it in moves if it is to go.",
            "pcorg-model",
        )
    passed = [each.holding for each in _closings(plan) if each.why is EndReason.PASSED_ON]
    if not request.closing or not passed:
        return None
    return check.met(f"All that they held has a home: {_in_numbers(passed)}.", "pcorg-model")


def _closings(plan: Plan) -> Iterator[CloseHolding]:
    return (each for each in plan.operations if isinstance(each, CloseHolding))


def _left(plan: Plan) -> Iterator[str]:
    left = [each.holding for each in _closings(plan) if each.why is EndReason.LEFT_BEHIND]
    if left:
        yield (
            f"Nobody would take over {_in_numbers(left)}: {titles(left, held_in(plan.before))}. "
            "Say in moves where each goes."
        )


def _in_numbers(holdings: list[Holding]) -> str:
    """How many things of each kind, and what they are worth a year."""
    parts = []
    for kind in KINDS.values():
        of_kind = [each for each in holdings if each.kind is kind.name]
        if of_kind:
            sum_ = known(of_kind, kind.worth)
            number = counted(len({each.item for each in of_kind}), kind.one, kind.many)
            parts.append(f"{number} ({pounds(sum_)} a year)" if sum_ else number)
    return ", ".join(parts)


def _pools_without_council(plan: Plan) -> Iterator[str]:
    """Pools that go on with no council in them, where the change took one out."""
    request = plan.request
    if request is None:
        return
    on, after = request.effective_on, held_in(plan.after)
    touched = {each.holding.thing: each.holding for each in _closings(plan) if each.holding.kind is HoldingKind.POOL}
    for thing, holding in touched.items():
        partners = [each.party(PartyRole.PARTNER) for each in after.of_thing(thing) if each.period.holds(on)]
        had_one = any(_is_council(plan, each.party(PartyRole.PARTNER)) for each in held_in(plan.before).of_thing(thing))
        if partners and had_one and not any(_is_council(plan, code) for code in partners):
            yield (
                f"{after.items[thing].title} ({holding.item}) would have no council in it: "
                "a pooled budget is money of the NHS and a council."
            )


def _is_council(plan: Plan, code: str) -> bool:
    body = plan.after.bodies.get(code)
    return body is not None and any(dated.form == COUNCIL for dated in body.forms)


def _straddling(plan: Plan) -> list[Holding]:
    """Contracts that stay although some of the services under them, and not all, pass to another body."""
    request = plan.request
    if request is None:
        return []
    on, before, after = request.effective_on, held_in(plan.before), held_in(plan.after)
    given_up = {
        (each.holding.thing, each.holding.party(PartyRole.PROVIDER))
        for each in _closings(plan)
        if each.holding.kind is HoldingKind.PROVISION and each.holding.period.holds(on)
    }
    still_provided = {
        (thing, each.party(PartyRole.PROVIDER))
        for thing in {thing for thing, _ in given_up}
        for each in after.of_thing(thing)
        if each.period.holds(on)
    }
    gone = {(giver, service) for thing, giver in given_up - still_provided for service in before.items[thing].services}
    return [
        each
        for code in sorted({giver for giver, _ in gone})
        for each in after.of(code, on)
        if each.kind is HoldingKind.CONTRACT
        and each.party(PartyRole.PROVIDER) == code
        and any((code, service) in gone for service in after.items[each.thing].services)
    ]
