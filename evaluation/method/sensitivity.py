"""What would change the answer: weights swept and switched, judgements changed, criteria and assessors left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluation.method.scale import HIGHEST, LOWEST, STEP
from evaluation.method.smaa import APART

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


def judgement_switches(levels: Array, weights: Array, totals: Array) -> list[JudgementSwitch]:
    """Every single judgement whose change within the scale would put another option first, smallest change first.

    `levels` are the middles of the judgements, options by criteria; `totals` the values of the options. Either the
    leader is lowered until the next is level with it, or another is raised until it is.
    """
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
class LeastChange:
    """The least that would change who has the highest value, `leader`: one weight, the others keeping their ratios;
    one judgement. None where none would."""

    leader: int
    weight: WeightSwitch | None
    judgement: JudgementSwitch | None


@dataclass(frozen=True)
class Middles:
    """The middles of what every member of a panel leaves open: a table of values and weights for each. What is said of
    the panel is the mean of what holds for its members."""

    tables: Sequence[Array]
    weighed: Sequence[Array]

    @cached_property
    def contributions(self) -> Array:
        """What every criterion (columns) adds to the value of an option (rows)."""
        mean: Array = np.mean([table * each for table, each in zip(self.tables, self.weighed, strict=True)], axis=0)
        return mean

    @cached_property
    def totals(self) -> Array:
        """The value of every option."""
        totals: Array = np.round(self.contributions.sum(axis=1), DECIMALS)
        return totals

    @cached_property
    def leader(self) -> int:
        """The option with the highest value; the first of those that are level."""
        return int(np.argmax(self.totals))

    @cached_property
    def values(self) -> Array:
        """The value of every option on every criterion."""
        mean: Array = np.mean(self.tables, axis=0)
        return mean

    @cached_property
    def weights(self) -> Array:
        """The weight of every criterion."""
        mean: Array = np.mean(self.weighed, axis=0)
        return mean

    @cached_property
    def against_rest(self) -> dict[int, tuple[Array, Array]]:
        """For every criterion: the value of every option on it and on all others by their weights, as if these two were
        all the criteria; and the weights of these two. Nothing where there is one criterion alone."""
        if len(self.weights) == 1:
            return {}
        return {criterion: self._against_rest(criterion) for criterion in range(len(self.weights))}

    def _against_rest(self, criterion: int) -> tuple[Array, Array]:
        rest = [
            np.delete(table, criterion, axis=1) @ np.delete(with_weight(each, criterion, 0.0), criterion)
            for table, each in zip(self.tables, self.weighed, strict=True)
        ]
        now = self.weights[criterion]
        return np.stack([self.values[:, criterion], np.mean(rest, axis=0)], axis=1), np.array([now, 1 - now])

    def sweeps(self, *, steps: int) -> list[Sweep]:
        """Every weight swept from 0 to 1."""
        found = [sweep(values, weights, 0, steps=steps) for values, weights in self.against_rest.values()]
        return [replace(each, criterion=criterion) for criterion, each in zip(self.against_rest, found, strict=True)]

    def switches(self) -> list[WeightSwitch]:
        """Every weight at which another option draws level with the leader."""
        return [
            WeightSwitch(criterion, float(weights[0]), then, other)
            for other in range(len(self.totals))
            for criterion, (values, weights) in self.against_rest.items()
            if other != self.leader and (then := switching_weight(values, weights, self.leader, other, 0)) is not None
        ]

    def judgement_switches(self) -> list[JudgementSwitch]:
        """Every judgement whose change would bring another option level with the leader, smallest change first."""
        return judgement_switches(self.values / STEP + LOWEST, self.weights, self.totals)

    def least_change(self) -> LeastChange | None:
        """What would change who has the highest value. None where two have it, or there is nobody else."""
        if (self.totals > self.totals[self.leader] - APART).sum() > 1 or len(self.totals) == 1:
            return None
        return LeastChange(
            self.leader,
            min(self.switches(), key=lambda each: round(abs(each.then - each.now), DECIMALS), default=None),
            next(iter(self.judgement_switches()), None),
        )

    def without(self, criterion: int) -> Array | None:
        """The value of every option with one criterion left out; None where nothing would be left."""
        values, weights = self.against_rest.get(criterion, (None, None))
        return None if values is None or weights is None or weights[1] <= 0 else np.round(values[:, 1], DECIMALS)
