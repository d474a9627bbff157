"""What would change the answer: weights swept and switched, judgements changed, criteria and assessors left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.domain.scale import HIGHEST, LOWEST, STEP
from evaluation.domain.smaa import APART

Array = NDArray[np.float64]

DECIMALS = 9
"""Decimals to which changes are told apart when the smallest is looked for: the first of equals is named."""


def additive(values: Array, weights: Array) -> Array:
    """The value of every option (rows of `values`) under weights that add up to one."""
    total: Array = values @ weights
    return total


def with_weight(weights: Array, criterion: int, weight: float) -> Array:
    """The weights with one criterion's set, the others keeping their ratios (equal ones where all were nothing)."""
    others = np.delete(weights, criterion)
    total = others.sum()
    shared = others / total if total > 0 else np.full(len(others), 1 / max(len(others), 1))
    return np.insert(shared * (1 - weight), criterion, weight)


@dataclass(frozen=True, slots=True)
class Sweep:
    """The value of every option (rows) as one criterion's weight goes from nothing to all (columns)."""

    criterion: int
    weights: Array
    values: Array


def sweep(values: Array, weights: Array, criterion: int, *, steps: int = 101) -> Sweep:
    """Sweep one weight from 0 to 1."""
    grid = np.linspace(0, 1, steps)
    return Sweep(
        criterion,
        grid,
        np.stack([additive(values, with_weight(weights, criterion, float(each))) for each in grid], axis=1),
    )


def switching_weight(values: Array, weights: Array, one: int, other: int, criterion: int) -> float | None:
    """The weight of a criterion at which two options are level, the other weights keeping their ratios; None where
    there is none strictly between nothing and all.

    With R the mean value on the other criteria by their weights: w* = (R_b - R_a) / ((v_a - v_b) + (R_b - R_a)).
    """
    others = np.delete(weights, criterion)
    if others.sum() <= 0:
        return None
    rest = np.delete(values, criterion, axis=1) @ (others / others.sum())
    gap = float(rest[other] - rest[one])
    across = float(values[one, criterion] - values[other, criterion]) + gap
    if across == 0:
        return None
    found = gap / across
    return found if 0 < found < 1 else None


@dataclass(frozen=True, slots=True)
class JudgementSwitch:
    """The smallest change of one judgement, in levels, that puts another option first.

    `option` and `criterion` say whose judgement; `change` is signed; `first` is who comes first then.
    """

    option: int
    criterion: int
    change: float
    first: int


def judgement_switches(levels: Array, weights: Array) -> list[JudgementSwitch]:
    """Every single judgement whose change within the scale would put another option first, smallest change first.

    `levels` are the middles of the judgements, options by criteria. Either the leader is lowered until the next is
    level with it, or another is raised until it is.
    """
    totals = additive((levels - LOWEST) * STEP, weights)
    leader = int(np.argmax(totals))
    found = []
    for other in range(len(levels)):
        if other == leader:
            continue
        gap = float(totals[leader] - totals[other])
        for criterion, weight in enumerate(weights):
            if weight <= 0:
                continue
            needed = gap / (float(weight) * STEP)
            if levels[other, criterion] + needed <= HIGHEST:
                found.append(JudgementSwitch(other, criterion, needed, other))
            if levels[leader, criterion] - needed >= LOWEST and _is_next(totals, leader, other):
                found.append(JudgementSwitch(leader, criterion, -needed, other))
    return sorted(found, key=lambda each: (round(abs(each.change), DECIMALS), each.option, each.criterion))


def _is_next(totals: Array, leader: int, other: int) -> bool:
    """Whether no option stands between: lowering the leader brings the second up first."""
    return all(totals[each] <= totals[other] for each in range(len(totals)) if each not in {leader, other})


@dataclass(frozen=True, slots=True)
class WeightSwitch:
    """A weight at which another option draws level with the first: the criterion, its weight `now` and `then`."""

    criterion: int
    now: float
    then: float
    first: int


@dataclass(frozen=True, slots=True)
class Change:
    """The least that would change who has the highest value, `leader`: one weight, the others keeping their ratios;
    one judgement. None where none would."""

    leader: int
    weight: WeightSwitch | None
    judgement: JudgementSwitch | None


def least_change(values: Array, weights: Array) -> Change | None:
    """What would change who has the highest value. None where two have it, or there is nobody else."""
    totals = additive(values, weights)
    leader = int(np.argmax(totals))
    if (totals > totals[leader] - APART).sum() > 1 or len(values) == 1:
        return None
    switches = [
        WeightSwitch(criterion, float(weights[criterion]), then, other)
        for other in range(len(values))
        for criterion in range(len(weights))
        if other != leader and (then := switching_weight(values, weights, leader, other, criterion)) is not None
    ]
    return Change(
        leader,
        min(switches, key=lambda each: round(abs(each.then - each.now), DECIMALS), default=None),
        next(iter(judgement_switches(values / STEP + LOWEST, weights)), None),
    )


def without(weights: Array, criterion: int) -> Array | None:
    """The weights with one criterion left out; None where nothing would be left."""
    left = weights.copy()
    left[criterion] = 0
    total = left.sum()
    return None if total <= 0 else left / total
