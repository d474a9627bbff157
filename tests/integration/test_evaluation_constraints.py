"""Every constraint of the evaluation's tables both ways, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from evaluation.method.vocabulary import AssessmentScope, OptionKind, TransformKind
from evaluation.models import Criterion
from tests.constraints import Case, constraints, refuses
from tests.factories import evaluation as rows
from tests.factories.commissioning import service, service_group

pytestmark = pytest.mark.django_db


def a_framework() -> tuple[Any, ...]:
    return (rows.framework(),)


def a_cell() -> tuple[Any, ...]:
    return rows.integration_option(), rows.criterion(rows.framework())


def an_assessment() -> tuple[Any, ...]:
    return (rows.assessment(),)


def a_judging() -> tuple[Any, ...]:
    held = rows.assessment()
    return rows.assessor(held), rows.option(held), rows.criterion(held.framework)


def a_plan() -> tuple[Any, ...]:
    held = rows.assessment()
    return held, rows.criterion(held.framework)


def a_dispersal() -> tuple[Any, ...]:
    return rows.dispersal(), rows.assessment(), rows.assessment()


CASES = [
    Case(
        "one_assessor_per_user",
        lambda of: (rows.assessor(of, user_id=1), rows.assessor(of, user_id=2), rows.assessor(of), rows.assessor(of)),
        lambda of: (rows.assessor(of, user_id=1), rows.assessor(of, user_id=1)),
        an_assessment,
    ),
    Case(
        "one_part_in_an_assessment_per_collaborator",
        lambda of: (rows.collaborator(of, user_id=1), rows.collaborator(of, user_id=2)),
        lambda of: (rows.collaborator(of, user_id=1), rows.collaborator(of, user_id=1)),
        an_assessment,
    ),
    Case(
        "one_part_in_a_dispersal_per_collaborator",
        lambda of, *_: (rows.collaborator(of, user_id=1), rows.collaborator(of, user_id=2)),
        lambda of, *_: (rows.collaborator(of, user_id=1), rows.collaborator(of, user_id=1)),
        a_dispersal,
    ),
    Case(
        "one_criterion_per_label",
        lambda of: (rows.criterion(of, label="A"), rows.criterion(of, label="B")),
        lambda of: (rows.criterion(of, label="A"), rows.criterion(of, label="A")),
        a_framework,
    ),
    Case(
        "one_statement_per_place",
        lambda option, of: (rows.evidence(option, of), rows.evidence(option, of, position=1)),
        lambda option, of: (rows.evidence(option, of), rows.evidence(option, of)),
        a_cell,
    ),
    Case(
        "mitigation_has_transform_and_amount",
        lambda _, of: (rows.mitigation(of), rows.mitigation(of, transform=TransformKind.NARROW, amount="0.5")),
        lambda _, of: rows.mitigation(of, transform=TransformKind.NARROW),
        a_cell,
    ),
    Case(
        "assessment_scope_names_its_services",
        lambda group, one: (
            rows.assessment(),
            rows.assessment(scope=AssessmentScope.GROUP, service_group=group),
            rows.assessment(scope=AssessmentScope.SERVICE, service=one),
        ),
        lambda group, one: rows.assessment(scope=AssessmentScope.GROUP, service=one),
        lambda: (group := service_group(), service(group=group)),
    ),
    Case(
        "one_option_per_place",
        lambda of: (rows.option(of), rows.option(of)),
        lambda of: (rows.option(of, position=0), rows.option(of, position=0)),
        an_assessment,
    ),
    Case(
        "one_option_per_key",
        lambda of: (rows.option(of, key="a"), rows.option(of, key="b")),
        lambda of: (rows.option(of, key="a"), rows.option(of, key="a")),
        an_assessment,
    ),
    Case(
        "option_names_what_it_is",
        lambda of: (
            rows.option(of),
            rows.option(of, kind=OptionKind.INTEGRATION, integration_option=rows.integration_option()),
        ),
        lambda of: rows.option(of, kind=OptionKind.INTEGRATION),
        an_assessment,
    ),
    Case(
        "option_that_fails_says_why",
        lambda of: rows.option(of, passes_gate=False, gate_reason="Unlawful."),
        lambda of: rows.option(of, passes_gate=False),
        an_assessment,
    ),
    Case(
        "one_assessor_per_name",
        lambda of: (rows.assessor(of, name="ann"), rows.assessor(of, name="bob")),
        lambda of: (rows.assessor(of, name="ann"), rows.assessor(of, name="ann")),
        an_assessment,
    ),
    Case(
        "one_consensus_per_assessment",
        lambda of: (rows.assessor(of, consensus=True), rows.assessor(of)),
        lambda of: (rows.assessor(of, consensus=True), rows.assessor(of, consensus=True)),
        an_assessment,
    ),
    Case(
        "one_judgement_per_cell",
        rows.judgement,
        lambda by, on, of: (rows.judgement(by, on, of), rows.judgement(by, on, of)),
        a_judging,
    ),
    Case(
        "judgement_levels_1_to_5",
        lambda by, on, of: rows.judgement(by, on, of, low=1, high=5),
        lambda by, on, of: rows.judgement(by, on, of, low=4, high=3),
        a_judging,
    ),
    Case(
        "judgement_without_evidence_is_the_whole_scale",
        lambda by, on, of: rows.judgement(by, on, of, low=1, high=5, no_evidence=True),
        lambda by, on, of: rows.judgement(by, on, of, low=2, high=5, not_applicable=True),
        a_judging,
    ),
    Case(
        "one_mitigation_per_place",
        lambda of, on: (rows.planned_mitigation(of, on), rows.planned_mitigation(of, on)),
        lambda of, on: (rows.planned_mitigation(of, on, position=0), rows.planned_mitigation(of, on, position=0)),
        a_plan,
    ),
    Case(
        "delivery_0_to_1",
        lambda of, on: rows.planned_mitigation(of, on, delivery=1),
        lambda of, on: rows.planned_mitigation(of, on, delivery="1.01"),
        a_plan,
    ),
    Case(
        "mitigation_amount_0_to_5",
        lambda of, on: rows.planned_mitigation(of, on, amount=5),
        lambda of, on: rows.planned_mitigation(of, on, amount="-0.01"),
        a_plan,
    ),
    Case(
        "one_view_per_axis_and_day",
        lambda one: (rows.profile_point(one.organisation), rows.profile_point(one.organisation, assessor="bob")),
        lambda one: (rows.profile_point(one.organisation), rows.profile_point(one.organisation)),
        lambda: (rows.profile_point(assessor="eve"),),
    ),
    Case("profile_level_0_to_5", lambda: rows.profile_point(level=5), lambda: rows.profile_point(level=6)),
    Case(
        "choice_says_why",
        rows.choice,
        lambda of, option: rows.choice(of, option, reason=""),
        lambda: (held := rows.assessment(), rows.option(held)),
    ),
    Case(
        "one_model_measure_per_place",
        lambda of: (rows.measure(of), rows.measure(of)),
        lambda of: (rows.measure(of, position=0), rows.measure(of, position=0)),
        an_assessment,
    ),
    Case(
        "one_reading_per_day",
        rows.reading,
        lambda of: (rows.reading(of), rows.reading(of)),
        lambda: (rows.measure(rows.assessment()),),
    ),
    Case(
        "one_part_per_place",
        lambda of, one, two: (rows.dispersal_part(of, one), rows.dispersal_part(of, two)),
        lambda of, one, two: (rows.dispersal_part(of, one, position=0), rows.dispersal_part(of, two, position=0)),
        a_dispersal,
    ),
    Case(
        "one_part_per_assessment",
        lambda of, one, two: (rows.dispersal_part(of, one), rows.dispersal_part(of, two)),
        lambda of, one, _: (rows.dispersal_part(of, one), rows.dispersal_part(of, one)),
        a_dispersal,
    ),
    Case(
        "override_of_a_part_says_why",
        lambda of, one, _: rows.dispersal_part(of, one, override=rows.option(one), reason="Staff prefer it."),
        lambda of, one, _: rows.dispersal_part(of, one, override=rows.option(one)),
        a_dispersal,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_takes_what_is_right(case: Case) -> None:
    assert case.takes(*case.before())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_refuses_what_is_wrong(case: Case) -> None:
    refuses(case)


def test_every_constraint_of_these_models_is_tested_here() -> None:
    assert {case.name for case in CASES} == constraints("evaluation").keys()


def test_the_criteria_of_a_framework_stay_once_assessments_rest_on_it() -> None:
    used, free = rows.framework(), rows.framework()
    kept = rows.criterion(used)
    rows.assessment(used)
    kept.text = "Said more clearly."
    kept.full_clean()
    Criterion(slug="one-more", framework=free, label="More", text="?").full_clean()
    for changed in (
        Criterion(slug="one-more", framework=used, label="More", text="?"),
        Criterion(slug=kept.slug, framework=free, label=kept.label, text="?"),
    ):
        with pytest.raises(ValidationError, match="Make another framework"):
            changed.full_clean()
