"""Assessments as documents, and the queries behind their lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet

from evaluation.models import Assessment, Assessor, Dispersal, Judgement, Option, PlannedMitigation
from evaluation.policies import AssessmentPermission
from evaluation.read_models.assessments import (
    AssessmentDetail,
    AssessmentStepDocument,
    CommentOnAssessment,
    JudgementDocument,
    OptionDocument,
    PlannedMitigationDocument,
)
from evaluation.selectors.appraisals import weights_problem
from evaluation.selectors.following import choice_document
from evaluation.selectors.people import assessors_of, named_in, of_step
from pcorg.core.policies import Actor, can
from pcorg.core.portfolios import portfolios
from pcorg.core.read_models import rows_of
from pcorg.core.writes import existing


def listing(portfolio: str | None, by: Actor) -> QuerySet[Assessment]:
    """Assessments that somebody reads; those of illustrative subjects only where their portfolio, or all, is asked
    for."""
    rows = Assessment.objects.visible_to(by).order_by()
    if portfolio == "all":
        return rows
    return rows.filter(illustrative=False) if portfolio is None else rows.filter(subject__portfolio=portfolio)


def worked_examples(rows: QuerySet[Assessment]) -> dict[str, date]:
    """The last covered day of each invented portfolio that has some of these assessments, by slug."""
    found = set(rows.filter(illustrative=True).values_list("subject__portfolio", flat=True))
    return {slug: portfolio.covers_to for slug, portfolio in portfolios().items() if slug in found}


def dispersals(portfolio: str | None, by: Actor) -> QuerySet[Dispersal]:
    """Dispersals that somebody reads; those of illustrative trusts only where their portfolio, or all, is asked for."""
    rows = Dispersal.objects.visible_to(by).order_by()
    if portfolio == "all":
        return rows
    if portfolio is None:
        return rows.filter(organisation__portfolio__illustrative=False)
    return rows.filter(organisation__portfolio=portfolio)


def options_of(numbers: Collection[int]) -> dict[int, list[str]]:
    """The keys of the options of assessments, in order; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    options = Option.objects.filter(assessment__in=numbers).order_by("assessment", "position")
    for number, key in options.values_list("assessment_id", "key"):
        found[number].append(key)
    return found


def people_of(numbers: Collection[int], by: Actor) -> dict[int, dict[str, str]]:
    """Whose assessments are and who made them, by their part, as somebody reads it; one query."""
    return {
        number: {
            "owner": named_in(held, by, held.owner_name),
            "created_by": named_in(held, by, held.created_by),
        }
        for number, held in Assessment.objects.in_bulk(numbers).items()
    }


def with_people(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """The same with the people at hand that the policies ask about."""
    return rows.select_related("choice").prefetch_related("collaborators", "authors", "panel")


def detail(number: int, by: Actor) -> AssessmentDetail:
    """An assessment in full. Raises NotFound, also for one that `by` does not read."""
    assessment = existing(with_people(Assessment.objects.visible_to(by)), number)
    panel, called = list(assessment.panel.all()), assessors_of(assessment, by)
    return {
        "id": assessment.pk,
        "title": assessment.title,
        "reference": assessment.reference,
        "illustrative": assessment.illustrative,
        "framework": assessment.framework_id,
        "subject": assessment.subject_id,
        "as_of": assessment.as_of,
        "scope": {
            "kind": assessment.scope,
            "service_group": assessment.service_group_id,
            "service": assessment.service_id,
        },
        "purpose": assessment.purpose,
        "status": assessment.status,
        "options": [_option(option) for option in assessment.options.all()],
        "weights": weights_document(assessment),
        "mitigations": [_mitigation(plan) for plan in assessment.mitigations.prefetch_related("options")],
        "panel": [
            {
                "name": called(assessor),
                "consensus": assessor.consensus,
                "invited": assessor.invited_at is not None,
                "weights": weights_document(assessor),
            }
            for assessor in panel
        ],
        "change": assessment.change_id,
        "choice": choice_document(assessment, by),
        "copied_from": assessment.copied_from_id,
        "seed": assessment.seed,
        "owner": named_in(assessment, by, assessment.owner_name),
        "collaborators": [named_in(assessment, by, each.name) for each in assessment.collaborators.all()],
        "created_by": named_in(assessment, by, assessment.created_by),
        "created_at": assessment.created_at,
        "history": history_of(assessment, by),
        "allowed_actions": open_to(assessment, by),
        "version": assessment.version,
        "problem": weights_problem(assessment)
        or next((problem for row in panel if (problem := weights_problem(row))), None),
    }


def history_of(assessment: Assessment, by: Actor) -> list[AssessmentStepDocument]:
    """The steps in the life of an assessment, in order."""
    return [
        {
            "status": step.status,
            "by": of_step(assessment, by, step.status, step.by),
            "at": step.at,
            "comment": step.comment,
        }
        for step in assessment.steps.all()
    ]


def comments_on(assessment: Assessment, by: Actor) -> list[CommentOnAssessment]:
    """What was said of an assessment, in order."""
    return rows_of(
        CommentOnAssessment, assessment.comments.order_by("at", "pk"), by=lambda name: named_in(assessment, by, name)
    )


def _option(option: Option) -> OptionDocument:
    return {
        "key": option.key,
        "kind": option.kind,
        "label": option.label,
        "passes_gate": option.passes_gate,
        "gate_reason": option.gate_reason,
        "set_aside": bool(option.set_aside),
        "set_aside_reason": option.set_aside,
    }


def weights_document(row: Assessment | Assessor) -> dict[str, Any] | None:
    """What a row says of the weights, in the shape in which it is stated; None where nothing can be read."""
    return {"mode": row.weighing, **row.weights} if row.weighing and not weights_problem(row) else None


def _mitigation(plan: PlannedMitigation) -> PlannedMitigationDocument:
    return {
        "position": plan.position,
        "criterion": plan.criterion_id,
        "text": plan.text,
        "transform": plan.transform,
        "amount": str(plan.amount),
        "options": [option.key for option in plan.options.all()],
        "delivery": str(plan.delivery),
        "owner": plan.owner,
    }


def judgements_of(number: int) -> QuerySet[Judgement]:
    """The judgements of an assessment in the order of assessors, options and criteria."""
    return (
        Judgement.objects.filter(assessor__assessment=number)
        .select_related("assessor", "option")
        .order_by("assessor__consensus", "assessor__name", "option__position", "criterion__position", "criterion_id")
    )


def judgement_documents(assessment: Assessment, by: Actor, rows: QuerySet[Judgement]) -> list[JudgementDocument]:
    """Judgements of an assessment, each as somebody reads it."""
    called = assessors_of(assessment, by)
    return [judgement_document(row, called(row.assessor)) for row in rows.prefetch_related("evidence")]


def judgement_document(judgement: Judgement, assessor: str) -> JudgementDocument:
    """One judgement, with the name that its assessor is called."""
    return {
        "assessor": assessor,
        "consensus": judgement.assessor.consensus,
        "option": judgement.option.key,
        "criterion": judgement.criterion_id,
        "low": judgement.low,
        "high": judgement.high,
        "varies": judgement.varies,
        "no_evidence": judgement.no_evidence,
        "not_applicable": judgement.not_applicable,
        "rationale": judgement.rationale,
        "evidence": [each.pk for each in judgement.evidence.all()],
        "set_aside": bool(judgement.option.set_aside),
        "at": judgement.at,
    }


ACTIONS = {
    "copy": AssessmentPermission.COPY,
    "alter": AssessmentPermission.ALTER,
    "judge": AssessmentPermission.JUDGE,
    "choose": AssessmentPermission.CHOOSE,
    "open": AssessmentPermission.OPEN,
    "close": AssessmentPermission.CLOSE,
    "approve": AssessmentPermission.APPROVE,
}
"""What can come next, by the word for it."""


def open_to(assessment: Assessment, by: Actor) -> list[str]:
    """Return the actions open to a person on an assessment."""
    return [name for name, permission in ACTIONS.items() if can(by, permission, assessment)]
