"""Assessments: made, altered, opened, judged, closed, approved, copied; each step attributed and on the trail."""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from evaluation.actions.faults import assessment_problems, revision_problems
from evaluation.actions.options import set_options
from evaluation.actions.refusals import Invalid, NotNow
from evaluation.domain.lifecycle import ALTERABLE, STEPS
from evaluation.domain.vocabulary import AssessmentStatus
from evaluation.ingest.stated import (
    StatedAssessment,
    StatedMitigation,
    StatedRevision,
    StatedWeights,
)
from evaluation.models import (
    Assessment,
    AssessmentStep,
    Assessor,
    Choice,
    Judgement,
    Option,
    PlannedMitigation,
)
from organisations.models import Organisation
from pcorg.audit.kinds import ASSESSED
from pcorg.audit.trail import record
from pcorg.policies import Actor


def create_assessment(*, stated: StatedAssessment, by: Actor) -> Assessment:
    """Make an assessment, as a draft. Raises Invalid with everything wrong, NotNow for somebody who may not."""
    must_commission(by)
    with transaction.atomic():
        problems = assessment_problems(stated)
        if problems:
            raise Invalid(problems)
        made = Assessment.objects.create(
            title=stated.title,
            framework_id=stated.framework,
            subject_id=stated.subject,
            illustrative=_illustrative(stated.subject),
            as_of=stated.as_of,
            scope=stated.scope.kind,
            service_group_id=stated.scope.service_group,
            service_id=stated.scope.service,
            purpose=stated.purpose,
            status=AssessmentStatus.DRAFT,
            seed=secrets.randbelow(2**31),
            change_id=stated.change,
            created_by=by.name,
            **weight_columns(stated.weights),
        )
        set_options(made, stated.options)
        set_mitigations(made, stated.mitigations)
        _set_panel(made, stated.panel, by.name)
        write_step(made, AssessmentStatus.DRAFT, by.name, "")
        record(actor=by.name, altered=ASSESSED, action="create-assessment", subject=f"assessment {made.pk}")
    return made


def alter_assessment(*, number: int, stated: StatedRevision, by: Actor, seen: set[int] | None = None) -> Assessment:
    """Alter an assessment that is a draft or open. Raises Invalid, NotNow, Assessment.DoesNotExist.

    `seen` are the versions the caller has seen; with any other `Stale` is raised.
    """
    must_commission(by)
    with transaction.atomic():
        held = locked(number, seen)
        must_be(held, ALTERABLE)
        problems = revision_problems(held, stated)
        if problems:
            raise Invalid(problems)
        for name in ("title", "purpose", "as_of"):
            if getattr(stated, name) is not None:
                setattr(held, name, getattr(stated, name))
        if "change" in stated.model_fields_set:
            held.change_id = stated.change
        if stated.weights is not None:
            for name, value in weight_columns(stated.weights).items():
                setattr(held, name, value)
        if stated.options is not None:
            set_options(held, stated.options)
        if stated.mitigations is not None:
            set_mitigations(held, stated.mitigations)
        if stated.panel is not None:
            _set_panel(held, stated.panel, by.name)
        _touched(held)
        altered = sorted(stated.model_dump(exclude_none=True))
        record(
            actor=by.name,
            altered=ASSESSED,
            action="alter-assessment",
            subject=f"assessment {number}",
            particulars={"fields": altered},
        )
    return held


def move_assessment(
    *, number: int, step: str, by: Actor, comment: str = "", seen: set[int] | None = None
) -> Assessment:
    """Open, close or approve an assessment; `step` is a key of STEPS. Only an approver who did not make it approves
    it. Raises NotNow, Assessment.DoesNotExist, KeyError; Stale with other versions `seen` than the one there is."""
    allowed, status = STEPS[step]
    must_commission(by)
    with transaction.atomic():
        held = locked(number, seen)
        if status is AssessmentStatus.APPROVED and not by.approves:
            raise NotNow("Only an approver approves an assessment.")
        if status is AssessmentStatus.APPROVED and held.created_by == by.name:
            raise NotNow("Nobody approves an assessment of their own.")
        must_be(held, allowed)
        if status is AssessmentStatus.OPEN and Choice.objects.filter(assessment=held).exists():
            raise NotNow("An option of this assessment is chosen and followed. Copy it to judge again.")
        if status is AssessmentStatus.CLOSED and not Judgement.objects.filter(assessor__assessment=held).exists():
            raise NotNow("Nothing has been judged yet.")
        held.status = status
        _touched(held)
        write_step(held, status, by.name, comment)
        record(actor=by.name, altered=ASSESSED, action=f"{step}-assessment", subject=f"assessment {number}")
    return held


def copy_assessment(
    *, number: int, by: Actor, title: str | None = None, judgements: bool = False, seen: set[int] | None = None
) -> Assessment:
    """A new draft like another assessment, with its judgements where asked. Raises NotNow, Assessment.DoesNotExist;
    Stale with other versions `seen` than the one there is."""
    must_commission(by)
    with transaction.atomic():
        held = locked(number, seen)
        made = Assessment.objects.create(
            title=(title or f"Copy of {held.title}")[:200],
            copied_from=held,
            status=AssessmentStatus.DRAFT,
            created_by=by.name,
            seed=held.seed,
            **{
                name: getattr(held, name)
                for name in (
                    "framework_id",
                    "subject_id",
                    "illustrative",
                    "as_of",
                    "scope",
                    "service_group_id",
                    "service_id",
                    "purpose",
                    "weighing",
                    "weights",
                )
            },
        )
        options = _copied_options(held, made)
        for plan in held.mitigations.prefetch_related("options"):
            chosen = [options[option.pk] for option in plan.options.all()]
            plan.pk, plan.assessment = None, made
            plan.save(force_insert=True)
            plan.options.set(chosen)
        _copied_panel(held, made, options if judgements else {})
        write_step(made, AssessmentStatus.DRAFT, by.name, f"Copied from assessment {number}.")
        record(
            actor=by.name,
            altered=ASSESSED,
            action="copy-assessment",
            subject=f"assessment {made.pk}",
            particulars={"from": number, "judgements": judgements},
        )
    return made


def _copied_options(held: Assessment, made: Assessment) -> dict[int, Option]:
    options = {}
    for option in held.options.all():
        old = option.pk
        option.pk, option.assessment = None, made
        option.save(force_insert=True)
        options[old] = option
    return options


def _copied_panel(held: Assessment, made: Assessment, options: Mapping[int, Option]) -> None:
    for assessor in held.panel.all():
        judged = list(assessor.judgements.prefetch_related("evidence")) if options else []
        assessor.pk, assessor.assessment = None, made
        assessor.save(force_insert=True)
        for judgement in judged:
            evidence = list(judgement.evidence.all())
            judgement.pk, judgement.assessor, judgement.option = None, assessor, options[judgement.option_id]
            judgement.save(force_insert=True)
            judgement.evidence.set(evidence)


class Stale(Exception):
    """The assessment has changed since it was read."""


def locked(number: int, seen: set[int] | None) -> Assessment:
    """The assessment, locked for this transaction. Raises Stale, Assessment.DoesNotExist."""
    held = Assessment.objects.select_for_update(no_key=True).get(pk=number)
    if seen is not None and held.version not in seen:
        raise Stale(f"assessment {number} has changed since it was read")
    return held


def must_commission(by: Actor) -> None:
    """Raises NotNow for somebody who may not appraise."""
    if not by.commissions:
        raise NotNow("Only commissioners and approvers appraise options.")


def must_be(held: Assessment, allowed: Container[AssessmentStatus]) -> None:
    """Raises NotNow unless the assessment is in one of the statuses."""
    if held.reference:
        raise NotNow("A shipped reference assessment is not altered; copy it.")
    if AssessmentStatus(held.status) not in allowed:
        now = AssessmentStatus(held.status)
        named = "a draft" if now is AssessmentStatus.DRAFT else now.label.lower()
        raise NotNow(f"The assessment is {named}; that is not possible now.")


def _touched(held: Assessment) -> None:
    held.version += 1
    held.save()


def touch(number: int) -> None:
    """Count a write that touched an assessment."""
    Assessment.objects.filter(pk=number).update(version=F("version") + 1)


def write_step(held: Assessment, status: AssessmentStatus, by: str, comment: str) -> None:
    """Put a step on an assessment's record."""
    AssessmentStep.objects.create(assessment=held, status=status, by=by, at=timezone.now(), comment=comment)


def weight_columns(weights: StatedWeights) -> dict[str, Any]:
    """The columns that keep what is said of the weights."""
    said = weights.model_dump(mode="json", exclude={"mode"})
    return {"weighing": weights.mode, "weights": {name: value for name, value in said.items() if value}}


def _illustrative(subject: str | None) -> bool:
    return Organisation.objects.filter(pk=subject, portfolio__illustrative=True).exists() if subject else False


def set_mitigations(held: Assessment, stated: list[StatedMitigation]) -> None:
    """Give an assessment these mitigations in this order."""
    options = {option.key: option for option in held.options.all()}
    for plan in held.mitigations.all():
        plan.options.clear()
        plan.delete()
    for position, mitigation in enumerate(stated):
        plan = PlannedMitigation.objects.create(
            assessment=held,
            criterion_id=mitigation.criterion,
            text=mitigation.text,
            transform=mitigation.transform,
            amount=mitigation.amount,
            delivery=mitigation.delivery,
            owner=mitigation.owner or "",
            position=position,
        )
        plan.options.set([options[key] for key in mitigation.options])


def _set_panel(held: Assessment, panel: list[str], by: str) -> None:
    """Invite these people. Whoever is no longer named is no longer invited, and leaves unless they have judged:
    judgements are kept."""
    people, now = held.panel.filter(consensus=False), timezone.now()
    people.filter(judgements__isnull=True).exclude(name__in=panel).delete()
    people.exclude(name__in=panel).update(invited_at=None)
    people.filter(name__in=panel, invited_at=None).update(invited_by=by, invited_at=now)
    known = set(people.values_list("name", flat=True))
    for name in panel:
        if name not in known:
            Assessor.objects.create(assessment=held, name=name, invited_by=by, invited_at=now)
