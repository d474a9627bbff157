"""Who may do what with assessments and what follows them."""

from __future__ import annotations

from pcorg.policies import Deed, Rule, Standing, register


class AssessmentDeed(Deed):
    """What people do with assessments."""

    MAKE = "make an assessment"
    ALTER = "alter an assessment"
    JUDGE = "judge options"
    OPEN = "open an assessment for judgements"
    CLOSE = "close an assessment"
    APPROVE = "approve an assessment"
    COPY = "copy an assessment"
    CHOOSE = "choose an option"
    FOLLOW = "follow the model that was chosen"


class FollowingDeed(Deed):
    """What people put together and record beside assessments."""

    DISPERSE = "put assessments of a trust's groups together"
    PROFILE = "record how integrated a body is"


register(
    {
        AssessmentDeed.MAKE: Rule(Standing.COMMISSIONER, "make assessments"),
        AssessmentDeed.ALTER: Rule(Standing.COMMISSIONER, "alter assessments"),
        AssessmentDeed.JUDGE: Rule(Standing.COMMISSIONER, "judge options"),
        AssessmentDeed.OPEN: Rule(Standing.COMMISSIONER, "open assessments"),
        AssessmentDeed.CLOSE: Rule(Standing.COMMISSIONER, "close assessments"),
        AssessmentDeed.APPROVE: Rule(Standing.APPROVER, "approve assessments"),
        AssessmentDeed.COPY: Rule(Standing.COMMISSIONER, "copy assessments"),
        AssessmentDeed.CHOOSE: Rule(Standing.COMMISSIONER, "choose an option"),
        AssessmentDeed.FOLLOW: Rule(Standing.COMMISSIONER, "follow a model"),
        FollowingDeed.DISPERSE: Rule(Standing.COMMISSIONER, "put assessments together"),
        FollowingDeed.PROFILE: Rule(Standing.COMMISSIONER, "record profiles"),
    }
)
