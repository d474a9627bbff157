"""What is known of the weights of the criteria, and how weights are drawn that agree with it.

Weights are swing weights: how much it matters to move a criterion from its lowest level to its highest. They are never
negative and add up to one. What a preference admits is a set of weights; nobody is made to say more than they know.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pcorg.core.refusals import Refusal

Array = NDArray[np.float64]

REJECTED_AT_MOST = 2_000
"""Draws thrown away for each one kept, before bounds are said to leave too little room."""


class Unweighable(Refusal):
    """Weights that cannot be: negative, all nothing, not one for each criterion, or bounds that admit none."""

    def __init__(self, message: str) -> None:
        super().__init__("invalid", message)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A linear condition on weights w that are admitted: coefficients · w >= at_least."""

    coefficients: tuple[float, ...]
    at_least: float = 0.0


class Preference(Protocol):
    """What an assessor says of the weights."""

    @property
    def criteria(self) -> int:
        """How many criteria it is about."""

    def draw(self, rng: np.random.Generator, draws: int) -> Array:
        """Weights that agree with it: an array of draws by criteria, each row adding up to one."""

    def constraints(self) -> list[Constraint]:
        """The same as linear conditions, beside that weights are not negative and add up to one."""

    def centre(self) -> Array:
        """Weights in the middle of what it admits, for the additive value of a single view."""


@dataclass(frozen=True, slots=True)
class AnyWeights:
    """No preference: all weights are admitted and equally likely (uniform on the simplex)."""

    criteria: int

    def draw(self, rng: np.random.Generator, draws: int) -> Array:
        return _simplex(rng, draws, self.criteria)

    def constraints(self) -> list[Constraint]:
        return []

    def centre(self) -> Array:
        return np.full(self.criteria, 1 / self.criteria)


@dataclass(frozen=True, slots=True)
class Swing:
    """Swing weights as points, the largest swing 100; normalised. Equal points are equal weights.

    Raises Unweighable where a weight is negative or not a number, or all are nothing.
    """

    points: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.points or not all(np.isfinite(self.points)) or min(self.points) < 0:
            raise Unweighable("Weights are numbers that are not negative.")
        if max(self.points) == 0:
            raise Unweighable("At least one weight is more than nothing.")

    @property
    def criteria(self) -> int:
        return len(self.points)

    def draw(self, rng: np.random.Generator, draws: int) -> Array:
        return np.tile(self.centre(), (draws, 1))

    def constraints(self) -> list[Constraint]:
        made = []
        for place, weight in enumerate(self.centre()):
            one = _unit(self.criteria, place)
            made += [Constraint(one, float(weight)), Constraint(tuple(-each for each in one), -float(weight))]
        return made

    def centre(self) -> Array:
        points = np.asarray(self.points, dtype=np.float64)
        centre: Array = points / points.sum()
        return centre


@dataclass(frozen=True, slots=True)
class Ranking:
    """Only the order of the swings, the largest first: `places` gives each criterion's place, 1 for the first. Equal
    places leave open which of them is the larger.

    Raises Unweighable unless places are whole numbers from 1.
    """

    places: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.places or min(self.places) < 1:
            raise Unweighable("Places are whole numbers from 1.")

    @property
    def criteria(self) -> int:
        return len(self.places)

    def draw(self, rng: np.random.Generator, draws: int) -> Array:
        falling = np.sort(_simplex(rng, draws, self.criteria), axis=1)[:, ::-1]
        order = np.argsort(self.places, kind="stable")
        weights = np.empty_like(falling)
        for place in sorted(set(self.places)):  # which of equals comes first is drawn anew each time
            tied = np.flatnonzero(np.asarray(self.places) == place)
            slots = falling[:, np.flatnonzero(np.asarray(self.places)[order] == place)]
            weights[:, tied] = rng.permuted(slots, axis=1) if len(tied) > 1 else slots
        return weights

    def constraints(self) -> list[Constraint]:
        order = sorted(set(self.places))
        made = []
        for earlier, later in pairwise(order):
            for above in (n for n, place in enumerate(self.places) if place == earlier):
                for below in (n for n, place in enumerate(self.places) if place == later):
                    made.append(Constraint(_difference(self.criteria, above, below)))
        return made

    def centre(self) -> Array:
        count = self.criteria
        falling = np.array([sum(1 / each for each in range(place, count + 1)) / count for place in range(1, count + 1)])
        weights = np.empty(count)
        ordered = np.argsort(self.places, kind="stable")
        places = np.asarray(self.places)[ordered]
        for place in set(self.places):
            weights[ordered[places == place]] = falling[places == place].mean()
        return weights


@dataclass(frozen=True, slots=True)
class Ratio:
    """The weight of one criterion is at least so many times that of another."""

    more: int
    less: int
    times: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest weight of each criterion, as fractions of one, and ratios between them.

    Raises Unweighable where a lower bound is above an upper one, or they cannot add up to one.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    ratios: tuple[Ratio, ...] = ()

    def __post_init__(self) -> None:
        if len(self.low) != len(self.high) or not self.low:
            raise Unweighable("Every criterion has a lowest and a highest weight.")
        if any(not 0 <= low <= high <= 1 for low, high in zip(self.low, self.high, strict=True)):
            raise Unweighable("Bounds lie between 0 and 1, the lower one first.")
        if sum(self.low) > 1 + 1e-12 or sum(self.high) < 1 - 1e-12:
            raise Unweighable("No weights between these bounds add up to one.")
        if any(ratio.times < 0 or not np.isfinite(ratio.times) for ratio in self.ratios):
            raise Unweighable("A ratio is a number that is not negative.")

    @property
    def criteria(self) -> int:
        return len(self.low)

    def draw(self, rng: np.random.Generator, draws: int) -> Array:
        """By rejection. Raises Unweighable where the bounds leave hardly any room: state the point instead."""
        kept: list[Array] = []
        found = tried = 0
        room = 1 - sum(self.low)
        while found < draws:
            batch = max(4 * (draws - found), 1_000)
            weights = np.asarray(self.low) + room * _simplex(rng, batch, self.criteria)
            good = weights[self._admits(weights)][: draws - found]
            kept.append(good)
            found, tried = found + len(good), tried + batch
            if tried > REJECTED_AT_MOST * max(found, 1) and tried > 100_000:
                raise Unweighable("These bounds leave hardly any weights to choose from; widen them or give weights.")
        return np.concatenate(kept)

    def _admits(self, weights: Array) -> NDArray[np.bool_]:
        good: NDArray[np.bool_] = np.all(weights <= np.asarray(self.high) + 1e-12, axis=1)
        for ratio in self.ratios:
            good &= weights[:, ratio.more] >= ratio.times * weights[:, ratio.less]
        return good

    def constraints(self) -> list[Constraint]:
        made = []
        for place, (low, high) in enumerate(zip(self.low, self.high, strict=True)):
            one = _unit(self.criteria, place)
            made += [Constraint(one, low), Constraint(tuple(-each for each in one), -high)]
        for ratio in self.ratios:
            row = [0.0] * self.criteria
            row[ratio.more], row[ratio.less] = 1.0, -ratio.times
            made.append(Constraint(tuple(row)))
        return made

    def centre(self) -> Array:
        weights: Array = self.draw(np.random.default_rng(0), 2_000).mean(axis=0)
        return weights


def _simplex(rng: np.random.Generator, draws: int, criteria: int) -> Array:
    """Uniform on the simplex: exponentials divided by their sum."""
    drawn = rng.standard_exponential((draws, criteria))
    drawn /= drawn.sum(axis=1, keepdims=True)
    return drawn


def _unit(criteria: int, place: int) -> tuple[float, ...]:
    return tuple(1.0 if number == place else 0.0 for number in range(criteria))


def _difference(criteria: int, above: int, below: int) -> tuple[float, ...]:
    return tuple(1.0 if number == above else -1.0 if number == below else 0.0 for number in range(criteria))
