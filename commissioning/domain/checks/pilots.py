"""Checks of what else goes on among the same people: pilots of another culture, and too many innovations at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from commissioning.domain.checks.words import counted, named
from commissioning.domain.operations import held_in
from commissioning.domain.pilots import PMS, Pilot
from commissioning.domain.vocabulary import Kind
from organisations.domain.changes import ChangeRequest
from organisations.domain.checks.finding import Finding, advising, blocking, listed, passing
from organisations.domain.checks.steps import rules_for
from organisations.domain.planning import Plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, Family, RelationshipKind

CULTURE_SOURCE = "goodwin-2001 lines 576-602"
INNOVATIONS_SOURCE = "goodwin-2001 lines 568-575"
AREA_SOURCE = "goodwin-2001 lines 291-299"
TRUST_FORMS = frozenset({"pct-3", "pct-4", "care-trust"})
TWO_YEARS = 730
"""Days within which a structural change is still an innovation; the same as for `development-time`."""
WITHIN_UNKNOWN = "Not known, for neither the council nor the practices are held here of"
MANY = 2
"""From so many on it is advised upon. The source gives no number; this one is ours."""


def pms_culture(plan: Plan) -> Finding | None:
    """`pms-culture`: personal medical services pilots within a trust to be (Goodwin 2001, lines 576-602), whose ways
    of working differ from its own."""
    request = plan.request
    if request is None or not _asked(request, plan, "pms-culture"):
        return None
    found = _pilots_within(request, plan)
    if not found:
        nowhere = _without_a_place(request, plan)
        if nowhere:
            words = f"{WITHIN_UNKNOWN}: {nowhere}."
            return advising("pms-culture", words, CULTURE_SOURCE)
        return passing("pms-culture", "No personal medical services pilot is held here within it.", CULTURE_SOURCE)
    names = listed(pilot.name for pilot in found)
    return advising(
        "pms-culture",
        f"{counted(len(found), 'personal medical services pilot', 'personal medical services pilots')} would come to "
        f"lie within it: {names}. Their ways of working may not be those of the trust.",
        CULTURE_SOURCE,
    )


def disintegrated_integration(plan: Plan) -> Finding | None:
    """`disintegrated-integration`: how many innovations would touch the same people at once (Goodwin 2001, lines
    568-575): together they may take apart what each was to bring together."""
    request = plan.request
    if request is None or not _asked(request, plan, "disintegrated-integration"):
        return None
    pilots, networks = _pilots_within(request, plan), _networks(request, plan)
    pools, recent = _pools(request, plan), _recent(request, plan)
    told = [
        (len(pilots), "pilot", "pilots", [pilot.name for pilot in pilots]),
        (len(pools), "pooled budget", "pooled budgets", pools),
        (len(networks), "network or partnership", "networks and partnerships", networks),
        (len(recent), "change of the two years before", "changes of the two years before", recent),
    ]
    number = sum(count for count, _, _, _ in told)
    if number < MANY:
        nowhere = _without_a_place(request, plan)
        if nowhere:
            return advising("disintegrated-integration", f"{WITHIN_UNKNOWN}: {nowhere}.", INNOVATIONS_SOURCE)
        words = "At most one other innovation among the same people is held here."
        return passing("disintegrated-integration", words, INNOVATIONS_SOURCE)
    each = "; ".join(f"{counted(count, one, many)} ({listed(names)})" for count, one, many, names in told if count)
    return advising(
        "disintegrated-integration",
        f"Beside this change {number} innovations would touch the same people at once: {each}.",
        INNOVATIONS_SOURCE,
    )


def whole_area(plan: Plan) -> Finding | None:
    """`whole-area`: pilots need not take part until their term ends (Goodwin 2001, lines 291-299). That those within it
    are exempt is the finding of organisations; here stand those whose term is over."""
    request = plan.request
    if request is None or not (request.new or request.closing):
        return None
    on = request.effective_on
    missing = _members(plan.before, request.originals, on) - _members(plan.after, request.resulting, on)
    pilots = {pilot: _in_pilot(plan.before, pilot, on) for pilot in _pilots(plan.before, on)}
    over = {}
    for code in sorted(missing):
        own = [pilot for pilot, within in pilots.items() if code in within]
        if own and not any(pilot.runs_on(on) for pilot in own) and not _takes_part(plan.after, code, on):
            over[code] = own[-1]
    if not over:
        return None
    told = listed((f"{code}, of {pilot.name}, whose term ended on {_day(pilot)}" for code, pilot in over.items()), "; ")
    return blocking("whole-area", f"No longer exempt as pilots, and would not take part: {told}.", AREA_SOURCE)


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
    ties = state.ties_of(code, on=on)
    homes = (tie.object for tie in ties if tie.kind is RelationshipKind.MEMBER_OF and tie.subject == code)
    return any(state.bodies[home].form_on(on) != PMS for home in homes)


def _members(state: Snapshot, codes: Iterable[str], on: date) -> set[str]:
    return {
        tie.subject
        for code in codes
        for tie in state.ties_of(code, on=on)
        if tie.kind is RelationshipKind.MEMBER_OF and tie.object == code
    }


def _pilots_within(request: ChangeRequest, plan: Plan) -> list[Pilot]:
    """Pilots that run on the day of the change among the people of its bodies: in a council's area that is theirs, or
    with a practice that is their member."""
    on, before = request.effective_on, plan.before
    councils = _councils(before, request.originals, on) | _councils(plan.after, request.resulting, on)
    members = _members(before, request.originals, on)
    return [
        pilot
        for pilot in _pilots(before, on)
        if pilot.runs_on(on)
        and (
            (pilot.councils | _councils(before, [pilot.code], on)) & councils or _in_pilot(before, pilot, on) & members
        )
    ]


def _pilots(state: Snapshot, on: date) -> list[Pilot]:
    """Every pilot known on a day, also one of which nothing but its form is stated."""
    known = {pilot.code: pilot for pilot in held_in(state).pilots}
    for code, body in state.bodies.items():
        if code not in known and body.form_on(on) == PMS:
            known[code] = Pilot(code, body.last_name(), body.life)
    return [known[code] for code in sorted(known)]


def _asked(request: ChangeRequest, plan: Plan, check: str) -> bool:
    """Whether the step's rules name a check, or the change sets up a trust out of nothing."""
    founded = request.kind is ChangeKind.ESTABLISHMENT and any(new.form in TRUST_FORMS for new in request.new)
    return founded or any(check in rule.checks for rule in rules_for(plan))


def _councils(state: Snapshot, codes: Iterable[str], on: date) -> set[str]:
    return {
        tie.object
        for code in codes
        for tie in state.ties_of(code, on=on)
        if tie.kind is RelationshipKind.LOCATED_IN and tie.subject == code
    }


def _pools(request: ChangeRequest, plan: Plan) -> list[str]:
    """Titles of the pooled budgets in which the bodies that result have a part."""
    held = held_in(plan.after)
    pools = (each for each in held.of_any(request.resulting, request.effective_on) if each.kind is Kind.POOL)
    return list(dict.fromkeys(held.items[each.thing].title for each in pools))


def _networks(request: ChangeRequest, plan: Plan) -> list[str]:
    """Names of collaborations with a tie to the bodies that go in or come out."""
    on, after = request.effective_on, plan.after
    found = {}
    for code in dict.fromkeys([*request.originals, *request.resulting]):
        for state in (plan.before, after):
            for tie in state.ties_of(code, on=on):
                other = state.bodies[tie.other_end(code)]
                form = state.forms.get(other.form_on(on) or "")
                if form is not None and form.family is Family.COLLABORATIONS:
                    found[other.code] = other.last_name()
    return [found[code] for code in sorted(found)]


def _recent(request: ChangeRequest, plan: Plan) -> list[str]:
    """Titles of the structural changes of the originals in the two years before."""
    originals = frozenset(request.originals)
    days = ((request.effective_on - past.effective_on).days for past in plan.before.history)
    return [
        past.title
        for past, ago in zip(plan.before.history, days, strict=True)
        if past.structural and 0 <= ago < TWO_YEARS and past.codes & originals
    ]
