"""What the audit trail can speak of here, and the tables that hold the rows of each."""

from __future__ import annotations

from collections.abc import Mapping

from commissioning.domain.vocabulary import HoldingKind
from commissioning.models import HOLDINGS
from commissioning.models.arm_plans import ArmPlan, ArmPlanCollaborator, ArmPlanGroup
from commissioning.models.arms import Milestone, RecommendationAnswer
from commissioning.models.contracts import OutcomeMeasure
from commissioning.models.pilots import PmsPilot
from commissioning.models.reference import (
    Approach,
    ArmOption,
    ArmOptionPoint,
    ContractType,
    Recommendation,
    Service,
    ServiceGroup,
    StaffGroup,
    StaffRole,
)
from organisations.models.subjects import ORGANISATION
from pcorg.core.audit.subjects import Subject, cover, cover_reference

KINDS: Mapping[HoldingKind, str] = {kind: kind.value.replace("-", " ") for kind in HoldingKind}
"""What the trail calls each kind of thing."""

REFERENCE = (
    ServiceGroup,
    Service,
    StaffGroup,
    StaffRole,
    ContractType,
    Approach,
    Recommendation,
    ArmOption,
    ArmOptionPoint,
)


def thing(kind: HoldingKind, code: str) -> Subject:
    """A thing that bodies hold, with its holdings and all that describes it."""
    return Subject(KINDS[kind], code)


def cover_subjects() -> None:
    """Tell the audit trail which rows are of which subject. Pilots and answers are a body's."""
    for holding in HOLDINGS:
        cover(KINDS[holding.kind], holding.thing())
        cover(KINDS[holding.kind], holding, "item")
    cover(KINDS[HoldingKind.CONTRACT], OutcomeMeasure, "contract")
    cover(KINDS[HoldingKind.ARM], Milestone, "arm")
    cover(ORGANISATION, PmsPilot, "organisation")
    cover(ORGANISATION, RecommendationAnswer, "organisation")
    cover("arm plan", ArmPlan)
    for part in (ArmPlanGroup, ArmPlanCollaborator):
        cover("arm plan", part, "plan")
    cover_reference(*REFERENCE)
