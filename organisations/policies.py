"""Who may do what with changes and portfolios.

A change belongs to whoever proposed or drafted it; they name others to work on it, and everybody else reads and
comments. Whoever wrote any part of it does not decide upon it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from organisations.domain.lifecycle import OPEN_STATUSES, STEPS, Step
from organisations.domain.vocabulary import ChangeStatus
from pcorg.people import takes_its_owner, takes_its_people, wrote
from pcorg.policies import ALLOWED, Actor, Condition, Deed, Rule, Standing, Verdict, can, register

if TYPE_CHECKING:
    from organisations.models import Change, WaitingLoad


class ChangeDeed(Deed):
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


class PortfolioDeed(Deed):
    """What people do with portfolios."""

    LOAD = "load portfolios"
    READ_WAITING = "read files that wait to be confirmed"
    CONFIRM = "confirm or refuse a file that waits"
    WITHDRAW = "take back a file that waits"


DEEDS = {
    Step.PROPOSE: ChangeDeed.PUT_FORWARD,
    Step.CONSULT: ChangeDeed.CONSULT,
    Step.APPROVE: ChangeDeed.APPROVE,
    Step.EFFECT: ChangeDeed.EFFECT,
    Step.REJECT: ChangeDeed.REJECT,
    Step.WITHDRAW: ChangeDeed.WITHDRAW,
}
"""What each step is to the policy."""


def steps_open_to(by: Actor, change: Change) -> tuple[Step, ...]:
    """What somebody may do next with a change, in the order in which it is offered."""
    return tuple(step for step, deed in DEEDS.items() if can(by, deed, change))


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


by_its_people = takes_its_people("This takes the owner of the change, or somebody whom the owner named to work on it.")
by_its_owner = takes_its_owner("Only the owner of a change names who works on it.")


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
        ChangeDeed.PROPOSE: Rule(Standing.COMMISSIONER, "propose changes"),
        ChangeDeed.COMMENT: Rule(Standing.COMMISSIONER, "comment on changes"),
        ChangeDeed.AMEND: Rule(Standing.COMMISSIONER, "add to a change", (is_open, by_its_people)),
        ChangeDeed.EDIT_DRAFT: Rule(Standing.COMMISSIONER, "edit drafts", (is_draft, by_its_people)),
        ChangeDeed.NAME_COLLABORATORS: Rule(
            Standing.COMMISSIONER, "name who works on a change", (is_open, by_its_owner)
        ),
        ChangeDeed.PUT_FORWARD: Rule(Standing.COMMISSIONER, "propose changes", (takes(Step.PROPOSE), by_its_people)),
        ChangeDeed.CONSULT: Rule(
            Standing.COMMISSIONER, "consult on changes", (takes(Step.CONSULT), by_its_people_or_an_approver)
        ),
        ChangeDeed.WITHDRAW: Rule(Standing.COMMISSIONER, "withdraw changes", (takes(Step.WITHDRAW), by_its_people)),
        ChangeDeed.APPROVE: Rule(Standing.APPROVER, "approve changes", (takes(Step.APPROVE), by_none_who_wrote_it)),
        ChangeDeed.EFFECT: Rule(Standing.APPROVER, "carry changes out", (takes(Step.EFFECT), by_none_who_wrote_it)),
        ChangeDeed.REJECT: Rule(Standing.APPROVER, "reject changes", (takes(Step.REJECT), by_none_who_wrote_it)),
        PortfolioDeed.LOAD: Rule(Standing.ADMINISTRATOR, "load portfolios"),
        PortfolioDeed.READ_WAITING: Rule(Standing.AUDITOR, "see files that wait to be confirmed"),
        PortfolioDeed.CONFIRM: Rule(Standing.APPROVER, "decide upon files that wait", (of_somebody_else,)),
        PortfolioDeed.WITHDRAW: Rule(Standing.ADMINISTRATOR, "take back files that wait", (of_their_own,)),
    }
)
