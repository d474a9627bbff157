"""SMAA-2: how often each option comes where, over the weights and levels that what is known leaves open.

Per draw, weights are drawn that the preference admits and a value for every cell from its interval; an option's value
is the sum of weight times value, and its rank is one more than the number of options strictly better. Shares are of
*weightings* (and judgements) under which an option comes first, never a probability that it is best.

Lahdelma and Salminen (2001); Tervonen and Lahdelma (2007).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluation.method.weights import Preference

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

DRAWS = 10_000
"""Draws unless asked otherwise: a share of one half is then known to 0.01, at twice the standard error."""

MOST_DRAWS = 1_000_000
MOST_CELLS = 40 * 20
"""Options times criteria at most."""

CHUNK = 8_192
"""Draws worked out at a time: memory stays bounded whatever is asked."""

BINS = 4_000
"""Steps in which the spread of an option's value is counted."""

FEW = 500
"""Central weights that rest on fewer draws are of low precision."""

APART = 1e-9
"""Values no further apart than this are level: they go from 0 to 100, and sums of fractions are not exact."""

ENGINE = "smaa-2/1"
"""The version of this method: with the seed and the input it settles every figure."""


@dataclass(frozen=True)
class JudgedRanges:
    """One view of the matter: the lowest and highest value of every option (rows) on every criterion (columns), and
    what is said of the weights. `anchors` is how many levels the scale has where its steps may be drawn too."""

    low: Array
    high: Array
    preference: Preference

    def __post_init__(self) -> None:
        if self.low.shape != self.high.shape or self.low.ndim != 2 or not self.low.size:
            raise ValueError("lowest and highest values are two tables of one shape: options by criteria")
        if self.low.size > MOST_CELLS:
            raise ValueError(f"at most {MOST_CELLS} cells, options times criteria")
        if not (np.isfinite(self.low).all() and np.isfinite(self.high).all()):
            raise ValueError("values are finite numbers")
        if (self.low > self.high).any():
            raise ValueError("a lowest value is above its highest")
        if self.preference.criteria != self.low.shape[1]:
            raise ValueError("there is not one weight for each criterion")


@dataclass(frozen=True)
class Simulation:
    """What the draws came to. `ranks[i, r]` counts draws in which option i had rank r + 1; `wins[i, k]` those in
    which i was strictly better than k; `first_weights[i]` sums the weights of draws in which i came first."""

    draws: int
    seed: int
    ranks: Counts
    wins: Counts
    first_weights: Array
    sums: Array
    spread: Counts
    floor: float
    ceiling: float
    confident: Counts
    confidence_draws: int

    @cached_property
    def rank_acceptability(self) -> Array:
        """Share of draws in which each option (rows) has each rank (columns)."""
        return self.ranks / self.draws

    @property
    def first(self) -> Counts:
        """Draws in which each option came first."""
        return self.ranks[:, 0]

    @property
    def standard_error(self) -> Array:
        """Of each rank acceptability: the root of p (1 - p) / draws."""
        share = self.rank_acceptability
        error: Array = np.sqrt(share * (1 - share) / self.draws)
        return error

    @property
    def holistic(self) -> Array:
        """Rank acceptabilities summed with rank-order centroid weights, scaled so that always first is 1."""
        count = len(self.ranks)
        centroid = np.array([sum(1 / each for each in range(rank, count + 1)) for rank in range(1, count + 1)])
        holistic: Array = self.rank_acceptability @ (centroid / centroid[0])
        return holistic

    @property
    def expected_rank(self) -> Array:
        """The mean rank of each option."""
        mean: Array = self.rank_acceptability @ np.arange(1, len(self.ranks) + 1)
        return mean

    @property
    def entropy(self) -> Array:
        """How open the rank of each option is, in bits: nothing where it is always the same."""
        share = self.rank_acceptability
        logs = np.log2(share, out=np.zeros_like(share), where=share > 0)
        entropy: Array = np.abs((share * logs).sum(axis=1))
        return entropy

    @property
    def pairwise(self) -> Array:
        """Share of draws in which one option (row) is strictly better than another (column)."""
        return self.wins / self.draws

    def level_with(self, option: int) -> list[int]:
        """The other options that are level with it in every draw."""
        apart = self.wins[option] + self.wins[:, option]
        return [int(other) for other in np.flatnonzero(apart == 0) if other != option]

    def central_weights(self, option: int) -> Array | None:
        """The mean weights under which an option comes first; None where it never does."""
        first = self.first[option]
        return None if first == 0 else self.first_weights[option] / first

    def low_precision(self, option: int) -> bool:
        """Whether its central weights rest on few draws."""
        return bool(self.first[option] < FEW)

    def confidence(self, option: int) -> float | None:
        """Share of judgements under which an option comes first at its central weights; None where it never does."""
        return None if self.first[option] == 0 else float(self.confident[option] / self.confidence_draws)

    @property
    def expected_value(self) -> Array:
        """The mean value of each option."""
        return self.sums / self.draws

    def quantile(self, share: float) -> Array:
        """The value below which so large a share of the draws lies, to one part in BINS of the range of values."""
        reached = np.cumsum(self.spread, axis=1) >= share * self.draws
        width = (self.ceiling - self.floor) / BINS
        middle: Array = self.floor + (reached.argmax(axis=1) + 0.5) * width
        return middle


def simulate(views: Sequence[JudgedRanges], *, draws: int = DRAWS, seed: int, anchors: int | None = None) -> Simulation:
    """Draw and count. One view, or one for each assessor of a panel: each draw first draws an assessor.

    With `anchors`, the number of levels of the scale, values are not taken as equal steps: in each draw and criterion
    the worth of the levels between lowest and highest is drawn anew, sorted uniforms (ordinal SMAA); views then give
    levels from 1. The same seed gives the same figures. Raises ValueError for draws outside 1 to 1,000,000.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise ValueError(f"draws go from 1 to {MOST_DRAWS:,}")
    options, criteria = views[0].low.shape
    if any(view.low.shape != (options, criteria) for view in views):
        raise ValueError("every view is of the same options and criteria")
    rng = np.random.default_rng(seed)
    shared = [draws] if len(views) == 1 else list(rng.multinomial(draws, [1 / len(views)] * len(views)))
    floor, ceiling = (0.0, 1.0) if anchors else _range(views)
    ranks = np.zeros((options, options), dtype=np.int64)
    wins = np.zeros((options, options), dtype=np.int64)
    first_weights = np.zeros((options, criteria))
    sums = np.zeros(options)
    spread = np.zeros((options, BINS), dtype=np.int64)
    scale = BINS / (ceiling - floor) if ceiling > floor else 0.0
    places = np.arange(options)[:, None]
    for view, size in ((view, size) for view, total in zip(views, shared, strict=True) for size in _chunks(int(total))):
        weights = view.preference.draw(rng, size)
        totals = _totals(view, weights, rng, anchors)
        rank = _count_wins(totals, wins)
        ranks += np.bincount((places * options + rank).ravel(), minlength=options * options).reshape(options, options)
        first_weights += (rank == 0).astype(np.float64) @ weights
        sums += totals.sum(axis=1)
        bins = np.clip(((totals - floor) * scale).astype(np.int64), 0, BINS - 1)
        spread += np.bincount((places * BINS + bins).ravel(), minlength=options * BINS).reshape(options, BINS)
    central = np.divide(first_weights, ranks[:, :1], out=np.zeros_like(first_weights), where=ranks[:, :1] > 0)
    checked = min(draws, DRAWS)
    confident = _confident(views, central, ranks[:, 0] > 0, checked, rng, anchors)
    return Simulation(draws, seed, ranks, wins, first_weights, sums, spread, floor, ceiling, confident, checked)


def _range(views: Sequence[JudgedRanges]) -> tuple[float, float]:
    return min(float(view.low.min()) for view in views), max(float(view.high.max()) for view in views)


def _chunks(draws: int) -> Iterator[int]:
    for begun in range(0, draws, CHUNK):
        yield min(CHUNK, draws - begun)


def _totals(view: JudgedRanges, weights: Array, rng: np.random.Generator, anchors: int | None) -> Array:
    """The value of every option (rows) in every draw (columns)."""
    totals = np.zeros((view.low.shape[0], len(weights)))
    for criterion, weight in enumerate(np.ascontiguousarray(weights.T)):
        totals += weight * _values(view, criterion, len(weights), rng, anchors)
    return totals


def _values(view: JudgedRanges, criterion: int, draws: int, rng: np.random.Generator, anchors: int | None) -> Array:
    """The values of all options on a criterion, each drawn from its interval; a point is not drawn."""
    low, span = view.low[:, criterion, None], (view.high - view.low)[:, criterion, None]
    open_ = np.flatnonzero(span[:, 0])
    values = np.repeat(low, draws, axis=1)
    if len(open_):
        values[open_] += span[open_] * rng.random((len(open_), draws))
    return values if anchors is None else _by_order_alone(values, anchors, rng)


def _by_order_alone(levels: Array, anchors: int, rng: np.random.Generator) -> Array:
    """Levels from 1 as values from 0 to 1 where only the order of levels is known: their worth is drawn per draw."""
    draws = levels.shape[1]
    worth = np.vstack([np.zeros(draws), np.sort(rng.random((anchors - 2, draws)), axis=0), np.ones(draws)])
    below = np.clip(np.floor(levels).astype(np.int64) - 1, 0, anchors - 2)
    part = levels - 1 - below
    column = np.arange(draws)
    values: Array = worth[below, column] * (1 - part) + worth[below + 1, column] * part
    return values


def _count_wins(totals: Array, wins: Counts) -> Counts:
    """Ranks from 0 of every option in every draw; adds to the counts of who is strictly better than whom."""
    options = len(totals)
    rank = np.zeros(totals.shape, dtype=np.int64)
    for one in range(options):
        for other in range(one + 1, options):
            ahead = totals[one] - totals[other]
            better, worse = ahead > APART, ahead < -APART
            wins[one, other] += np.count_nonzero(better)
            wins[other, one] += np.count_nonzero(worse)
            rank[other] += better
            rank[one] += worse
    return rank


def _confident(
    views: Sequence[JudgedRanges],
    central: Array,
    ever_first: NDArray[np.bool_],
    draws: int,
    rng: np.random.Generator,
    anchors: int | None,
) -> Counts:
    """Per option: in how many draws of the values it comes first at its own central weights."""
    counts = np.zeros(len(central), dtype=np.int64)
    shared = [draws] if len(views) == 1 else list(rng.multinomial(draws, [1 / len(views)] * len(views)))
    for view, total in zip(views, shared, strict=True):
        for size in _chunks(int(total)):
            values = np.stack(
                [_values(view, criterion, size, rng, anchors) for criterion in range(central.shape[1])], axis=2
            )
            for option in np.flatnonzero(ever_first):
                totals = values @ central[option]
                counts[option] += np.count_nonzero(totals[option] >= totals.max(axis=0) - APART)
    return counts
