"""An appraisal by a panel as a whole: what is exact for each member, how far they agree, what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.method.appraisal import Appraisal, PanelMember, agreement, results, sensitivity
from evaluation.method.facts import can_be_first, reach
from evaluation.method.mitigation import CriterionTransform, RaiseBy
from evaluation.method.scale import Interval
from evaluation.method.weights import AnyWeights, Bounds, Preference, Swing

Rows = Sequence[Sequence[int | tuple[int, int] | None]]


def cells(rows: Rows) -> Mapping[tuple[int, int], Interval]:
    """Judgements from a table of levels, or of lowest and highest ones; None is not judged."""
    found = {}
    for option, row in enumerate(rows):
        for criterion, level in enumerate(row):
            if level is not None:
                low, high = (level, level) if isinstance(level, int) else level
                found[option, criterion] = Interval(low, high)
    return found


def appraisal(
    *tables: Rows,
    weights: Sequence[tuple[float, ...]] = (),
    consensus: Rows = (),
    mitigations: tuple[CriterionTransform, ...] = (),
    preference: Preference | None = None,
) -> Appraisal:
    """An appraisal by a member for each table, with weights of their own where given."""
    options, criteria = len(tables[0]), len(tables[0][0])
    return Appraisal(
        options=tuple((f"o{number}", f"Option {number}") for number in range(options)),
        criteria=tuple((f"c{number}", f"Criterion {number}") for number in range(criteria)),
        panel=tuple(
            PanelMember(f"m{number}", cells(table), Swing(weights[number]) if weights else None)
            for number, table in enumerate(tables)
        ),
        preference=preference or AnyWeights(criteria),
        view="no view",
        consensus=cells(consensus),
        mitigations=mitigations,
    )


# --- each member with weights of their own --------------------------------------------------------------------------

OPPOSED = appraisal([[1, 5], [2, 1]], [[5, 1], [1, 2]], weights=[(1, 0), (0, 1)])
"""Each sees the first option at its worst on the only criterion that matters to them."""


def test_the_value_is_the_mean_of_what_it_is_to_each_member() -> None:
    found = results(OPPOSED, seed=1, draws=400)
    assert found.values == pytest.approx([0, 25])
    assert found.values == pytest.approx(found.simulation.expected_value)
    assert found.contributions.sum(axis=1) == pytest.approx(found.values)


def test_what_is_possible_is_so_by_some_members_judgements_and_weights() -> None:
    found = results(OPPOSED, seed=1, draws=400)
    assert found.reach == (pytest.approx((0, 0), abs=1e-6), pytest.approx((25, 25), abs=1e-6))
    assert found.never_first == (0,)
    assert sorted(found.nearest[1]) == pytest.approx([0, 1], abs=1e-6)
    assert list(found.nearest) == [1]


@given(
    st.lists(st.lists(st.integers(1, 5), min_size=6, max_size=6), min_size=2, max_size=4),
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=4, max_size=4),
    st.integers(0, 2**31),
)
def test_exact_facts_agree_with_the_draws(levels: list[list[int]], points: list[tuple[int, int]], seed: int) -> None:
    tables = [[each[place : place + 2] for place in (0, 2, 4)] for each in levels]
    found = results(appraisal(*tables, weights=points[: len(tables)]), seed=seed, draws=200)
    shares = found.simulation.rank_acceptability[:, 0]
    for option, (low, high) in enumerate(found.reach):
        assert low - 1e-6 <= found.values[option] <= high + 1e-6
        if option in found.never_first:
            assert shares[option] == 0
        if option in found.dominated:
            assert all(found.simulation.wins[option, by] == 0 for by in found.dominated[option])


def test_bounds_of_given_weights_are_exact_to_the_last_digit() -> None:
    found = results(appraisal([[5, 4, 5, 5, 5], [1, 2, 3, 4, 5]], weights=[(100, 40, 60, 90, 60)]), seed=1, draws=10)
    assert found.reach[0] == (pytest.approx(340 / 3.5, abs=1e-12), pytest.approx(340 / 3.5, abs=1e-12))
    assert found.nearest[0] == pytest.approx((2 / 7, 4 / 35, 6 / 35, 9 / 35, 6 / 35), abs=1e-12)


@given(st.lists(st.integers(1, 5), min_size=9, max_size=9), st.tuples(*[st.integers(1, 9)] * 3))
def test_weights_given_as_points_are_looked_at_as_by_the_linear_programme(
    levels: list[int], points: tuple[int, int, int]
) -> None:
    table = np.array(levels, dtype=float).reshape(3, 3) * 25
    stated = Swing(points)
    share = stated.centre()
    held = Bounds(tuple(share), tuple(share))
    for option in range(3):
        exact = can_be_first(table, table, option, preference=stated, near=share)
        solved = can_be_first(table, table, option, preference=held, near=share)
        gap = float((table @ share).max() - table[option] @ share)
        assert exact.possible is (gap <= 1e-9)
        assert gap < 1e-5 or solved.possible is exact.possible
        assert reach(table[option], table[option], stated) == pytest.approx(
            reach(table[option], table[option], held), abs=1e-5
        )


def test_an_option_is_dominated_where_every_member_says_so() -> None:
    each_for_themselves = appraisal([[3, 3], [2, 3]], [[5, 5], [4, 4]])
    assert each_for_themselves.dominated() == {1: [0]}
    assert appraisal([[3, 3], [2, 3]], [[5, 5], [4, 5]], [[1, 1], [2, 2]]).dominated() == {}


def test_sweeps_and_switching_weights_are_means_over_the_members_too() -> None:
    asked = appraisal([[4, 2, 3], [2, 4, 1]], [[5, 1, 2], [3, 3, 5]], weights=[(2, 1, 1), (1, 3, 2)])
    found = sensitivity(asked, seed=1, draws=100)
    for (first, other, criterion), weight in found.switches.items():
        values = [
            sum(
                (weight * table[option, criterion])
                + (1 - weight)
                * (np.delete(table[option], criterion) @ (np.delete(own, criterion) / np.delete(own, criterion).sum()))
                for table, own in zip(asked.middles.tables, asked.middles.weighed, strict=True)
            )
            for option in (first, other)
        ]
        assert values[0] == pytest.approx(values[1])
    assert found.switches
    for swept in found.sweeps:
        assert swept.values[:, -1] == pytest.approx(asked.middle[:, swept.criterion])


def test_with_one_criterion_there_are_no_other_weights_to_look_at() -> None:
    found = sensitivity(appraisal([[2], [4]]), seed=1, draws=100)
    assert (found.sweeps, found.switches, found.without_criterion) == ((), {}, ())


# --- agreement ------------------------------------------------------------------------------------------------------

UP, DOWN = [[5, 5], [3, 3], [1, 1]], [[1, 1], [3, 3], [5, 5]]


def test_a_consensus_does_not_make_the_panel_agree() -> None:
    apart = agreement(appraisal(UP, DOWN))
    settled = agreement(appraisal(UP, DOWN, consensus=UP))
    assert apart == settled
    assert settled.concordance is not None
    assert settled.concordance.w == pytest.approx(0)


def test_the_whole_scale_is_no_rating_in_the_middle() -> None:
    ignorant: Rows = [[(1, 5), (1, 5)], [3, 3], [1, 1]]
    found = agreement(appraisal(UP, ignorant))
    assert found.ranked == (1, 2)
    assert found.concordance is not None
    assert found.concordance.w == pytest.approx(1)
    assert found.alphas == (1, 1)
    assert agreement(appraisal(UP, [[None, None]] * 3)).concordance is None


def test_rankings_that_tie_are_seen_to_tie() -> None:
    """The sums differ in the last digit where criteria are added in another order."""
    level = [[4, 4, 2, 4, 3], [5, 5, 3, 2, 1]]
    found = agreement(appraisal(level, level, preference=Swing((60, 100, 40, 40, 60))))
    assert found.concordance is None  # everybody ties everything


# --- mitigations ----------------------------------------------------------------------------------------------------


def test_mitigations_are_held_against_none_whatever_is_in_effect() -> None:
    asked = appraisal(
        [[2, 3], [3, 3]],
        mitigations=(CriterionTransform(RaiseBy(2), 0, options=(0,)), CriterionTransform(RaiseBy(1), 1)),
        preference=Swing((1, 1)),
    )
    plain = sensitivity(asked, seed=1, draws=100)
    under = sensitivity(asked, seed=1, draws=100, chosen=[0])
    assert plain.unmitigated == under.unmitigated
    assert plain.mitigated == under.mitigated
    assert plain.unmitigated.values == pytest.approx((37.5, 50))
    assert (plain.unmitigated.ranks, plain.mitigated[0].ranks) == ((2, 1), (1, 2))
    assert [each.alike for each in plain.mitigated] == [False, True, False]
    assert {each.first for each in plain.judgements} == {0}
    assert {each.first for each in under.judgements} == {1}  # what would change the answer there is now
