"""Who may do what with assessments and what follows them.

An assessment belongs to whoever made it; they name others to work on it, and a panel to judge. An approver who is none
of these, and wrote no part of it, decides: approves it, or records which option is chosen. Everybody else reads and
comments once it is closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.method.vocabulary import ALTERABLE, SETTLED, STEPS, AssessmentStatus
from pcorg.core.people import requires_its_owner, requires_its_people, works_on
from pcorg.core.policies import ALLOWED, Actor, Condition, Permission, RequiredRole, Rule, Verdict, register

if TYPE_CHECKING:
    from evaluation.models import Assessment


class AssessmentPermission(Permission):
    """What people do with assessments."""

    MAKE = "make an assessment"
    COPY = "copy an assessment"
    COMMENT = "comment on an assessment"
    ALTER = "alter an assessment"
    NAME_COLLABORATORS = "name who works on an assessment"
    JUDGE = "judge options"
    RECORD_CONSENSUS = "record the consensus of a panel"
    OPEN = "open an assessment for judgements"
    CLOSE = "close an assessment"
    APPROVE = "approve an assessment"
    CHOOSE = "choose an option"
    FOLLOW = "follow the model that was chosen"


class FollowingPermission(Permission):
    """What people put together and record beside assessments."""

    DISPERSE = "put assessments of a trust's groups together"
    NAME_COLLABORATORS = "name who works on a dispersal"
    HAND_OVER = "hand a dispersal over to be proposed"
    PROFILE = "record how integrated a body is"


WROTE = {
    "make": "made it",
    "copy": "copied it",
    "alter": "altered it",
    "judge": "judged its options",
    "consensus": "recorded the consensus of its panel",
}
"""What authors did, by the word that is kept of it."""

SHIPPED = "What ships with the product is not altered; copy it."


def is_not_shipped(by: Actor, assessment: Assessment) -> Verdict:
    """Nothing that ships with the product, which stays as it is."""
    return Verdict("not-allowed-in-status", SHIPPED) if assessment.reference or assessment.slug else ALLOWED


def stands_at(*statuses: AssessmentStatus) -> Condition:
    """The condition that an assessment has one of the statuses."""

    def condition(by: Actor, assessment: Assessment) -> Verdict:
        now = AssessmentStatus.stored(assessment.status)
        if now in statuses:
            return ALLOWED
        named = "a draft" if now is AssessmentStatus.DRAFT else now.label.lower()
        return Verdict("not-allowed-in-status", f"The assessment is {named}; that is not possible now.")

    return condition


def is_settled(by: Actor, assessment: Assessment) -> Verdict:
    """Closed or approved: all is judged."""
    if assessment.status in SETTLED:
        return ALLOWED
    return Verdict("not-allowed-in-status", "Close the assessment first: an option is chosen once all is judged.")


def is_followed_by_nobody(by: Actor, assessment: Assessment) -> Verdict:
    """No option is chosen yet, which would be followed."""
    if getattr(assessment, "choice", None) is None:
        return ALLOWED
    words = "An option of this assessment is chosen and followed. Copy it to judge again."
    return Verdict("not-allowed-in-status", words)


by_its_people = requires_its_people(
    "This takes the owner of the assessment, or somebody whom the owner named to work on it."
)
by_its_owner = requires_its_owner("Only the owner names who else works on it.")
dispersal_by_its_people = requires_its_people(
    "This takes whoever put the assessments together, or somebody whom they named to work on it."
)


def by_its_panel(by: Actor, assessment: Assessment) -> Verdict:
    """Those invited to judge."""
    if on_panel(by, assessment):
        return ALLOWED
    return Verdict("forbidden", "You are not on the panel of this assessment; ask its owner to invite you.")


def by_its_panel_or_its_people(by: Actor, assessment: Assessment) -> Verdict:
    """The panel, and those who work on the assessment: they hold the meeting at which the panel agrees."""
    return ALLOWED if works_on(by, assessment) else by_its_panel(by, assessment)


def by_somebody_else(by: Actor, assessment: Assessment) -> Verdict:
    """Nobody who wrote any part of what is decided, works on it or is on its panel."""
    reason = _stake(by, assessment)
    return Verdict("own-proposal", f"You {reason}, so that somebody else decides upon it.") if reason else ALLOWED


def by_none_who_chose(by: Actor, assessment: Assessment) -> Verdict:
    """Not whoever chose the option."""
    chosen = getattr(assessment, "choice", None)
    if chosen is None or not by.may_be(chosen.user_id, chosen.by):
        return ALLOWED
    return Verdict("own-proposal", "You chose its option, so that somebody else approves it.")


def on_panel(by: Actor, assessment: Assessment) -> bool:
    """Whether somebody is invited to judge."""
    return any(
        row.invited_at and not row.consensus and by.is_same(row.user_id, row.name) for row in assessment.panel.all()
    )


def _stake(by: Actor, assessment: Assessment) -> str:
    """What somebody has to do with the content of an assessment, to follow “You”; nothing where that is nothing. Where
    a row has no id the name is enough: in doubt somebody else decides."""
    for row in assessment.authors.all():
        if by.may_be(row.user_id, row.name):
            return WROTE.get(row.what, "wrote a part of it")
    if assessment.owner_name and by.may_be(assessment.owner_id, assessment.owner_name):
        return "own it"
    if any(by.may_be(row.user_id, row.name) for row in assessment.collaborators.all()):
        return "work on it"
    on = any(not row.consensus and by.may_be(row.user_id, row.name) for row in assessment.panel.all())
    return "are on its panel" if on else ""


_starts = {step: stands_at(*allowed) for step, (allowed, _) in STEPS.items()}

register(
    {
        AssessmentPermission.MAKE: Rule(RequiredRole.COMMISSIONER, "make assessments"),
        AssessmentPermission.COPY: Rule(RequiredRole.COMMISSIONER, "copy assessments"),
        AssessmentPermission.COMMENT: Rule(RequiredRole.COMMISSIONER, "comment on assessments", (is_not_shipped,)),
        AssessmentPermission.ALTER: Rule(
            RequiredRole.COMMISSIONER, "alter assessments", (is_not_shipped, stands_at(*ALTERABLE), by_its_people)
        ),
        AssessmentPermission.NAME_COLLABORATORS: Rule(
            RequiredRole.COMMISSIONER, "name who works on an assessment", (is_not_shipped, by_its_owner)
        ),
        AssessmentPermission.JUDGE: Rule(
            RequiredRole.COMMISSIONER,
            "judge options",
            (is_not_shipped, stands_at(AssessmentStatus.OPEN), by_its_panel),
        ),
        AssessmentPermission.RECORD_CONSENSUS: Rule(
            RequiredRole.COMMISSIONER,
            "record the consensus of a panel",
            (is_not_shipped, stands_at(AssessmentStatus.OPEN), by_its_panel_or_its_people),
        ),
        AssessmentPermission.OPEN: Rule(
            RequiredRole.COMMISSIONER,
            "open assessments",
            (is_not_shipped, _starts["open"], is_followed_by_nobody, by_its_people),
        ),
        AssessmentPermission.CLOSE: Rule(
            RequiredRole.COMMISSIONER, "close assessments", (is_not_shipped, _starts["close"], by_its_people)
        ),
        AssessmentPermission.APPROVE: Rule(
            RequiredRole.APPROVER,
            "approve assessments",
            (is_not_shipped, _starts["approve"], by_somebody_else, by_none_who_chose),
        ),
        AssessmentPermission.CHOOSE: Rule(
            RequiredRole.APPROVER,
            "choose an option, once an assessment is closed",
            (is_not_shipped, is_settled, by_somebody_else),
        ),
        AssessmentPermission.FOLLOW: Rule(RequiredRole.COMMISSIONER, "follow a model", (is_not_shipped, by_its_people)),
        FollowingPermission.DISPERSE: Rule(RequiredRole.COMMISSIONER, "put assessments together"),
        FollowingPermission.NAME_COLLABORATORS: Rule(
            RequiredRole.COMMISSIONER, "name who works on a dispersal", (by_its_owner,)
        ),
        FollowingPermission.HAND_OVER: Rule(
            RequiredRole.COMMISSIONER, "hand over to the planner", (dispersal_by_its_people,)
        ),
        FollowingPermission.PROFILE: Rule(RequiredRole.COMMISSIONER, "record profiles"),
    }
)
