"""Which checks a change is put to, and how strictly: the declared records decide both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.domain.checks import CHECKS, findings_of
from organisations.domain.checks.evidence import SETTLED_BY
from organisations.domain.forms import AllowedStep, CheckFacts, TransitionGraph
from organisations.domain.planning import plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import Applies, ChangeKind, Outcome, RelationshipKind, Route
from tests.factories import snapshots as make

DAY = date(2003, 4, 1)
GATED = frozenset(CHECKS) - make.ALWAYS
LEVEL = make.request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-4")
DESIGNATED = make.request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.DESIGNATION, to_form="care-trust")
MERGED = make.request(ChangeKind.MERGER, DAY, ["A", "B"], new=(make.new("N", "pct-4", on=DAY),))
SUCCEEDED = make.request(
    ChangeKind.TRANSITION, DAY, ["A"], route=Route.SUCCESSION, new=(make.new("N", "pct-4", on=DAY),)
)
STEPS = {Route.LEVEL: LEVEL, Route.DESIGNATION: DESIGNATED, Route.MERGER: MERGED, Route.SUCCESSION: SUCCEEDED}


def state(route: Route, declared: frozenset[str], **checks: CheckFacts) -> Snapshot:
    """Two trusts, and a rule for the step that declares these checks."""
    to_form = "care-trust" if route is Route.DESIGNATION else "pct-4"
    return make.world(
        make.body("A", people=120_000),
        make.body("B", people=130_000),
        graph=TransitionGraph.of([AllowedStep("pct-3", to_form, route, checks=declared)]),
        checks=make.CHECKS | checks,
    )


@given(st.sampled_from(sorted(STEPS)), st.frozensets(st.sampled_from(sorted(GATED))))
def test_a_step_is_put_to_what_its_rule_declares_by_whatever_route(route: Route, declared: frozenset[str]) -> None:
    found = {finding.code for finding in findings_of(plan(STEPS[route], state(route, declared)))}
    never_here = {"contiguous"} if route is not Route.MERGER else set()  # one part is always in one piece
    never_here |= {"whole-area"} if route in {Route.LEVEL, Route.DESIGNATION} else set()  # nobody joins or leaves
    assert found & GATED == declared - never_here


@given(st.sampled_from(sorted(SETTLED_BY)), st.sampled_from([Outcome.ADVISE, Outcome.BLOCK]))
def test_what_is_not_met_weighs_as_its_record_says(code: str, severity: Outcome) -> None:
    declared = state(Route.MERGER, frozenset({code}), **{code: CheckFacts(code, severity)})
    (finding,) = (each for each in findings_of(plan(MERGED, declared)) if each.code == code)
    assert finding.outcome is severity


@pytest.mark.parametrize("severity", [Outcome.ADVISE, Outcome.BLOCK])
def test_data_that_fail_weigh_as_the_record_says_and_what_is_not_known_only_advises(severity: Outcome) -> None:
    code = "coterminous"
    known = state(Route.MERGER, frozenset({code}), **{code: CheckFacts(code, severity)})
    (unknown,) = (each for each in findings_of(plan(MERGED, known)) if each.code == code)
    assert unknown.outcome is Outcome.ADVISE
    split = (
        make.relationship(RelationshipKind.LOCATED_IN, "A", "LA"),
        make.relationship(RelationshipKind.LOCATED_IN, "B", "LB"),
    )
    places = {council: make.body(council, "local-authority") for council in ("LA", "LB")}
    (failed,) = (
        each
        for each in findings_of(plan(MERGED, replace(known, relationships=split, bodies={**known.bodies, **places})))
        if each.code == code
    )
    assert failed.outcome is severity


def test_what_applies_always_needs_no_rule_and_what_is_declared_does() -> None:
    code = "management-capacity"
    for applies in Applies:
        facts = CheckFacts(code, Outcome.ADVISE, applies)
        found = {each.code for each in findings_of(plan(LEVEL, state(Route.LEVEL, frozenset(), **{code: facts})))}
        assert (code in found) is (applies is Applies.ALWAYS)


def test_a_check_without_a_record_is_not_made() -> None:
    declared = state(Route.MERGER, GATED)
    bare = replace(declared, checks={code: facts for code, facts in declared.checks.items() if code != "relations"})
    assert "relations" not in {each.code for each in findings_of(plan(MERGED, bare))}


@given(st.frozensets(st.sampled_from(sorted(GATED))))
def test_a_body_set_up_out_of_nothing_is_put_to_what_its_form_declares(declared: frozenset[str]) -> None:
    forms = make.FORMS | {"pct-4": replace(make.FORMS["pct-4"], checks=declared)}
    founded = make.request(ChangeKind.ESTABLISHMENT, DAY, new=(make.new("N", "pct-4", on=DAY),))
    found = {each.code for each in findings_of(plan(founded, make.world(forms=forms)))}
    assert found & GATED == declared - {"contiguous"}


def test_a_step_that_the_rules_do_not_know_is_put_to_what_the_form_declares() -> None:
    forms = make.FORMS | {"pct-4": replace(make.FORMS["pct-4"], checks=frozenset({"consultation-held"}))}
    unknown = replace(state(Route.SUCCESSION, frozenset({"relations"})), forms=forms)
    found = {each.code: each.outcome for each in findings_of(plan(MERGED, unknown))}
    assert found["form-path"] is Outcome.BLOCK
    assert found["consultation-held"] is Outcome.BLOCK
    assert "relations" not in found
