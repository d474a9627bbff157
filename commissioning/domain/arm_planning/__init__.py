"""Planning what becomes of a trust's provider arm: groups of services, a form for each, and a dated path there."""

from commissioning.domain.arm_planning.checks import findings_of
from commissioning.domain.arm_planning.dates import completed, developed_by, earliest, suggested_dates
from commissioning.domain.arm_planning.loads import Load, carried_by, load_of, straddling
from commissioning.domain.arm_planning.plan import ArmPlan, ArmPlanStep, Going, PlannedGroup, goings, path
from commissioning.domain.arm_planning.problems import problems_of, wanting

__all__ = [
    "ArmPlan",
    "ArmPlanStep",
    "Going",
    "Load",
    "PlannedGroup",
    "carried_by",
    "completed",
    "developed_by",
    "earliest",
    "findings_of",
    "goings",
    "load_of",
    "path",
    "problems_of",
    "straddling",
    "suggested_dates",
    "wanting",
]
