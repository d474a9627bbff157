"""What a commissioner could do about an option's weakness: transforms of judgements, never lowering one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evaluation.method.scale import HIGHEST

Array = NDArray[np.float64]


class Transform(Protocol):
    """What a mitigation does to the levels of a cell: lowest and highest in, lowest and highest out."""

    def __call__(self, low: float, high: float) -> tuple[float, float]: ...


@dataclass(frozen=True, slots=True)
class RaiseFloor:
    """Nothing stands below a level any more."""

    to: float

    def __call__(self, low: float, high: float) -> tuple[float, float]:
        return max(low, self.to), max(high, self.to)


@dataclass(frozen=True, slots=True)
class RaiseBy:
    """Everything moves up by so many levels, within the scale."""

    steps: float

    def __post_init__(self) -> None:
        if self.steps < 0:
            raise ValueError("a mitigation never lowers")

    def __call__(self, low: float, high: float) -> tuple[float, float]:
        return min(low + self.steps, HIGHEST), min(high + self.steps, HIGHEST)


@dataclass(frozen=True, slots=True)
class Narrow:
    """The lower end comes up by a share (0 to 1) of what is open: less is left to chance."""

    share: float

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError("a share lies between 0 and 1")

    def __call__(self, low: float, high: float) -> tuple[float, float]:
        return low + self.share * (high - low), high


@dataclass(frozen=True, slots=True)
class CriterionTransform:
    """A transform on one criterion for some options, or all (None), with the chance (0 to 1) that it is delivered."""

    transform: Transform
    criterion: int
    options: tuple[int, ...] | None = None
    delivery: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.delivery <= 1:
            raise ValueError("the chance of delivery lies between 0 and 1")

    def applied(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The levels once it is delivered for certain, options by criteria."""
        low, high = low.copy(), high.copy()
        for option in range(len(low)) if self.options is None else self.options:
            place = option, self.criterion
            low[place], high[place] = self.transform(float(low[place]), float(high[place]))
        return low, high

    def expected(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The levels with the mitigation weighed by its chance of delivery: the ends move by that share."""
        new_low, new_high = self.applied(low, high)
        return low + self.delivery * (new_low - low), high + self.delivery * (new_high - high)


def together(mitigations: list[CriterionTransform], low: Array, high: Array) -> tuple[Array, Array]:
    """The levels under several mitigations, one after the other."""
    for mitigation in mitigations:
        low, high = mitigation.expected(low, high)
    return low, high


def moves_all_alike(mitigations: list[CriterionTransform], low: Array, high: Array) -> bool:
    """Whether, together, they raise every option by the same on every criterion: then no ranking can change, for values
    add. Each may do so alone and not together, where one option reaches the top of the scale before another."""
    new_low, new_high = together(mitigations, low, high)
    lows, highs = new_low - low, new_high - high
    return bool((np.ptp(lows, axis=0) < 1e-12).all() and np.allclose(lows, highs, rtol=0, atol=1e-12))
