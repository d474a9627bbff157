"""Slow and obvious second implementations of the method of evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise, permutations


def two_criteria_acceptability(values: Sequence[tuple[Fraction, Fraction]]) -> list[list[Fraction]]:
    """Exact rank acceptabilities of point values on two criteria under uniform weights.

    The first weight w runs from 0 to 1. Between the weights at which two options are level, the order stands still.
    """
    cuts = {Fraction(0), Fraction(1)}
    for (a, b), (c, d) in combinations(values, 2):
        slope = (a - b) - (c - d)
        if slope and 0 < (d - b) / slope < 1:
            cuts.add((d - b) / slope)
    shares = [[Fraction(0)] * len(values) for _ in values]
    ordered = sorted(cuts)
    for start, end in pairwise(ordered):
        weight = (start + end) / 2
        totals = [weight * a + (1 - weight) * b for a, b in values]
        for option, total in enumerate(totals):
            shares[option][sum(other > total for other in totals)] += end - start
    return shares


def vertices(criteria: int, places: Sequence[int]) -> list[list[Fraction]]:
    """The corners of the weights that a ranking without ties admits: equal shares among the first so many."""
    order = sorted(range(criteria), key=lambda each: places[each])
    made = []
    for count in range(1, criteria + 1):
        corner = [Fraction(0)] * criteria
        for each in order[:count]:
            corner[each] = Fraction(1, count)
        made.append(corner)
    return made


def kendall_by_pairs(ratings: Sequence[Sequence[float]]) -> Fraction:
    """Kendall's W from the mean Spearman correlation of all pairs of judges: W = ((m - 1) r + 1) / m, without ties."""
    judges, things = len(ratings), len(ratings[0])
    ranks = [[sorted(row).index(each) + 1 for each in row] for row in ratings]
    pairs = list(combinations(range(judges), 2))
    total = Fraction(0)
    for one, other in pairs:
        apart = sum((a - b) ** 2 for a, b in zip(ranks[one], ranks[other], strict=True))
        total += 1 - Fraction(6 * apart, things * (things * things - 1))
    return ((judges - 1) * total / len(pairs) + 1) / judges


def orders(count: int) -> list[tuple[int, ...]]:
    """Every order of so many things."""
    return list(permutations(range(count)))
