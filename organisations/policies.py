"""Who may do what with changes and portfolios.

A change belongs to whoever proposed or drafted it; they name others to work on it, and everybody else reads and
comments. Whoever wrote any part of it does not decide upon it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from organisations.domain.lifecycle import OPEN_STATUSES, STEPS, Step
from organisations.domain.vocabulary import ChangeStatus
from pcorg.core.people import requires_its_owner, requires_its_people, wrote
from pcorg.core.policies import ALLOWED, Actor, Condition, Permission, RequiredRole, Rule, Verdict, can, register

if TYPE_CHECKING:
    from organisations.models import Change, WaitingLoad


class ChangePermission(Permission):
    """What people do with changes."""

    PROPOSE = "propose a change"
    COMMENT = "comment on a change"
    AMEND = "add to a change"
    EDIT_DRAFT = "edit a draft"
    NAME_COLLABORATORS = "name who works on a change"
    PUT_FORWARD = "put a draft forward"
    CONSULT = "go out to consultation"
    WITHDRAW = "withdraw a change"
    APPROVE = "approve a change"
    EFFECT = "carry a change out"
    REJECT = "reject a change"


class PortfolioPermission(Permission):
    """What people do with portfolios."""

    LOAD = "load portfolios"
    READ_WAITING = "read files that wait to be confirmed"
    CONFIRM = "confirm or refuse a file that waits"
    WITHDRAW = "take back a file that waits"


PERMISSIONS = {
    Step.PROPOSE: ChangePermission.PUT_FORWARD,
    Step.CONSULT: ChangePermission.CONSULT,
    Step.APPROVE: ChangePermission.APPROVE,
    Step.EFFECT: ChangePermission.EFFECT,
    Step.REJECT: ChangePermission.REJECT,
    Step.WITHDRAW: ChangePermission.WITHDRAW,
}
"""What each step is to the policy."""


def steps_open_to(by: Actor, change: Change) -> tuple[Step, ...]:
    """What somebody may do next with a change, in the order in which it is offered."""
    return tuple(step for step, permission in PERMISSIONS.items() if can(by, permission, change))


def takes(step: Step) -> Condition:
    """The condition that a change is in a status in which a step can be taken."""

    def condition(by: Actor, change: Change) -> Verdict:
        if change.status in STEPS[step].starts:
            return ALLOWED
        return Verdict("not-allowed-in-status", f"{_stands(change)}; “{step.label}” is not possible now.")

    return condition


def is_open(by: Actor, change: Change) -> Verdict:
    """A change that may still come about."""
    return ALLOWED if change.status in OPEN_STATUSES else Verdict("not-allowed-in-status", f"{_stands(change)}.")


def is_draft(by: Actor, change: Change) -> Verdict:
    """A draft, which alone can be written anew."""
    return ALLOWED if change.status == ChangeStatus.DRAFT else Verdict("not-allowed-in-status", f"{_stands(change)}.")


def of_somebody_else(by: Actor, waiting: WaitingLoad) -> Verdict:
    """A file that another person sent."""
    own = waiting.asked_by_id == by.id
    return Verdict("own-proposal", "Nobody decides upon a file of their own.") if own else ALLOWED


def of_their_own(by: Actor, waiting: WaitingLoad) -> Verdict:
    """A file that the person sent."""
    own = waiting.asked_by_id == by.id
    return ALLOWED if own else Verdict("forbidden", "Only who sent a file takes it back.")


by_its_people = requires_its_people(
    "This takes the owner of the change, or somebody whom the owner named to work on it."
)
by_its_owner = requires_its_owner("Only the owner of a change names who works on it.")


def by_its_people_or_an_approver(by: Actor, change: Change) -> Verdict:
    """The same, and whoever approves changes."""
    return ALLOWED if by.approves else by_its_people(by, change)


def by_none_who_wrote_it(by: Actor, change: Change) -> Verdict:
    """Nobody who wrote any part of what is decided."""
    return Verdict("own-proposal", OWN) if wrote(by, change) else ALLOWED


OWN = "You wrote a part of this change, so that somebody else decides upon it."


def _stands(change: Change) -> str:
    return f"The change is {ChangeStatus.stored(change.status).label.lower()}"


register(
    {
        ChangePermission.PROPOSE: Rule(RequiredRole.COMMISSIONER, "propose changes"),
        ChangePermission.COMMENT: Rule(RequiredRole.COMMISSIONER, "comment on changes"),
        ChangePermission.AMEND: Rule(RequiredRole.COMMISSIONER, "add to a change", (is_open, by_its_people)),
        ChangePermission.EDIT_DRAFT: Rule(RequiredRole.COMMISSIONER, "edit drafts", (is_draft, by_its_people)),
        ChangePermission.NAME_COLLABORATORS: Rule(
            RequiredRole.COMMISSIONER, "name who works on a change", (is_open, by_its_owner)
        ),
        ChangePermission.PUT_FORWARD: Rule(
            RequiredRole.COMMISSIONER, "propose changes", (takes(Step.PROPOSE), by_its_people)
        ),
        ChangePermission.CONSULT: Rule(
            RequiredRole.COMMISSIONER, "consult on changes", (takes(Step.CONSULT), by_its_people_or_an_approver)
        ),
        ChangePermission.WITHDRAW: Rule(
            RequiredRole.COMMISSIONER, "withdraw changes", (takes(Step.WITHDRAW), by_its_people)
        ),
        ChangePermission.APPROVE: Rule(
            RequiredRole.APPROVER, "approve changes", (takes(Step.APPROVE), by_none_who_wrote_it)
        ),
        ChangePermission.EFFECT: Rule(
            RequiredRole.APPROVER, "carry changes out", (takes(Step.EFFECT), by_none_who_wrote_it)
        ),
        ChangePermission.REJECT: Rule(
            RequiredRole.APPROVER, "reject changes", (takes(Step.REJECT), by_none_who_wrote_it)
        ),
        PortfolioPermission.LOAD: Rule(RequiredRole.ADMINISTRATOR, "load portfolios"),
        PortfolioPermission.READ_WAITING: Rule(RequiredRole.AUDITOR, "see files that wait to be confirmed"),
        PortfolioPermission.CONFIRM: Rule(RequiredRole.APPROVER, "decide upon files that wait", (of_somebody_else,)),
        PortfolioPermission.WITHDRAW: Rule(RequiredRole.ADMINISTRATOR, "take back files that wait", (of_their_own,)),
    }
)
