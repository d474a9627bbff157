"""Rows of evaluation in a few words. Each function saves one valid row; what is not named takes a plain default."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from evaluation.method.scale import Polarity
from evaluation.method.vocabulary import (
    AssessmentStatus,
    IntegrationAxis,
    MitigationKind,
    OptionKind,
    Stage,
    TransformKind,
)
from evaluation.models import (
    Assessment,
    AssessmentAuthor,
    AssessmentComment,
    AssessmentStep,
    Assessor,
    Choice,
    Criterion,
    Dispersal,
    DispersalPart,
    Evidence,
    Framework,
    IntegrationOption,
    Judgement,
    Mitigation,
    ModelMeasure,
    ModelReading,
    Option,
    PlannedMitigation,
    ProfilePoint,
)
from organisations.models import Organisation
from tests.factories.rows import BASIS, fresh, organisation

DAY = date(2009, 6, 1)
NOON = datetime(2009, 6, 1, 12, tzinfo=UTC)


def framework(**given: Any) -> Framework:
    slug = given.pop("slug", None) or fresh("framework")
    return Framework.objects.create(slug=slug, label=given.pop("label", slug), **given)


def criterion(of: Framework, **given: Any) -> Criterion:
    slug = given.pop("slug", None) or fresh("criterion")
    return Criterion.objects.create(slug=slug, framework=of, **{"label": slug, "text": "Can it?"} | given)


def integration_option(**given: Any) -> IntegrationOption:
    slug = given.pop("slug", None) or fresh("option")
    return IntegrationOption.objects.create(slug=slug, **{"label": slug} | given)


def evidence(option: IntegrationOption, of: Criterion, **given: Any) -> Evidence:
    plain = {"polarity": Polarity.STRENGTH, "text": "It can.", "position": 0}
    return Evidence.objects.create(option=option, criterion=of, **plain | given)


def mitigation(of: Criterion, **given: Any) -> Mitigation:
    plain = {"slug": fresh("mitigation"), "kind": MitigationKind.CONTEXT, "text": "It depends."}
    return Mitigation.objects.create(criterion=of, **plain | given)


def assessment(of: Framework | None = None, **given: Any) -> Assessment:
    plain = {"title": "Which way?", "status": AssessmentStatus.DRAFT, "seed": 1, "created_by": "ann"}
    return Assessment.objects.create(framework=of or framework(), **plain | given)


def step(of: Assessment, **given: Any) -> AssessmentStep:
    plain = {"status": AssessmentStatus.DRAFT, "by": "ann", "at": NOON}
    return AssessmentStep.objects.create(assessment=of, **plain | given)


def option(of: Assessment, **given: Any) -> Option:
    key = given.pop("key", None) or fresh("key")
    plain = {"kind": OptionKind.PRESENT, "label": key, "position": of.options.count()}
    return Option.objects.create(assessment=of, key=key, **plain | given)


def assessor(of: Assessment, **given: Any) -> Assessor:
    return Assessor.objects.create(assessment=of, **{"name": fresh("assessor")} | given)


def collaborator(of: Assessment | Dispersal, **given: Any) -> Any:
    return of.collaborators.create(**{"name": fresh("person")} | given)


def author(of: Assessment, **given: Any) -> AssessmentAuthor:
    return AssessmentAuthor.objects.create(assessment=of, **{"name": "ann", "what": "judgement", "at": NOON} | given)


def comment(of: Assessment, **given: Any) -> AssessmentComment:
    return AssessmentComment.objects.create(assessment=of, **{"name": "ann", "at": NOON, "text": "Well."} | given)


def judgement(by: Assessor, on: Option, of: Criterion, **given: Any) -> Judgement:
    return Judgement.objects.create(assessor=by, option=on, criterion=of, **{"low": 3, "high": 3} | given)


def planned_mitigation(of: Assessment, on: Criterion, **given: Any) -> PlannedMitigation:
    plain = {"text": "Do it.", "transform": TransformKind.RAISE_BY, "amount": 1, "position": of.mitigations.count()}
    return PlannedMitigation.objects.create(assessment=of, criterion=on, **plain | given)


def profile_point(body: Organisation | None = None, **given: Any) -> ProfilePoint:
    plain = {"axis": IntegrationAxis.HEALTH_SOCIAL, "on": DAY, "level": 2, "assessor": "ann", **BASIS}
    return ProfilePoint.objects.create(organisation=body or organisation(), **plain | given)


def choice(of: Assessment, chosen: Option, **given: Any) -> Choice:
    plain = {"on": DAY, "reason": "It comes first.", "by": "ann"}
    return Choice.objects.create(assessment=of, option=chosen, **plain | given)


def measure(of: Assessment, **given: Any) -> ModelMeasure:
    plain = {"title": "Contacts", "unit": "a day", "position": of.measures.count()}
    return ModelMeasure.objects.create(assessment=of, **plain | given)


def reading(of: ModelMeasure, **given: Any) -> ModelReading:
    plain = {"stage": Stage.BASELINE, "on": DAY, "value": 1, "by": "ann"}
    return ModelReading.objects.create(measure=of, **plain | given)


def dispersal(body: Organisation | None = None, **given: Any) -> Dispersal:
    plain = {"title": "Apart", "as_of": DAY, "created_by": "ann"}
    return Dispersal.objects.create(organisation=body or organisation(), **plain | given)


def dispersal_part(of: Dispersal, about: Assessment, **given: Any) -> DispersalPart:
    return DispersalPart.objects.create(dispersal=of, assessment=about, **{"position": of.parts.count()} | given)
