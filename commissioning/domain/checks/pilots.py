"""Checks of what else goes on among the same people: pilots of another culture, and too many innovations at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from commissioning.domain.checks.words import counted, named
from commissioning.domain.operations import held_in
from commissioning.domain.pilots import Pilot
from commissioning.domain.vocabulary import HoldingKind
from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import AppliedCheck, Finding
from organisations.domain.checks.finding import listed
from organisations.domain.checks.people import councils_of, homes_of, members_of, sharing
from organisations.domain.checks.steps import SETTLES
from organisations.domain.forms import PMS_PILOT
from organisations.domain.planning import Plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import Family, RelationshipKind
from pcorg.core.periods import months_later

CULTURE_SOURCE = "goodwin-2001 lines 576-602"
INNOVATIONS_SOURCE = "goodwin-2001 lines 568-575"
AREA_SOURCE = "goodwin-2001 lines 291-299"
WITHIN_UNKNOWN = "Not known, for neither the council nor the practices are held here of"
IN_A_SHARED_COUNCIL = "Not known, for they lie in a council that it shares, and their practices are not held here"
MANY = 2
"""From so many on it is advised upon. The source gives no number; this one is ours."""


def pms_culture(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`pms-culture`: personal medical services pilots within a trust to be (Goodwin 2001, lines 576-602), whose ways
    of working differ from its own."""
    request = plan.request
    if request is None or not check.bodies:
        return None
    found, possible = _pilots_within(request, plan)
    if found:
        names = listed(pilot.name for pilot in found)
        return check.unmet(
            f"{counted(len(found), 'personal medical services pilot', 'personal medical services pilots')} would come "
            f"to lie within it: {names}. Their ways of working may not be those of the trust.",
            CULTURE_SOURCE,
        )
    if possible:
        names = listed(pilot.name for pilot in possible)
        return check.unsure(f"{IN_A_SHARED_COUNCIL}: {names}.", CULTURE_SOURCE)
    if nowhere := _without_a_place(request, plan):
        return check.unsure(f"{WITHIN_UNKNOWN}: {nowhere}.", CULTURE_SOURCE)
    return check.met("No personal medical services pilot is held here within it.", CULTURE_SOURCE)


def disintegrated_integration(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`disintegrated-integration`: how many innovations would touch the same people at once (Goodwin 2001, lines
    568-575): together they may take apart what each was to bring together."""
    request = plan.request
    if request is None or not check.bodies:
        return None
    pilots, possible = _pilots_within(request, plan)
    networks, pools, recent = _networks(request, plan), _pools(request, plan), _recent(request, plan)
    parts = [
        (len(pilots), "pilot", "pilots", [pilot.name for pilot in pilots]),
        (len(pools), "pooled budget", "pooled budgets", pools),
        (len(networks), "network or partnership", "networks and partnerships", networks),
        (len(recent), "change of the two years before", "changes of the two years before", recent),
    ]
    number = sum(count for count, _, _, _ in parts)
    if number >= MANY:
        each = "; ".join(f"{counted(count, one, many)} ({listed(names)})" for count, one, many, names in parts if count)
        return check.unmet(
            f"Beside this change {number} innovations would touch the same people at once: {each}.", INNOVATIONS_SOURCE
        )
    if number + len(possible) >= MANY:
        names = listed(pilot.name for pilot in possible)
        return check.unsure(f"{IN_A_SHARED_COUNCIL}: {names}.", INNOVATIONS_SOURCE)
    if nowhere := _without_a_place(request, plan):
        return check.unsure(f"{WITHIN_UNKNOWN}: {nowhere}.", INNOVATIONS_SOURCE)
    return check.met("At most one other innovation among the same people is held here.", INNOVATIONS_SOURCE)


def whole_area(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`whole-area`: pilots need not take part until their term ends (Goodwin 2001, lines 291-299). That those within it
    are exempt is the finding of organisations; here stand those whose term is over."""
    request = plan.request
    if request is None or not (request.new or request.closing):
        return None
    on = request.effective_on
    missing = _members(plan.before, request.originals, on) - _members(plan.after, request.resulting, on)
    over = {}
    for code in sorted(missing):
        own = [pilot for pilot in _pilots(plan.before, [code], on) if code in _in_pilot(plan.before, pilot, on)]
        if own and not any(pilot.runs_on(on) for pilot in own) and not _takes_part(plan.after, code, on):
            over[code] = own[-1]
    if not over:
        return None
    told = listed((f"{code}, of {pilot.name}, whose term ended on {_day(pilot)}" for code, pilot in over.items()), "; ")
    return check.unmet(f"No longer exempt as pilots, and would not take part: {told}.", AREA_SOURCE)


def _without_a_place(request: ChangeRequest, plan: Plan) -> str:
    """Names of the bodies of whose place nothing is known, so that pilots among their people cannot be found."""
    on, after = request.effective_on, plan.after
    before = [(plan.before, code) for code in request.originals]
    return named(
        [
            code
            for state, code in before or [(after, code) for code in request.resulting]
            if not _councils(state, [code], on) and not _members(state, [code], on)
        ],
        after,
    )


def _day(pilot: Pilot) -> str:
    return f"{pilot.ends:%-d %B %Y}"


def _in_pilot(state: Snapshot, pilot: Pilot, on: date) -> set[str]:
    """The pilot itself and whoever takes part in it."""
    return {pilot.code} | pilot.members | _members(state, [pilot.code], on)


def _takes_part(state: Snapshot, code: str, on: date) -> bool:
    """Whether a practice belongs on a day to any body that is no pilot."""
    return any(state.bodies[home].form_on(on) != PMS_PILOT for home in homes_of(state, code, on))


def _members(state: Snapshot, codes: Iterable[str], on: date) -> set[str]:
    return {member for code in codes for member in members_of(state, code, on)}


def _pilots_within(request: ChangeRequest, plan: Plan) -> tuple[list[Pilot], list[Pilot]]:
    """Pilots that run on the day of the change among the people of its bodies, and those that may do so.

    A pilot is among them with a practice that is their member. One of which no practice belongs to anybody is where its
    council is: among them where they have the council to themselves, and possibly where others of their kind lie there
    too. One whose practices all belong to others is not.
    """
    on, before, after = request.effective_on, plan.before, plan.after
    members = _members(before, request.originals, on)
    councils = _councils(before, request.originals, on) | _councils(after, request.resulting, on)
    shared = {council for code in request.resulting for council in councils if _outsiders(plan, code, council, on)}
    within, possible = [], []
    for pilot in (each for each in _pilots(before, councils | members, on) if each.runs_on(on)):
        practices = _in_pilot(before, pilot, on)
        there = (pilot.councils | _councils(before, [pilot.code], on)) & councils
        if practices & members or (there - shared and not _elsewhere(plan, practices, on)):
            within.append(pilot)
        elif there and not _elsewhere(plan, practices, on):
            possible.append(pilot)
    return within, possible


def _outsiders(plan: Plan, code: str, council: str, on: date) -> bool:
    """Whether bodies of its kind that do not come out of the change lie in a council too."""
    assert plan.request is not None
    alive = code in plan.after.bodies and plan.after.bodies[code].alive_on(on)
    return alive and not set(sharing(plan.after, code, [council], on)) <= set(plan.request.resulting)


def _elsewhere(plan: Plan, practices: Iterable[str], on: date) -> bool:
    """Whether practices belong to bodies other than pilots, and to none of the change."""
    assert plan.request is not None
    homes = {
        home
        for practice in practices
        for home in homes_of(plan.before, practice, on)
        if plan.before.bodies[home].form_on(on) != PMS_PILOT
    }
    return bool(homes) and homes.isdisjoint(plan.request.originals)


def _pilots(state: Snapshot, places: Iterable[str], on: date) -> list[Pilot]:
    """Pilots known on a day, also those of which nothing but their form is stated, that councils or practices have to
    do with: they lie in the council, or the practice is one or takes part in one. In order of code."""
    stated = held_in(state).pilots
    found: dict[str, Pilot] = {}
    for place in places:
        found |= {pilot.code: pilot for pilot in stated.under(place)}
        for code in {place, *_lying_in(state, place, on), *homes_of(state, place, on)}:
            own = [pilot for pilot in stated.under(code) if pilot.code == code]
            if own:
                found[code] = own[-1]
            elif code not in found and code in state.bodies and state.bodies[code].form_on(on) == PMS_PILOT:
                found[code] = Pilot(code, state.bodies[code].last_name(), state.bodies[code].life)
    return [found[code] for code in sorted(found)]


def _lying_in(state: Snapshot, council: str, on: date) -> list[str]:
    relationships = state.relationships_of(council, on=on)
    return [
        relationship.subject
        for relationship in relationships
        if relationship.kind is RelationshipKind.LOCATED_IN and relationship.object == council
    ]


def _councils(state: Snapshot, codes: Iterable[str], on: date) -> set[str]:
    return {council for code in codes for council in councils_of(state, code, on)}


def _pools(request: ChangeRequest, plan: Plan) -> list[str]:
    """Titles of the pooled budgets in which the bodies that result have a part."""
    holdings = held_in(plan.after)
    pools = (each for each in holdings.of_any(request.resulting, request.effective_on) if each.kind is HoldingKind.POOL)
    return list(dict.fromkeys(holdings.items[each.thing].title for each in pools))


def _networks(request: ChangeRequest, plan: Plan) -> list[str]:
    """Names of collaborations with a tie to the bodies that go in or come out, or in a council of theirs."""
    on = request.effective_on
    found = {}
    for state, codes in ((plan.before, request.originals), (plan.after, request.resulting)):
        near = [(code, relationship) for code in codes for relationship in state.relationships_of(code, on=on)]
        near += [
            (place, relationship)
            for place in _councils(state, codes, on)
            for relationship in state.relationships_of(place, on=on)
        ]
        for code, relationship in near:
            other = state.bodies[relationship.other_end(code)]
            form = state.forms.get(other.form_on(on) or "")
            if form is not None and form.family is Family.COLLABORATIONS and other.portfolio == request.portfolio:
                found[other.code] = other.last_name()
    return [found[code] for code in sorted(found)]


def _recent(request: ChangeRequest, plan: Plan) -> list[str]:
    """Titles of the structural changes of the originals in the two years before."""
    on = request.effective_on
    return [
        past.title
        for past in plan.before.history_of(request.originals)
        if past.structural and past.effective_on <= on and on < months_later(past.effective_on, SETTLES)
    ]
