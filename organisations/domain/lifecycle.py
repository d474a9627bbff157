"""The life of a change: which step may follow which."""

from __future__ import annotations

from dataclasses import dataclass

from organisations.domain.vocabulary import ChangeStatus
from pcorg.core.vocabulary import Term


class Step(Term):
    """Steps a person can take with a change."""

    PROPOSE = "propose", "Propose"
    CONSULT = "consult", "Go out to consultation"
    APPROVE = "approve", "Approve"
    EFFECT = "effect", "Carry out"
    REJECT = "reject", "Reject"
    WITHDRAW = "withdraw", "Withdraw"


@dataclass(frozen=True, slots=True)
class StepRule:
    """From which statuses a step may be taken, and to which it leads."""

    starts: frozenset[ChangeStatus]
    leads_to: ChangeStatus


_OPEN = frozenset({ChangeStatus.PROPOSED, ChangeStatus.CONSULTING})

STEPS: dict[Step, StepRule] = {
    Step.PROPOSE: StepRule(frozenset({ChangeStatus.DRAFT}), ChangeStatus.PROPOSED),
    Step.CONSULT: StepRule(frozenset({ChangeStatus.PROPOSED}), ChangeStatus.CONSULTING),
    Step.APPROVE: StepRule(_OPEN, ChangeStatus.APPROVED),
    Step.EFFECT: StepRule(frozenset({ChangeStatus.APPROVED}), ChangeStatus.EFFECTED),
    Step.REJECT: StepRule(_OPEN | {ChangeStatus.APPROVED}, ChangeStatus.REJECTED),
    Step.WITHDRAW: StepRule(_OPEN | {ChangeStatus.DRAFT, ChangeStatus.APPROVED}, ChangeStatus.WITHDRAWN),
}

OPEN_STATUSES = frozenset({ChangeStatus.DRAFT, ChangeStatus.PROPOSED, ChangeStatus.CONSULTING, ChangeStatus.APPROVED})
"""A change in one of these may still come about."""


def steps_from(status: ChangeStatus) -> tuple[Step, ...]:
    """What can come next, whoever takes it, in the order in which it is offered."""
    return tuple(step for step, rule in STEPS.items() if status in rule.starts)
