"""Who may do what with changes and portfolios."""

from __future__ import annotations

from pcorg.policies import Deed, Rule, Standing, register


class ChangeDeed(Deed):
    """What people do with changes."""

    PROPOSE = "propose a change"
    AMEND = "add to a change"
    COMMENT = "comment on a change"
    PUT_FORWARD = "put a draft forward"
    CONSULT = "go out to consultation"
    WITHDRAW = "withdraw a change"
    APPROVE = "approve a change"
    EFFECT = "carry a change out"
    REJECT = "reject a change"


class PortfolioDeed(Deed):
    """What people do with portfolios."""

    LOAD = "load portfolios"


register(
    {
        ChangeDeed.PROPOSE: Rule(Standing.COMMISSIONER, "propose changes"),
        ChangeDeed.AMEND: Rule(Standing.COMMISSIONER, "add to a change"),
        ChangeDeed.COMMENT: Rule(Standing.COMMISSIONER, "comment on changes"),
        ChangeDeed.PUT_FORWARD: Rule(Standing.COMMISSIONER, "propose changes"),
        ChangeDeed.CONSULT: Rule(Standing.COMMISSIONER, "consult on changes"),
        ChangeDeed.WITHDRAW: Rule(Standing.COMMISSIONER, "withdraw changes"),
        ChangeDeed.APPROVE: Rule(Standing.APPROVER, "approve changes"),
        ChangeDeed.EFFECT: Rule(Standing.APPROVER, "carry changes out"),
        ChangeDeed.REJECT: Rule(Standing.APPROVER, "reject changes"),
        PortfolioDeed.LOAD: Rule(Standing.ADMINISTRATOR, "load portfolios"),
    }
)
