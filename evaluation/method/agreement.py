"""How far assessors agree: Krippendorff's alpha, Kendall's W, and the cells on which they are split.

Krippendorff, *Computing Krippendorff's alpha-reliability* (2011); Kendall and Babington Smith (1939).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ratings = Sequence[Sequence[float | None]]
"""One row for each assessor, one column for each thing judged; None is missing."""

SPLIT_FROM = 1 / 3
"""Share of ratings outside the best window from which a cell is split. Our convention."""

DECIMALS = 9
"""Decimals to which ratings are told apart: sums of fractions are not exact."""

WINDOW = 3
"""Levels that the window of a cell spans."""


class Scale(StrEnum):
    """What differences between ratings mean."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def alpha(ratings: Ratings, scale: Scale = Scale.ORDINAL) -> float | None:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance would give; None where it cannot be told (fewer than
    two ratings of any one thing, or all ratings alike)."""
    units = [[row[unit] for row in ratings if row[unit] is not None] for unit in range(len(ratings[0]))]
    paired = [[float(rating) for rating in unit if rating is not None] for unit in units if len(unit) > 1]
    values = sorted({rating for unit in paired for rating in unit})
    if len(values) < 2:
        return None
    place = {value: number for number, value in enumerate(values)}
    coincidences = np.zeros((len(values), len(values)))
    for unit in paired:
        for number, one in enumerate(unit):
            for other, two in enumerate(unit):
                if number != other:
                    coincidences[place[one], place[two]] += 1 / (len(unit) - 1)
    totals = coincidences.sum(axis=1)
    distance = _DISTANCES[scale](np.array(values), totals)
    expected = np.outer(totals, totals) - np.diag(totals)
    disagreement = float((expected * distance).sum()) / (totals.sum() - 1)
    return None if disagreement == 0 else 1 - float((coincidences * distance).sum()) / disagreement


def _nominal(values: Array, totals: Array) -> Array:
    return 1.0 - np.eye(len(values))


def _ordinal(values: Array, totals: Array) -> Array:
    upto = np.cumsum(totals)
    middle = upto - totals / 2
    distance: Array = (middle[:, None] - middle[None, :]) ** 2
    return distance


def _interval(values: Array, totals: Array) -> Array:
    distance: Array = (values[:, None] - values[None, :]) ** 2
    return distance


_DISTANCES: dict[Scale, Callable[[Array, Array], Array]] = {
    Scale.NOMINAL: _nominal,
    Scale.ORDINAL: _ordinal,
    Scale.INTERVAL: _interval,
}


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W, from 0 (none) to 1 (all alike), with its chi-square and degrees of freedom."""

    w: float
    chi_square: float
    degrees: int


def concordance(ratings: Sequence[Sequence[float]]) -> Concordance | None:
    """Kendall's W of rankings, corrected for ties: one row for each assessor, one column for each thing ranked. Ratings
    that differ by rounding alone tie. None with fewer than two assessors or things, or where everybody ties
    everything."""
    judges, things = len(ratings), len(ratings[0])
    if judges < 2 or things < 2:
        return None
    ratings = np.round(np.asarray(ratings, dtype=np.float64), DECIMALS).tolist()
    ranks = np.array([_ranks(row) for row in ratings])
    spread = float(((ranks.sum(axis=0) - judges * (things + 1) / 2) ** 2).sum())
    ties = sum(float(count**3 - count) for row in ratings for count in np.unique(row, return_counts=True)[1])
    possible = judges**2 * (things**3 - things) - judges * ties
    if possible <= 0:
        return None
    w = 12 * spread / possible
    return Concordance(w, judges * (things - 1) * w, things - 1)


def _ranks(row: Sequence[float]) -> Array:
    """Ranks from 1; ties share the mean of theirs."""
    values = np.asarray(row, dtype=np.float64)
    below = (values[None, :] < values[:, None]).sum(axis=1)
    alike = (values[None, :] == values[:, None]).sum(axis=1)
    ranks: Array = below + (alike + 1) / 2
    return ranks


def is_split(ratings: Sequence[float]) -> bool:
    """Whether a third of the ratings of a cell, or more, lie outside the best window of three levels that holds the
    median. Ratings may lie between levels, and so may the window. Fewer than three ratings are never split."""
    if len(ratings) < 3:
        return False
    median, span = float(np.median(ratings)), WINDOW - 1
    starts = {start for rating in ratings for start in (rating, rating - span)}  # the best begins or ends at a rating
    inside = max(
        sum(start <= rating <= start + span for rating in ratings)
        for start in starts
        if start <= median <= start + span
    )
    return (len(ratings) - inside) / len(ratings) >= SPLIT_FROM - 1e-12
