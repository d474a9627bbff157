"""What a body, or a group of its services, carries: services, staff, money and contracts.

Read from commissioning's part of a snapshot, before a plan and after it alike, so that what is promised and what is
reached are told by the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commissioning.domain.holdings import Holding, Holdings, Item
from commissioning.domain.vocabulary import HoldingKind, PartyRole

CARRIED = (HoldingKind.PROVISION, HoldingKind.STAFFING, HoldingKind.CONTRACT)
"""What goes with a service. Buildings do not: trusts kept them so as not to be locked in (The King's Fund 2009, lines
1987-1989), and a transfer can name them."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is carried on a day. `services` are slugs of the catalogue in order; `wte` the staff of the services and
    `money` their cost in pounds a year, each the sum of what is known, with how many services do not know theirs, and
    None where none does; `posts` the staff employed for them; `contracts` the codes of what is provided under, worth
    `contracted` a year.
    """

    services: tuple[str, ...] = ()
    wte: Decimal | None = Decimal(0)
    wte_unknown: int = 0
    money: Decimal | None = Decimal(0)
    money_unknown: int = 0
    posts: Decimal = Decimal(0)
    contracts: tuple[str, ...] = ()
    contracted: Decimal = Decimal(0)


def load_of(holdings: Holdings, code: str, on: date) -> Load:
    """All that a body carries on a day."""
    return _load(holdings, _carried(holdings, code, on))


def carried_by(holdings: Holdings, code: str, services: Iterable[str], on: date) -> Load:
    """What goes with some of a body's services: what it provides of them, staff employed for them alone, and contracts
    under which it provides nothing else."""
    selected = frozenset(services)
    return _load(
        holdings, (each for each in _carried(holdings, code, on) if _wholly_in(holdings.items[each.thing], selected))
    )


def straddling(holdings: Holdings, code: str, destinations: Mapping[str, str], on: date) -> list[tuple[Item, int]]:
    """Contracts under which a body provides services that go to several destinations, some of which may stay, with how
    many: none of them can go with either."""
    found = []
    for each in _carried(holdings, code, on):
        item = holdings.items[each.thing]
        if each.kind is HoldingKind.CONTRACT and item.services:
            ends = {destinations.get(service, "") for service in item.services}
            if len(ends) > 1:
                found.append((item, len(ends)))
    return sorted(found, key=lambda pair: pair[0].code)


def _wholly_in(item: Item, services: frozenset[str]) -> bool:
    return bool(item.services) and item.services <= services


def _carried(holdings: Holdings, code: str, on: date) -> Iterator[Holding]:
    for each in holdings.of(code, on):
        if each.kind in CARRIED:
            part = PartyRole.ORGANISATION if each.kind is HoldingKind.STAFFING else PartyRole.PROVIDER
            if each.party(part) == code:
                yield each


def _load(all_holdings: Holdings, holdings: Iterable[Holding]) -> Load:
    by_kind: dict[HoldingKind, list[Holding]] = {kind: [] for kind in CARRIED}
    for each in holdings:
        by_kind[each.kind].append(each)
    provisions, contracts = by_kind[HoldingKind.PROVISION], by_kind[HoldingKind.CONTRACT]
    wte = [each.amount("wte") for each in provisions]
    money = [each.amount("annual_value") for each in provisions]
    return Load(
        services=tuple(sorted({slug for each in provisions for slug in all_holdings.items[each.thing].services})),
        wte=_known(wte),
        wte_unknown=wte.count(None),
        money=_known(money),
        money_unknown=money.count(None),
        posts=_sum(each.amount("wte") for each in by_kind[HoldingKind.STAFFING]),
        contracts=tuple(sorted({each.item for each in contracts})),
        contracted=_sum(each.amount("annual_value") for each in contracts),
    )


def _known(amounts: list[Decimal | None]) -> Decimal | None:
    return None if amounts and not any(amount is not None for amount in amounts) else _sum(amounts)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
