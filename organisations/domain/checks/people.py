"""Checks of people and place.

They look beyond the bodies of the change: whether a body has a council to itself, or all practices of its area, depends
on its neighbours there, which the snapshot holds too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from organisations.domain.checks.applied import AppliedCheck
from organisations.domain.checks.finding import Finding, listed
from organisations.domain.forms import FormFacts
from organisations.domain.planning.plan import Plan
from organisations.domain.planning.steps import left_behind
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, RelationshipKind


def population_in_range(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`population-in-range`: primary care groups had 50,000 to 250,000 patients (Goodwin 2001, lines 291-293); trusts
    were predicted to average over 200,000 (lines 385-386), which is no limit. Unknown is said, never guessed."""
    request = plan.request
    if request is None:
        return None
    outside, small, unknown = [], [], []
    for code in check.bodies:
        body = plan.after.bodies[code]
        form = _form(plan.after, code, request.effective_on)
        if form is None or not (form.population_min or form.population_max or form.population_expected):
            continue
        existing = body.count_on(request.effective_on)
        name = body.last_name()
        if existing is None:
            unknown.append(name)
        elif form.population_max is not None and existing.count > form.population_max:
            many = f"{'at least ' if existing.at_least else ''}{existing.count:,}"
            outside.append(f"{name} with {many}, more than the largest such groups ({form.population_max:,})")
        elif existing.at_least and _may_lie_outside(form, existing.count):
            unknown.append(f"{name} (at least {existing.count:,})")
        elif form.population_min is not None and existing.count < form.population_min:
            outside.append(
                f"{name} with {existing.count:,}, fewer than the smallest such groups ({form.population_min:,})"
            )
        elif form.population_expected is not None and existing.count < form.population_expected:
            small.append(f"{name} with {existing.count:,} (average predicted: over {form.population_expected:,})")
    if outside:
        return check.unmet(f"Outside the sizes of such bodies: {listed(outside, '; ')}.", "goodwin-2001 lines 291-293")
    if small:
        words = f"Smaller than the average that was predicted for such bodies: {listed(small, '; ')}."
        return check.unsure(f"{words} The average is not a minimum.", "goodwin-2001 lines 385-386")
    if unknown:
        return check.unsure(f"Population not known: {listed(unknown)}.", "goodwin-2001 lines 291-293, 385-386")
    return check.met("No population is outside the sizes known of such bodies.", "goodwin-2001 lines 291-293, 385-386")


def _may_lie_outside(form: FormFacts, at_least: int) -> bool:
    """Whether a population of which only a part is known can still be outside the sizes known of its form."""
    return form.population_max is not None or at_least < max(form.population_min or 0, form.population_expected or 0)


def contiguous(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`contiguous`: the parts of a merged body touch, going by recorded neighbours. What lies between two parts does
    not join them."""
    request = plan.request
    if request is None:
        return None
    on = request.effective_on
    parts_of = {code: _parts(plan, code) for code in check.bodies}
    if not any(len(parts) > 1 for parts in parts_of.values()):
        return None
    apart, unknown = [], False
    for parts in parts_of.values():
        touching = {code: _neighbours(plan.before, code, on) for code in parts}
        if len(parts) > 1 and not all(touching.values()):
            unknown = True
        elif len(parts) > 1:
            apart += sorted(set(parts) - _reached(parts[0], touching))
    if apart:
        return check.unmet(f"Not joined to the rest: {listed(apart)}.", "pcorg-model")
    if unknown:
        return check.unsure("Whether the parts touch is not known.", "pcorg-model")
    return check.met("The parts touch.", "pcorg-model")


def coterminous(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`coterminous`: a body that results has the bounds of one council (Goodwin 2001, lines 533-538): it lies in one,
    and no other body of its kind lies there too."""
    request = plan.request
    if request is None or not check.bodies:
        return None
    on, source = request.effective_on, "goodwin-2001 lines 533-538"
    shared, unknown = [], []
    for code in check.bodies:
        name = plan.after.bodies[code].last_name()
        councils = councils_of(plan.after, code, on)
        if not councils:
            unknown.append(name)
        elif len(councils) > 1:
            shared.append(f"{name} lies in {len(councils)} councils")
        elif others := sharing(plan.after, code, councils, on):
            with_whom = listed(plan.after.bodies[other].last_name() for other in others)
            shared.append(f"{name} shares {_name(plan.after, councils[0])} with {with_whom}")
    if shared:
        words = f"Not the area of one council: {listed(shared, '; ')}. Joint work with councils is harder."
        return check.unmet(words, source)
    if unknown:
        return check.unsure(f"In which council it lies is not known: {listed(unknown)}.", source)
    return check.met("Every body that results has the bounds of one council.", source)


def whole_area(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`whole-area`: all practices take part (Goodwin 2001, lines 291-299): those that did before, and those of a
    council that the body has to itself, as far as they are held here. Personal medical services pilots, and their
    practices, are exempt; whether a term is over is for those to say who hold it."""
    request = plan.request
    if request is None or request.kind in {ChangeKind.RENAME, ChangeKind.CORRECTION, ChangeKind.SEPARATION}:
        return None
    if not check.bodies or not (request.new or request.closing):
        return None
    on, source = request.effective_on, "goodwin-2001 lines 291-299"
    before = {member for code in request.originals for member in members_of(plan.before, code, on)}
    after = {member for code in request.resulting for member in members_of(plan.after, code, on)}
    own, shared = _outside(plan, check.bodies, on) if after else (set(), set())
    missing = sorted((before - after) | own)
    exempt = [code for code in missing if in_a_pilot(plan.before, code, on)]
    shared = {code for code in shared if not in_a_pilot(plan.before, code, on)}
    if left := [code for code in missing if code in before and code not in exempt]:
        return check.unmet(f"Practices that took part before would not any more: {listed(left)}.", source)
    if left := [code for code in missing if code not in exempt]:
        return check.unmet(f"Practices of the area would not take part: {listed(left)}.", source)
    if shared:
        words = f"Practices that belong to no body lie in a council that several share: {listed(sorted(shared))}."
        return check.unsure(f"{words} Whose area they are in is not known.", source)
    if exempt:
        return check.met(
            f"Those that would not take part are in pilots, which are exempt until their term ends: {listed(exempt)}.",
            source,
        )
    if not after:
        return check.unsure("Which practices take part is not held here.", source)
    return check.met(f"All {len(after)} practices that are held here take part.", source)


def nothing_left_behind(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`nothing-left-behind`: every member of a body that ends has a home afterwards."""
    request = plan.request
    if request is None:
        return None
    if not request.closing:
        return check.met("No body ends, so no member loses its home.", "pcorg-model") if check.declared else None
    homeless = left_behind(request, plan.before, plan.after)
    if homeless:
        return check.unmet(words_for_homeless(homeless), "pcorg-model")
    return check.met("Every member of the bodies that end has a home.", "pcorg-model")


def words_for_homeless(homeless: Iterable[str]) -> str:
    """That members are left behind, and what to do."""
    return f"Members are left without a home: {', '.join(homeless)}. Say in moves where each goes."


def sharing(state: Snapshot, code: str, councils: Iterable[str], on: date) -> list[str]:
    """Other bodies of its kind and portfolio that lie in any of the councils on a day, in or outside the change."""
    body, form = state.bodies[code], _form(state, code, on)
    found = {
        relationship.subject
        for council in councils
        for relationship in state.relationships_of(council, on=on)
        if relationship.kind is RelationshipKind.LOCATED_IN
        and relationship.object == council
        and relationship.subject != code
    }
    return [
        other
        for other in sorted(found)
        if form is not None
        and state.bodies[other].portfolio == body.portfolio
        and (existing := _form(state, other, on)) is not None
        and form.area_kind == existing.area_kind
    ]


def in_a_pilot(state: Snapshot, code: str, on: date) -> bool:
    """Whether a body is a pilot on a day, or a member of one."""
    return any(
        (form := _form(state, each, on)) is not None and form.pilot for each in (code, *homes_of(state, code, on))
    )


def members_of(state: Snapshot, code: str, on: date) -> set[str]:
    """Who belongs to a body on a day."""
    relationships = state.relationships_of(code, on=on)
    return {
        relationship.subject
        for relationship in relationships
        if relationship.kind is RelationshipKind.MEMBER_OF and relationship.object == code
    }


def homes_of(state: Snapshot, code: str, on: date) -> list[str]:
    """The bodies to which a body belongs on a day."""
    relationships = state.relationships_of(code, on=on)
    return [
        relationship.object
        for relationship in relationships
        if relationship.kind is RelationshipKind.MEMBER_OF and relationship.subject == code
    ]


def councils_of(state: Snapshot, code: str, on: date) -> list[str]:
    """The councils in which a body lies on a day."""
    relationships = state.relationships_of(code, on=on)
    return sorted(
        {
            relationship.object
            for relationship in relationships
            if relationship.kind is RelationshipKind.LOCATED_IN and relationship.subject == code
        }
    )


def _outside(plan: Plan, bodies: Iterable[str], on: date) -> tuple[set[str], set[str]]:
    """Practices in the councils of bodies that belong to none afterwards: where the body has the council to itself,
    and where it shares it."""
    own: set[str] = set()
    shared: set[str] = set()
    for code in bodies:
        for council in councils_of(plan.after, code, on):
            loose = {
                relationship.subject
                for relationship in plan.after.relationships_of(council, on=on)
                if relationship.kind is RelationshipKind.LOCATED_IN
                and (form := _form(plan.after, relationship.subject, on)) is not None
                and form.provides_primary_care
                and plan.after.bodies[relationship.subject].portfolio == plan.after.bodies[code].portfolio
                and not any(
                    not _is_pilot(plan.after, home, on) for home in homes_of(plan.after, relationship.subject, on)
                )
            }
            (shared if sharing(plan.after, code, [council], on) else own).update(loose)
    return own, shared


def _parts(plan: Plan, code: str) -> list[str]:
    """The bodies whose people come together in a body that results."""
    request = plan.request
    assert request is not None
    parts = [edge.original for edge in request.shares() if edge.resulting == code and edge.share]
    return list(dict.fromkeys([*([code] if code in request.continuing else []), *parts]))


def _neighbours(state: Snapshot, code: str, on: date) -> set[str]:
    relationships = state.relationships_of(code, on=on)
    return {
        relationship.other_end(code)
        for relationship in relationships
        if relationship.kind is RelationshipKind.NEIGHBOUR_OF
    }


def _reached(start: str, touching: dict[str, set[str]]) -> set[str]:
    """The parts that a way over neighbouring parts leads to."""
    reached: set[str] = set()
    frontier = {start}
    while frontier:
        reached |= frontier
        frontier = {other for code in frontier for other in touching[code] if other in touching} - reached
    return reached


def _form(state: Snapshot, code: str, on: date) -> FormFacts | None:
    return state.forms.get(state.bodies[code].form_on(on) or "") if code in state.bodies else None


def _is_pilot(state: Snapshot, code: str, on: date) -> bool:
    form = _form(state, code, on)
    return form is not None and form.pilot


def _name(state: Snapshot, code: str) -> str:
    return state.bodies[code].last_name() if code in state.bodies else code
