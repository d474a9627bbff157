"""The life of a change: which step may follow which, and who may take it."""

from __future__ import annotations

from dataclasses import dataclass

from organisations.domain.vocabulary import ChangeStatus, Term


class Step(Term):
    """Steps a person can take with a change."""

    PROPOSE = "propose", "Propose"
    CONSULT = "consult", "Go out to consultation"
    APPROVE = "approve", "Approve"
    EFFECT = "effect", "Carry out"
    REJECT = "reject", "Reject"
    WITHDRAW = "withdraw", "Withdraw"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which statuses a step may be taken, to which it leads, and whether it takes an approver."""

    starts: frozenset[ChangeStatus]
    leads_to: ChangeStatus
    approver: bool


_OPEN = frozenset({ChangeStatus.PROPOSED, ChangeStatus.CONSULTING})

STEPS: dict[Step, Rule] = {
    Step.PROPOSE: Rule(frozenset({ChangeStatus.DRAFT}), ChangeStatus.PROPOSED, approver=False),
    Step.CONSULT: Rule(frozenset({ChangeStatus.PROPOSED}), ChangeStatus.CONSULTING, approver=False),
    Step.APPROVE: Rule(_OPEN, ChangeStatus.APPROVED, approver=True),
    Step.EFFECT: Rule(frozenset({ChangeStatus.APPROVED}), ChangeStatus.EFFECTED, approver=True),
    Step.REJECT: Rule(_OPEN | {ChangeStatus.APPROVED}, ChangeStatus.REJECTED, approver=True),
    Step.WITHDRAW: Rule(_OPEN | {ChangeStatus.DRAFT, ChangeStatus.APPROVED}, ChangeStatus.WITHDRAWN, approver=False),
}

OPEN_STATUSES = frozenset({ChangeStatus.DRAFT, ChangeStatus.PROPOSED, ChangeStatus.CONSULTING, ChangeStatus.APPROVED})
"""A change in one of these may still come about."""


def steps_from(status: ChangeStatus) -> tuple[Step, ...]:
    """What can come next, whoever takes it, in the order in which it is offered."""
    return tuple(step for step, rule in STEPS.items() if status in rule.starts)


def steps_open_to(status: ChangeStatus, *, commissions: bool, approves: bool, own: bool) -> tuple[Step, ...]:
    """What a person may do next. Nobody decides upon a proposal of their own."""
    return tuple(
        step
        for step in steps_from(status)
        if (approves if STEPS[step].approver else commissions) and not (own and STEPS[step].approver)
    )
