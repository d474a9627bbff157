"""Which holdings a list shows: those in force on a day, else those with which each thing was last held."""

from __future__ import annotations

from datetime import date

import pytest

from commissioning.models import ContractHolding, PooledBudget
from tests.factories import commissioning as factory

pytestmark = pytest.mark.django_db
DIVIDED, LAPSED, ENDED = date(2008, 4, 1), date(2010, 4, 1), date(2013, 4, 1)


def known(of: factory.Trust, on: date | None = None) -> set[tuple[str, str, date]]:
    rows = ContractHolding.objects.of_portfolio(of.portfolio.pk).known(on).filter(item=of.block)
    return {(row.commissioner_id, row.provider_id, row.start) for row in rows}


def test_a_day_has_the_holdings_in_force_and_the_end_is_not_included() -> None:
    made = factory.trust_with_everything()
    made.block.holdings.update(end=DIVIDED)
    factory.contract_holding(made.block, made.council, made.hospital, start=DIVIDED)
    first = (made.trust.pk, made.hospital.pk, factory.BEGUN)
    second = (made.council.pk, made.hospital.pk, DIVIDED)
    assert known(made, date(2008, 3, 31)) == {first}
    assert known(made, DIVIDED) == known(made) == {second}
    assert known(made, date(2006, 9, 30)) == set()


def test_without_a_day_a_thing_shows_as_it_was_when_it_was_last_held() -> None:
    made = factory.trust_with_everything()
    made.block.holdings.update(end=DIVIDED)
    lapsed = factory.contract_holding(made.block, made.trust, made.hospital, start=DIVIDED, end=LAPSED)
    kept = factory.contract_holding(made.block, made.council, made.hospital, start=DIVIDED)
    assert known(made) == {(made.council.pk, made.hospital.pk, DIVIDED)}
    type(kept).objects.filter(pk=kept.pk).update(end=LAPSED)
    assert known(made) == {
        (made.trust.pk, made.hospital.pk, lapsed.start),
        (made.council.pk, made.hospital.pk, DIVIDED),
    }


def test_what_was_struck_out_never_held() -> None:
    made = factory.trust_with_everything()
    factory.contract_holding(made.block, made.council, made.hospital, start=ENDED, end=ENDED)
    assert known(made) == {(made.trust.pk, made.hospital.pk, factory.BEGUN)}
    assert known(made, ENDED) == {(made.trust.pk, made.hospital.pk, factory.BEGUN)}


def test_invented_holdings_stand_apart() -> None:
    made = factory.trust_with_everything()
    assert not ContractHolding.objects.of_portfolio(None).filter(item=made.block).exists()
    assert ContractHolding.objects.of_portfolio("all").filter(item=made.block).exists()


def test_a_thing_is_there_while_somebody_holds_it() -> None:
    made = factory.trust_with_everything()
    made.pool.holdings.update(end=ENDED)
    pools = PooledBudget.objects.of_portfolio(made.portfolio.pk)
    assert made.pool in pools.held_on(date(2013, 3, 31))
    assert made.pool not in pools.held_on(ENDED)
