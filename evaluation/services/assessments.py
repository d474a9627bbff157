"""Assessments: made, altered, opened, judged, closed, approved, copied; each step attributed and on the trail."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluation.method.vocabulary import STEPS, AssessmentStatus
from evaluation.models import (
    Assessment,
    AssessmentAuthor,
    AssessmentStep,
    Assessor,
    Judgement,
    Option,
    PlannedMitigation,
)
from evaluation.policies import AssessmentPermission
from evaluation.services.content import content_of, differing
from evaluation.services.faults import assessment_problems, drafts_of_others, revision_problems
from evaluation.services.options import set_options
from evaluation.services.panels import seat_panel
from evaluation.specs.stated import (
    StatedAssessment,
    StatedMitigation,
    StatedRevision,
    StatedWeights,
)
from organisations.models import Organisation
from pcorg.core.audit.kinds import ASSESSED
from pcorg.core.audit.trail import record
from pcorg.core.policies import Actor
from pcorg.core.refusals import Invalid, Problem, Refusal, StaleVersion, require
from pcorg.core.writes import existing

PERMISSIONS = {
    "open": AssessmentPermission.OPEN,
    "close": AssessmentPermission.CLOSE,
    "approve": AssessmentPermission.APPROVE,
}
"""What each step is to the policy."""


def create_assessment(*, stated: StatedAssessment, by: Actor) -> Assessment:
    """Make an assessment, as a draft. Raises Invalid with everything wrong, Refusal for somebody who may not."""
    require(by, AssessmentPermission.MAKE)
    with transaction.atomic():
        problems = [*assessment_problems(stated), *drafts_of_others(stated, by)]
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
            owner_id=by.id,
            owner_name=by.name,
            **weight_columns(stated.weights),
        )
        set_options(made, stated.options)
        set_mitigations(made, stated.mitigations)
        seat_panel(made, stated.panel, by)
        note_author(made, by, "make")
        write_step(made, AssessmentStatus.DRAFT, by.name, "")
        record(actor=by, altered=ASSESSED, action="create-assessment", subject=f"assessment {made.pk}")
    return made


def alter_assessment(
    *, number: int, stated: StatedRevision, by: Actor, expected_versions: set[int] | None = None
) -> Assessment:
    """Alter an assessment that is a draft or open. Raises Invalid, Refusal, NotFound.

    `expected_versions` are the versions the caller has seen: where all but the judgements has changed since, raises
    StaleVersion.
    """
    with transaction.atomic():
        assessment = locked(number, by)
        require(by, AssessmentPermission.ALTER, assessment)
        require_version(assessment.version, expected_versions, since=assessment.terms_version)
        problems = [*revision_problems(assessment, stated), *drafts_of_others(stated, by)]
        if problems:
            raise Invalid(problems)
        before = content_of(assessment)
        for name in ("title", "purpose", "as_of"):
            if getattr(stated, name) is not None:
                setattr(assessment, name, getattr(stated, name))
        if "change" in stated.model_fields_set:
            assessment.change_id = stated.change
        if stated.weights is not None:
            for name, value in weight_columns(stated.weights).items():
                setattr(assessment, name, value)
        if stated.options is not None:
            set_options(assessment, stated.options)
        if stated.mitigations is not None:
            set_mitigations(assessment, stated.mitigations)
        if stated.panel is not None:
            seat_panel(assessment, stated.panel, by)
        _terms_touched(assessment)
        note_author(assessment, by, "alter")
        details = {"fields": sorted(stated.model_dump(exclude_none=True)), **differing(before, content_of(assessment))}
        record(
            actor=by, altered=ASSESSED, action="alter-assessment", subject=f"assessment {number}", particulars=details
        )
    return assessment


def move_assessment(
    *, number: int, step: str, by: Actor, comment: str = "", expected_versions: set[int] | None = None
) -> Assessment:
    """Open, close or approve an assessment; `step` is a key of STEPS. Its people open and close it, an approver who has
    no part in it approves it. Opening it again takes a comment, with the reason.

    Raises Refusal, Invalid, NotFound, KeyError; StaleVersion with other versions `expected_versions` than the one there
    is.
    """
    _, status = STEPS[step]
    with transaction.atomic():
        assessment = locked(number, by)
        require(by, PERMISSIONS[step], assessment)
        require_version(assessment.version, expected_versions)
        if status is AssessmentStatus.OPEN and assessment.status == AssessmentStatus.CLOSED and not comment.strip():
            raise Invalid([Problem("invalid", "Say why it is opened again.", "/comment")])
        if status is AssessmentStatus.CLOSED and not Judgement.objects.filter(assessor__assessment=assessment).exists():
            raise Refusal("not-allowed-in-status", "Nothing has been judged yet.")
        before, assessment.status = assessment.status, status
        _terms_touched(assessment)
        write_step(assessment, status, by.name, comment)
        details = {"before": before, "after": status.value, "version": assessment.version - 1, "comment": comment}
        record(
            actor=by, altered=ASSESSED, action=f"{step}-assessment", subject=f"assessment {number}", particulars=details
        )
    return assessment


def copy_assessment(
    *,
    number: int,
    by: Actor,
    title: str | None = None,
    judgements: bool = False,
    expected_versions: set[int] | None = None,
) -> Assessment:
    """A new draft like another assessment, with its judgements where asked; whoever wrote the one wrote the other.
    Raises Refusal, NotFound; StaleVersion with other versions `expected_versions` than the one there is."""
    require(by, AssessmentPermission.COPY)
    with transaction.atomic():
        assessment = locked(number, by)
        require_version(assessment.version, expected_versions)
        made = Assessment.objects.create(
            title=(title or f"Copy of {assessment.title}")[:200],
            copied_from=assessment,
            status=AssessmentStatus.DRAFT,
            created_by=by.name,
            owner_id=by.id,
            owner_name=by.name,
            seed=assessment.seed,
            **{
                name: getattr(assessment, name)
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
        options = _copied_options(
            assessment, made, assessment.options.all() if judgements else assessment.options.filter(set_aside="")
        )
        for plan in assessment.mitigations.prefetch_related("options"):
            named = list(plan.options.all())
            chosen = [options[option.pk] for option in named if option.pk in options]
            if named and not chosen:
                continue  # it is for options that were set aside
            plan.pk, plan.assessment = None, made
            plan.save(force_insert=True)
            plan.options.set(chosen)
        _copied_panel(assessment, made, options if judgements else {})
        if not made.panel.filter(invited_at__isnull=False, user_id__isnull=False).exists():
            _seat_copier(made, by)
        for author in assessment.authors.all():
            author.pk, author.assessment = None, made
            author.save(force_insert=True)
        note_author(made, by, "copy")
        write_step(made, AssessmentStatus.DRAFT, by.name, f"Copied from assessment {number}.")
        record(
            actor=by,
            altered=ASSESSED,
            action="copy-assessment",
            subject=f"assessment {made.pk}",
            particulars={"from": number, "judgements": judgements},
        )
    return made


def _copied_options(assessment: Assessment, made: Assessment, chosen: Any) -> dict[int, Option]:
    options = {}
    for option in chosen:
        old = option.pk
        option.pk, option.assessment = None, made
        option.save(force_insert=True)
        options[old] = option
    return options


def _copied_panel(assessment: Assessment, made: Assessment, options: Mapping[int, Option]) -> None:
    for assessor in assessment.panel.all():
        judged = list(assessor.judgements.prefetch_related("evidence")) if options else []
        assessor.pk, assessor.assessment, assessor.sheet_version = None, made, 0
        assessor.save(force_insert=True)
        for judgement in judged:
            evidence = list(judgement.evidence.all())
            judgement.pk, judgement.assessor, judgement.option = None, assessor, options[judgement.option_id]
            judgement.save(force_insert=True)
            judgement.evidence.set(evidence)


def _seat_copier(made: Assessment, by: Actor) -> None:
    """Where nobody who can sign in is invited, as on the panel of what ships, whoever copies it judges."""
    seat = made.panel.filter(consensus=False, name=by.name).first() or Assessor(assessment=made, name=by.name)
    seat.user_id, seat.invited_by, seat.invited_at = by.id, by.name, timezone.now()
    seat.save()


def locked(number: int, by: Actor) -> Assessment:
    """An assessment that somebody reads, locked for this transaction before anything that hangs on it. Raises
    NotFound."""
    return existing(Assessment.objects.visible_to(by).select_for_update(no_key=True), number)


def require_version(now: int, expected_versions: set[int] | None, *, since: int | None = None) -> None:
    """Raises StaleVersion where none of the versions that the caller has seen is as new as `since`: the version as it
    is now, unless the part that is written stands since an earlier one. Without any seen, any will do."""
    oldest = now if since is None else since
    if expected_versions is not None and not any(oldest <= version <= now for version in expected_versions):
        raise StaleVersion


def note_author(assessment: Assessment, by: Actor, what: str) -> None:
    """Keep for ever that somebody wrote a part of an assessment."""
    AssessmentAuthor.objects.get_or_create(
        assessment=assessment, user_id=by.id, name=by.name, what=what, defaults={"at": timezone.now()}
    )


def _terms_touched(assessment: Assessment) -> None:
    assessment.version += 1
    assessment.terms_version = assessment.version
    assessment.save()


def touch(assessment: Assessment) -> None:
    """Count a write that touched an assessment and left what it states as it was."""
    assessment.version += 1
    assessment.save(update_fields=["version"])


def write_step(assessment: Assessment, status: AssessmentStatus, by: str, comment: str) -> None:
    """Put a step on an assessment's record."""
    AssessmentStep.objects.create(assessment=assessment, status=status, by=by, at=timezone.now(), comment=comment)


def weight_columns(weights: StatedWeights) -> dict[str, Any]:
    """The columns that keep what is said of the weights."""
    weights_stated = weights.model_dump(mode="json", exclude={"mode"})
    return {"weighing": weights.mode, "weights": {name: value for name, value in weights_stated.items() if value}}


def _illustrative(subject: str | None) -> bool:
    return Organisation.objects.filter(pk=subject, portfolio__illustrative=True).exists() if subject else False


def set_mitigations(assessment: Assessment, stated: list[StatedMitigation]) -> None:
    """Give an assessment these mitigations in this order."""
    options = {option.key: option for option in assessment.options.all()}
    for plan in assessment.mitigations.all():
        plan.options.clear()
        plan.delete()
    for position, mitigation in enumerate(stated):
        plan = PlannedMitigation.objects.create(
            assessment=assessment,
            criterion_id=mitigation.criterion,
            text=mitigation.text,
            transform=mitigation.transform,
            amount=mitigation.amount,
            delivery=mitigation.delivery,
            owner=mitigation.owner or "",
            position=position,
        )
        plan.options.set([options[key] for key in mitigation.options])
