"""Who goes with whom in a change: people are conserved, and what is not known stays unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.domain.changes import ChangeRequest
from organisations.domain.planning import plan
from organisations.domain.planning.population import parcels
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, PopulationBasis
from tests.factories.snapshots import body, count, new, request, share, world
from tests.strategies import divisions

DAY = date(2002, 4, 1)
REGISTERED, RESIDENT, ESTIMATE = PopulationBasis.REGISTERED, PopulationBasis.RESIDENT, PopulationBasis.ESTIMATE


def counted(change: ChangeRequest, snapshot: Snapshot) -> dict[str, tuple[int, PopulationBasis]]:
    """The counts a change brings."""
    after = plan(change, snapshot).after
    return {
        code: (one.count, one.basis) for code, found in after.bodies.items() for one in found.counts if one.on == DAY
    }


class TestParcels:
    @pytest.mark.parametrize(
        ("people", "shares", "parts"),
        [
            (100, ["0.5", "0.5"], [50, 50]),
            (101, ["0.5", "0.5"], [51, 50]),  # of equal remainders the first is served first
            (10, ["0.34", "0.33", "0.33"], [4, 3, 3]),
            (10, ["0.26", "0.26", "0.48"], [3, 2, 5]),  # 2.6, 2.6, 4.8: the largest remainders are rounded up
            (1, ["0.2", "0.2", "0.6"], [0, 0, 1]),
            (0, ["0.5", "0.5"], [0, 0]),
        ],
    )
    def test_by_largest_remainder(self, people: int, shares: list[str], parts: list[int]) -> None:
        assert parcels(people, [share("A", "N", part) for part in shares], all_of_it=True) == parts

    def test_of_a_part_add_up_to_that_part(self) -> None:
        assert parcels(1001, [share("A", "N", "0.1"), share("A", "M", "0.1")], all_of_it=False) == [100, 100]
        assert parcels(15, [share("A", "N", "0.1"), share("A", "M", "0.1")], all_of_it=False) == [2, 1]

    @given(st.integers(0, 10_000_000), st.integers(1, 6).flatmap(divisions))
    def test_nobody_is_lost_and_none_is_off_by_more_than_one(self, people: int, shares: list[Decimal]) -> None:
        found = parcels(people, [share("A", "N", part) for part in shares], all_of_it=True)
        assert sum(found) == people
        for part, exact in zip(found, (people * one for one in shares), strict=True):
            assert abs(part - exact) < 1


class TestCounts:
    def test_bases_that_differ_make_an_estimate(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),))
        alike = world(body("A", counts=(count(3, basis=RESIDENT),)), body("B", counts=(count(4, basis=RESIDENT),)))
        mixed = world(body("A", counts=(count(3, basis=RESIDENT),)), body("B", counts=(count(4, basis=REGISTERED),)))
        assert counted(change, alike) == {"N": (7, RESIDENT)}
        assert counted(change, mixed) == {"N": (7, ESTIMATE)}

    def test_a_part_is_an_estimate(self) -> None:
        change = request(
            ChangeKind.SPLIT,
            DAY,
            ["A"],
            new=(new("M", on=DAY), new("N", on=DAY)),
            edges=(share("A", "M", "0.5"), share("A", "N", "0.5")),
        )
        assert counted(change, world(body("A", people=5))) == {"M": (3, ESTIMATE), "N": (2, ESTIMATE)}

    def test_the_latest_count_by_the_day_goes(self) -> None:
        original = body(
            "A", counts=(count(10, date(2000, 4, 1)), count(20, date(2001, 4, 1)), count(99, date(2003, 4, 1)))
        )
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),))
        assert counted(change, world(original, body("B", people=1))) == {"N": (21, REGISTERED)}

    def test_a_stated_count_stands(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY, people=1234),))
        assert counted(change, world(body("A", people=3), body("B", people=4))) == {"N": (1234, REGISTERED)}


class TestUnknown:
    def test_of_one_original_makes_the_heir_unknown(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),))
        assert counted(change, world(body("A", people=3), body("B"))) == {}

    def test_of_a_giver_makes_only_those_it_gives_to_unknown(self) -> None:
        change = request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["A", "B"],
            new=(new("M", on=DAY), new("N", on=DAY)),
            edges=(share("A", "M"), share("B", "N")),
        )
        assert counted(change, world(body("A", people=3), body("B"))) == {"M": (3, REGISTERED)}

    def test_a_share_of_nothing_of_an_unknown_body_leaves_the_rest_known(self) -> None:
        change = request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["A", "B"],
            new=(new("M", on=DAY), new("N", on=DAY)),
            edges=(share("A", "M"), share("B", "M", "0"), share("B", "N")),
        )
        assert counted(change, world(body("A", people=3), body("B"))) == {"M": (3, REGISTERED)}


@given(
    st.lists(st.integers(0, 400_000), min_size=1, max_size=4).flatmap(
        lambda people: st.tuples(st.just(people), st.lists(divisions(3), min_size=len(people), max_size=len(people)))
    )
)
def test_a_reconfiguration_conserves_people(drawn: tuple[list[int], list[list[Decimal]]]) -> None:
    people, shares = drawn
    codes = [f"T{number}" for number in range(len(people))]
    heirs = ["L", "M", "N"]
    change = request(
        ChangeKind.RECONFIGURATION,
        DAY,
        codes,
        new=tuple(new(heir, on=DAY) for heir in heirs),
        edges=tuple(
            share(code, heir, part)
            for code, parts in zip(codes, shares, strict=True)
            for heir, part in zip(heirs, parts, strict=True)
        ),
    )
    snapshot = world(*(body(code, people=held) for code, held in zip(codes, people, strict=True)))
    assert sum(held for held, _ in counted(change, snapshot).values()) == sum(people)
