"""Things and holdings of the domain in a few words, as part of a snapshot. Everything is invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from commissioning.domain.holdings import HOSTS, NAME, Holding, Holdings, Item
from commissioning.domain.vocabulary import HoldingKind, PartyRole, Separation
from organisations.domain.snapshot import Snapshot
from pcorg.core.periods import Period
from tests.factories.snapshots import OPENED

Thing = tuple[Item, Holding]
"""A thing and its holding, as the functions below make them."""


def money(amount: str | int | Decimal | None) -> Decimal | None:
    """Pounds, or unknown."""
    return None if amount is None else Decimal(amount)


def _holding(
    kind: HoldingKind, code: str, parties: tuple[tuple[PartyRole, str], ...], given: dict[str, Any]
) -> Holding:
    period = Period(given.pop("start", OPENED), given.pop("end", None))
    return Holding(kind, code, parties, period, **given)


def contract(
    code: str,
    commissioner: str,
    provider: str,
    value: str | None = "1000.00",
    *,
    services: Iterable[str] = (),
    agreement: bool = False,
    **more: Any,
) -> Thing:
    """A contract between two bodies."""
    item = Item(HoldingKind.CONTRACT, code, f"Contract {code}", frozenset(services), agreement=agreement)
    parties = ((PartyRole.COMMISSIONER, commissioner), (PartyRole.PROVIDER, provider))
    return item, _holding(HoldingKind.CONTRACT, code, parties, {"amounts": (("annual_value", money(value)),)} | more)


def budget(code: str, holder: str, amount: str | None = "1000.00", **more: Any) -> Thing:
    """A budget."""
    parties = ((PartyRole.ORGANISATION, holder),)
    return Item(HoldingKind.BUDGET, code, f"Budget {code}"), _holding(
        HoldingKind.BUDGET, code, parties, {"amounts": (("amount", money(amount)),)} | more
    )


def pool(code: str, partner: str, amount: str | None = "1000.00", *, hosts: bool = False, **more: Any) -> Thing:
    """What a partner puts into a pooled budget."""
    parties = ((PartyRole.PARTNER, partner),)
    given = {"amounts": (("amount", money(amount)),), "state": HOSTS if hosts else ""} | more
    return Item(HoldingKind.POOL, code, f"Pool {code}"), _holding(HoldingKind.POOL, code, parties, given)


def provision(
    code: str,
    service: str,
    provider: str,
    population_of: str | None = None,
    *,
    wte: str | None = "10.00",
    value: str | None = "1000.00",
    contacts: int | None = 100,
    **more: Any,
) -> Thing:
    """A service provided."""
    amounts = (("wte", money(wte)), ("annual_value", money(value)), ("contacts", money(contacts)))
    parties = ((PartyRole.PROVIDER, provider), (PartyRole.POPULATION_OF, population_of or provider))
    item = Item(HoldingKind.PROVISION, code, f"Service {code}", frozenset({service}))
    return item, _holding(HoldingKind.PROVISION, code, parties, {"amounts": amounts} | more)


def staffing(
    code: str, employer: str, wte: str = "10.00", *, service: str = "", headcount: int | None = 12, **more: Any
) -> Thing:
    """Staff employed."""
    item = Item(HoldingKind.STAFFING, code, f"Staff {code}", frozenset({service} if service else ()))
    amounts = (("wte", money(wte)), ("headcount", money(headcount)))
    return item, _holding(
        HoldingKind.STAFFING, code, ((PartyRole.ORGANISATION, employer),), {"amounts": amounts} | more
    )


def premises(code: str, holder: str, **more: Any) -> Thing:
    """A building."""
    return Item(HoldingKind.PREMISES, code, f"Building {code}"), _holding(
        HoldingKind.PREMISES, code, ((PartyRole.ORGANISATION, holder),), more
    )


def arm(code: str, trust: str, separation: Separation = Separation.NONE, **more: Any) -> Thing:
    """A trust's provider arm."""
    return Item(HoldingKind.ARM, code, f"Arm {code}"), _holding(
        HoldingKind.ARM, code, ((PartyRole.ORGANISATION, trust),), {"state": separation.value} | more
    )


def group(code: str, arm_code: str, holder: str, *services: str, **more: Any) -> Thing:
    """A group of services of an arm."""
    item = Item(HoldingKind.GROUP, code, f"Group {code}", frozenset(services), part_of=arm_code)
    return item, _holding(HoldingKind.GROUP, code, ((PartyRole.ORGANISATION, holder),), more)


def holding(snapshot: Snapshot, *things: Thing, **more: Any) -> Snapshot:
    """A snapshot in which bodies hold things."""
    held = Holdings([item for item, _ in things], [one for _, one in things], **more)
    return replace(snapshot, parts={**snapshot.parts, NAME: held})


def held_on(snapshot: Snapshot, on: date) -> dict[tuple[str, tuple[str, ...]], tuple[Decimal | None, ...]]:
    """What is held on a day: by thing and holders, the amounts."""
    part: Holdings = snapshot.parts[NAME]
    return {(each.item, each.bodies): tuple(amount for _, amount in each.amounts) for each in part.in_force(on)}
