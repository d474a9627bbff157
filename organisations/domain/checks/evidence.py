"""Checks about facts outside the data, which recorded evidence settles: consultation, agreement, capacity, board."""

from __future__ import annotations

from organisations.domain.changes import ChangeRequest
from organisations.domain.checks.applied import AppliedCheck
from organisations.domain.checks.finding import Finding, listed
from organisations.domain.planning.plan import Plan
from organisations.domain.vocabulary import Constituency, SettledBy

SETTLED_BY = {
    "consultation-held": SettledBy.EVIDENCE,
    "joint-agreement": SettledBy.EVIDENCE,
    "board-composition": SettledBy.EITHER,
    "management-capacity": SettledBy.EVIDENCE,
    "relations": SettledBy.EVIDENCE,
}
"""What settles the checks that evidence in words can settle. Data alone settle every other check."""

NEEDED_ON_A_BOARD = (
    Constituency.GP,
    Constituency.NURSE,
    Constituency.SOCIAL_SERVICES,
    Constituency.LAY,
    Constituency.LOCAL_AUTHORITY,
    Constituency.CHIEF_EXECUTIVE,
)
"""Constituencies of the board of a group or trust (Goodwin 2001, lines 327-330 and 537-538)."""


def consultation_held(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`consultation-held`: before a primary care trust is established (Goodwin 2001, lines 376-379)."""
    return _recorded(
        plan,
        check,
        "Consultation",
        "Such a body is set up only after consultation, and none is recorded. "
        "Record the consultation, or say in evidence when and with whom it was held.",
        "goodwin-2001 lines 376-379",
    )


def joint_agreement(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`joint-agreement`: NHS and council partners agree to a care trust, or the compulsory route is recorded with its
    reason (Goodwin 2001, lines 679-694)."""
    return _recorded(
        plan,
        check,
        "Agreement",
        "The NHS and council partners must agree first, and none is recorded. "
        "Give the agreement as evidence, or the reason for the compulsory route.",
        "goodwin-2001 lines 679-694",
    )


def board_composition(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`board-composition`: a new group or trust states its board (Goodwin 2001, lines 327-330, 537-538)."""
    request = plan.request
    if request is None or not check.bodies:
        return None
    source = "goodwin-2001 lines 327-330, 537-538"
    lacking = []
    for body in (plan.after.bodies[code] for code in check.bodies):
        seats = {seat.constituency for seat in body.seats_on(request.effective_on)}
        missing = [constituency.label for constituency in NEEDED_ON_A_BOARD if constituency not in seats]
        if missing:
            name = body.last_name()
            lacking.append(f"{name} lacks {listed(missing).lower()}" if seats else f"{name} states none")
    if not lacking:
        return check.met("Every board has members from all constituencies.", source)
    given = _evidence(request, check.code)
    if given:
        return check.met(f"Board: {given}", source)
    return check.unmet(f"The board is not settled: {listed(lacking, '; ')}.", source)


def management_capacity(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`management-capacity`: there are enough senior and experienced managers (Goodwin 2001, lines 396-399)."""
    return _recorded(
        plan,
        check,
        "Capacity",
        "No evidence is recorded that there are enough senior managers. Early evaluations agreed that more would be "
        "needed.",
        "goodwin-2001 lines 396-399",
    )


def relations(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`relations`: a care trust or merger does best where partners get on (King's Fund 2009, lines 1177-1181)."""
    return _recorded(
        plan,
        check,
        "Relations",
        "How the partners get on is not recorded. Studies suggest that care trusts do well only where relations were "
        "good before, and that merging may make poor ones worse.",
        "kings-fund-2009 lines 1177-1181",
    )


def _recorded(plan: Plan, check: AppliedCheck, title: str, lacking: str, source: str) -> Finding | None:
    """Met where evidence is given, unmet where it is not."""
    if plan.request is None or not check.bodies:
        return None
    given = _evidence(plan.request, check.code)
    return check.met(f"{title}: {given}", source) if given else check.unmet(lacking, source)


def _evidence(request: ChangeRequest, code: str) -> str:
    return request.evidence.get(code, "").strip()
