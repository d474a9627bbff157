"""What a benchmark reads of the database: whose resources, which peers, on which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from commissioning.domain.benchmark import ALL, Gap, Measure, PeerComparison
from commissioning.domain.vocabulary import Sector
from commissioning.selectors.benchmark import Benchmark, benchmark_of, candidates
from organisations.selectors.organisations import NotInForce, UnknownOrganisation
from pcorg.core.audit import memory
from tests.factories import commissioning as make
from tests.factories.trusts import Trusts, trusts

pytestmark = pytest.mark.django_db
DAY = date(2009, 3, 1)


@pytest.fixture
def five(db: None) -> Trusts:
    made = trusts()
    memory.forget()
    return made


def at(found: Benchmark, measure: Measure, category: str = ALL) -> PeerComparison:
    return next(each for each in found.comparisons if (each.measure, each.category) == (measure, category))


@pytest.mark.usefixtures("five")
def test_peers_are_suggested_of_one_form_nearest_in_population() -> None:
    found = benchmark_of("X-A", None, DAY)
    assert found.suggested
    assert [peer["code"] for peer in found.peers] == ["X-B", "X-C", "X-D"]
    assert (found.peers[0]["population"], found.peers[0]["form"]) == (210_000, "pct-4")


@pytest.mark.usefixtures("five")
def test_figures_are_of_the_population_and_unlike_prices_stay_apart() -> None:
    spent = at(benchmark_of("X-A", ["X-B", "X-C", "X-D", "X-E"], DAY), Measure.SPEND_BY_GROUP, "test-adults")
    assert spent.own.value == Decimal("20.00")
    assert (spent.compared, spent.not_known, spent.other_prices) == (("X-B", "X-E"), ("X-D",), ("X-C",))
    assert (spent.median, spent.rank, spent.lower) == (Decimal("20.00"), 2, None)
    assert dict(spent.peers)["X-D"].gap is Gap.NOT_KNOWN


@pytest.mark.usefixtures("five")
def test_own_services_are_community_spend_until_an_agreement_covers_them(five: Trusts) -> None:
    before = at(benchmark_of("X-A", None, DAY), Measure.SPEND_BY_SECTOR, Sector.COMMUNITY)
    assert before.own.value == Decimal("25.00")
    make.contract(five.a, five.a, five.nursing, five.therapy, annual_value=Decimal(5_500_000))
    memory.forget()
    after = at(benchmark_of("X-A", None, DAY), Measure.SPEND_BY_SECTOR, Sector.COMMUNITY)
    assert (after.own.value, after.own.of) == (Decimal("27.50"), 1)


def test_what_another_body_provides_for_the_population_counts(five: Trusts) -> None:
    make.provision(
        five.hospital, five.therapy, population_of=five.others[0], wte=Decimal(21), annual_value=Decimal(420_000)
    )
    memory.forget()
    found = at(benchmark_of("X-B", [], DAY), Measure.SPEND_BY_GROUP, "test-rehabilitation")
    assert found.own.value == Decimal("2.00")


@pytest.mark.usefixtures("five")
def test_before_anything_was_held_nobody_can_be_benchmarked() -> None:
    early = date(2006, 9, 30)
    assert candidates(early, portfolio=None) == []
    with pytest.raises(NotInForce):
        benchmark_of("X-A", None, early)
    with pytest.raises(UnknownOrganisation):
        benchmark_of("X-A", ["NOBODY"], DAY)


def test_trusts_with_something_recorded_are_offered_by_name(five: Trusts) -> None:
    assert [body["code"] for body in candidates(DAY, portfolio=five.portfolio.pk)] == [
        "X-A",
        "X-B",
        "X-C",
        "X-D",
        "X-E",
    ]
    assert candidates(DAY, portfolio="illustrative-county") == []


def test_more_peers_cost_no_more_queries(five: Trusts, queries: Callable[[], CaptureQueriesContext]) -> None:
    def spent() -> int:
        memory.forget()
        with queries() as seen, memory.one_version():
            benchmark_of("X-A", None, DAY)
        return len(seen)

    few = spent()
    for number in range(20):
        trust = make.body(f"X-M{number}", "pct-4", of=five.portfolio, people=150_000)
        make.provision(trust, five.nursing, wte=Decimal(1), annual_value=Decimal(1))
    assert spent() == few
    assert few <= 13
