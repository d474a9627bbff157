"""Checks of the step itself: is it on the declared graph, do the forms exist at the time, and is the time right?"""

from __future__ import annotations

from datetime import date

from organisations.domain.checks.applied import WITHOUT_STEP, AppliedCheck, routes_of, steps_of
from organisations.domain.checks.finding import Finding, listed
from organisations.domain.planning.plan import Plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, Family, Route
from pcorg.core.periods import months_later

SETTLES, PROVIDER_SETTLES = 24, 18
"""Months after a structural change within which another is advised upon. The larger total purchasing pilots needed up
to two years (Goodwin 2001, lines 337-340); one provider took 18 months to start (King's Fund 2009, lines 1833-1836).
Both are experience; that the check uses them as its measure is ours."""

PROVIDERS = frozenset({Family.NHS_PROVIDERS, Family.PROVIDER_ARM_NHS, Family.PROVIDER_ARM_INDEPENDENT})


def form_path(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`form-path`: the declared graph allows the step; forward only (Goodwin 2001, lines 255-261 and 304-309)."""
    request = plan.request
    if request is None or request.kind in WITHOUT_STEP:
        return None
    routes = routes_of(request)
    refused, outside = [], []
    steps = dict.fromkeys((from_form, to_form) for from_form, to_form, _ in steps_of(request, plan.before))
    for from_form, to_form in steps:
        if from_form == to_form and request.kind in _SAME_FORM_ALLOWED:
            continue
        rules = plan.before.graph.between(from_form, to_form, *routes)
        if not rules:
            refused.append(_words(plan.before, from_form, to_form, routes))
        elif not any(rule.allows(request.effective_on) for rule in rules):
            outside.append(_words(plan.before, from_form, to_form, routes))
    source = "goodwin-2001 lines 255-261"
    if refused:
        return check.unmet(f"The declared rules know no such step: {listed(refused, '; ')}.", source)
    if outside:
        return check.unmet(f"The rules do not allow the step on this date: {listed(outside, '; ')}.", source)
    if not steps:
        return None
    return check.met("Every step is one the declared rules allow.", source)


def form_dates(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`form-dates`: bodies of the resulting forms can exist on the day (Goodwin 2001, lines 372-376, 694-696)."""
    request = plan.request
    if request is None:
        return None
    slugs = {new.form for new in request.new} | ({request.to_form} if request.to_form else set())
    on = request.effective_on
    if check.declared:
        slugs |= {form for code in check.bodies if (form := plan.after.bodies[code].form_on(on)) is not None}
    if not slugs:
        return None
    forms = [plan.before.forms[slug] for slug in sorted(slugs)]
    wrong = [form.label for form in forms if not form.could_exist_on(on)]
    source = "goodwin-2001 lines 372-376"
    if wrong:
        return check.unmet(f"On {on:%-d %B %Y} there could be no {' or '.join(wrong)}.", source)
    return check.met("The resulting forms exist on that date.", source)


def later_history(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`later-history`: no original has an effected change later than this one."""
    request = plan.request
    if request is None:
        return None
    history = plan.before.history_of(request.touched)
    later = [past for past in history if past.effective_on > request.effective_on]
    named = listed((f"{past.title} on {past.effective_on:%-d %B %Y}" for past in later), "; ")
    if request.kind is ChangeKind.CORRECTION:
        words = f"Later changes are re-based on this correction: {named}." if later else "No later change to re-base."
        return check.met(words, "pcorg-model")
    if later:
        return check.unmet(f"Later changes already stand on these bodies: {named}.", "pcorg-model")
    return check.met("No later change touches these bodies.", "pcorg-model")


def within_coverage(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`within-coverage`: the day lies in the period that the portfolio covers. Beyond it, what happened meanwhile is
    not held here."""
    request = plan.request
    covers = plan.before.covers.get(request.portfolio) if request is not None else None
    if request is None or covers is None:
        return None
    first, last = covers
    period = f"{first:%-d %B %Y} to {last:%-d %B %Y}"
    if first <= request.effective_on <= last:
        return check.met(f"The date is within the period that the portfolio covers: {period}.", "pcorg-model")
    return check.unmet(
        f"The date is outside the period that the portfolio covers: {period}. Organisations may have changed in ways "
        "that are not recorded here.",
        "pcorg-model",
    )


def development_time(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`development-time`: two years since the last structural change, as long as large pilots needed to develop
    (Goodwin 2001, lines 337-345); for a provider 18 months, the experience of one (King's Fund 2009, lines
    1833-1839)."""
    request = plan.request
    if request is None:
        return None
    on = request.effective_on
    last: dict[str, date] = {}
    for past in plan.before.history_of(request.originals):
        if past.structural and past.effective_on <= on:
            last |= dict.fromkeys(past.codes, past.effective_on)
    providers = {code for code in request.originals if _is_provider(plan.before, code, on)}
    recent = [
        f"{plan.before.bodies[code].last_name()} on {last[code]:%-d %B %Y}"
        for code in request.originals
        if code in last and months_later(last[code], PROVIDER_SETTLES if code in providers else SETTLES) > on
    ]
    span, why = "two years", "Larger total purchasing pilots took as long as two years to become organisations."
    source = "goodwin-2001 lines 337-345"
    if providers:
        span = "18 months" if providers.issuperset(request.originals) else "two years, or of a provider 18 months,"
        why = "One organisation took 18 months to start in a new form. That is one experience and not a rule."
        source = "kings-fund-2009 lines 1833-1839"
    if not recent:
        words = f"No structural change of these bodies is recorded in the {span} before."
        return check.met(words, source)
    return check.unmet(f"Changed less than {span} before: {listed(recent, '; ')}. {why}", source)


def _is_provider(snapshot: Snapshot, code: str, on: date) -> bool:
    form = snapshot.forms.get(snapshot.bodies[code].form_on(on) or "")
    return form is not None and form.family in PROVIDERS


def _words(snapshot: Snapshot, from_form: str, to_form: str, routes: tuple[Route, ...]) -> str:
    by = " or ".join(route.value for route in routes)
    return f"{snapshot.forms[from_form].label} to {snapshot.forms[to_form].label} by {by}"


_SAME_FORM_ALLOWED = frozenset({ChangeKind.SPLIT, ChangeKind.RECONFIGURATION})
