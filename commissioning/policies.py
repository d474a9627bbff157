"""Who may do what with plans for provider arms, and with what a trust decides of its portfolio.

A plan belongs to whoever kept it first; they name others to work on it, and everybody else reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcorg.core.people import requires_its_owner, requires_its_people
from pcorg.core.policies import ALLOWED, Actor, Permission, RequiredRole, Rule, Verdict, register

if TYPE_CHECKING:
    from commissioning.models import ArmPlan


class ArmPlanPermission(Permission):
    """What people do with plans for provider arms. Anybody may try one."""

    KEEP = "keep a plan"
    PROPOSE = "propose a plan"
    DISCARD = "discard a plan"
    NAME_COLLABORATORS = "name who works on a plan"


class TrustPermission(Permission):
    """What people decide of a trust's portfolio."""

    CHOOSE_FORM = "choose the form of a group of services"
    ANSWER = "answer a recommendation"


def is_not_proposed(by: Actor, plan: ArmPlan) -> Verdict:
    """A plan whose steps are not proposed yet."""
    words = "The plan is proposed already: its steps are decided one by one."
    return Verdict("not-allowed-in-status", words) if plan.proposed_by else ALLOWED


by_its_people = requires_its_people("This takes the owner of the plan, or somebody whom the owner named to work on it.")
by_its_owner = requires_its_owner("This takes the owner of the plan.")


register(
    {
        ArmPlanPermission.KEEP: Rule(
            RequiredRole.COMMISSIONER, "keep plans. Anybody may try one", (is_not_proposed, by_its_people)
        ),
        ArmPlanPermission.PROPOSE: Rule(
            RequiredRole.COMMISSIONER, "propose plans. Anybody may try one", (is_not_proposed, by_its_people)
        ),
        ArmPlanPermission.DISCARD: Rule(
            RequiredRole.COMMISSIONER, "discard plans. Anybody may try one", (is_not_proposed, by_its_owner)
        ),
        ArmPlanPermission.NAME_COLLABORATORS: Rule(
            RequiredRole.COMMISSIONER, "name who works on a plan", (is_not_proposed, by_its_owner)
        ),
        TrustPermission.CHOOSE_FORM: Rule(RequiredRole.COMMISSIONER, "choose the form of a group of services"),
        TrustPermission.ANSWER: Rule(RequiredRole.COMMISSIONER, "answer recommendations"),
    }
)
