"""Every constraint of commissioning both ways: it takes what is right and refuses what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from commissioning.domain.vocabulary import AnswerState, Separation
from commissioning.models import ArmPlan, ArmPlanGroup
from organisations.models import Organisation
from tests.constraints import APRIL, DAY, MAY, Case, constraints, ends, refuses
from tests.factories import commissioning as make
from tests.factories import rows

pytestmark = pytest.mark.django_db


def a_body() -> tuple[Organisation]:
    return (rows.organisation(),)


def two_bodies() -> tuple[Organisation, Organisation]:
    one = rows.organisation("X-ONE")
    return one, rows.organisation("X-TWO", portfolio=one.portfolio)


def group(body: Organisation, **given: Any) -> Any:
    return make.portfolio_group(make.provider_arm(body), body, **given)


def provision(body: Organisation, **given: Any) -> Any:
    return make.provision(body, make.service(), **given)


def contract(body: Organisation, **given: Any) -> Any:
    return make.contract(body, rows.organisation(portfolio=body.portfolio), **given)


def answer(body: Organisation, **given: Any) -> Any:
    return make.recommendation_answer(body, make.recommendation(), **given)


def pilot(body: Organisation, **given: Any) -> Any:
    return make.pms_pilot(body, contract(body), **given)


def plan(body: Organisation, **given: Any) -> ArmPlan:
    facts = {"title": "A plan", "start": APRIL, "separation": Separation.FULL, "kept_by": "ann"}
    return ArmPlan.objects.create(organisation=body, kept_at=timezone.now(), **(facts | given))


def planned(of: ArmPlan, **given: Any) -> ArmPlanGroup:
    return ArmPlanGroup.objects.create(plan=of, **({"position": 0, "title": "A group"} | given))


def amounts(make_one: Callable[..., Any], *names: str) -> dict[str, Callable[..., Any]]:
    """Nothing is an amount; less than nothing is none, of whichever quantity."""
    return {
        "takes": lambda body: make_one(body, **dict.fromkeys(names, 0)),
        "refuses": lambda body: make_one(body, **(dict.fromkeys(names, 0) | {names[-1]: "-0.01"})),
    }


CASES = [
    Case(
        "one_part_in_an_arm_plan_per_collaborator",
        lambda of: [of.collaborators.create(user_id=each, name="ann") for each in (1, 2)],
        lambda of: [of.collaborators.create(user_id=1, name=each) for each in ("ann", "bob")],
        lambda: (plan(*a_body()),),
    ),
    Case("contract_holding_ends_after_start", before=a_body, **ends(contract)),
    Case("budget_holding_ends_after_start", before=a_body, **ends(make.budget)),
    Case("contribution_ends_after_start", before=a_body, **ends(make.pooled_budget)),
    Case("provision_holding_ends_after_start", before=a_body, **ends(provision)),
    Case("staffing_holding_ends_after_start", before=a_body, **ends(make.staffing)),
    Case("premises_holding_ends_after_start", before=a_body, **ends(make.premises)),
    Case("arm_holding_ends_after_start", before=a_body, **ends(make.provider_arm)),
    Case("group_holding_ends_after_start", before=a_body, **ends(group)),
    Case("contract_value_not_negative", before=a_body, **amounts(contract, "annual_value")),
    Case("budget_not_negative", before=a_body, **amounts(make.budget, "amount")),
    Case("contribution_not_negative", before=a_body, **amounts(make.pooled_budget, "amount")),
    Case("provision_amounts_not_negative", before=a_body, **amounts(provision, "wte", "annual_value")),
    Case("staffing_not_negative", before=a_body, **amounts(make.staffing, "wte")),
    Case(
        "no_contract_with_itself",
        lambda one, two: (make.contract(one, two), make.contract(one, one)),
        lambda one, two: make.contract(one, one, agreement=False),
        two_bodies,
    ),
    Case(
        "one_host_at_a_time",
        lambda one, two: make.contribution(make.pooled_budget(one, start=APRIL, end=MAY), two, start=MAY, hosts=True),
        lambda one, two: make.contribution(make.pooled_budget(one), two, hosts=True),
        two_bodies,
    ),
    Case(
        "form_is_chosen_on_a_day",
        lambda body: (group(body), group(body, chosen_form=rows.form(), chosen_on=APRIL)),
        lambda body: group(body, chosen_form=rows.form()),
        a_body,
    ),
    Case(
        "one_milestone_per_title",
        lambda arm: (make.milestone(arm, title="One"), make.milestone(arm, title="Two")),
        lambda arm: (make.milestone(arm, title="One"), make.milestone(arm, title="One")),
        lambda: (make.provider_arm(*a_body()),),
    ),
    Case(
        "one_answer_per_day",
        lambda body, to: [make.recommendation_answer(body, to, answered_on=on) for on in (APRIL, MAY)],
        lambda body, to: [make.recommendation_answer(body, to, answered_on=on) for on in (APRIL, APRIL)],
        lambda: (*a_body(), make.recommendation()),
    ),
    Case(
        "met_has_evidence",
        lambda body: (answer(body), answer(body, state=AnswerState.MET, evidence="The board's paper.")),
        lambda body: answer(body, state=AnswerState.MET),
        a_body,
    ),
    Case("pilot_wave_from_1", lambda body: pilot(body, wave=1), lambda body: pilot(body, wave=0), a_body),
    Case(
        "salaried_gps_not_negative",
        lambda body: pilot(body, salaried_gps=0),
        lambda body: pilot(body, salaried_gps=-1),
        a_body,
    ),
    Case(
        "one_measure_per_place",
        lambda of: (make.outcome_measure(of, position=1), make.outcome_measure(of, position=2)),
        lambda of: (make.outcome_measure(of, position=1), make.outcome_measure(of, position=1)),
        lambda: (make.contract(*two_bodies()),),
    ),
    Case(
        "one_role_per_cell",
        lambda one, other: (make.staff_role(one), make.staff_role(other)),
        lambda one, other: (make.staff_role(one), make.staff_role(one)),
        lambda: (make.staff_group(), make.staff_group()),
    ),
    Case(
        "one_point_per_place",
        lambda of: (make.arm_option_point(of, position=1), make.arm_option_point(of, position=2)),
        lambda of: (make.arm_option_point(of, position=1), make.arm_option_point(of, position=1)),
        lambda: (make.arm_option(),),
    ),
    Case(
        "arm_plan_is_proposed_by_somebody",
        lambda body: (plan(body), plan(body, proposed_by="bob", proposed_at=timezone.now())),
        lambda body: plan(body, proposed_by="bob"),
        a_body,
    ),
    Case(
        "one_planned_group_per_place",
        lambda of: (planned(of), planned(of, position=1)),
        lambda of: (planned(of), planned(of)),
        lambda: (plan(*a_body()),),
    ),
    Case(
        "proposed_group_has_all_it_takes",
        lambda of: (
            planned(of),
            planned(of, position=1, change=rows.change(), form=rows.form(), on=APRIL, code="X-9", name="Nine"),
        ),
        lambda of: planned(of, change=rows.change(), form=rows.form(), on=APRIL + DAY, code="X-9"),
        lambda: (plan(*a_body()),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_takes_what_is_right(case: Case) -> None:
    assert case.takes(*case.before())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_refuses_what_is_wrong(case: Case) -> None:
    refuses(case)


def test_every_constraint_of_these_models_is_tested_here() -> None:
    assert {case.name for case in CASES} == constraints("commissioning").keys()
