"""Figures and names in the sentences of checks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from commissioning.domain.holdings import Holding, Holdings
from organisations.domain.checks.finding import listed
from organisations.domain.snapshot import Snapshot


def pounds(amount: Decimal) -> str:
    """Pounds as people read them, without pence: `£3,120,000`."""
    return f"£{amount.quantize(Decimal(1), ROUND_HALF_UP):,}"


def per_cent(part: Decimal, whole: Decimal) -> str:
    """A part of a whole as whole per cent."""
    return f"{(part * 100 / whole).quantize(Decimal(1), ROUND_HALF_UP)} per cent"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 contract`, `3 contracts`."""
    return f"{number:,} {one if number == 1 else many}"


def known(holdings: Iterable[Holding], name: str) -> Decimal:
    """A quantity of several holdings, as far as it is known."""
    return sum((each.amount(name) or Decimal(0) for each in holdings), Decimal(0))


def titles(holdings: Iterable[Holding], all_holdings: Holdings) -> str:
    """The titles of what is held, each once, the first few of many."""
    return listed(dict.fromkeys(all_holdings.items[each.thing].title for each in holdings))


def named(codes: Iterable[str], state: Snapshot) -> str:
    """The names of bodies, the first few of many."""
    return listed(state.bodies[code].last_name() if code in state.bodies else code for code in codes)
