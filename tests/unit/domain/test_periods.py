"""Half-open periods: the first day belongs to them, the last does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcorg.core.periods import Period, first_overlap
from tests.strategies import FEW_DAYS, days, near_days, periods

MARCH, APRIL, MAY = date(2003, 3, 31), date(2003, 4, 1), date(2003, 5, 1)


def test_holds_its_first_day_and_not_its_last() -> None:
    spring = Period(APRIL, MAY)
    assert [spring.holds(day) for day in (MARCH, APRIL, MAY - timedelta(days=1), MAY)] == [False, True, True, False]


def test_without_an_end_it_holds_for_ever() -> None:
    assert Period(APRIL).holds(date.max)


@pytest.mark.parametrize("end", [APRIL, MARCH])
def test_may_not_end_on_or_before_its_start(end: date) -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Period(APRIL, end)


def test_one_that_ends_as_another_begins_does_not_overlap_it() -> None:
    assert not Period(MARCH, APRIL).overlaps(Period(APRIL))
    assert Period(MARCH, APRIL + timedelta(days=1)).overlaps(Period(APRIL))


def test_closing() -> None:
    assert Period(APRIL).closed_on(MAY) == Period(APRIL, MAY)
    with pytest.raises(ValueError, match="cannot end"):
        Period(APRIL).closed_on(APRIL)


@given(periods(near_days), periods(near_days))
def test_overlap_is_having_a_day_in_common(one: Period, other: Period) -> None:
    window = [*FEW_DAYS, date(2050, 1, 1)]
    common = any(one.holds(day) and other.holds(day) for day in window)
    assert one.overlaps(other) == other.overlaps(one) == common


@given(periods(near_days), periods(near_days))
def test_covering_is_holding_every_day_of_the_other(one: Period, other: Period) -> None:
    window = [*FEW_DAYS, date(2050, 1, 1)]
    assert one.covers(other) == all(one.holds(day) for day in window if other.holds(day))


@given(periods(), days)
def test_closing_and_what_follows_make_up_the_whole(period: Period, day: date) -> None:
    if not period.holds(day) or day == period.start:
        return
    before, after = period.closed_on(day), Period(day, period.end)
    assert not before.overlaps(after)
    assert period.covers(before)
    assert period.covers(after)


@given(st.lists(periods(near_days), max_size=6))
def test_first_overlap_finds_one_exactly_when_there_is_one(found: list[Period]) -> None:
    pairs = {(a, b) for number, a in enumerate(found) for b in found[number + 1 :] if a.overlaps(b)}
    overlap = first_overlap(found)
    if overlap is None:
        assert not pairs
    else:
        assert overlap in pairs or overlap[::-1] in pairs
