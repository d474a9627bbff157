"""Which checks a change is put to, and how strictly: what the declared records say.

A step of the declared graph is put to the checks of its rule. A body that no declared step leads to (one set up out of
nothing, or a step that the rules do not know) is put to the checks of its form. Some checks are asked of every change
that they concern.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from organisations.domain.changes import ChangeRequest
from organisations.domain.checks.finding import Finding, advising, blocking, passing
from organisations.domain.forms import AllowedStep
from organisations.domain.planning.plan import Plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import Applies, ChangeKind, Outcome, Route

ROUTES: dict[ChangeKind, tuple[Route, ...]] = {
    ChangeKind.MERGER: (Route.MERGER,),
    ChangeKind.SEPARATION: (Route.SEPARATION,),
    ChangeKind.SPLIT: (Route.SUCCESSION, Route.MERGER),
    ChangeKind.RECONFIGURATION: (Route.SUCCESSION, Route.MERGER),
}
"""Routes of the graph by which each kind of change takes a form to a form; a transition names its own."""

WITHOUT_STEP = frozenset(
    {
        ChangeKind.ESTABLISHMENT,
        ChangeKind.DISSOLUTION,
        ChangeKind.RENAME,
        ChangeKind.TRANSFER,
        ChangeKind.CORRECTION,
    }
)
"""Kinds of change that take no step of the graph."""

OF_ITS_PEOPLE = frozenset({"population-in-range", "coterminous"})
"""Checks of its form that a body which goes on is put to again where a change alters the people it serves."""

OF_A_FORGOTTEN_BODY = OF_ITS_PEOPLE | {"board-composition"}
"""Checks of its form that a body is put to which a correction records: what came before it cannot be held any more."""


@dataclass(frozen=True, slots=True)
class AppliedCheck:
    """A check as it is put to a change: of which of the bodies that result, and with which outcome where it is not met.

    `declared` says whether the rule of a step or a form names it; otherwise it is asked of every change.
    """

    code: str
    severity: Outcome
    bodies: tuple[str, ...] = ()
    declared: bool = True

    def met(self, message: str, source: str) -> Finding:
        """The check is met."""
        return passing(self.code, message, source)

    def unmet(self, message: str, source: str) -> Finding:
        """The check is not met: how much that weighs, its record declares."""
        if self.severity is Outcome.BLOCK:
            return blocking(self.code, message, source)
        return advising(self.code, message, source)

    def unsure(self, message: str, source: str) -> Finding:
        """What the check needs is not known, or it finds something to weigh that is no failing: never more than
        advice."""
        return advising(self.code, message, source)


Check = Callable[[Plan, AppliedCheck], Finding | None]
"""A check: what it finds of a plan that it is asked of. Nothing where it does not concern the change."""


def findings_by(checks: Mapping[str, Check], plan: Plan) -> tuple[Finding, ...]:
    """What those checks find of a plan that are asked of it."""
    if plan.request is None:
        return ()
    declared = declared_checks(plan)
    found = []
    for code, check in checks.items():
        facts = plan.before.checks.get(code)
        if facts is None or not (code in declared or facts.applies is Applies.ALWAYS):
            continue
        bodies = declared.get(code) or _alive(plan, plan.request)
        finding = check(plan, AppliedCheck(code, facts.severity, bodies, code in declared))
        if finding is not None:
            found.append(finding)
    return tuple(found)


def declared_checks(plan: Plan) -> dict[str, tuple[str, ...]]:
    """By code of a check, the bodies that result of which the rule of their step or their form asks it."""
    request = plan.request
    if request is None:
        return {}
    rules = _rules_by_body(plan, request)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for code in _alive(plan, request):
        by_rules = [rule.checks for rule in rules.get(code, ())]
        for check in frozenset().union(*by_rules) if by_rules else _checks_of_its_form(plan, request, code):
            found[check][code] = None
    return {check: tuple(codes) for check, codes in found.items()}


def steps_of(request: ChangeRequest, before: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Each step that the change takes: from a form, to a form, and the body that it leads to."""
    if request.kind in WITHOUT_STEP:
        return
    on = request.effective_on
    new_forms = {new.code: new.form for new in request.new}
    pairs: Iterator[tuple[str, str, str | None]]
    if request.to_form is not None:
        pairs = ((code, code, request.to_form) for code in request.originals)
    else:
        pairs = (
            (edge.original, edge.resulting, new_forms.get(edge.resulting) or before.bodies[edge.resulting].form_on(on))
            for edge in request.shares()
        )
    seen: set[tuple[str, str, str]] = set()
    for code, resulting, to_form in pairs:
        from_form = before.bodies[code].form_on(on)
        if from_form is not None and to_form is not None and (step := (from_form, to_form, resulting)) not in seen:
            seen.add(step)
            yield step


def routes_of(request: ChangeRequest) -> tuple[Route, ...]:
    """The routes of the graph that a change may take."""
    return (request.route,) if request.route is not None else ROUTES.get(request.kind, ())


def _rules_by_body(plan: Plan, request: ChangeRequest) -> dict[str, list[AllowedStep]]:
    """The declared rules that the steps of a change go by on its day, by the body that they lead to."""
    routes, on = routes_of(request), request.effective_on
    found: dict[str, list[AllowedStep]] = defaultdict(list)
    for from_form, to_form, resulting in steps_of(request, plan.before):
        found[resulting] += (rule for rule in plan.before.graph.between(from_form, to_form, *routes) if rule.allows(on))
    return found


def _checks_of_its_form(plan: Plan, request: ChangeRequest, code: str) -> frozenset[str]:
    """The checks that the form of a body declares, as far as the change calls for them."""
    form = plan.after.forms.get(plan.after.bodies[code].form_on(request.effective_on) or "")
    if form is None:
        return frozenset()
    if any(new.code == code for new in request.new):
        return form.checks & OF_A_FORGOTTEN_BODY if request.kind is ChangeKind.CORRECTION else form.checks
    takes_part = any(edge.share and code in {edge.original, edge.resulting} for edge in request.shares())
    return form.checks & OF_ITS_PEOPLE if takes_part else frozenset()


def _alive(plan: Plan, request: ChangeRequest) -> tuple[str, ...]:
    """The bodies that result and are in force on the day."""
    return tuple(code for code in request.resulting if plan.after.bodies[code].alive_on(request.effective_on))
