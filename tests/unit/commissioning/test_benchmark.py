"""Benchmarks: what is known is compared, what is not stays unknown, and prices of different years never meet."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.domain.benchmark import (
    ALL,
    ContractLet,
    Figure,
    Gap,
    Measure,
    PeerCandidate,
    PeerComparison,
    ServiceProvided,
    Trust,
    benchmark,
    compared,
    figure,
    suggested_peers,
)
from commissioning.domain.vocabulary import Sector

YEAR, LATER = "2008/09", "2009/10"
GROUPS = ["children", "rehabilitation"]


def provided(service: str = "nursing", **known: object) -> ServiceProvided:
    facts: dict[str, object] = {
        "group": "children",
        "provider": "A",
        "wte": Decimal(20),
        "annual_value": Decimal(1_000_000),
        "contacts": 30_000,
        "round_the_clock": False,
        "price_year": YEAR,
    }
    return ServiceProvided(service, **(facts | known))  # type: ignore[arg-type]


def let(
    value: int, sector: Sector = Sector.ACUTE, provider: str = "H", *services: str, year: str = YEAR
) -> ContractLet:
    return ContractLet(sector, provider, frozenset(services), Decimal(value), year)


def at(found: list[PeerComparison], measure: Measure, category: str = ALL) -> PeerComparison:
    return next(each for each in found if (each.measure, each.category) == (measure, category))


def known(value: object, year: str = YEAR) -> Figure:
    return Figure(Decimal(str(value)), None, 1, 0, (year,))


# One trust's figures.


def test_spend_is_per_head_and_adds_up_over_the_groups() -> None:
    trust = Trust(
        "A", 100_000, (provided(), provided("therapy", group="rehabilitation", annual_value=Decimal(500_000)))
    )
    assert figure(trust, Measure.SPEND_BY_GROUP, "children").value == Decimal("10.00")
    assert figure(trust, Measure.SPEND_BY_GROUP, "rehabilitation").value == Decimal("5.00")
    assert figure(trust, Measure.SPEND_BY_GROUP, ALL) == Figure(Decimal("15.00"), None, 2, 0, (YEAR,))


def test_a_sum_with_an_unknown_part_is_unknown_and_says_how_many_parts_are() -> None:
    trust = Trust("A", 100_000, (provided(), provided("therapy", annual_value=None, wte=None)))
    assert figure(trust, Measure.SPEND_BY_GROUP, ALL) == Figure(None, Gap.NOT_KNOWN, 2, 1, (YEAR,))
    assert figure(trust, Measure.STAFF, ALL) == Figure(None, Gap.NOT_KNOWN, 2, 1)


def test_nothing_recorded_is_not_nothing_spent() -> None:
    assert figure(Trust("A", 100_000), Measure.SPEND_BY_GROUP, ALL) == Figure(None, Gap.NOTHING_RECORDED)
    assert figure(Trust("A", 100_000), Measure.ROUND_THE_CLOCK, ALL) == Figure(None, Gap.NOTHING_RECORDED)
    assert figure(Trust("A", 100_000), Measure.CONTACTS, ALL) == Figure(None, Gap.NOTHING_RECORDED)


@pytest.mark.parametrize("people", [None, 0])
def test_without_people_there_is_nothing_per_head(people: int | None) -> None:
    trust = Trust("A", people, (provided(),))
    assert figure(trust, Measure.SPEND_BY_GROUP, ALL).gap is Gap.NO_POPULATION
    assert figure(trust, Measure.STAFF, ALL).gap is Gap.NO_POPULATION
    assert figure(trust, Measure.CONTACTS, ALL).value == Decimal("1500.0")


def test_prices_of_two_years_are_not_added_up() -> None:
    trust = Trust("A", 100_000, (provided(), provided("therapy", price_year=LATER)))
    assert figure(trust, Measure.SPEND_BY_GROUP, ALL) == Figure(None, Gap.MIXED_PRICES, 2, 0, (YEAR, LATER))
    assert figure(trust, Measure.STAFF, ALL).value == Decimal("4.00")


def test_contacts_are_those_of_services_that_record_their_staff_too() -> None:
    trust = Trust(
        "A", 1, (provided(), provided("therapy", contacts=None), provided("advice", wte=Decimal(0), contacts=9))
    )
    assert figure(trust, Measure.CONTACTS, ALL) == Figure(Decimal("1500.0"), None, 3, 2)


def test_the_share_round_the_clock_counts_services() -> None:
    trust = Trust("A", None, (provided(round_the_clock=True), provided("therapy"), provided("advice")))
    assert figure(trust, Measure.ROUND_THE_CLOCK, ALL).value == Decimal("0.333")


def test_own_services_count_as_community_care_unless_an_agreement_covers_them() -> None:
    services = (provided("nursing"), provided("therapy"), provided("hospice", provider="H"))
    agreed = let(900_000, Sector.COMMUNITY, "A", "nursing")
    alone, separated = Trust("A", 100_000, services), Trust("A", 100_000, services, (agreed,))
    assert figure(alone, Measure.SPEND_BY_SECTOR, Sector.COMMUNITY).value == Decimal("20.00")
    assert figure(separated, Measure.SPEND_BY_SECTOR, Sector.COMMUNITY).value == Decimal("19.00")
    assert figure(separated, Measure.SPEND_BY_SECTOR, Sector.ACUTE).gap is Gap.NOTHING_RECORDED


def test_a_contract_with_another_provider_covers_nothing_of_the_trusts_own() -> None:
    trust = Trust("A", 100_000, (provided("nursing"),), (let(500_000, Sector.COMMUNITY, "H", "nursing"),))
    assert figure(trust, Measure.SPEND_BY_SECTOR, Sector.COMMUNITY).value == Decimal("15.00")


# Beside peers.


def test_median_quartiles_rank_and_difference() -> None:
    peers = [("B", known(10)), ("C", known(20)), ("D", known(30)), ("E", known(50))]
    found = compared(Measure.SPEND_BY_GROUP, ALL, known(30), peers)
    assert (found.lower, found.median, found.upper) == (Decimal("17.50"), Decimal("25.00"), Decimal("35.00"))
    assert (found.rank, found.difference) == (2, Decimal("5.00"))
    assert found.compared == ("B", "C", "D", "E")


def test_two_peers_have_a_median_and_no_quartiles() -> None:
    found = compared(Measure.STAFF, ALL, known(5), [("B", known(10)), ("C", known(20))])
    assert (found.lower, found.median, found.upper, found.rank) == (None, Decimal("15.00"), None, 3)


def test_peers_without_a_figure_or_at_other_prices_are_left_out_and_named() -> None:
    peers = [("B", known(10)), ("C", Figure(None, Gap.NOT_KNOWN, 4, 1)), ("D", known(90, LATER))]
    found = compared(Measure.SPEND_BY_GROUP, ALL, known(12), peers)
    assert (found.compared, found.not_known, found.other_prices) == (("B",), ("C",), ("D",))
    assert found.median == Decimal("10.00")
    staff = compared(Measure.STAFF, ALL, known(12), peers)
    assert staff.compared == ("B", "D")


def test_a_trust_of_which_nothing_is_known_has_no_rank() -> None:
    peers = [("B", known(10)), ("C", known(20))]
    found = compared(Measure.SPEND_BY_GROUP, ALL, Figure(None, Gap.NOTHING_RECORDED), peers)
    assert (found.median, found.rank, found.difference) == (Decimal("15.00"), None, None)
    torn = compared(Measure.SPEND_BY_GROUP, ALL, Figure(None, Gap.NOTHING_RECORDED), [*peers, ("D", known(1, LATER))])
    assert (torn.median, torn.compared) == (None, ())
    mixed = compared(Measure.SPEND_BY_GROUP, ALL, Figure(None, Gap.MIXED_PRICES, 2, 0, (YEAR, LATER)), peers)
    assert (mixed.median, mixed.other_prices) == (None, ("B", "C"))


def test_alone_a_trust_has_neither_median_nor_rank() -> None:
    found = compared(Measure.STAFF, ALL, known(5), [])
    assert (found.median, found.rank, found.compared) == (None, None, ())


def test_categories_that_nobody_records_are_left_out() -> None:
    found = benchmark(Trust("A", 1000, (provided(),)), [Trust("B", 1000)], GROUPS)
    assert [each.category for each in found if each.measure is Measure.STAFF] == [ALL, "children"]
    assert [each.category for each in found if each.measure is Measure.SPEND_BY_SECTOR] == [ALL, "community"]


def test_peers_of_one_form_nearest_in_population_come_first() -> None:
    others = [
        PeerCandidate("B", "pct-4", 300_000),
        PeerCandidate("C", "pct-4", None),
        PeerCandidate("D", "pct-3", 200_000),
        PeerCandidate("E", "pct-4", 190_000),
        PeerCandidate("F", "pct-4", 210_000),
        PeerCandidate("A", "pct-4", 200_000),
    ]
    assert suggested_peers(PeerCandidate("A", "pct-4", 200_000), others, 4) == ["E", "F", "B", "C"]
    assert suggested_peers(PeerCandidate("A", "pct-4", None), others, 2) == ["B", "C"]


# What always holds.

values = st.decimals(0, 10_000, places=2)
maybe = st.none() | values
services = st.builds(
    ServiceProvided,
    service=st.sampled_from(["nursing", "therapy", "advice"]),
    group=st.sampled_from(GROUPS),
    provider=st.sampled_from(["A", "H"]),
    wte=maybe,
    annual_value=maybe,
    contacts=st.none() | st.integers(0, 100_000),
    round_the_clock=st.booleans(),
    price_year=st.sampled_from([YEAR, LATER]),
)
contracts = st.builds(
    ContractLet,
    sector=st.sampled_from(list(Sector)),
    provider=st.sampled_from(["A", "H"]),
    services=st.frozensets(st.sampled_from(["nursing", "therapy"])),
    annual_value=values,
    price_year=st.sampled_from([YEAR, LATER]),
)
trusts = st.builds(
    Trust,
    code=st.just("A"),
    people=st.none() | st.integers(0, 500_000),
    services=st.lists(services, max_size=6).map(tuple),
    contracts=st.lists(contracts, max_size=4).map(tuple),
)
each_measure = pytest.mark.parametrize("measure", Measure)


@each_measure
@given(trust=trusts, data=st.data())
def test_the_order_of_records_does_not_matter(measure: Measure, trust: Trust, data: st.DataObject) -> None:
    mixed = replace(
        trust,
        services=tuple(data.draw(st.permutations(trust.services))),
        contracts=tuple(data.draw(st.permutations(trust.contracts))),
    )
    assert figure(mixed, measure, ALL) == figure(trust, measure, ALL)


@each_measure
@given(trust=trusts)
def test_a_figure_is_known_or_says_why_not(measure: Measure, trust: Trust) -> None:
    found = figure(trust, measure, ALL)
    assert (found.value is None) == (found.gap is not None)
    assert found.unknown <= found.of
    if found.value is not None:
        assert found.value >= 0
        assert not measure.priced or len(found.price_years) == 1


@given(
    own=values,
    others=st.lists(values, max_size=8),
    measure=st.sampled_from([measure for measure in Measure if measure.smallest == Decimal("0.01")]),
)
def test_quartiles_agree_with_a_slow_reading_of_their_definition(
    own: Decimal, others: list[Decimal], measure: Measure
) -> None:
    found = compared(measure, ALL, known(own), [(str(number), known(value)) for number, value in enumerate(others)])
    assert (found.lower is None) == (found.upper is None) == (len(others) < 3)
    if others:
        assert found.rank == sorted([*others, own], reverse=True).index(own) + 1
        assert found.median is not None
        assert abs(Fraction(found.median) - inclusive(others, Fraction(1, 2))) <= Fraction(1, 200)
    if found.lower is not None and found.upper is not None:
        assert abs(Fraction(found.lower) - inclusive(others, Fraction(1, 4))) <= Fraction(1, 200)
        assert abs(Fraction(found.upper) - inclusive(others, Fraction(3, 4))) <= Fraction(1, 200)
        assert min(others) <= found.lower <= found.median <= found.upper <= max(others)  # type: ignore[operator]


def inclusive(values: list[Decimal], at: Fraction) -> Fraction:
    """The value a fraction of the way along the sorted values, first to last, in a straight line between neighbours."""
    ordered = sorted(Fraction(value) for value in values)
    place = at * (len(ordered) - 1)
    before = place.numerator // place.denominator
    beyond = min(before + 1, len(ordered) - 1)
    return ordered[before] + (ordered[beyond] - ordered[before]) * (place - before)


@given(own=values, others=st.lists(values, min_size=1, max_size=6), unknown=st.integers(0, 3))
def test_peers_that_know_nothing_change_no_comparison(own: Decimal, others: list[Decimal], unknown: int) -> None:
    peers = [(str(number), known(value)) for number, value in enumerate(others)]
    silent = [(f"U{number}", Figure(None, Gap.NOT_KNOWN, 1, 1)) for number in range(unknown)]
    before = compared(Measure.STAFF, ALL, known(own), peers)
    after = compared(Measure.STAFF, ALL, known(own), [*silent, *peers])
    assert (after.median, after.lower, after.upper, after.rank) == (
        before.median,
        before.lower,
        before.upper,
        before.rank,
    )
    assert len(after.not_known) == unknown
