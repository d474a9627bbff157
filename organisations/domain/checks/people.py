"""Checks of people and place."""

from __future__ import annotations

from datetime import date

from organisations.domain.checks.finding import Finding, advising, blocking, passing
from organisations.domain.planning.plan import Plan
from organisations.domain.planning.steps import AREA_FAMILIES
from organisations.domain.vocabulary import ChangeKind, Family, Outcome, RelationshipKind

SMALL_TRUST = 200_000
"""A primary care trust was expected to serve more people than this (Goodwin 2001, lines 383-387)."""


def population_in_range(plan: Plan) -> Finding | None:
    """`population-in-range`: a group serves 50,000 to 250,000 people (Goodwin 2001, lines 291-293); a trust is
    expected above about 200,000 (lines 383-387). Unknown is said, never guessed."""
    request = plan.request
    if request is None or not (
        request.new or request.to_form or any(edge.share for edge in request.shares())
    ):
        return None
    source = "goodwin-2001 lines 291-293"
    outside, small, unknown = [], [], []
    bodies = 0
    for code in request.resulting:
        body = plan.after.bodies[code]
        slug = body.form_on(request.effective_on)
        form = plan.after.forms.get(slug or "")
        if form is None or form.family is not Family.GROUPS_AND_TRUSTS:
            continue
        bodies += 1
        held = body.count_on(request.effective_on)
        if held is None:
            unknown.append(body.last_name())
        elif (
            form.population_max is not None
            and not (form.population_min or 0) <= held.count <= form.population_max
        ):
            outside.append(f"{body.last_name()} with {held.count:,}")
        elif form.population_max is None and held.count < SMALL_TRUST:
            small.append(f"{body.last_name()} with {held.count:,}")
    if outside:
        return blocking(
            "population-in-range",
            f"Outside the range of 50,000 to 250,000 people: {'; '.join(outside)}.",
            source,
        )
    if small:
        return advising(
            "population-in-range",
            f"Smaller than the 200,000 people a trust was expected to serve: {'; '.join(small)}.",
            "goodwin-2001 lines 383-387",
        )
    if unknown:
        return advising("population-in-range", f"Population not known: {', '.join(unknown)}.", source)
    return (
        passing("population-in-range", "Every population lies in the expected range.", source)
        if bodies
        else None
    )


def contiguous(plan: Plan) -> Finding | None:
    """`contiguous`: the parts of a merged body touch, going by recorded neighbours."""
    request = plan.request
    if request is None or request.kind is not ChangeKind.MERGER:
        return None
    on = request.effective_on
    if not any(_stands_for_an_area(plan, code, on) for code in request.originals):
        return None
    parts = set(request.originals)
    touching: dict[str, set[str]] = {code: set() for code in parts}
    known = set()
    for code in parts:
        for tie in plan.before.ties_of(code, on=on):
            if tie.kind is RelationshipKind.NEIGHBOUR_OF:
                known.add(code)
                if tie.other_end(code) in parts:
                    touching[code].add(tie.other_end(code))
    if known != parts:
        return Finding("contiguous", Outcome.ADVISE, "Whether the parts touch is not known.", "pcorg-model")
    reached, frontier = set(), {request.originals[0]}
    while frontier:
        reached |= frontier
        frontier = {other for code in frontier for other in touching[code]} - reached
    if reached == parts:
        return passing("contiguous", "The parts touch.", "pcorg-model")
    return advising(
        "contiguous", f"Not joined to the rest: {', '.join(sorted(parts - reached))}.", "pcorg-model"
    )


def _stands_for_an_area(plan: Plan, code: str, on: date) -> bool:
    form = plan.before.forms.get(plan.before.bodies[code].form_on(on) or "")
    return form is not None and form.family in AREA_FAMILIES
