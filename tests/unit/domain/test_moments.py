"""Several changes on one day: each starts from what the one before it left, and nobody is lost over the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from organisations.domain.changes import ChangeRequest
from organisations.domain.planning import Plan, plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.totals import Total, before_and_after
from organisations.domain.vocabulary import ChangeKind, PopulationBasis
from tests.factories.snapshots import OPENED, body, count, new, request, share, world

DAY = date(2002, 4, 1)
EVE = DAY - timedelta(days=1)


def played(start: Snapshot, *changes: ChangeRequest) -> list[Plan]:
    """The changes planned one after another, each on the state that the one before it left."""
    plans: list[Plan] = []
    for number, change in enumerate(changes):
        made = plan(change, start)
        start = made.after.remembering(change.remembered(number))
        plans.append(made)
    return plans


def people(plans: Sequence[Plan], code: str, on: date = DAY) -> int | None:
    held = plans[-1].after.bodies[code].count_on(on)
    return None if held is None else held.count


def absorbs(heir: str, other: str) -> ChangeRequest:
    return request(ChangeKind.MERGER, DAY, [heir, other], continuing=(heir,))


def gives(giver: str, taker: str, part: str) -> ChangeRequest:
    return request(
        ChangeKind.RECONFIGURATION, DAY, [giver, taker], continuing=(giver, taker), edges=(share(giver, taker, part),)
    )


def merge(one: str, other: str, heir: str, **more: int) -> ChangeRequest:
    return request(ChangeKind.MERGER, DAY, [one, other], new=(new(heir, on=DAY, **more),))


def test_a_part_leaves_and_the_rest_merges() -> None:
    start = world(body("TOWN", people=250_000), body("DALE", people=1_000_000), body("CITY", people=600_000))
    plans = played(start, gives("TOWN", "DALE", "0.14"), merge("TOWN", "CITY", "G"))
    assert (people(plans, "G"), people(plans, "DALE")) == (815_000, 1_035_000)
    assert people(plans, "TOWN", EVE) == 250_000
    made = plans[-1].after.bodies["G"].counts[0]
    assert [(part.code, part.count, str(part.share)) for part in made.parts] == [
        ("TOWN", 250_000, "0.86"),
        ("CITY", 600_000, "1"),
    ]


def test_a_chain_of_mergers_takes_everybody_along() -> None:
    start = world(*(body(code, people=100) for code in "ABCD"))
    plans = played(start, absorbs("A", "B"), absorbs("A", "C"), merge("A", "D", "AD"))
    assert people(plans, "AD") == 400
    made = plans[-1].after.bodies["AD"].counts[0]
    assert (made.basis, made.counted_on) == (PopulationBasis.COMPUTED, OPENED)
    assert {part.code for part in made.parts} == set("ABCD")


def test_what_stood_for_a_moment_is_no_count_of_a_body_that_ends() -> None:
    start = world(*(body(code, people=100) for code in "ABC"))
    ended = played(start, absorbs("A", "B"), merge("A", "C", "N"))[-1].after.bodies["A"]
    assert [one.count for one in ended.counts] == [100]
    assert [one.count for one in ended.superseded] == [200]


def test_what_comes_and_goes_on_within_the_day() -> None:
    start = world(body("A", people=100), body("B", people=50), body("C", people=10))
    plans = played(start, gives("A", "B", "0.5"), gives("B", "C", "0.1"), gives("C", "A", "0.5"))
    assert [people(plans, code) for code in "ABC"] == [60, 90, 10]


@pytest.mark.parametrize("first", [0, 1])
def test_two_that_do_not_touch_come_to_the_same_in_either_order(first: int) -> None:
    start = world(*(body(code, people=number) for number, code in enumerate("ABCD", start=1)))
    changes = [absorbs("A", "B"), absorbs("C", "D")]
    plans = played(start, changes[first], changes[1 - first])
    assert [people(plans, code) for code in "AC"] == [3, 7]


class TestStated:
    """A count stated for the day of the changes stands for the body as they leave it."""

    def test_of_a_body_that_goes_on_stands_and_what_goes_is_of_the_eve(self) -> None:
        giver = body("A", counts=(count(100), count(80, DAY)))
        plans = played(world(giver, body("B", people=50)), gives("A", "B", "0.5"))
        assert (people(plans, "A"), people(plans, "B")) == (80, 100)

    def test_of_a_body_that_took_part_is_what_the_next_change_starts_from(self) -> None:
        giver = body("A", counts=(count(100), count(80, DAY)))
        start = world(giver, body("B", people=50), body("C", people=5))
        plans = played(start, gives("A", "B", "0.5"), merge("A", "C", "N"))
        assert people(plans, "N") == 85

    def test_of_a_new_body_wins_and_the_next_change_starts_from_it(self) -> None:
        start = world(*(body(code, people=100) for code in "ABC"))
        plans = played(start, merge("A", "B", "N", people=190), absorbs("N", "C"))
        assert [people(plans[:1], "N"), people(plans, "N")] == [190, 290]
        made = plans[-1].after.bodies["N"].counts[0]
        assert [(part.code, part.count, part.basis) for part in made.parts] == [
            ("N", 190, PopulationBasis.REGISTERED),
            ("C", 100, PopulationBasis.REGISTERED),
        ]

    def test_of_a_body_that_began_that_day_is_how_it_began(self) -> None:
        start = world(body("A", opened=DAY, people=100), body("B", people=50))
        assert people(played(start, absorbs("A", "B")), "A") == 150


def test_totals_are_those_of_the_moment() -> None:
    start = world(body("TOWN", people=250), body("DALE", people=1000), body("CITY", people=600))
    plans = played(start, gives("TOWN", "DALE", "0.14"), merge("TOWN", "CITY", "G"))
    told = [[(totals.bodies, totals.population.amount) for totals in before_and_after(made)] for made in plans]
    assert told == [[(2, 1250), (2, 1250)], [(2, 815), (1, 815)]]


def test_a_body_of_that_day_counts_before_the_next_change() -> None:
    start = world(*(body(code, people=100) for code in "ABC"))
    plans = played(start, merge("A", "B", "N"), gives("N", "C", "0.5"))
    before, after = before_and_after(plans[-1])
    assert (before.bodies, before.population) == (after.bodies, after.population) == (2, Total(300))


def test_a_share_of_a_share_is_rounded_to_the_millionth() -> None:
    start = world(body("A", people=1_000_000), body("B", people=0), body("C", people=0))
    plans = played(start, gives("A", "B", "0.333333"), gives("B", "C", "0.333333"))
    made = plans[-1].after.bodies["C"].counts[-1]
    assert [(part.code, part.share) for part in made.parts if part.code == "A"] == [("A", Decimal("0.111111"))]


def test_later_days_start_from_the_last_count_of_the_day() -> None:
    start = world(*(body(code, people=100) for code in "ABCD"))
    later = replace(merge("A", "D", "N"), effective_on=date(2003, 4, 1))
    plans = played(start, absorbs("A", "B"), absorbs("A", "C"), later)
    assert people(plans, "N", date(2003, 4, 1)) == 400
