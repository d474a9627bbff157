"""The scale of judgement: five anchored levels, worth 0 to 100, and intervals of them.

The sources judge in words and give no numbers: the levels, what they are worth and the rule that codes statements into
intervals are ours, and are labelled so wherever they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pcorg.core.vocabulary import Term

LOWEST, HIGHEST = 1, 5
STEP = 25.0
"""What one level is worth more than the one below it."""

ANCHORS = {
    1: "Structural barrier",
    2: "Hinders",
    3: "Neutral or mixed",
    4: "Supports",
    5: "Clear strength",
}
"""What each level says of how an option meets a criterion."""


class Polarity(Term):
    """What a statement of evidence says of an option on a criterion."""

    STRENGTH = "strength", "Strength"
    WEAKNESS = "weakness", "Weakness"
    CONTINGENT = "contingent", "Depends on circumstances"
    NEUTRAL = "neutral", "Neutral"


def worth(level: float) -> float:
    """What a level is worth, 0 to 100, on the fixed scale: adding an option never changes another's value."""
    return (level - LOWEST) * STEP


@dataclass(frozen=True, slots=True)
class Interval:
    """A judgement: the levels, both included, between which an option stands on a criterion.

    A point where they agree. Raises ValueError unless 1 <= low <= high <= 5.
    """

    low: int
    high: int

    def __post_init__(self) -> None:
        if not LOWEST <= self.low <= self.high <= HIGHEST:
            raise ValueError(f"levels go from {LOWEST} to {HIGHEST}, the lower first: not {self.low} to {self.high}")

    @classmethod
    def unknown(cls) -> Self:
        """The whole scale: no evidence, or no judgement. Never a midpoint in the place of ignorance."""
        return cls(LOWEST, HIGHEST)

    @classmethod
    def clamped(cls, low: int, high: int) -> Self:
        """The nearest interval on the scale."""
        return cls(min(max(low, LOWEST), HIGHEST), max(min(high, HIGHEST), LOWEST))


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of evidence: its polarity, and whether the source qualifies it (varies, may, is improving)."""

    polarity: Polarity
    qualified: bool = False


def coded(statements: Iterable[Said]) -> Interval:
    """The interval that statements come to, by our published rule.

    With s strengths and w weaknesses: both, from 3 - w to 3 + s; strengths only, from 4 to 3 + s; weaknesses only, from
    3 - w to 2; neither, 3. Then each qualified strength lowers the lower end by one, each qualified weakness raises the
    upper end by one, each contingent statement widens both ends by one. Always within 1 to 5.
    """
    codes = list(statements)
    strengths = sum(each.polarity is Polarity.STRENGTH for each in codes)
    weaknesses = sum(each.polarity is Polarity.WEAKNESS for each in codes)
    low = 4 if strengths and not weaknesses else max(LOWEST, 3 - weaknesses)
    high = 2 if weaknesses and not strengths else min(HIGHEST, 3 + strengths)
    for each in codes:
        contingent = each.polarity is Polarity.CONTINGENT
        low -= contingent or (each.qualified and each.polarity is Polarity.STRENGTH)
        high += contingent or (each.qualified and each.polarity is Polarity.WEAKNESS)
    return Interval.clamped(low, high)
