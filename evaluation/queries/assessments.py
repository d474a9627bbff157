"""Assessments as documents, and the queries behind their lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from evaluation.domain.lifecycle import ALTERABLE, SETTLED, STEPS
from evaluation.domain.vocabulary import AssessmentStatus
from evaluation.models import Assessment, Assessor, Dispersal, Judgement, Option, PlannedMitigation
from evaluation.queries.appraisals import weights_problem
from evaluation.queries.following import choice_document
from organisations.queries.coverage import portfolios
from pcorg.policies import Actor


def listing(portfolio: str | None) -> QuerySet[Assessment]:
    """Assessments; those of illustrative subjects only where their portfolio, or all, is asked for."""
    rows = Assessment.objects.order_by()
    if portfolio == "all":
        return rows
    return rows.filter(illustrative=False) if portfolio is None else rows.filter(subject__portfolio=portfolio)


def worked_examples(rows: QuerySet[Assessment]) -> dict[str, date]:
    """The last covered day of each invented portfolio that has some of these assessments, by slug."""
    found = set(rows.filter(illustrative=True).values_list("subject__portfolio", flat=True))
    return {slug: known.covers_to for slug, known in portfolios().items() if slug in found}


def dispersals(portfolio: str | None) -> QuerySet[Dispersal]:
    """Dispersals; those of illustrative trusts only where their portfolio, or all, is asked for."""
    rows = Dispersal.objects.order_by()
    if portfolio == "all":
        return rows
    if portfolio is None:
        return rows.filter(organisation__portfolio__illustrative=False)
    return rows.filter(organisation__portfolio=portfolio)


def detail(number: int) -> dict[str, Any]:
    """An assessment in full. Raises Assessment.DoesNotExist."""
    held = Assessment.objects.get(pk=number)
    panel = list(held.panel.all())
    return {
        "id": held.pk,
        "title": held.title,
        "reference": held.reference,
        "illustrative": held.illustrative,
        "framework": held.framework_id,
        "subject": held.subject_id,
        "as_of": held.as_of,
        "scope": {"kind": held.scope, "service_group": held.service_group_id, "service": held.service_id},
        "purpose": held.purpose,
        "status": held.status,
        "options": [_option(option) for option in held.options.all()],
        "weights": weights_document(held),
        "mitigations": [_mitigation(plan) for plan in held.mitigations.prefetch_related("options")],
        "panel": [
            {"name": assessor.name, "consensus": assessor.consensus, "weights": weights_document(assessor)}
            for assessor in panel
        ],
        "change": held.change_id,
        "choice": choice_document(number),
        "copied_from": held.copied_from_id,
        "seed": held.seed,
        "created_by": held.created_by,
        "created_at": held.created_at,
        "history": [
            {"status": step.status, "by": step.by, "at": step.at, "comment": step.comment} for step in held.steps.all()
        ],
        "version": held.version,
        "problem": weights_problem(held) or next((told for row in panel if (told := weights_problem(row))), None),
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "key": option.key,
        "kind": option.kind,
        "label": option.label,
        "passes_gate": option.passes_gate,
        "gate_reason": option.gate_reason,
    }


def weights_document(row: Assessment | Assessor) -> dict[str, Any] | None:
    """What a row says of the weights, in the shape in which it is stated; None where nothing can be read."""
    return {"mode": row.weighing, **row.weights} if row.weighing and not weights_problem(row) else None


def _mitigation(plan: PlannedMitigation) -> dict[str, Any]:
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


def judgement_document(judgement: Judgement) -> dict[str, Any]:
    """One judgement."""
    return {
        "assessor": judgement.assessor.name,
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
        "at": judgement.at,
    }


def open_to(status: str, *, reference: bool, created_by: str, by: Actor, chosen: bool) -> list[str]:
    """What somebody can do next with an assessment; `chosen` tells that one of its options is, and is followed."""
    if not by.commissions:
        return []
    now = AssessmentStatus.stored(status)
    found = ["copy"]
    if reference:
        return found
    if now in ALTERABLE:
        found.append("alter")
    if now is AssessmentStatus.OPEN:
        found.append("judge")
    if now in SETTLED:
        found.append("choose")
    found += [
        step
        for step, (allowed, _) in STEPS.items()
        if now in allowed
        and (step != "approve" or (by.approves and created_by != by.name))
        and not (step == "open" and chosen)
    ]
    return found
