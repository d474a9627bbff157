"""From stated weights to what the method draws from; every fault with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluation.method.statement import listed
from evaluation.method.vocabulary import Weighing
from evaluation.method.weights import AnyWeights, Bounds, Preference, Ranking, Ratio, Swing, Unweighable
from evaluation.specs.stated import MOST_POINTS, StatedWeights
from pcorg.core.refusals import Problem

FIELDS: Mapping[str, str] = {Weighing.SWING: "points", Weighing.RANKING: "places", Weighing.BOUNDS: "bounds"}
"""The field that each way of weighing needs."""


COMPLETE = frozenset({Weighing.SWING, Weighing.RANKING})
"""Ways of weighing that say something of every criterion."""


def weight_problems(weights: StatedWeights, criteria: Sequence[str], place: str) -> list[Problem]:
    """Everything wrong with stated weights for these criteria. `place` is where they stand in the input."""
    found = [*_misplaced(weights, criteria, place), *_out_of_range(weights, place)]
    if not found:
        try:
            preference_of(weights, criteria).centre()  # also tells of bounds and ratios that leave no room together
        except Unweighable as fault:
            found.append(Problem("invalid", str(fault), f"{place}/{FIELDS.get(weights.mode, 'mode')}"))
    return found


def _misplaced(weights: StatedWeights, criteria: Sequence[str], place: str) -> Iterator[Problem]:
    needed = FIELDS.get(weights.mode)
    for field in FIELDS.values():
        stated: Mapping[str, Any] = getattr(weights, field)
        if field != needed and stated:
            words = f"With the mode {weights.mode.value} no {field} are given."
            yield Problem("invalid", words, f"{place}/{field}")
        for slug in stated if field == needed else ():
            if slug not in criteria:
                yield Problem("invalid", f"The framework has no criterion {slug}.", f"{place}/{field}/{slug}")
    for number, ratio in enumerate(weights.ratios):
        for end in ("more", "less"):
            if getattr(ratio, end) not in criteria:
                words = f"The framework has no criterion {getattr(ratio, end)}."
                yield Problem("invalid", words, f"{place}/ratios/{number}/{end}")
    if weights.ratios and weights.mode is not Weighing.BOUNDS:
        yield Problem("invalid", "Ratios go with the mode bounds.", f"{place}/ratios")
    if weights.mode in COMPLETE:
        stated = getattr(weights, FIELDS[weights.mode])
        for slug in criteria:
            if slug not in stated:
                yield Problem("invalid", f"Nothing is said of {slug}.", f"{place}/{needed}/{slug}")


def _out_of_range(weights: StatedWeights, place: str) -> Iterator[Problem]:
    for slug, points in weights.points.items():
        if not 0 <= points <= MOST_POINTS:
            words = f"{points:g} is out of range: points go from 0 to {MOST_POINTS:,}."
            yield Problem("invalid", words, f"{place}/points/{slug}")
    for slug, bound in weights.bounds.items():
        if bound.low > bound.high:
            words = f"The lowest weight, {bound.low:g}, is above the highest, {bound.high:g}."
            yield Problem("invalid", words, f"{place}/bounds/{slug}/low")


def preference_of(weights: StatedWeights, criteria: Sequence[str]) -> Preference:
    """What the method draws from. Each assessor's own is no preference until they state it. Raises Unweighable, also
    for weights kept before the framework was given another criterion."""
    stated: Mapping[str, Any] = getattr(weights, FIELDS.get(weights.mode, "bounds"))
    if weights.mode in COMPLETE and (unsaid := [slug for slug in criteria if slug not in stated]):
        raise Unweighable(f"Nothing is said of the weight of {listed(unsaid)}.")
    if weights.mode is Weighing.SWING:
        return Swing(tuple(weights.points[slug] for slug in criteria))
    if weights.mode is Weighing.EQUAL:
        return Swing((1.0,) * len(criteria))
    if weights.mode is Weighing.RANKING:
        return Ranking(tuple(weights.places[slug] for slug in criteria))
    if weights.mode is Weighing.BOUNDS:
        bounds = [weights.bounds.get(slug) for slug in criteria]
        return Bounds(
            tuple(0.0 if each is None else each.low for each in bounds),
            tuple(1.0 if each is None else each.high for each in bounds),
            tuple(
                Ratio(criteria.index(ratio.more), criteria.index(ratio.less), ratio.times) for ratio in weights.ratios
            ),
        )
    return AnyWeights(len(criteria))


def in_words(weights: StatedWeights, names: Mapping[str, str]) -> str:
    """What is said of the weights, to follow “With”."""
    if weights.mode is Weighing.SWING:
        total = sum(weights.points.values())
        text = ", ".join(
            f"{names[slug].lower()} {points / total:.0%}".replace("%", " per cent")
            for slug, points in sorted(weights.points.items(), key=lambda pair: -pair[1])
        )
        return f"the weights given ({text})"
    if weights.mode is Weighing.RANKING:
        top = min(weights.places.values())
        first = listed([names[slug].lower() for slug, place in weights.places.items() if place == top])
        return f"the ranking given, {first} first"
    return {
        Weighing.EQUAL: "equal weights",
        Weighing.BOUNDS: "the bounds given on the weights",
        Weighing.OWN: "each assessor's own weights",
    }.get(weights.mode, "no view of what matters most")
