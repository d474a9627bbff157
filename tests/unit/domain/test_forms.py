"""Forms and the declared graph of steps between them."""

from __future__ import annotations

from datetime import date

import pytest

from organisations.domain.forms import AllowedStep, FormFacts, TransitionGraph
from organisations.domain.vocabulary import Family, Route
from tests.factories.snapshots import RULES

GRAPH = TransitionGraph.of(RULES)


@pytest.mark.parametrize(
    ("on", "could"),
    [
        (date(1999, 3, 31), False),
        (date(1999, 4, 1), True),
        (date(2004, 3, 31), True),
        (date(2004, 4, 1), False),
    ],
)
def test_a_form_exists_from_its_first_date_up_to_its_last(on: date, could: bool) -> None:
    group = FormFacts(
        "pcg-1", "Group", Family.GROUPS_AND_TRUSTS, first_date=date(1999, 4, 1), last_date=date(2004, 4, 1)
    )
    assert group.could_exist_on(on) is could


def test_a_form_without_dates_could_always_exist() -> None:
    assert FormFacts("gp-practice", "Practice", Family.BEFORE_1999).could_exist_on(date(1850, 1, 1))


@pytest.mark.parametrize(
    ("on", "allowed"),
    [(date(2000, 3, 31), False), (date(2000, 4, 1), True), (date(2004, 4, 1), True), (date(2004, 4, 2), False)],
)
def test_both_days_of_a_rule_are_allowed(on: date, allowed: bool) -> None:
    rule = AllowedStep("pcg-2", "pct-3", Route.SUCCESSION, date(2000, 4, 1), date(2004, 4, 1))
    assert rule.allows(on) is allowed


def test_a_rule_without_dates_always_allows() -> None:
    assert AllowedStep("a", "b", Route.MERGER).allows(date(1, 1, 1))


def test_rules_between_two_forms_by_any_route_or_by_one() -> None:
    assert {rule.route for rule in GRAPH.between("pcg-2", "pct-3")} == {Route.SUCCESSION, Route.MERGER}
    (rule,) = GRAPH.between("pcg-2", "pct-3", Route.MERGER)
    assert rule.consultation
    assert GRAPH.between("pcg-2", "pct-3", Route.LEVEL) == ()


def test_the_graph_runs_one_way() -> None:
    assert GRAPH.between("pct-3", "pcg-2") == ()
    assert GRAPH.between("no-such-form", "pct-3") == ()


def test_what_a_body_may_become_on_a_day() -> None:
    assert {(r.to_form, r.route) for r in GRAPH.steps_from("pct-3", on=date(2001, 4, 1))} == {("pct-4", Route.LEVEL)}
    assert {r.to_form for r in GRAPH.steps_from("pct-3", on=date(2002, 4, 1))} == {"pct-4", "care-trust"}
    assert GRAPH.steps_from("care-trust", on=date(2002, 4, 1)) == ()


def test_routes_that_keep_the_body() -> None:
    assert {route for route in Route if route.keeps_body} == {Route.LEVEL, Route.DESIGNATION}
