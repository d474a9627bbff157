"""Rows of evaluation: reference records, assessments, and what is followed over time."""

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

__all__ = [
    "Assessment",
    "AssessmentAuthor",
    "AssessmentCollaborator",
    "AssessmentComment",
    "AssessmentStep",
    "Assessor",
    "Choice",
    "Criterion",
    "Dispersal",
    "DispersalCollaborator",
    "DispersalPart",
    "Evidence",
    "Framework",
    "IntegrationOption",
    "Judgement",
    "Mitigation",
    "ModelMeasure",
    "ModelReading",
    "Option",
    "PlannedMitigation",
    "ProfilePoint",
]
