"""Where a body stands on an axis, from what people said over time."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evaluation.method.profile import RecordedLevel, RecordedView, standing
from evaluation.method.vocabulary import PROFILE_LEVELS

DAY = date(2009, 4, 1)
views = st.lists(
    st.builds(
        RecordedView,
        st.integers(0, 400).map(lambda days: DAY + timedelta(days)),
        st.integers(0, 5),
        st.sampled_from(["ann", "bob", "eve"]),
        st.just(False),
    ),
    max_size=8,
)


def test_what_was_agreed_stands_whatever_single_people_say_later() -> None:
    agreed = RecordedView(DAY, 3, "panel", True)
    later = RecordedView(DAY + timedelta(100), 5, "ann", False)
    assert standing([later, agreed], DAY + timedelta(200)) == RecordedLevel(3, DAY, True)
    assert standing([agreed, RecordedView(later.on, 4, "panel", True)], later.on) == RecordedLevel(4, later.on, True)
    assert standing([agreed], DAY - timedelta(1)) is None


def test_without_agreement_it_is_the_mean_of_each_persons_latest_view() -> None:
    said = [
        RecordedView(DAY, 1, "ann", False),
        RecordedView(DAY + timedelta(1), 4, "ann", False),
        RecordedView(DAY, 1, "bob", False),
    ]
    assert standing(said, DAY) == RecordedLevel(1, DAY, False)
    assert standing(said, DAY + timedelta(1)) == RecordedLevel(2.5, DAY + timedelta(1), False)


@given(views)
def test_it_lies_on_the_scale_and_the_order_in_which_views_come_does_not_matter(said: list[RecordedView]) -> None:
    unique = list({(view.on, view.assessor): view for view in said}.values())
    found = standing(unique, DAY + timedelta(400))
    assert found == standing(unique[::-1], DAY + timedelta(400))
    assert (found is None) == (not unique)
    if found:
        assert min(PROFILE_LEVELS) <= found.level <= max(PROFILE_LEVELS)
