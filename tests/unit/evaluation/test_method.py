"""The method against published figures and slow oracles, and what is always true of it."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.method.facts import can_be_first, dominated
from evaluation.method.smaa import BINS, JudgedRanges, Simulation, simulate
from evaluation.method.weights import AnyWeights, Bounds, Preference, Ranking, Ratio, Swing, Unweighable
from tests.oracles.appraisal import two_criteria_acceptability, vertices

DRAWS = 40_000
FOUR = 4
"""Standard errors within which a drawn figure must lie of the exact one."""


def points(table: list[list[float]], preference: Preference | None = None, **asked: int) -> Simulation:
    values = np.array(table, dtype=float)
    return simulate(
        [JudgedRanges(values, values, preference or AnyWeights(values.shape[1]))], **{"draws": DRAWS, "seed": 7} | asked
    )


def close(found: float, exact: float, draws: int = DRAWS) -> bool:
    return abs(found - exact) <= FOUR * max((exact * (1 - exact) / draws) ** 0.5, 1e-9)


# --- published examples ---------------------------------------------------------------------------------------------


def test_five_options_each_best_on_one_criterion_share_the_first_place() -> None:
    found = points(np.eye(5).tolist())
    for option in range(5):
        assert close(found.rank_acceptability[option, 0], 1 / 5)
        central = found.central_weights(option)
        assert central is not None
        assert central[option] == pytest.approx(137 / 300, abs=0.005)
        assert np.delete(central, option) == pytest.approx(np.full(4, 163 / 1200), abs=0.005)


def test_the_compromise_between_two_extremes_comes_second_mostly() -> None:
    found = points([[1, 0], [0.6, 0.6], [0, 1]])
    exact = [[0.4, 0.1, 0.5], [0.2, 0.8, 0], [0.4, 0.1, 0.5]]
    for option, row in enumerate(exact):
        for rank, share in enumerate(row):
            assert close(found.rank_acceptability[option, rank], share)
        assert found.confidence(option) == 1
    for option, weights in enumerate([[0.8, 0.2], [0.5, 0.5], [0.2, 0.8]]):
        assert found.central_weights(option) == pytest.approx(weights, abs=0.005)
    assert close(found.pairwise[0, 1], 0.4)
    assert close(found.pairwise[0, 2], 0.5)


def test_weights_of_a_ranking_have_the_rank_order_centroid() -> None:
    centroid = [0.456667, 0.256667, 0.156667, 0.09, 0.04]
    assert Ranking((1, 2, 3, 4, 5)).centre() == pytest.approx(centroid, abs=1e-6)
    drawn = Ranking((1, 2, 3, 4, 5)).draw(np.random.default_rng(1), DRAWS).mean(axis=0)
    assert drawn == pytest.approx(centroid, abs=0.005)


# --- against the exact oracle ---------------------------------------------------------------------------------------

tenth = st.integers(0, 10).map(lambda number: Fraction(number, 10))


@given(st.lists(st.tuples(tenth, tenth), min_size=2, max_size=5, unique=True))
def test_two_criteria_agree_with_exact_shares(rows: list[tuple[Fraction, Fraction]]) -> None:
    exact = two_criteria_acceptability(rows)
    found = points([[float(a), float(b)] for a, b in rows], draws=20_000)
    for option, shares in enumerate(exact):
        for rank, share in enumerate(shares):
            assert close(found.rank_acceptability[option, rank], float(share), 20_000)


@given(st.permutations([1, 2, 3, 4]), st.integers(0, 2**31))
def test_a_linear_value_under_a_ranking_is_decided_at_the_corners(places: list[int], seed: int) -> None:
    """An option can be first under ranked weights just where it is at some corner, or between corners."""
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 5, (4, 4)).astype(float)
    ranking = Ranking(tuple(places))
    corners = np.array([[float(each) for each in corner] for corner in vertices(4, places)])
    at_corner = {int(each) for row in corners @ values.T for each in np.flatnonzero(row >= row.max() - 1e-9)}
    for option in at_corner:
        found = can_be_first(values, values, option, preference=ranking, near=ranking.centre())
        assert found.possible
        assert found.weights is not None
        totals = values @ np.array(found.weights)
        assert totals[option] >= totals.max() - 1e-6


# --- what is always true --------------------------------------------------------------------------------------------

level = st.integers(1, 5)


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    options, criteria = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    pairs = draw(st.lists(st.tuples(level, level), min_size=options * criteria, max_size=options * criteria))
    low = np.array([min(pair) for pair in pairs], dtype=float).reshape(options, criteria)
    high = np.array([max(pair) for pair in pairs], dtype=float).reshape(options, criteria)
    return low, high


@given(tables(), st.integers(0, 2**31))
def test_shares_add_up_and_values_stay_within_what_is_possible(table: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    low, high = table
    found = simulate([JudgedRanges(low, high, AnyWeights(low.shape[1]))], draws=2_000, seed=seed)
    assert found.rank_acceptability.sum(axis=1) == pytest.approx(np.ones(len(low)))
    relationships = (found.wins + found.wins.T)[np.triu_indices(len(low), 1)] < 2_000
    if not relationships.any():
        assert found.rank_acceptability.sum(axis=0) == pytest.approx(np.ones(len(low)))
    step = (found.ceiling - found.floor) / BINS
    assert (found.quantile(0.05) >= low.min(axis=1) - step).all()
    assert (found.quantile(0.95) <= high.max(axis=1) + step).all()
    assert (found.holistic >= 0).all()
    assert (found.holistic <= 1 + 1e-9).all()
    assert (found.entropy <= np.log2(len(low)) + 1e-9).all()


@given(tables(), st.integers(0, 2**31), st.randoms(use_true_random=False))
def test_relabelling_changes_nothing(table: tuple[np.ndarray, np.ndarray], seed: int, shuffle: Random) -> None:
    low, high = table
    order = list(range(len(low)))
    shuffle.shuffle(order)
    columns = list(range(low.shape[1]))
    shuffle.shuffle(columns)
    straight = simulate([JudgedRanges(low, high, AnyWeights(low.shape[1]))], draws=8_000, seed=seed)
    turned = simulate(
        [JudgedRanges(low[order][:, columns], high[order][:, columns], AnyWeights(low.shape[1]))],
        draws=8_000,
        seed=seed,
    )
    for place, option in enumerate(order):
        apart = abs(turned.rank_acceptability[place] - straight.rank_acceptability[option])
        assert (apart <= 6 * np.hypot(straight.standard_error[option], turned.standard_error[place]) + 0.003).all()


@given(tables(), st.integers(0, 2**31))
def test_a_dominated_option_is_never_first_and_alters_no_value(table: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    low, high = table
    worse = low[0] - 1
    more_low, more_high = np.vstack([low, worse]), np.vstack([high, worse])
    last = len(low)
    assert 0 in dominated(more_low, more_high)[last]
    usual = np.full(low.shape[1], 1 / low.shape[1])
    assert not can_be_first(more_low, more_high, last, preference=AnyWeights(low.shape[1]), near=usual).possible
    found = simulate([JudgedRanges(more_low, more_high, AnyWeights(low.shape[1]))], draws=1_000, seed=seed)
    assert found.first[last] == 0
    alone = simulate([JudgedRanges(low, high, AnyWeights(low.shape[1]))], draws=4_000, seed=seed)
    beside = simulate([JudgedRanges(more_low, more_high, AnyWeights(low.shape[1]))], draws=4_000, seed=seed)
    assert beside.expected_value[:last] == pytest.approx(alone.expected_value, abs=0.3)


@given(tables(), st.integers(0, 2**31), st.integers(0, 4), st.floats(-3, 3))
def test_a_constant_added_to_a_criterion_changes_no_rank(
    table: tuple[np.ndarray, np.ndarray], seed: int, column: int, constant: float
) -> None:
    low, high = table
    moved_low, moved_high = low.copy(), high.copy()
    moved_low[:, column % low.shape[1]] += constant
    moved_high[:, column % low.shape[1]] += constant
    straight = simulate([JudgedRanges(low, high, AnyWeights(low.shape[1]))], draws=1_000, seed=seed)
    moved = simulate([JudgedRanges(moved_low, moved_high, AnyWeights(low.shape[1]))], draws=1_000, seed=seed)
    assert abs(straight.ranks - moved.ranks).max() <= 40  # ties within rounding may fall either way


@pytest.mark.parametrize(
    ("points", "one", "other"),
    [
        ((60, 100, 40, 40, 60), (75, 75, 25, 75, 50), (100, 100, 50, 25, 0)),
        ((50, 80, 60, 40, 10), (25, 100, 100, 50, 50), (50, 75, 75, 100, 75)),
        ((20, 50, 20, 40, 100), (75, 0, 0, 75, 75), (0, 50, 75, 75, 50)),
    ],
)
def test_a_tie_is_not_broken_by_the_rounding_of_sums(
    points: tuple[float, ...], one: tuple[float, ...], other: tuple[float, ...]
) -> None:
    assert sum(Fraction(a) * Fraction(w) for a, w in zip(one, points, strict=True)) == sum(
        Fraction(b) * Fraction(w) for b, w in zip(other, points, strict=True)
    )
    table = np.array([one, other], dtype=float)
    found = simulate([JudgedRanges(table, table, Swing(points))], draws=20, seed=1)
    assert found.ranks.tolist() == [[20, 0], [20, 0]]
    assert found.level_with(0) == [1]
    assert found.confident.tolist() == [20, 20]


def test_the_same_seed_gives_the_same_figures() -> None:
    table = np.array([[1, 3], [2, 2.0]]), np.array([[4, 5], [3, 4.0]])
    views = [JudgedRanges(*table, AnyWeights(2))]
    one, other = simulate(views, draws=9_000, seed=5), simulate(views, draws=9_000, seed=5)
    assert (one.ranks == other.ranks).all()
    assert (one.first_weights == other.first_weights).all()
    assert (simulate(views, draws=9_000, seed=6).ranks != one.ranks).any()


def test_steps_that_are_drawn_keep_their_order() -> None:
    """Ordinal SMAA: an option higher on every criterion stays ahead whatever the steps are worth."""
    low = np.array([[5, 4], [3, 2.0]])
    found = simulate([JudgedRanges(low, low, AnyWeights(2))], draws=2_000, seed=1, anchors=5)
    assert found.first.tolist() == [2_000, 0]


def test_a_panel_is_the_mean_of_its_assessors() -> None:
    ahead, behind = np.array([[1.0, 1], [0, 0]]), np.array([[0.0, 0], [1, 1]])
    found = simulate(
        [JudgedRanges(ahead, ahead, AnyWeights(2)), JudgedRanges(behind, behind, Swing((1, 3)))], draws=DRAWS, seed=3
    )
    assert close(found.rank_acceptability[0, 0], 0.5)


# --- weights --------------------------------------------------------------------------------------------------------

preferences = st.one_of(
    st.just(AnyWeights(3)),
    st.tuples(*[st.floats(0.01, 100)] * 3).map(Swing),
    st.tuples(*[st.integers(1, 3)] * 3).map(Ranking),
    st.just(Bounds((0.1, 0.1, 0.1), (0.7, 0.6, 0.5), (Ratio(0, 1, 1.0),))),
)


@given(preferences, st.integers(0, 2**31))
def test_weights_drawn_are_admitted(preference: Preference, seed: int) -> None:
    weights = preference.draw(np.random.default_rng(seed), 200)
    assert weights.shape == (200, 3)
    assert (weights >= 0).all()
    assert weights.sum(axis=1) == pytest.approx(np.ones(200))
    for constraint in preference.constraints():
        assert (weights @ np.array(constraint.coefficients) >= constraint.at_least - 1e-9).all()
    assert preference.centre().sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Swing((0, 0, 0)),
        lambda: Swing((-1, 2)),
        lambda: Swing((float("nan"), 1)),
        lambda: Swing(()),
        lambda: Ranking((0, 1)),
        lambda: Bounds((0.6, 0.6), (1, 1)),
        lambda: Bounds((0, 0), (0.4, 0.4)),
        lambda: Bounds((0.5, 0.2), (0.4, 1)),
        lambda: Bounds((0.1,), (0.2, 0.3)),
    ],
)
def test_weights_that_cannot_be_are_refused(wrong: object) -> None:
    with pytest.raises(Unweighable):
        wrong()  # type: ignore[operator]


def test_views_that_cannot_be_are_refused() -> None:
    square = np.ones((2, 2))
    with pytest.raises(ValueError, match="above its highest"):
        JudgedRanges(square + 1, square, AnyWeights(2))
    with pytest.raises(ValueError, match="one weight for each"):
        JudgedRanges(square, square, AnyWeights(3))
    with pytest.raises(ValueError, match="finite"):
        JudgedRanges(square * np.nan, square, AnyWeights(2))
    with pytest.raises(ValueError, match="at most"):
        JudgedRanges(np.ones((1_000, 5)), np.ones((1_000, 5)), AnyWeights(5))
    with pytest.raises(ValueError, match="1,000,000"):
        simulate([JudgedRanges(square, square, AnyWeights(2))], draws=1_000_001, seed=1)


# --- at the limits of the weights -----------------------------------------------------------------------------------


@given(tables(), st.integers(0, 2**31), st.integers(0, 4))
def test_all_weight_on_one_criterion_ranks_by_it_alone(
    table: tuple[np.ndarray, np.ndarray], seed: int, column: int
) -> None:
    values, place = table[0], column % table[0].shape[1]
    only = Swing(tuple(1.0 if each == place else 0.0 for each in range(values.shape[1])))
    found = simulate([JudgedRanges(values, values, only)], draws=200, seed=seed)
    ranks = (values[None, :, place] > values[:, None, place]).sum(axis=1)
    assert found.rank_acceptability.argmax(axis=1).tolist() == ranks.tolist()
    assert found.rank_acceptability.max(axis=1).tolist() == [1] * len(values)
    assert found.expected_value == pytest.approx(values[:, place])


@given(tables(), st.integers(0, 2**31))
def test_bounds_that_leave_hardly_more_than_a_point_are_that_point(
    table: tuple[np.ndarray, np.ndarray], seed: int
) -> None:
    values = table[0]
    swing = Swing(tuple(float(each + 1) for each in range(values.shape[1])))
    weights = swing.centre()
    tight = Bounds(tuple(weights - 1e-9), tuple(np.minimum(weights + 1e-6, 1)))
    point, bound = (simulate([JudgedRanges(values, values, each)], draws=500, seed=seed) for each in (swing, tight))
    assert bound.expected_value == pytest.approx(point.expected_value, abs=1e-5)
    assert tight.centre() == pytest.approx(weights, abs=1e-6)


@given(tables(), st.integers(0, 2**31))
def test_bounds_that_leave_everything_and_one_place_for_all_are_no_preference(
    table: tuple[np.ndarray, np.ndarray], seed: int
) -> None:
    low, high = table
    criteria = low.shape[1]
    any_, free, tied = (
        simulate([JudgedRanges(low, high, each)], draws=6_000, seed=seed)
        for each in (
            AnyWeights(criteria),
            Bounds((0.0,) * criteria, (1.0,) * criteria),
            Ranking((1,) * criteria),
        )
    )
    for other in (free, tied):
        apart = abs(other.rank_acceptability - any_.rank_acceptability)
        assert (apart <= 6 * np.hypot(any_.standard_error, other.standard_error) + 0.004).all()


@given(tables())
def test_what_can_come_first_does_so_at_the_weights_that_are_given_for_it(
    table: tuple[np.ndarray, np.ndarray],
) -> None:
    low, high = table
    for option in range(len(low)):
        found = can_be_first(
            low, high, option, preference=AnyWeights(low.shape[1]), near=np.full(low.shape[1], 1 / low.shape[1])
        )
        assert found.possible is (found.weights is not None)
        if found.weights is not None:
            weights = np.array(found.weights)
            assert weights.min() >= -1e-9
            assert weights.sum() == pytest.approx(1)
            best = high[option] @ weights
            others = np.delete(low @ weights, option)
            assert best >= others.max() - 1e-6


def test_more_draws_come_closer_and_say_how_close() -> None:
    """The error told is that of the draws: a hundred times the draws, a tenth of the error."""
    few, many = (points([[1, 0], [0.6, 0.6], [0, 1]], draws=draws) for draws in (1_000, 100_000))
    assert many.standard_error[1, 0] == pytest.approx(few.standard_error[1, 0] / 10, rel=0.2)
    assert abs(many.rank_acceptability[1, 0] - 0.2) <= FOUR * many.standard_error[1, 0]
