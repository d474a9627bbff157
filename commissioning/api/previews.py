"""What a plan for a provider arm comes to, as documents: worked out, and as it stands once it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from commissioning.domain.arm_planning import Load
from commissioning.models import ArmPlan, ArmPlanGroup
from commissioning.read_models.arm_plans import PlanEnd, PlanFault, PlanLoad, PlanPreview, PlanStep
from commissioning.services.arm_plans import stated
from commissioning.services.arm_previews import WorkedPlan, WorkedStep, follow, work_out_plan
from organisations.domain.checks import Finding
from organisations.read_models.changes import PreviewFinding
from pcorg.core.refusals import Problem, Unacceptable


def preview_document(worked: WorkedPlan) -> PlanPreview:
    """A plan worked out."""
    return {
        "keepable": not worked.problems,
        "proposable": worked.ready,
        "faults": _faults(worked.problems),
        "wanting": _faults(worked.wanting),
        "checks": _checks(worked.findings),
        "steps": [_step(step, worked) for step in worked.steps],
        "before": _load(worked.before),
        "groups": [_load(load) for load in worked.groups],
        "ungrouped": _load(worked.ungrouped),
        "end": _end(worked.end, worked.ends),
    }


def end_of(plan: ArmPlan, groups: Iterable[ArmPlanGroup]) -> PlanEnd | None:
    """What each body carries at the end of a kept plan with these groups: of a proposed one, by those of its changes
    that are still open. None where it cannot be worked out any more."""
    if plan.proposed_by:
        changes = [group.change for group in groups if group.change is not None]
        followed = follow(
            plan.organisation_id, plan.start, sorted(changes, key=lambda change: (change.effective_on, change.pk))
        )
        return _end(followed.end, followed.ends)
    try:
        worked = work_out_plan(stated(plan))
    except Unacceptable:
        return None
    return _end(worked.end, worked.ends)


def _end(on: date, ends: Mapping[str, Load]) -> PlanEnd:
    return {"on": on, "bodies": {code: _load(load) for code, load in ends.items()}}


def _load(load: Load) -> PlanLoad:
    return {
        "services": list(load.services),
        "wte": None if load.wte is None else str(load.wte),
        "wte_unknown": load.wte_unknown,
        "money": None if load.money is None else str(load.money),
        "money_unknown": load.money_unknown,
        "posts": str(load.posts),
        "contracts": list(load.contracts),
        "contracted": str(load.contracted),
    }


def _step(each: WorkedStep, worked: WorkedPlan) -> PlanStep:
    group = worked.plan.groups[each.step.group]
    return {
        "group": each.step.group,
        "going": each.step.going,
        "on": each.step.on,
        "code": group.code,
        "name": group.name,
        "form": group.form,
        "possible": each.seen is not None,
        "checks": _checks(each.seen.findings if each.seen else ()),
        "faults": _faults(each.problems),
    }


def _checks(findings: Iterable[Finding]) -> list[PreviewFinding]:
    return [
        {"code": found.code, "outcome": found.outcome, "message": found.message, "source": found.source}
        for found in findings
    ]


def _faults(problems: Iterable[Problem]) -> list[PlanFault]:
    return [{"pointer": problem.pointer, "code": problem.code, "detail": problem.message} for problem in problems]
