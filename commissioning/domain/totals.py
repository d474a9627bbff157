"""What bodies hold on a day, added up: what a change must not lose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from commissioning.domain.holdings import Held, Holding
from commissioning.domain.vocabulary import Kind, Role

NOTHING = Decimal("0.00")


def totals(codes: Iterable[str], held: Held, on: date) -> dict[str, int | Decimal]:
    """Named totals of what the bodies hold on a day.

    `contracts` counts the contracts in which any of them is a party, once each; `contract_value`, `budget` and
    `pooled` (what they put into pooled budgets) are pounds a year; `provisions` counts the services they provide;
    `staff_wte` is whole-time equivalent. What is unknown adds nothing.
    """
    codes = frozenset(codes)
    in_force = list(held.of_any(codes, on))
    by_kind: dict[Kind, list[Holding]] = {kind: [] for kind in Kind}
    for each in in_force:
        by_kind[each.kind].append(each)
    provided = [each for each in by_kind[Kind.PROVISION] if each.party(Role.PROVIDER) in codes]
    return {
        "contracts": len({each.item for each in by_kind[Kind.CONTRACT]}),
        "contract_value": _sum(by_kind[Kind.CONTRACT], "annual_value"),
        "budget": _sum(by_kind[Kind.BUDGET], "amount"),
        "pooled": _sum(by_kind[Kind.POOL], "amount"),
        "provisions": len({each.item for each in provided}),
        "staff_wte": _sum(by_kind[Kind.STAFFING], "wte"),
    }


def _sum(holdings: Iterable[Holding], name: str) -> Decimal:
    return sum((each.amount(name) or NOTHING for each in holdings), NOTHING)
