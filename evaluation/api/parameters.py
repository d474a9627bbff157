"""What results are asked for by: how many draws of which seed, and which mitigations are in effect."""

from __future__ import annotations

from evaluation.method.smaa import DRAWS, MOST_DRAWS
from pcorg.core.api.parameters import Parameter, whole_number
from pcorg.core.values import whole_or_none

MOST_SEEDS = 2**31 - 1


def _places(text: str) -> tuple[int, ...]:
    if not text:
        return ()
    places = {whole_or_none(part, high=999) for part in text.split(",")}
    if None in places:
        raise ValueError("Give positions of planned mitigations, separated by commas: 0,2.")
    return tuple(sorted(place for place in places if place is not None))


def _number(name: str, description: str, low: int, high: int, default: int | None) -> Parameter:
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return Parameter(name, description, whole_number(low, high), schema, default)


DRAWN = (
    _number("draws", f"How many draws, at most {MOST_DRAWS:,}.", 1, MOST_DRAWS, DRAWS),
    _number("seed", "Seed of the draws; the one the assessment keeps unless given.", 0, MOST_SEEDS, None),
)
IN_EFFECT = Parameter(
    "mitigations",
    "Positions of the planned mitigations in effect, separated by commas; none unless given.",
    _places,
    default=(),
)
