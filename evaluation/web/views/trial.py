"""Weights and mitigations tried out on a page: read from its address, never kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from evaluation.method.vocabulary import Weighing
from evaluation.models import Assessment
from evaluation.selectors.appraisals import weights_to_show
from evaluation.specs.stated import StatedWeights
from pcorg.core.forms.address import Address
from pcorg.core.values import whole_or_none

TRIED = {"kept": "As kept", "none": "No view", "equal": "Equal", "swing": "The swings below"}
"""Ways of weighing that can be tried out."""


@dataclass(frozen=True)
class Trial:
    """What is tried: weights (None: those kept), mitigations by position, and the form as it was filled in."""

    weights: StatedWeights | None
    chosen: tuple[int, ...]
    mode: str
    points: Mapping[str, int]
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def asked(self) -> dict[str, object]:
        """The same as parameters of an address; nothing where all is as kept."""
        swings = {f"w-{slug}": swing for slug, swing in self.points.items()} if self.mode == "swing" else {}
        mode = {} if self.mode == "kept" else {"weights": self.mode}
        return {**mode, **swings, **({"m": list(self.chosen)} if self.chosen else {})}


def trial_of(query: QueryDict, assessment: Assessment, criteria: list[str]) -> Trial:
    """Read the trial from the query string. Faults are listed; the saved weights and mitigations are used instead."""
    address = Address(query)
    mode = address.text("weights") or "kept"
    known = {plan.position for plan in assessment.mitigations.all()}
    chosen = tuple(sorted({number for each in address.texts("m") if (number := whole_or_none(each)) in known}))
    kept = weights_to_show(assessment).points
    most = max(kept.values(), default=0)
    points, errors = {}, []
    for slug in criteria:
        text = address.text(f"w-{slug}")
        swing = whole_or_none(text, high=100)
        if not text:
            points[slug] = round(kept.get(slug, 0) / most * 100) if most else 50
        elif swing is not None:
            points[slug] = swing
        else:
            points[slug] = 50
            errors.append((f"w-{slug}", "Give a whole number from 0 to 100"))
    if mode == "swing" and not errors and not any(points.values()):
        errors.append((f"w-{criteria[0]}", "At least one swing is more than nothing"))
    if mode not in TRIED:
        errors.append(("weights", "Choose how the criteria are weighed"))
    weights = None
    if not errors and mode == "swing":
        weights = StatedWeights(mode=Weighing.SWING, points=dict(points))
    elif not errors and mode in {"none", "equal"}:
        weights = StatedWeights(mode=Weighing(mode))
    return Trial(weights, chosen, mode if mode in TRIED else "kept", points, tuple(errors))
