"""Judgements, agreement, sensitivity, mitigations and the words of the answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.method.agreement import Scale, alpha, concordance, is_split
from evaluation.method.mitigation import CriterionTransform, Narrow, RaiseBy, RaiseFloor, moves_all_alike, together
from evaluation.method.scale import Interval, Polarity, Said, coded, worth
from evaluation.method.sensitivity import (
    JudgementSwitch,
    LeastChange,
    Middles,
    additive,
    judgement_switches,
    sweep,
    switching_weight,
    with_weight,
)
from evaluation.method.smaa import JudgedRanges, simulate
from evaluation.method.statement import Confidence, Convention, listed, percent, statement, steps, verdict
from evaluation.method.weights import AnyWeights, Preference, Swing
from tests.oracles.appraisal import kendall_by_pairs

PLUS, MINUS = Said(Polarity.STRENGTH), Said(Polarity.WEAKNESS)
IT_DEPENDS, NEITHER = Said(Polarity.CONTINGENT), Said(Polarity.NEUTRAL)


# --- the coding rule ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ([PLUS, MINUS], 2, 4),
        ([PLUS, MINUS, MINUS], 1, 4),
        ([PLUS], 4, 4),
        ([PLUS, PLUS], 4, 5),
        ([MINUS], 2, 2),
        ([MINUS, MINUS], 1, 2),
        ([NEITHER], 3, 3),
        ([], 3, 3),
        ([IT_DEPENDS], 2, 4),
        ([Said(Polarity.STRENGTH, qualified=True)], 3, 4),
        ([Said(Polarity.WEAKNESS, qualified=True)], 2, 3),
        ([IT_DEPENDS, MINUS, MINUS], 1, 3),
        ([PLUS, PLUS, IT_DEPENDS], 3, 5),
        ([MINUS] * 5, 1, 2),
    ],
)
def test_statements_are_coded_by_the_published_rule(said: list[Said], low: int, high: int) -> None:
    assert coded(said) == Interval(low, high)


@given(st.lists(st.builds(Said, st.sampled_from(Polarity), st.booleans()), max_size=8))
def test_coding_stays_on_the_scale_and_qualifying_only_widens(said: list[Said]) -> None:
    found = coded(said)
    plain = coded([Said(each.polarity) for each in said])
    assert 1 <= found.low <= plain.low
    assert plain.high <= found.high <= 5


@pytest.mark.parametrize(("low", "high"), [(0, 3), (4, 2), (1, 6)])
def test_levels_off_the_scale_are_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="levels go from 1 to 5"):
        Interval(low, high)


def test_levels_are_worth_equal_steps() -> None:
    assert [worth(level) for level in range(1, 6)] == [0, 25, 50, 75, 100]


# --- agreement ------------------------------------------------------------------------------------------------------


def rows(text: str) -> list[list[float | None]]:
    return [[None if cell == "." else float(cell) for cell in row.split()] for row in text.split("/")]


KRIPPENDORFF = rows(
    "1 2 3 3 2 1 4 1 2 . . . / 1 2 3 3 2 2 4 1 2 5 . 3 / . 3 3 3 2 3 4 2 2 5 1 . / 1 2 3 3 2 4 4 1 2 5 1 ."
)


@pytest.mark.parametrize(
    ("scale", "exact"), [(Scale.NOMINAL, 0.743421), (Scale.ORDINAL, 0.815388), (Scale.INTERVAL, 0.849107)]
)
def test_alpha_of_the_published_example(scale: Scale, exact: float) -> None:
    assert alpha(KRIPPENDORFF, scale) == pytest.approx(exact, abs=5e-7)


def test_alpha_is_not_told_where_it_cannot_be() -> None:
    assert alpha([[1.0, None], [None, 2.0]]) is None
    assert alpha([[3.0, 3.0], [3.0, 3.0]]) is None
    assert alpha([[1.0, 5.0], [1.0, 5.0]]) == 1


def test_concordance_of_the_published_example() -> None:
    ratings = [
        [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    ]
    found = concordance(ratings)
    assert found is not None
    assert found.w == pytest.approx(0.539657, abs=5e-7)
    assert found.chi_square == pytest.approx(30.760, abs=5e-4)
    assert found.degrees == 19


def test_rankings_that_differ_by_rounding_alone_are_ties() -> None:
    third = 1 / 3
    level = [25 * third + 100 * third + 50 * third, 100 * third + 75 * third]
    assert level[0] != level[1]
    found = concordance([[*level, 0], [40, 40, 10]])
    assert found is not None
    assert found.w == 1


@given(st.lists(st.permutations(list(range(5))), min_size=2, max_size=5))
def test_concordance_agrees_with_the_mean_of_rank_correlations(ratings: list[list[int]]) -> None:
    found = concordance(ratings)
    assert found is not None
    assert found.w == pytest.approx(float(kendall_by_pairs(ratings)))


@pytest.mark.parametrize(
    ("ratings", "split"),
    [
        ([1, 1, 5], True),
        ([3, 3, 4], False),
        ([1, 2, 3, 3], False),
        ([1, 5], False),
        ([2, 3, 4, 5, 5, 1], True),
        ([1.5, 2.5, 3.5], False),
        ([1.5, 2.5, 4], True),
    ],
)
def test_a_cell_is_split_where_a_third_stands_apart(ratings: list[float], split: bool) -> None:
    assert is_split(ratings) is split


# --- sensitivity ----------------------------------------------------------------------------------------------------

VALUES = np.array([[80, 20, 50, 60, 40], [40, 70, 50, 30, 90.0]])
WEIGHTS = np.array([0.3, 0.2, 0.2, 0.2, 0.1])


def test_switching_values_of_the_worked_example() -> None:
    assert additive(VALUES, WEIGHTS) == pytest.approx([54, 51])
    found = [switching_weight(VALUES, WEIGHTS, 0, 1, each) for each in range(5)]
    assert found[2] is None
    assert [each for each in found if each is not None] == pytest.approx(
        [0.243243, 0.245283, 0.111111, 0.150943], abs=5e-7
    )


def test_the_least_change_of_the_worked_example() -> None:
    found = Middles([VALUES], [WEIGHTS]).least_change()
    assert found is not None
    assert found.weight is not None
    assert (found.leader, found.weight.criterion, found.weight.now, found.weight.first) == (0, 1, 0.2, 1)
    assert found.weight.then == pytest.approx(0.245283, abs=5e-7)
    assert found.judgement == JudgementSwitch(0, 0, pytest.approx(-0.4), 1)


def test_there_is_no_least_change_where_two_are_level_or_one_is_alone() -> None:
    assert Middles([VALUES[:1]], [WEIGHTS]).least_change() is None
    assert Middles([np.array([[25, 100, 50], [100, 75, 0.0]])], [np.full(3, 1 / 3)]).least_change() is None
    assert Middles([np.array([[100, 100], [0, 0.0]])], [np.array([0.5, 0.5])]).least_change() == LeastChange(
        0, None, None
    )


@given(
    st.lists(st.integers(0, 100), min_size=6, max_size=6),
    st.lists(st.integers(1, 50), min_size=3, max_size=3),
    st.integers(0, 2),
)
def test_at_the_switching_weight_both_are_level(cells: list[int], points: list[int], criterion: int) -> None:
    values = np.array(cells, dtype=float).reshape(2, 3)
    weights = np.array(points) / sum(points)
    found = switching_weight(values, weights, 0, 1, criterion)
    if found is not None:
        one, other = additive(values, with_weight(weights, criterion, found))
        assert one == pytest.approx(other, abs=1e-6)


def test_a_sweep_runs_from_nothing_to_all() -> None:
    found = sweep(VALUES, WEIGHTS, 0)
    assert found.values[:, -1] == pytest.approx(VALUES[:, 0])
    assert found.values[:, 30] == pytest.approx([54, 51])
    assert with_weight(np.array([1.0, 0, 0]), 0, 0.4) == pytest.approx([0.4, 0.3, 0.3])
    pair, share = Middles([VALUES], [WEIGHTS]).against_rest[0]
    assert pair[:, 0] == pytest.approx(VALUES[:, 0])
    assert pair[:, 1] == pytest.approx([300 / 7, 390 / 7])
    assert pair @ share == pytest.approx([54, 51])


@given(st.lists(st.integers(1, 5), min_size=9, max_size=9), st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_a_judgement_switch_brings_another_level_with_the_first(cells: list[int], points: list[int]) -> None:
    levels = np.array(cells, dtype=float).reshape(3, 3)
    weights = np.array(points) / sum(points)
    leader = int(np.argmax(additive((levels - 1) * 25, weights)))
    for switch in judgement_switches(levels, weights, additive((levels - 1) * 25, weights)):
        changed = levels.copy()
        changed[switch.option, switch.criterion] += switch.change
        assert 1 - 1e-9 <= changed[switch.option, switch.criterion] <= 5 + 1e-9
        totals = additive((changed - 1) * 25, weights)
        assert totals[switch.first] == pytest.approx(totals.max())
        assert totals[switch.first] == pytest.approx(totals[leader])


# --- mitigations ----------------------------------------------------------------------------------------------------

transforms = st.one_of(st.floats(1, 5).map(RaiseFloor), st.floats(0, 4).map(RaiseBy), st.floats(0, 1).map(Narrow))


@given(transforms, st.integers(1, 5), st.integers(1, 5), st.floats(0, 1))
def test_a_mitigation_never_lowers_and_stays_on_the_scale(
    transform: RaiseFloor, one: int, other: int, delivery: float
) -> None:
    low, high = np.array([[float(min(one, other))]]), np.array([[float(max(one, other))]])
    new_low, new_high = CriterionTransform(transform, 0, delivery=delivery).expected(low, high)
    assert low <= new_low <= new_high + 1e-9
    assert high <= new_high <= 5


def test_raising_all_alike_cannot_change_a_ranking() -> None:
    low, high = np.array([[2.0, 3], [1, 4]]), np.array([[3.0, 3], [2, 4]])
    alike = CriterionTransform(RaiseBy(1), 0)
    assert moves_all_alike([alike], low, high)
    assert not moves_all_alike([CriterionTransform(RaiseBy(1), 0, options=(1,))], low, high)
    raised = together([alike], low, high)
    before = simulate([JudgedRanges(low, high, AnyWeights(2))], draws=2_000, seed=1)
    after = simulate([JudgedRanges(*raised, AnyWeights(2))], draws=2_000, seed=1)
    assert (before.ranks == after.ranks).all()


def test_two_that_raise_all_alike_alone_need_not_do_so_together() -> None:
    low = np.array([[2.0, 3], [4, 3]])
    twice = [CriterionTransform(RaiseBy(1), 0), CriterionTransform(RaiseBy(1), 0)]
    assert moves_all_alike(twice[:1], low, low)
    assert not moves_all_alike(twice, low, low)  # the second reaches the top of the scale


@pytest.mark.parametrize(
    "wrong", [lambda: RaiseBy(-1), lambda: Narrow(2), lambda: CriterionTransform(RaiseBy(1), 0, None, 2)]
)
def test_mitigations_that_cannot_be_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"never lowers|between 0 and 1"):
        wrong()  # type: ignore[operator]


# --- the answer in words --------------------------------------------------------------------------------------------


def said(values: list[list[float]], preference: Preference) -> list[str]:
    table = np.array(values)
    found = simulate([JudgedRanges(table, table, preference)], draws=4_000, seed=1)
    names = ["Apples", "Pears", "Plums"][: len(values)]
    return [
        each.sentence
        for each in statement(
            found,
            options=names,
            criteria=["Taste", "Price"],
            view="no view",
            usual=preference.centre(),
            dominated={},
            never_first=[],
            missing=[(0, 1)],
            change=Middles([table], [preference.centre()]).least_change(),
        )
    ]


def test_a_sure_answer_is_called_robust() -> None:
    table = np.array([[100, 90], [10, 20], [0, 0.0]])
    found = simulate([JudgedRanges(table, table, AnyWeights(2))], draws=2_000, seed=1)
    assert verdict(found) == (Confidence.ROBUST, 0)
    assert (
        said(table.tolist(), AnyWeights(2))[0]
        == "With no view, Apples comes first in 100 per cent of weightings. That is robust."
    )


def test_an_open_answer_says_who_comes_first_when() -> None:
    told = said([[100, 0], [60, 60], [0, 100]], AnyWeights(2))
    assert "There is no robust preference." in told[0]
    assert told[1] == "None dominates: no option is sure to be as good as another on every criterion and better on one."
    assert any(sentence.startswith("Apples comes first where more weight lies on taste (8") for sentence in told)
    assert any(sentence.startswith("Plums comes first where more weight lies on price (8") for sentence in told)
    assert any(
        sentence.startswith("Pears comes first where no criterion weighs much more or less than usual")
        for sentence in told
    )
    assert told[-1] == "Nothing is known of Apples on price: the whole scale was allowed for."
    assert not any("probab" in sentence for sentence in told)


def test_a_leaning_answer_is_not_called_robust() -> None:
    table = np.array([[100, 0], [0, 70.0]])
    found = simulate([JudgedRanges(table, table, AnyWeights(2))], draws=4_000, seed=1)
    assert verdict(found) == (Confidence.LEANING, 0)
    sure = simulate([JudgedRanges(table, table, Swing((3, 1)))], draws=100, seed=1)
    assert verdict(sure) == (Confidence.ROBUST, 0)


@pytest.mark.parametrize("preference", [AnyWeights(2), Swing((1, 1))])
def test_options_that_are_always_level_are_said_to_be(preference: Preference) -> None:
    told = said([[60, 60], [60, 60], [0, 10]], preference)
    assert told[0] == (
        "With no view, Apples and Pears come first together in 100 per cent of weightings: nothing tells them apart. "
        "There is no robust preference."
    )
    assert not any("comes first where" in sentence for sentence in told)


def test_sums_that_differ_by_rounding_alone_are_level() -> None:
    values = np.array([[25, 100, 50], [100, 75, 0.0]])
    assert len({float(sum(each * (1 / 3) for each in row)) for row in values}) == 2
    found = simulate([JudgedRanges(values, values, Swing((1, 1, 1)))], draws=10, seed=1)
    assert found.level_with(0) == [1]
    assert verdict(found) == (Confidence.OPEN, 0)


def test_it_says_what_would_change_the_first_place() -> None:
    told = said([[80, 20], [50, 60], [0, 10.0]], Swing((3, 1)))
    assert told[-2] == (
        "Apples has the highest value in the middle of what is open. Pears would draw level at a weight of 57.1 per "
        "cent on taste (now 75.0 per cent), or if Apples were judged 0.7 of a level lower on taste."
    )
    assert said([[100, 100], [0, 0.0], [0, 0]], Swing((3, 1)))[-2] == (
        "Apples has the highest value in the middle of what is open. No one weight and no one judgement would put "
        "another in its place."
    )
    assert [steps(each) for each in (0.01, -0.4, 0.96, -1.25)] == [
        "under 0.1 of a level",
        "0.4 of a level",
        "1 level",
        "1.2 levels",
    ]


def test_where_the_lines_are_drawn_can_be_set() -> None:
    table = np.array([[100, 0], [0, 70.0]])
    found = simulate([JudgedRanges(table, table, AnyWeights(2))], draws=4_000, seed=1)
    assert verdict(found, Convention(robust=0.55, leaning=0.4))[0] is Confidence.ROBUST
    assert verdict(found, Convention(robust=0.9, leaning=0.7))[0] is Confidence.OPEN


def test_one_option_alone_is_compared_with_nothing() -> None:
    told = said([[50, 50]], AnyWeights(2))
    assert told[0] == "Apples is the only option: there is nothing to compare it with."
    assert not any("dominates" in sentence or "robust" in sentence for sentence in told)


def test_who_is_hardly_ever_first_is_said_to_be_so_on_few_draws() -> None:
    told = said([[100, 70], [70, 100], [86, 85.5]], AnyWeights(2))
    assert any(each.startswith("Plums comes first") and each.endswith("That rests on few draws.") for each in told)
    assert not any(each.startswith("Apples") and each.endswith("few draws.") for each in told)


def test_shares_are_said_so_that_nearly_is_not_all() -> None:
    assert [percent(each) for each in (0, 0.001, 0.404, 0.999, 1)] == [
        "0 per cent",
        "under 1 per cent",
        "40 per cent",
        "over 99 per cent",
        "100 per cent",
    ]
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
