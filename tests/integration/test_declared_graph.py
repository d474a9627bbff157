"""The declared graph and what the engine does agree: every declared step passes on its dates and on no other, and no
step that is not declared passes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commissioning.domain import checks as commissioning
from organisations.domain.checks import findings_of
from organisations.domain.forms import AllowedStep
from organisations.domain.planning import Plan, plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import Applies, ChangeKind, Outcome, Route
from organisations.models.reference import rules_only
from tests.factories.snapshots import body, finding_of, new, request, world

pytestmark = pytest.mark.django_db
OPENED = date(1980, 1, 1)
DAY = timedelta(days=1)


@pytest.fixture
def declared() -> Snapshot:
    """The shipped forms and rules, and no bodies."""
    return rules_only()


def plainest(declared: Snapshot, from_form: str, to_form: str, route: Route, on: date) -> Plan:
    """The plainest change that takes the step."""
    bodies = [body(code, from_form, opened=OPENED) for code in ("A", "B")]
    state = world(*bodies, forms=declared.forms, graph=declared.graph, checks=declared.checks)
    match route:
        case Route.LEVEL | Route.DESIGNATION:
            change = request(ChangeKind.TRANSITION, on, ["A"], route=route, to_form=to_form)
        case Route.SUCCESSION:
            change = request(ChangeKind.TRANSITION, on, ["A"], route=route, new=(new("N", to_form, on=on),))
        case Route.MERGER:
            change = request(ChangeKind.MERGER, on, ["A", "B"], new=(new("N", to_form, on=on),))
        case Route.SEPARATION:
            change = request(ChangeKind.SEPARATION, on, ["A"], new=(new("N", to_form, on=on),))
    return plan(change, state)


def outcome(declared: Snapshot, from_form: str, to_form: str, route: Route, on: date) -> Outcome | None:
    """What form-path finds of it."""
    finding = finding_of("form-path", plainest(declared, from_form, to_form, route, on))
    return None if finding is None else finding.outcome


def rules(declared: Snapshot) -> list[AllowedStep]:
    return [rule for found in declared.graph.rules.values() for rule in found]


def test_every_declared_step_passes_on_its_dates_and_on_no_other(declared: Snapshot) -> None:
    for rule in rules(declared):
        within = rule.earliest or rule.latest or date(2005, 4, 1)
        step = (declared, rule.from_form, rule.to_form, rule.route)
        assert outcome(*step, within) is Outcome.PASS, rule
        if rule.earliest is not None:
            assert outcome(*step, rule.earliest - DAY) is Outcome.BLOCK, rule
        if rule.latest is not None:
            assert outcome(*step, rule.latest) is Outcome.PASS, rule
            assert outcome(*step, rule.latest + DAY) is Outcome.BLOCK, rule


def test_every_step_is_put_to_the_checks_that_its_rule_declares_and_to_no_others(declared: Snapshot) -> None:
    """Beside what its rule declares, a step is put only to what is asked of every change."""
    always = {code for code, facts in declared.checks.items() if facts.applies is Applies.ALWAYS}
    for rule in rules(declared):
        done = plainest(declared, rule.from_form, rule.to_form, rule.route, rule.earliest or date(2005, 4, 1))
        found = {finding.code for finding in (*findings_of(done), *commissioning.findings_of(done))}
        assert rule.checks <= found, rule
        assert found <= rule.checks | always, rule


def test_no_step_passes_that_is_not_declared(declared: Snapshot) -> None:
    known = {(rule.from_form, rule.to_form, rule.route) for rule in rules(declared)}
    steps = [step for step in product(sorted(declared.forms), sorted(declared.forms), Route) if step not in known]
    assert len(steps) > 7_000
    for from_form, to_form, route in steps[::7]:
        if from_form == to_form and route is not Route.MERGER:
            continue
        assert outcome(declared, from_form, to_form, route, date(2003, 4, 1)) is Outcome.BLOCK, (from_form, to_form)


def test_the_graph_runs_forward_only(declared: Snapshot) -> None:
    onward = {
        slug: {rule.to_form for rule in found if rule.to_form != slug} for slug, found in declared.graph.rules.items()
    }
    settled: set[str] = set()

    def visit(slug: str, path: tuple[str, ...]) -> None:
        assert slug not in path, (*path, slug)
        if slug not in settled:
            for following in onward.get(slug, ()):
                visit(following, (*path, slug))
            settled.add(slug)

    for slug in onward:
        visit(slug, ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the rules are only read
@given(on=st.dates(date(1990, 1, 1), date(2024, 1, 1)))
def test_what_a_form_offers_is_what_passes(declared: Snapshot, on: date) -> None:
    for slug in ("pcg-2", "pct-3", "pct-4", "clinical-commissioning-group"):
        for rule in declared.graph.steps_from(slug, on=on):
            assert outcome(declared, rule.from_form, rule.to_form, rule.route, on) is Outcome.PASS
