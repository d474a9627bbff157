"""Checks of the step itself: is it on the declared graph, and do the forms exist at the time?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from organisations.domain.changes import ChangeRequest
from organisations.domain.checks.finding import Finding, advising, blocking, listed, passing
from organisations.domain.forms import Rule
from organisations.domain.planning.plan import Plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, Family, Route

ROUTES: dict[ChangeKind, tuple[Route, ...]] = {
    ChangeKind.MERGER: (Route.MERGER,),
    ChangeKind.SEPARATION: (Route.SEPARATION,),
    ChangeKind.SPLIT: (Route.SUCCESSION, Route.MERGER),
    ChangeKind.RECONFIGURATION: (Route.SUCCESSION, Route.MERGER),
}
"""Routes of the graph by which each kind of change takes a form to a form; a transition names its own."""


SETTLES, PROVIDER_SETTLES = 730, 548
"""Days that a body takes to settle after a structural change: two years; a provider, 18 months."""

PROVIDERS = frozenset({Family.NHS_PROVIDERS, Family.PROVIDER_ARM_NHS, Family.PROVIDER_ARM_INDEPENDENT})


def form_steps(request: ChangeRequest, before: Snapshot) -> Iterator[tuple[str, str]]:
    """Each distinct step from a form to a form that the change takes."""
    on = request.effective_on
    seen: set[tuple[str, str]] = set()
    new_forms = {new.code: new.form for new in request.new}
    pairs: list[tuple[str, str | None]] = []
    if request.to_form is not None:
        pairs = [(code, request.to_form) for code in request.originals]
    else:
        pairs = [
            (edge.original, new_forms.get(edge.resulting) or before.bodies[edge.resulting].form_on(on))
            for edge in request.shares()
        ]
    for code, to_form in pairs:
        from_form = before.bodies[code].form_on(on)
        if from_form is not None and to_form is not None and (from_form, to_form) not in seen:
            seen.add((from_form, to_form))
            yield from_form, to_form


def rules_for(plan: Plan) -> list[Rule]:
    """The declared rules that the steps of a change go by, on its day."""
    request = plan.request
    if request is None or request.kind in _NO_STEP:
        return []
    routes = routes_of(request)
    return [
        rule
        for from_form, to_form in form_steps(request, plan.before)
        for rule in plan.before.graph.between(from_form, to_form, *routes)
        if rule.allows(request.effective_on)
    ]


def routes_of(request: ChangeRequest) -> tuple[Route, ...]:
    """The routes of the graph that a change may take."""
    return (request.route,) if request.route is not None else ROUTES.get(request.kind, ())


def form_path(plan: Plan) -> Finding | None:
    """`form-path`: the declared graph allows the step; forward only (Goodwin 2001, lines 255-261 and 304-309)."""
    request = plan.request
    if request is None or request.kind in _NO_STEP:
        return None
    routes = routes_of(request)
    refused, outside = [], []
    steps = list(form_steps(request, plan.before))
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
        return blocking("form-path", f"The declared rules know no such step: {listed(refused, '; ')}.", source)
    if outside:
        return blocking("form-path", f"The rules do not allow the step on this date: {listed(outside, '; ')}.", source)
    if not steps:
        return None
    return passing("form-path", "Every step is one the declared rules allow.", source)


def form_dates(plan: Plan) -> Finding | None:
    """`form-dates`: bodies of the resulting forms can exist on the day (Goodwin 2001, lines 372-376, 694-696)."""
    request = plan.request
    if request is None:
        return None
    slugs = {new.form for new in request.new} | ({request.to_form} if request.to_form else set())
    if not slugs:
        return None
    forms = [plan.before.forms[slug] for slug in sorted(slugs)]
    wrong = [form.label for form in forms if not form.could_exist_on(request.effective_on)]
    source = "goodwin-2001 lines 372-376"
    if wrong:
        return blocking(
            "form-dates",
            f"On {request.effective_on:%-d %B %Y} there could be no {' or '.join(wrong)}.",
            source,
        )
    return passing("form-dates", "The resulting forms exist on that date.", source)


def later_history(plan: Plan) -> Finding | None:
    """`later-history`: no original has an effected change later than this one."""
    request = plan.request
    if request is None:
        return None
    touched = set(request.touched)
    later = [past for past in plan.before.history if past.effective_on > request.effective_on and touched & past.codes]
    if request.kind is ChangeKind.CORRECTION:
        named = listed((f"{past.title} on {past.effective_on:%-d %B %Y}" for past in later), "; ")
        words = f"Later changes are re-based on this correction: {named}." if later else "No later change to re-base."
        return passing("later-history", words, "pcorg-model")
    if later:
        named = listed((f"{past.title} on {past.effective_on:%-d %B %Y}" for past in later), "; ")
        return blocking("later-history", f"Later changes already stand on these bodies: {named}.", "pcorg-model")
    return passing("later-history", "No later change touches these bodies.", "pcorg-model")


def development_time(plan: Plan) -> Finding | None:
    """`development-time`: at least two years since the last structural change (Goodwin 2001, lines 337-345), and for a
    provider 18 months, which one took to get going in a new form (King's Fund 2009, lines 1833-1839)."""
    request = plan.request
    if request is None or request.kind in _NO_STEP:
        return None
    on = request.effective_on
    source = "goodwin-2001 lines 337-345"
    last: dict[str, date] = {}
    for past in sorted(plan.before.history, key=lambda past: past.effective_on):
        if past.structural and 0 <= (on - past.effective_on).days < SETTLES:
            last |= dict.fromkeys(past.codes, past.effective_on)
    providers = {code for code in request.originals if _is_provider(plan.before, code, on)}
    recent = [
        f"{plan.before.bodies[code].last_name()} on {last[code]:%-d %B %Y}"
        for code in request.originals
        if code in last and (on - last[code]).days < (PROVIDER_SETTLES if code in providers else SETTLES)
    ]
    span, why = "two years", "Large pilots took up to two years to develop."
    if providers:
        span = "18 months" if providers.issuperset(request.originals) else "two years, or of a provider 18 months,"
        why, source = "A provider took 18 months to get going in a new form.", "kings-fund-2009 lines 1833-1839"
    if not recent:
        words = f"No structural change of these bodies is recorded in the {span} before."
        return passing("development-time", words, source)
    return advising("development-time", f"Changed less than {span} before: {listed(recent, '; ')}. {why}", source)


def _is_provider(snapshot: Snapshot, code: str, on: date) -> bool:
    form = snapshot.forms.get(snapshot.bodies[code].form_on(on) or "")
    return form is not None and form.family in PROVIDERS


def _words(snapshot: Snapshot, from_form: str, to_form: str, routes: tuple[Route, ...]) -> str:
    by = " or ".join(route.value for route in routes)
    return f"{snapshot.forms[from_form].label} to {snapshot.forms[to_form].label} by {by}"


_NO_STEP = frozenset(
    {
        ChangeKind.ESTABLISHMENT,
        ChangeKind.DISSOLUTION,
        ChangeKind.RENAME,
        ChangeKind.TRANSFER,
        ChangeKind.CORRECTION,
    }
)
_SAME_FORM_ALLOWED = frozenset({ChangeKind.SPLIT, ChangeKind.RECONFIGURATION})
