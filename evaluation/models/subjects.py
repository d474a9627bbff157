"""What the audit trail can speak of here, and the tables that hold the rows of each."""

from __future__ import annotations

from functools import partial

from django.db.models import QuerySet

from evaluation.models.assessments import (
    Assessment,
    AssessmentAuthor,
    AssessmentCollaborator,
    AssessmentComment,
    AssessmentStep,
    Assessor,
    Judgement,
    Option,
    PlannedMitigation,
)
from evaluation.models.following import (
    Choice,
    Dispersal,
    DispersalCollaborator,
    DispersalPart,
    ModelMeasure,
    ModelReading,
    ProfilePoint,
)
from evaluation.models.reference import Criterion, Evidence, Framework, IntegrationOption, Mitigation
from organisations.models.subjects import ORGANISATION
from pcorg.core.audit.reading import hide
from pcorg.core.audit.subjects import Subject, cover, cover_reference
from pcorg.core.policies import Actor

ASSESSMENT, DISPERSAL = "assessment", "dispersal"
REFERENCE = (Framework, Criterion, IntegrationOption, Evidence, Mitigation)


def assessment(number: int) -> Subject:
    """An assessment with its options, panel, judgements, mitigations, and what is followed after it."""
    return Subject(ASSESSMENT, str(number))


def cover_subjects() -> None:
    """Tell the audit trail which rows are of which subject, and whom it tells nothing of some. A profile is of
    a body."""
    cover(ASSESSMENT, Assessment)
    people = (AssessmentAuthor, AssessmentCollaborator, AssessmentComment)
    for part in (*people, AssessmentStep, Option, Assessor, PlannedMitigation, Choice, ModelMeasure):
        cover(ASSESSMENT, part, "assessment")
    cover(ASSESSMENT, Judgement, "assessor", "assessment")
    cover(ASSESSMENT, ModelReading, "measure", "assessment")
    cover(DISPERSAL, Dispersal)
    cover(DISPERSAL, DispersalPart, "dispersal")
    cover(DISPERSAL, DispersalCollaborator, "dispersal")
    cover(ORGANISATION, ProfilePoint, "organisation")
    cover_reference(*REFERENCE)
    for kind, model in ((ASSESSMENT, Assessment), (DISPERSAL, Dispersal)):
        hide(kind, partial(_hidden, model))


def _hidden(model: type[Assessment | Dispersal], by: Actor) -> QuerySet:
    return model.objects.exclude(pk__in=model.objects.visible_to(by).order_by().values("pk"))
