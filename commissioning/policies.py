"""Who may do what with plans for provider arms, and with what a trust decides of its portfolio."""

from __future__ import annotations

from pcorg.policies import Deed, Rule, Standing, register


class ArmPlanDeed(Deed):
    """What people do with plans for provider arms. Anybody may try one."""

    KEEP = "keep a plan"
    PROPOSE = "propose a plan"
    DISCARD = "discard a plan"


class TrustDeed(Deed):
    """What people decide of a trust's portfolio."""

    CHOOSE_FORM = "choose the form of a group of services"
    ANSWER = "answer a recommendation"


register(
    {
        ArmPlanDeed.KEEP: Rule(Standing.COMMISSIONER, "keep plans. Anybody may try one"),
        ArmPlanDeed.PROPOSE: Rule(Standing.COMMISSIONER, "propose plans. Anybody may try one"),
        ArmPlanDeed.DISCARD: Rule(Standing.COMMISSIONER, "discard plans. Anybody may try one"),
        TrustDeed.CHOOSE_FORM: Rule(Standing.COMMISSIONER, "choose the form of a group of services"),
        TrustDeed.ANSWER: Rule(Standing.COMMISSIONER, "answer recommendations"),
    }
)
