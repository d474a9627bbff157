"""Who goes with whom in a change: people are conserved, and what is not known stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.domain.changes import ChangeRequest
from organisations.domain.planning import plan
from organisations.domain.planning.population import parcels
from organisations.domain.snapshot import PopulationCount, Provenance, Snapshot
from organisations.domain.vocabulary import Basis, ChangeKind, PopulationBasis
from tests.factories.snapshots import OPENED, body, count, new, request, share, world
from tests.strategies import divisions

DAY = date(2002, 4, 1)
REGISTERED, RESIDENT = PopulationBasis.REGISTERED, PopulationBasis.RESIDENT
COMPUTED = PopulationBasis.COMPUTED


def counts(change: ChangeRequest, snapshot: Snapshot) -> dict[str, PopulationCount]:
    """The counts of the day once a change has been made."""
    after = plan(change, snapshot).after
    return {code: one for code, found in after.bodies.items() for one in found.counts if one.on == DAY}


def counted(change: ChangeRequest, snapshot: Snapshot) -> dict[str, int | str]:
    """How many people they are; in words where there may be more."""
    found = counts(change, snapshot)
    assert all(one.basis is COMPUTED for one in found.values() if one.parts)
    return {code: f"at least {one.count}" if one.at_least else one.count for code, one in found.items()}


def parts(count: PopulationCount) -> list[tuple[str, int | None, date | None, PopulationBasis | None, str]]:
    """What a count was computed from."""
    return [(part.code, part.count, part.on, part.basis, str(part.share)) for part in count.parts]


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
    def test_a_sum_names_the_counts_it_comes_from_and_is_as_old_as_the_oldest(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),))
        old, young = date(2000, 7, 1), date(2001, 7, 1)
        found = counts(
            change,
            world(body("A", counts=(count(3, young, RESIDENT),)), body("B", counts=(count(4, old, REGISTERED),))),
        )["N"]
        assert (found.count, found.basis, found.on, found.counted_on) == (7, COMPUTED, DAY, old)
        assert parts(found) == [("A", 3, young, RESIDENT, "1"), ("B", 4, old, REGISTERED, "1")]

    def test_a_part_names_its_share(self) -> None:
        change = request(
            ChangeKind.SPLIT,
            DAY,
            ["A"],
            continuing=("A",),
            new=(new("N", on=DAY),),
            edges=(share("A", "N", "0.4"),),
        )
        found = counts(change, world(body("A", people=5)))
        assert parts(found["A"]) == [("A", 5, OPENED, REGISTERED, "0.6")]
        assert parts(found["N"]) == [("A", 5, OPENED, REGISTERED, "0.4")]

    def test_of_a_computed_count_the_body_is_named_with_its_oldest_day(self) -> None:
        first = request(ChangeKind.MERGER, date(2001, 4, 1), ["A", "B"], continuing=("A",))
        then = request(ChangeKind.MERGER, DAY, ["A", "C"], new=(new("N", on=DAY),))
        start = world(body("A", people=1), body("B", people=2), body("C", people=4))
        found = counts(then, plan(first, start).after)["N"]
        assert found.count == 7
        assert parts(found) == [("A", 3, OPENED, COMPUTED, "1"), ("C", 4, OPENED, REGISTERED, "1")]

    def test_what_it_says_of_a_register_it_does_not_know_from_one(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], continuing=("A",))
        change = replace(change, known=Provenance(Basis.REGISTER, "ods"))
        found = counts(change, world(body("A", people=1), body("B", people=2)))["A"]
        assert (found.known.basis, found.known.source) == (Basis.INFERRED, "ods")

    def test_a_count_of_later_people_is_not_carried_back_before_the_change(self) -> None:
        change = request(ChangeKind.TRANSFER, DAY, ["A", "B"], edges=(share("A", "B", "0.5"),))
        after = plan(change, world(body("A", people=10), body("B"))).after
        assert after.bodies["B"].count_on(DAY - timedelta(days=1)) is None

    def test_the_latest_count_by_the_day_goes(self) -> None:
        original = body(
            "A", counts=(count(10, date(2000, 4, 1)), count(20, date(2001, 4, 1)), count(99, date(2003, 4, 1)))
        )
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),))
        assert counted(change, world(original, body("B", people=1))) == {"N": 21}

    def test_a_stated_count_stands(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY, people=1234),))
        assert counted(change, world(body("A", people=3), body("B", people=4))) == {"N": 1234}


class TestUnknown:
    def test_of_one_original_leaves_the_heir_known_in_part(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),))
        found = counts(change, world(body("A", people=3), body("B")))["N"]
        assert (found.count, found.at_least) == (3, True)
        assert parts(found) == [("A", 3, OPENED, REGISTERED, "1"), ("B", None, None, None, "1")]

    def test_of_all_originals_makes_the_heir_unknown(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),))
        assert counted(change, world(body("A"), body("B"))) == {}

    def test_of_a_body_that_is_taken_in_does_not_leave_the_other_as_it_was(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], continuing=("A",))
        assert counted(change, world(body("A", people=3), body("B"))) == {"A": "at least 3"}

    def test_of_a_body_that_takes_in_others_leaves_it_known_in_part(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], continuing=("A",))
        assert counted(change, world(body("A"), body("B", people=4))) == {"A": "at least 4"}

    def test_goes_on_until_it_is_counted_again(self) -> None:
        first = request(ChangeKind.MERGER, date(2001, 4, 1), ["A", "B"], continuing=("A",))
        then = request(ChangeKind.MERGER, DAY, ["A", "C"], continuing=("A",))
        known_again = count(40, date(2001, 7, 1))
        once = body("A", people=3)
        again = body("A", counts=(count(3), known_again))
        for one, people in ((once, "at least 8"), (again, 45)):
            after = plan(first, world(one, body("B"), body("C", people=5))).after
            assert counted(then, after) == {"A": people}

    def test_of_a_giver_makes_only_those_it_gives_to_unknown(self) -> None:
        change = request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["A", "B"],
            new=(new("M", on=DAY), new("N", on=DAY)),
            edges=(share("A", "M"), share("B", "N")),
        )
        assert counted(change, world(body("A", people=3), body("B"))) == {"M": 3}

    def test_a_share_of_nothing_of_an_unknown_body_leaves_the_rest_known(self) -> None:
        change = request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["A", "B"],
            new=(new("M", on=DAY), new("N", on=DAY)),
            edges=(share("A", "M"), share("B", "M", "0"), share("B", "N")),
        )
        assert counted(change, world(body("A", people=3), body("B"))) == {"M": 3}


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
    assert sum(found.count for found in counts(change, snapshot).values()) == sum(people)
