"""The terms of evaluation, as enumerations."""

from __future__ import annotations

from collections.abc import Mapping

from pcorg.core.vocabulary import Term


class AssessmentStatus(Term):
    """How far an assessment has come. An approved one never changes again."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open for judgements"
    CLOSED = "closed", "Closed"
    APPROVED = "approved", "Approved"


class AssessmentScope(Term):
    """What an assessment is about."""

    ALL = "all-services", "All services"
    GROUP = "group", "A group of services"
    SERVICE = "service", "One service"


class OptionKind(Term):
    """What an option is."""

    INTEGRATION = "integration-option", "Integration option"
    FORM = "provider-arm-form", "Provider-arm form"
    CHANGE = "change", "Proposed change"
    PRESENT = "present", "The present arrangement"


class Weighing(Term):
    """What is said of the weights."""

    NONE = "none", "No preference: any weights"
    EQUAL = "equal", "Equal weights"
    SWING = "swing", "Swing weights"
    RANKING = "ranking", "A ranking of the swings"
    BOUNDS = "bounds", "Lowest and highest weights"
    OWN = "own", "Each assessor's own"


class MitigationKind(Term):
    """What a statement about mitigation is."""

    ACTION = "action", "What commissioners can do"
    CONTEXT = "context", "What limits it"
    RISK = "risk", "A risk of its own"


class TransformKind(Term):
    """What a mitigation does to judgements."""

    RAISE_FLOOR = "raise-floor", "Raises the lowest level to"
    RAISE_BY = "raise-by", "Raises by levels"
    NARROW = "narrow", "Closes this share of what is open, from below"


class IntegrationAxis(Term):
    """The three axes of integration (Goodwin 2001)."""

    PRIMARY_COMMUNITY = "primary-with-community", "Primary care with community services"
    HEALTH_SOCIAL = "health-with-social", "Health with social care"
    OUT_OF_HOSPITAL = "out-of-hospital", "Care moved out of hospital"


PROFILE_LEVELS = {
    0: "Each works alone",
    1: "People know each other; nothing is agreed",
    2: "Agreed ways of working in some places",
    3: "Joint teams or pathways for some groups of people",
    4: "Joint teams or pathways for most people",
    5: "One service: budget, staff and record are shared",
}
"""What each level of integration on an axis means. The words are ours."""


class Stage(Term):
    """Stages in the evaluation of a model once chosen."""

    BASELINE = "baseline", "Baseline"
    FOLLOW_UP = "follow-up", "Follow-up"
    OUTCOME = "outcome", "Outcome"


CONSENSUS = "Consensus of the panel"
"""The name under which a panel's consensus is kept."""


ALTERABLE = frozenset({AssessmentStatus.DRAFT, AssessmentStatus.OPEN})

SETTLED = frozenset({AssessmentStatus.CLOSED, AssessmentStatus.APPROVED})
"""Statuses in which all is judged: an option can be chosen and followed."""

STEPS: Mapping[str, tuple[frozenset[AssessmentStatus], AssessmentStatus]] = {
    "open": (frozenset({AssessmentStatus.DRAFT, AssessmentStatus.CLOSED}), AssessmentStatus.OPEN),
    "close": (frozenset({AssessmentStatus.OPEN}), AssessmentStatus.CLOSED),
    "approve": (frozenset({AssessmentStatus.CLOSED}), AssessmentStatus.APPROVED),
}
"""Steps with an assessment: from which status, to which."""
