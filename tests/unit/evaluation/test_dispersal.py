"""Which option for which group, and what one for all would cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.method.dispersal import DispersedGroup, RankedOption, one_for_all

ranked = st.builds(RankedOption, st.floats(0, 100), st.floats(0, 1))
groups = st.lists(
    st.builds(DispersedGroup, st.just("g"), st.fixed_dictionaries({"a": ranked, "b": ranked}), st.floats(0, 1e9)),
    min_size=1,
    max_size=5,
)


@given(groups)
def test_the_cost_of_one_for_all_is_the_weighted_mean_of_the_losses(parts: list[DispersedGroup]) -> None:
    found = one_for_all(parts)
    assert [each.loss for each in found] == sorted(each.loss for each in found)
    assert {each.option for each in found} == {"a", "b"}
    for each in found:
        assert min(each.by_group) - 1e-6 <= each.loss <= max(each.by_group) + 1e-6
        for part, loss in zip(parts, each.by_group, strict=True):
            assert loss == pytest.approx(part.options[part.best].value - part.options[each.option].value)


def test_groups_count_by_their_weights_and_alike_where_none_is_known() -> None:
    one = DispersedGroup("one", {"a": RankedOption(80, 0.9), "b": RankedOption(40, 0.1)}, weight=3)
    two = DispersedGroup(
        "two", {"a": RankedOption(20, 0.2), "b": RankedOption(60, 0.8), "c": RankedOption(1, 0)}, weight=1, override="a"
    )
    assert [(each.option, each.loss) for each in one_for_all([one, two])] == [("a", 10), ("b", 30)]
    assert (two.best, two.chosen, two.loss("a")) == ("b", "a", 40)
    alike = [DispersedGroup(each.name, each.options, weight=0) for each in (one, two)]
    assert [(each.option, each.loss) for each in one_for_all(alike)] == [("a", 20), ("b", 20)]
    assert one_for_all([]) == []
    assert one_for_all([one, DispersedGroup("three", {"z": RankedOption(1, 1)})]) == []
