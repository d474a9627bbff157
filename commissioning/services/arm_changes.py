"""The changes that the steps of a plan for a provider arm propose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commissioning.domain.arm_planning import ArmPlan, ArmPlanStep, Going, PlannedGroup
from commissioning.specs.arm_plan import StatedArmPlan
from organisations.domain.vocabulary import ChangeKind
from organisations.specs.change import ProposedChange
from organisations.specs.document import StatedBody, StatedMove

CONTROLLED = "arms-length-management-organisation"
"""The form whose body answers to the trust that owns it."""


def change_of(
    spec: StatedArmPlan,
    plan: ArmPlan,
    step: ArmPlanStep,
    number: int,
    of: int,
    portfolio: str,
    recorded: Mapping[str, frozenset[str]],
) -> ProposedChange:
    """The change that a step proposes: a separation for a body of its own, else the establishment of an arrangement,
    which moves nothing, for its services stay the trust's in law."""
    group = plan.groups[step.group]
    assert group.on is not None
    common: dict[str, Any] = {
        "effective_on": group.on,
        "portfolio": portfolio,
        "title": f"{spec.title}, step {number} of {of}: {group.title}"[:200],
        "rationale": "\n\n".join(words for words in (spec.rationale, group.coherence) if words)[:5000],
    }
    if step.going is Going.ARRANGEMENT:
        body = StatedBody(code=group.code, name=group.name, form=group.form, operated_by=group.run_by or plan.trust)
        return ProposedChange(kind=ChangeKind.ESTABLISHMENT, resulting=[body], **common)
    body = StatedBody(
        code=group.code,
        name=group.name,
        form=group.form,
        commissioned_by=[plan.trust],
        accountable_to=plan.trust if group.form == CONTROLLED else None,
    )
    moved = _moved(group, recorded.get(group.group, frozenset()))
    moves = [StatedMove.model_validate({"what": what, "from": plan.trust, "to": group.code}) for what in moved]
    return ProposedChange(kind=ChangeKind.SEPARATION, originals=[plan.trust], resulting=[body], moves=moves, **common)


def _moved(group: PlannedGroup, recorded: frozenset[str]) -> list[str]:
    """Return what a group takes with it by name: its services and, where it still contains the recorded group, that
    too."""
    whole = bool(group.group) and recorded <= set(group.services)
    rest = [service for service in group.services if not whole or service not in recorded]
    return [*([group.group] if whole else []), *rest]
