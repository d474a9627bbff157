"""Checks of people and place."""

from __future__ import annotations

from datetime import date

from organisations.domain.checks.finding import Finding, advising, blocking, listed, passing
from organisations.domain.planning.plan import Plan
from organisations.domain.planning.steps import AREA_FAMILIES, left_behind
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, Family, Outcome, RelationshipKind

SMALL_TRUST = 200_000
"""A primary care trust was expected to serve more people than this (Goodwin 2001, lines 383-387)."""


def population_in_range(plan: Plan) -> Finding | None:
    """`population-in-range`: a group serves 50,000 to 250,000 people (Goodwin 2001, lines 291-293); a trust is
    expected above about 200,000 (lines 383-387). Unknown is said, never guessed."""
    request = plan.request
    if request is None or not (request.new or request.to_form or any(edge.share for edge in request.shares())):
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
        elif form.population_max is not None and held.count > form.population_max:
            outside.append(f"{body.last_name()} with {'at least ' if held.at_least else ''}{held.count:,}")
        elif held.at_least:
            unknown.append(f"{body.last_name()} (at least {held.count:,})")
        elif form.population_max is not None and held.count < (form.population_min or 0):
            outside.append(f"{body.last_name()} with {held.count:,}")
        elif form.population_max is None and held.count < SMALL_TRUST:
            small.append(f"{body.last_name()} with {held.count:,}")
    if outside:
        return blocking(
            "population-in-range",
            f"Outside the range of 50,000 to 250,000 people: {listed(outside, '; ')}.",
            source,
        )
    if small:
        return advising(
            "population-in-range",
            f"Smaller than the 200,000 people a trust was expected to serve: {listed(small, '; ')}.",
            "goodwin-2001 lines 383-387",
        )
    if unknown:
        return advising("population-in-range", f"Population not known: {listed(unknown)}.", source)
    return passing("population-in-range", "Every population lies in the expected range.", source) if bodies else None


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
    return advising("contiguous", f"Not joined to the rest: {listed(sorted(parts - reached))}.", "pcorg-model")


def coterminous(plan: Plan) -> Finding | None:
    """`coterminous`: a body that results has the bounds of one council (Goodwin 2001, lines 533-538): it lies in one,
    and no other of the bodies that result lies there too."""
    request = plan.request
    if request is None or not (request.new or any(edge.share for edge in request.shares())):
        return None
    on, source = request.effective_on, "goodwin-2001 lines 533-538"
    areas = {
        code: {
            tie.object
            for tie in plan.after.ties_of(code, on=on)
            if tie.kind is RelationshipKind.LOCATED_IN and tie.subject == code
        }
        for code in request.resulting
        if _form_family(plan.after, code, on) in AREA_FAMILIES
    }
    if not areas:
        return None
    unknown = [code for code, councils in areas.items() if not councils]
    shared = [
        code
        for code, councils in areas.items()
        if councils and (len(councils) > 1 or _others_in(plan, next(iter(councils)), code, on))
    ]
    if shared:
        names = listed(plan.after.bodies[code].last_name() for code in shared)
        return advising(
            "coterminous", f"Not the area of one council: {names}. Joint work with councils is harder.", source
        )
    if unknown:
        names = listed(plan.after.bodies[code].last_name() for code in unknown)
        return advising("coterminous", f"In which council it lies is not known: {names}.", source)
    return passing("coterminous", "Every body that results has the bounds of one council.", source)


def whole_area(plan: Plan) -> Finding | None:
    """`whole-area`: all practices take part (Goodwin 2001, lines 291-299), as far as members are held here. Personal
    medical services pilots, and their practices, are exempt; whether a term is over is for those to say who hold it."""
    request = plan.request
    if request is None or request.kind in {ChangeKind.RENAME, ChangeKind.CORRECTION, ChangeKind.SEPARATION}:
        return None
    on, source = request.effective_on, "goodwin-2001 lines 291-299"
    concerned = [code for code in request.resulting if _form_family(plan.after, code, on) is Family.GROUPS_AND_TRUSTS]
    if not concerned or not (request.new or request.closing):
        return None
    before = {code: _members(plan.before, code, on) for code in request.originals}
    after = set().union(*(_members(plan.after, code, on) for code in request.resulting))
    missing = sorted(set().union(*before.values()) - after)
    exempt = [code for code in missing if in_a_pilot(plan.before, code, on)]
    if len(missing) > len(exempt):
        rest = [code for code in missing if code not in exempt]
        return blocking("whole-area", f"Practices that took part before would not any more: {listed(rest)}.", source)
    if exempt:
        return passing(
            "whole-area",
            f"Those that would not take part are in pilots, which are exempt until their term ends: {listed(exempt)}.",
            source,
        )
    if not after:
        return advising("whole-area", "Which practices take part is not held here.", source)
    return passing("whole-area", f"All {len(after)} practices that are held here take part.", source)


def nothing_left_behind(plan: Plan) -> Finding | None:
    """`nothing-left-behind`: every member of a body that ends has a home afterwards."""
    request = plan.request
    if request is None or not request.closing:
        return None
    homeless = left_behind(request, plan.before, plan.after)
    if homeless:
        words = f"Members are left without a home: {', '.join(homeless)}. Say in moves where each goes."
        return blocking("nothing-left-behind", words, "pcorg-model")
    return passing("nothing-left-behind", "Every member of the bodies that end has a home.", "pcorg-model")


def in_a_pilot(state: Snapshot, code: str, on: date) -> bool:
    """Whether a body is a pilot on a day, or a member of one."""
    ties = state.ties_of(code, on=on)
    homes = [tie.object for tie in ties if tie.kind is RelationshipKind.MEMBER_OF and tie.subject == code]
    slugs = [state.bodies[each].form_on(on) for each in (code, *homes) if each in state.bodies]
    return any(state.forms[slug].pilot for slug in slugs if slug is not None and slug in state.forms)


def _members(state: Snapshot, code: str, on: date) -> set[str]:
    return {
        tie.subject
        for tie in state.ties_of(code, on=on)
        if tie.kind is RelationshipKind.MEMBER_OF and tie.object == code
    }


def _others_in(plan: Plan, council: str, code: str, on: date) -> bool:
    """Whether another body of an area lies in the council on the day, as far as the snapshot knows."""
    return any(
        tie.kind is RelationshipKind.LOCATED_IN
        and tie.object == council
        and tie.subject != code
        and _form_family(plan.after, tie.subject, on) in AREA_FAMILIES
        for tie in plan.after.ties_of(council, on=on)
    )


def _form_family(state: Snapshot, code: str, on: date) -> Family | None:
    form = state.forms.get(state.bodies[code].form_on(on) or "") if code in state.bodies else None
    return None if form is None else form.family


def _stands_for_an_area(plan: Plan, code: str, on: date) -> bool:
    return _form_family(plan.before, code, on) in AREA_FAMILIES
