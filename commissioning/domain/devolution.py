"""How much of a budget its holder commissions with by itself: that follows the holder's form. A group of level 2 has
about nine tenths (Goodwin 2001, line 320), a trust all (King's Fund 2009, lines 965-967)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

NONE, ALL = Decimal(0), Decimal(1)
PENNY = Decimal("0.01")


def devolved_share(*, holds_budget: bool | None, commissioning_share: Decimal | None) -> Decimal | None:
    """The part of a budget, 0 to 1, that a body of a form commissions with by itself: none where the form holds no
    budget, the part the form is said to commission, and all where no part is said. None where no source says whether
    the form holds a budget."""
    if holds_budget is None:
        return None
    if not holds_budget:
        return NONE
    return ALL if commissioning_share is None else commissioning_share


def devolved_amount(amount: Decimal, share: Decimal) -> Decimal:
    """That part of an amount, to the penny."""
    return (amount * share).quantize(PENNY, ROUND_HALF_UP)
