"""Quantities divided and added up so that nothing is lost or invented.

A division hands out whole pennies, hundredths of a post and whole contacts by largest remainder: the parts add up to
exactly what was there. What is not known stays unknown in every part. Where a known amount and an unknown one come
together the known one stands, for it is what is known to be there; only where none is known is the sum unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from commissioning.domain.holdings import Amounts

PENNY = Decimal("0.01")
ONE = Decimal(1)

SMALLEST: Mapping[str, Decimal] = {
    "annual_value": PENNY,
    "amount": PENNY,
    "wte": Decimal("0.01"),
    "contacts": ONE,
    "headcount": ONE,
}
"""The smallest part of each quantity: a penny, a hundredth of a whole-time equivalent, one contact or person."""


def divided(amount: Decimal, weights: Sequence[Decimal], smallest: Decimal) -> list[Decimal]:
    """An amount divided by weights that add up to 1, into multiples of its smallest part that add up to it exactly.

    What rounding leaves over goes one smallest part each to the largest remainders, the first of equals first; a part
    with no weight gets none.
    """
    exact = [amount * weight for weight in weights]
    parts = [part.quantize(smallest, ROUND_DOWN) for part in exact]
    left = amount - sum(parts, Decimal(0))
    by_remainder = sorted(
        (number for number, weight in enumerate(weights) if weight),
        key=lambda number: (parts[number] - exact[number], number),
    )
    for number in by_remainder[: int(left / smallest)]:
        parts[number] += smallest
    return parts


def shared_out(amounts: Amounts, weights: Sequence[Decimal]) -> list[Amounts]:
    """All quantities of a holding, divided by weights that add up to 1."""
    columns = [
        [None] * len(weights) if amount is None else divided(amount, weights, SMALLEST[name])
        for name, amount in amounts
    ]
    names = [name for name, _ in amounts]
    return [tuple(zip(names, (column[number] for column in columns), strict=True)) for number in range(len(weights))]


def added_up(several: Iterable[Amounts]) -> Amounts:
    """The quantities of several holdings of one thing, taken together."""
    sums: dict[str, Decimal | None] = {}
    for amounts in several:
        for name, amount in amounts:
            total = sums.get(name)
            sums[name] = total if amount is None else amount + (total or 0)
    return tuple(sums.items())


def partly_unknown(several: Sequence[Amounts]) -> tuple[str, ...]:
    """Quantities of which some holdings know the amount and others do not."""
    known = {name for amounts in several for name, amount in amounts if amount is not None}
    unknown = {name for amounts in several for name, amount in amounts if amount is None}
    return tuple(sorted(known & unknown))
