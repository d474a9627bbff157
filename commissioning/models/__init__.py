"""Rows of commissioning: reference records, things that bodies hold, and their dated holdings."""

from commissioning.models.arm_plans import ArmPlan, ArmPlanCollaborator, ArmPlanGroup
from commissioning.models.arms import (
    ArmHolding,
    GroupHolding,
    Milestone,
    PortfolioGroup,
    ProviderArm,
    RecommendationAnswer,
)
from commissioning.models.contracts import Contract, ContractHolding, OutcomeMeasure
from commissioning.models.money import Budget, BudgetHolding, Contribution, PooledBudget
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
from commissioning.models.services import (
    Premises,
    PremisesHolding,
    Provision,
    ProvisionHolding,
    Staffing,
    StaffingHolding,
)

HOLDINGS = (
    ContractHolding,
    BudgetHolding,
    Contribution,
    ProvisionHolding,
    StaffingHolding,
    PremisesHolding,
    ArmHolding,
    GroupHolding,
)
"""Every kind of holding, in the order in which they are told."""

MODELS = {holding.kind: holding for holding in HOLDINGS}
"""The table of the holdings of each kind of thing."""

__all__ = [
    "HOLDINGS",
    "MODELS",
    "Approach",
    "ArmHolding",
    "ArmOption",
    "ArmOptionPoint",
    "ArmPlan",
    "ArmPlanCollaborator",
    "ArmPlanGroup",
    "Budget",
    "BudgetHolding",
    "Contract",
    "ContractHolding",
    "ContractType",
    "Contribution",
    "GroupHolding",
    "Milestone",
    "OutcomeMeasure",
    "PmsPilot",
    "PooledBudget",
    "PortfolioGroup",
    "Premises",
    "PremisesHolding",
    "ProviderArm",
    "Provision",
    "ProvisionHolding",
    "Recommendation",
    "RecommendationAnswer",
    "Service",
    "ServiceGroup",
    "StaffGroup",
    "StaffRole",
    "Staffing",
    "StaffingHolding",
]
