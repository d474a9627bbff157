"""What of a budget its holder commissions with by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from commissioning.domain.devolution import devolved_amount, devolved_share


@pytest.mark.parametrize(
    ("holds", "stated", "share"),
    [(False, None, "0"), (False, "0.9", "0"), (True, "0.9", "0.9"), (True, None, "1"), (None, None, None)],
    ids=["holds none", "holds none, whatever is stated", "level 2", "trust", "not stated"],
)
def test_the_share_follows_the_form(holds: bool | None, stated: str | None, share: str | None) -> None:
    found = devolved_share(holds_budget=holds, commissioning_share=Decimal(stated) if stated else None)
    assert found == (None if share is None else Decimal(share))


@given(some.decimals(0, 10**10, places=2), some.decimals(0, 1, places=3))
def test_the_amount_is_to_the_penny_and_never_more_than_there_is(amount: Decimal, share: Decimal) -> None:
    found = devolved_amount(amount, share)
    assert 0 <= found <= amount
    assert found == found.quantize(Decimal("0.01"))
    assert abs(found - amount * share) <= Decimal("0.005")
