"""A portfolio replayed: opening facts, then dated changes in order, each planned on the state the one before left.

Nothing is written here. A change that cannot be planned is reported and passed over, so that every fault of a
document is found in one reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from organisations.domain.changes import ChangeRequest, NewBody
from organisations.domain.checks import Finding, findings_of
from organisations.domain.checks.people import nothing_left_behind
from organisations.domain.integrity import Problem, problems_of
from organisations.domain.operations import Impossible
from organisations.domain.planning import Plan, opening_plan, plan
from organisations.domain.planning.plan import Contribution
from organisations.domain.snapshot import PastChange, Snapshot, Tie
from organisations.domain.vocabulary import ChangeKind, Outcome


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change of history, planned: what it does and what the policy checks say of it."""

    request: ChangeRequest
    plan: Plan
    findings: tuple[Finding, ...]


@dataclass
class Replay:
    """What a replay came to: plans in order, the last state, and problems by what they are about.

    The key of `problems` says what they are about: `body:CODE`, `tie:kind:subject:object` or `change:REFERENCE`.
    """

    last: Snapshot
    opening: list[Plan] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)
    problems: dict[str, list[Problem]] = field(default_factory=dict)


def replay(
    bodies: Sequence[NewBody],
    ties: Sequence[Tie],
    requests: Iterable[ChangeRequest],
    start: Snapshot,
    *,
    portfolio: str,
    contributions: Sequence[Contribution] = (),
    contributed_checks: Sequence[Callable[[Plan], Iterable[Finding]]] = (),
    progress: Callable[[], None] = lambda: None,
) -> Replay:
    """Replay opening facts and changes upon a state. The requests must be in order of their dates."""
    result = Replay(start)
    _open(result, bodies, ties, portfolio)
    for request in requests:
        found = problems_of(request, result.last)
        if not found:
            try:
                planned = plan(request, result.last, contributions)
            except Impossible as fault:
                found = [Problem(fault.code, fault.message, fault.pointer)]
            else:
                found = _homeless(planned)
                contributed = [finding for check in contributed_checks for finding in check(planned)]
                findings = (*findings_of(planned), *contributed)
                result.recorded.append(Recorded(request, planned, findings))
                result.last = planned.after.remembering(_memory(request, len(result.last.history)))
        if found:
            result.problems.setdefault(f"change:{request.reference}", []).extend(found)
        progress()
    _outlived(result)
    return result


def _outlived(result: Replay) -> None:
    """Ties stated for days on which one of the two bodies was not in force."""
    for tie in result.last.ties:
        for code in (tie.subject, tie.object):
            body = result.last.bodies[code]
            if not body.lives_through(tie.period):
                message = f"{body.last_name()} ({code}) is not in force for the whole of this relationship."
                result.problems.setdefault(f"tie:{':'.join(tie.key)}", []).append(Problem("not-in-force", message))


def _open(result: Replay, bodies: Sequence[NewBody], ties: Sequence[Tie], portfolio: str) -> None:
    """Open the opening bodies at once; where that fails, one by one, so that every fault is told."""
    try:
        opening = opening_plan(bodies, ties, result.last, portfolio)
    except Impossible:
        opening = opening_plan((), (), result.last, portfolio)
        pieces: list[tuple[Sequence[NewBody], Sequence[Tie]]] = [([_without_ties(body)], ()) for body in bodies]
        pieces += [((), [tie]) for body in bodies for tie in body.ties] + [((), [tie]) for tie in ties]
        for some_bodies, some_ties in pieces:
            try:
                result.last = opening_plan(some_bodies, some_ties, result.last, portfolio).after
            except Impossible as fault:
                about = f"body:{some_bodies[0].code}" if some_bodies else f"tie:{':'.join(some_ties[0].key)}"
                result.problems.setdefault(about, []).append(Problem(fault.code, fault.message, fault.pointer))
    else:
        result.last = opening.after
    result.opening.append(opening)


def _homeless(planned: Plan) -> list[Problem]:
    """Members that recorded history leaves without a home: that is a fault of the record."""
    finding = nothing_left_behind(planned)
    if finding is None or finding.outcome is not Outcome.BLOCK:
        return []
    return [Problem("blocked-by-check", finding.message, "/moves")]


def _without_ties(body: NewBody) -> NewBody:
    return replace(body, ties=())


def _memory(request: ChangeRequest, sequence: int) -> PastChange:
    return PastChange(
        change=None,
        reference=request.reference,
        kind=request.kind,
        effective_on=request.effective_on,
        sequence=sequence,
        title=request.title,
        codes=frozenset({*request.originals, *request.resulting}),
        structural=request.kind not in {ChangeKind.RENAME, ChangeKind.CORRECTION},
    )
