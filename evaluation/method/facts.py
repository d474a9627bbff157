"""Exact facts that need no draws: dominance, and whether an option can come first under any weights that are admitted.

The linear programmes are solved by HiGHS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from evaluation.method.weights import Constraint, Preference, Swing

Array = NDArray[np.float64]

SLACK = 1e-9
"""Conditions on weights are met to within this: rounding must not make them impossible. Weights stated as points are
used as they are."""


def dominates(low: Array, high: Array, one: int, other: int) -> bool:
    """Whether one option is at or above another on every criterion and above it on one, whatever the judgements
    leave open: its lowest against the other's highest."""
    return bool((low[one] >= high[other]).all() and (low[one] > high[other]).any())


def dominated(low: Array, high: Array) -> dict[int, list[int]]:
    """Options that are dominated, each with those that dominate it."""
    found: dict[int, list[int]] = {}
    for other in range(len(low)):
        by = [one for one in range(len(low)) if one != other and dominates(low, high, one, other)]
        if by:
            found[other] = by
    return found


@dataclass(frozen=True, slots=True)
class CanBeFirst:
    """Whether an option can come first, and the admitted weights nearest to the given ones at which it does.

    `distance` is the sum of the absolute differences to them. All None where it never can.
    """

    possible: bool
    weights: tuple[float, ...] | None = None
    distance: float | None = None


def can_be_first(low: Array, high: Array, option: int, *, preference: Preference, near: Array) -> CanBeFirst:
    """Look at an option at its best against all others at their worst, under weights that are admitted.

    Minimises the sum of |w - near| over w >= 0 with sum 1, every constraint, and the option's value at or above every
    other's. Raises RuntimeError should the solver fail to decide.
    """
    if isinstance(preference, Swing):
        weights = preference.centre()
        if (np.delete(low @ weights, option) > high[option] @ weights + SLACK).any():
            return CanBeFirst(False)
        return CanBeFirst(True, tuple(float(each) for each in weights), float(np.abs(weights - near).sum()))
    count, constraints = len(near), preference.constraints()
    solver = _solver(count)
    for place in range(count):
        solver.addVar(0.0, highspy.kHighsInf)
        solver.changeColCost(count + place, 1.0)
    columns = np.arange(count, dtype=np.int32)
    solver.addRow(1.0, 1.0, count, columns, np.ones(count))
    for other in range(len(low)):
        if other != option:
            solver.addRow(0.0, highspy.kHighsInf, count, columns, high[option] - low[other])
    for constraint in constraints:
        solver.addRow(constraint.at_least - SLACK, highspy.kHighsInf, count, columns, np.array(constraint.coefficients))
    for place in range(count):  # the variable beside each weight is at least its distance, above and below
        pair = np.array([place, count + place], dtype=np.int32)
        solver.addRow(-highspy.kHighsInf, float(near[place]), 2, pair, np.array([1.0, -1.0]))
        solver.addRow(float(near[place]), highspy.kHighsInf, 2, pair, np.array([1.0, 1.0]))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return CanBeFirst(False)
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"the linear programme came to {status}")
    solution = np.array(solver.getSolution().col_value)[:count]
    return CanBeFirst(True, tuple(float(each) for each in solution), float(np.abs(solution - near).sum()))


def reach(low: Array, high: Array, preference: Preference) -> tuple[float, float]:
    """The lowest and highest value an option can have under admitted weights, whatever the judgements leave open.

    `low` and `high` are its values by criterion.
    """
    if isinstance(preference, Swing):
        weights = preference.centre()
        return float(low @ weights), float(high @ weights)
    constraints = preference.constraints()
    return _extreme(low, constraints), -_extreme(-high, constraints)


def _extreme(values: Array, constraints: Sequence[Constraint]) -> float:
    """The least of values · w over admitted weights."""
    if not constraints:
        return float(values.min())
    count = len(values)
    solver = _solver(count)
    columns = np.arange(count, dtype=np.int32)
    solver.addRow(1.0, 1.0, count, columns, np.ones(count))
    for constraint in constraints:
        solver.addRow(constraint.at_least - SLACK, highspy.kHighsInf, count, columns, np.array(constraint.coefficients))
    for place, value in enumerate(values):
        solver.changeColCost(place, float(value))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"the linear programme came to {solver.getModelStatus()}")
    return float(solver.getInfo().objective_function_value)


def _solver(count: int) -> highspy.Highs:
    """A silent solver with one variable from 0 to 1 for each weight."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for _ in range(count):
        solver.addVar(0.0, 1.0)
    return solver
