"""Where a body stands on an axis, from what people said over time."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.profile import Standing, View, standing
from evaluation.domain.vocabulary import PROFILE_LEVELS

DAY = date(2009, 4, 1)
views = st.lists(
    st.builds(
        View,
        st.integers(0, 400).map(lambda days: DAY + timedelta(days)),
        st.integers(0, 5),
        st.sampled_from(["ann", "bob", "eve"]),
        st.just(False),
    ),
    max_size=8,
)


def test_what_was_agreed_stands_whatever_single_people_say_later() -> None:
    agreed = View(DAY, 3, "panel", True)
    later = View(DAY + timedelta(100), 5, "ann", False)
    assert standing([later, agreed], DAY + timedelta(200)) == Standing(3, DAY, True)
    assert standing([agreed, View(later.on, 4, "panel", True)], later.on) == Standing(4, later.on, True)
    assert standing([agreed], DAY - timedelta(1)) is None


def test_without_agreement_it_is_the_mean_of_each_persons_latest_view() -> None:
    said = [
        View(DAY, 1, "ann", False),
        View(DAY + timedelta(1), 4, "ann", False),
        View(DAY, 1, "bob", False),
    ]
    assert standing(said, DAY) == Standing(1, DAY, False)
    assert standing(said, DAY + timedelta(1)) == Standing(2.5, DAY + timedelta(1), False)


@given(views)
def test_it_lies_on_the_scale_and_the_order_in_which_views_come_does_not_matter(said: list[View]) -> None:
    unique = list({(view.on, view.assessor): view for view in said}.values())
    found = standing(unique, DAY + timedelta(400))
    assert found == standing(unique[::-1], DAY + timedelta(400))
    assert (found is None) == (not unique)
    if found:
        assert min(PROFILE_LEVELS) <= found.level <= max(PROFILE_LEVELS)
