"""Checks about facts outside the data, which recorded evidence settles: consultation, agreement, capacity, board."""

from __future__ import annotations

from organisations.domain.changes import ChangeRequest
from organisations.domain.checks.finding import Finding, advising, blocking, listed, passing
from organisations.domain.checks.steps import rules_for
from organisations.domain.planning.plan import Plan
from organisations.domain.vocabulary import ChangeKind, Constituency, Family

NEEDED_ON_A_BOARD = (
    Constituency.GP,
    Constituency.NURSE,
    Constituency.SOCIAL_SERVICES,
    Constituency.LAY,
    Constituency.LOCAL_AUTHORITY,
    Constituency.CHIEF_EXECUTIVE,
)
"""Constituencies of the board of a group or trust (Goodwin 2001, lines 327-330 and 537-538)."""

TRUST_FORMS = frozenset({"pct-3", "pct-4"})


def consultation_held(plan: Plan) -> Finding | None:
    """`consultation-held`: before a primary care trust is established (Goodwin 2001, lines 376-379)."""
    request = plan.request
    if request is None:
        return None
    founded = request.kind is ChangeKind.ESTABLISHMENT and any(new.form in TRUST_FORMS for new in request.new)
    if not founded and not any(rule.consultation for rule in rules_for(plan)):
        return None
    source = "goodwin-2001 lines 376-379"
    said = _evidence(request, "consultation-held")
    if said:
        return passing("consultation-held", f"Consultation: {said}", source)
    return blocking(
        "consultation-held",
        "A primary care trust is established only after consultation, and none is recorded. "
        "Record the consultation, or say in evidence when and with whom it was held.",
        source,
    )


def joint_agreement(plan: Plan) -> Finding | None:
    """`joint-agreement`: NHS and council partners agree to a care trust, or the compulsory route is recorded with its
    reason (Goodwin 2001, lines 679-694)."""
    request = plan.request
    if request is None:
        return None
    founded = request.kind is ChangeKind.ESTABLISHMENT and any(new.form == "care-trust" for new in request.new)
    if not founded and not any(rule.joint_agreement for rule in rules_for(plan)):
        return None
    source = "goodwin-2001 lines 679-694"
    said = _evidence(request, "joint-agreement")
    if said:
        return passing("joint-agreement", f"Agreement: {said}", source)
    return blocking(
        "joint-agreement",
        "A care trust needs the agreement of the NHS and council partners, and none is recorded. "
        "Give it as evidence, or the reason for the compulsory route.",
        source,
    )


def board_composition(plan: Plan) -> Finding | None:
    """`board-composition`: a new group or trust states its board (Goodwin 2001, lines 327-330, 537-538)."""
    request = plan.request
    if request is None:
        return None
    concerned = [
        new for new in request.new if (form := plan.before.forms.get(new.form)) and _has_a_board(form.family, new.form)
    ]
    if not concerned:
        return None
    source = "goodwin-2001 lines 327-330, 537-538"
    said = _evidence(request, "board-composition")
    lacking = []
    for new in concerned:
        seats = {seat.constituency for seat in new.seats}
        missing = [constituency.label for constituency in NEEDED_ON_A_BOARD if constituency not in seats]
        if missing:
            lacking.append(f"{new.name} lacks {listed(missing).lower()}" if seats else f"{new.name} states none")
    if not lacking:
        return passing("board-composition", "Every new board seats all constituencies.", source)
    if said:
        return passing("board-composition", f"Board: {said}", source)
    return blocking("board-composition", f"The board is not settled: {listed(lacking, '; ')}.", source)


def management_capacity(plan: Plan) -> Finding | None:
    """`management-capacity`: senior managers are at hand (Goodwin 2001, lines 397-399)."""
    return _advised(
        plan,
        "management-capacity",
        "Capacity",
        "No evidence is recorded that senior managers are at hand. Early evaluations asked for more of them.",
        "goodwin-2001 lines 397-399",
    )


def relations(plan: Plan) -> Finding | None:
    """`relations`: a care trust or merger does best where partners get on (King's Fund 2009, lines 1177-1181)."""
    return _advised(
        plan,
        "relations",
        "Relations",
        "How the partners get on is not recorded. Care trusts work where relations are good already; "
        "mergers may make poor ones worse.",
        "kings-fund-2009 lines 1177-1181",
    )


def _advised(plan: Plan, code: str, title: str, words: str, source: str) -> Finding | None:
    request = plan.request
    if request is None or not any(code in rule.checks for rule in rules_for(plan)):
        return None
    said = _evidence(request, code)
    return passing(code, f"{title}: {said}", source) if said else advising(code, words, source)


def _evidence(request: ChangeRequest, code: str) -> str:
    return request.evidence.get(code, "").strip()


def _has_a_board(family: Family, slug: str) -> bool:
    return family is Family.GROUPS_AND_TRUSTS and slug != "care-trust"
