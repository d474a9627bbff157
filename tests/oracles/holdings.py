"""What bodies hold after a change, day by day and in exact fractions: every holding taken apart into shares, and the
shares put together again by who holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

from commissioning.domain.holdings import Holding, Item, Parties
from commissioning.domain.vocabulary import HoldingKind, PartyRole
from organisations.domain.changes import ChangeRequest
from organisations.domain.vocabulary import ChangeKind

Who = tuple[str, Parties]
Exact = dict[str, Fraction | None]

DIVIDES = {ChangeKind.TRANSITION, ChangeKind.MERGER, ChangeKind.SPLIT, ChangeKind.RECONFIGURATION}


def held_after(
    change: ChangeRequest, items: Mapping[str, Item], holdings: Iterable[Holding], on: date
) -> dict[Who, Exact]:
    """Exact amounts by thing and holders on a day from the change on. Only things named by their codes are known
    here, not services or groups."""
    found: dict[Who, Exact] = {}
    for holding in holdings:
        if not holding.period.holds(on):
            continue
        for parties, share in _fates(change, holding).items():
            if impossible(items[holding.item], parties):
                continue
            amounts = found.setdefault((holding.item, parties), {})
            for name, amount in holding.amounts:
                part = None if amount is None else Fraction(amount) * share
                so_far = amounts.get(name)
                amounts[name] = part if so_far is None else so_far if part is None else so_far + part
    return found


def ended_in_part(change: ChangeRequest, items: Mapping[str, Item], holdings: Iterable[Holding]) -> set[str]:
    """Contracts of which a part would be with itself: it ends, and what is left of a division is rounded."""
    return {
        holding.item
        for holding in holdings
        for parties in _fates(change, holding)
        if impossible(items[holding.item], parties)
    }


def impossible(item: Item, parties: Parties) -> bool:
    """Whether a body would have a contract, and no agreement, with itself."""
    return item.kind is HoldingKind.CONTRACT and not item.agreement and parties[0][1] == parties[1][1]


def _fates(change: ChangeRequest, holding: Holding) -> dict[Parties, Fraction]:
    """Who comes to hold which part: every body that gives is replaced by each of its takers, all of them at once."""
    takers: list[tuple[list[PartyRole], dict[str, Fraction]]] = []
    settled: dict[PartyRole, str] = {}
    for code in dict.fromkeys(holding.bodies):
        own = [role for role, body in holding.parties if body == code]
        named = [move.receiver for move in change.moves if move.giver == code and move.what == holding.item]
        if named:
            goes_on = code not in change.closing
            only_provides = goes_on and PartyRole.PROVIDER in own
            settled |= {role: code if only_provides and role is not PartyRole.PROVIDER else named[-1] for role in own}
        else:
            takers.append((own, _takers(change, code)))
    fates: dict[Parties, Fraction] = defaultdict(Fraction)
    for taken in product(*(shares.items() for _, shares in takers)):
        by_role = dict(settled)
        part = Fraction(1)
        for (roles, _), (taker, share) in zip(takers, taken, strict=True):
            by_role |= dict.fromkeys(roles, taker)
            part *= share
        fates[tuple((role, by_role[role]) for role, _ in holding.parties)] += part
    if holding.amounts or len(fates) < 2:
        return dict(fates)
    return {max(fates, key=lambda parties: fates[parties]): Fraction(1)}


def _takers(change: ChangeRequest, code: str) -> dict[str, Fraction]:
    """Who takes which share of what a body has, itself first; nobody where it ends and leaves all."""
    shares = {
        edge.resulting: Fraction(edge.share)
        for edge in change.shares()
        if edge.original == code and edge.share and change.kind in DIVIDES
    }
    kept = 1 - sum(shares.values())
    return ({code: kept} if kept > 0 and code not in change.closing else {}) | shares


def close_to(amount: Decimal | None, exact: Fraction | None, smallest: Decimal, parts: int) -> bool:
    """Whether an amount is the exact one but for the rounding of its parts."""
    if amount is None or exact is None:
        return amount is None and exact is None
    return abs(Fraction(amount) - exact) < Fraction(smallest) * max(parts, 1)
