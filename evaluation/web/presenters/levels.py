"""Levels, judgements and what raises them, in words and shades."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from evaluation.method.scale import ANCHORS, HIGHEST, LOWEST
from evaluation.method.vocabulary import TransformKind


@dataclass(frozen=True, slots=True)
class Shade:
    """How a judgement shows in a heat map: its levels in figures and words, and the shade of its middle, 1 to 5; no
    shade where the whole scale is open."""

    figures: str
    words: str
    shade: str


def shade(low: float, high: float) -> Shade:
    """A judgement as a heat map shows it."""
    open_ = (low, high) == (LOWEST, HIGHEST)
    figures = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return Shade(figures, in_words(low, high), "open" if open_ else str(int((low + high) / 2 + 0.5)))


def transform_in_words(transform: str, amount: Decimal) -> str:
    """What a mitigation does to judgements, in words."""
    if transform == TransformKind.NARROW:
        return f"closes {amount:.0%} of what is open, from below"
    figure = f"{amount.normalize():f}"
    return (
        f"raises the lowest level to {figure}" if transform == TransformKind.RAISE_FLOOR else f"raises it by {figure}"
    )


def signed(value: float, digits: int) -> str:
    """A difference with its sign; nothing is without one."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def in_words(low: float, high: float) -> str:
    """Levels by their anchors."""
    if (low, high) == (LOWEST, HIGHEST):
        return "The whole scale is open"
    if low == high:
        return ANCHORS.get(int(low), f"{low:g}")
    return f"{ANCHORS[int(low)]} to {ANCHORS[int(high)].lower()}"
