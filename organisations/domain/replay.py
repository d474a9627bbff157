"""A portfolio replayed: opening facts, then dated changes in order, each planned on the state the one before left.

What apps above state is taken in on its day: after the changes of that day, before those of later days. Nothing is
written here. What cannot be planned is reported and passed over, so that every fault of a document is found in one
reading; what rests on it is looked at only as far as it does not, for other faults of it would only follow from the
first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import merge
from typing import Protocol

from organisations.domain.changes import ChangeRequest, NewBody
from organisations.domain.checks import Finding, findings_of, merged
from organisations.domain.checks.people import words_for_homeless
from organisations.domain.integrity import problems_of
from organisations.domain.operations import Impossible, Operation
from organisations.domain.planning import Plan, opening_plan, plan
from organisations.domain.planning.plan import Contribution, opening_operations
from organisations.domain.planning.steps import left_behind
from organisations.domain.snapshot import DatedRelationship, Draft, Snapshot
from pcorg.core.refusals import Problem


class StatedFact(Protocol):
    """Something stated as it is on the day it begins; the changes of later days move it.

    A replay makes it known after the changes of that day and before those of later days. `about` is the natural key of
    the record that states it, `brings` the code that others may rest upon (empty: none), `rests_on` the codes of the
    bodies and things it names. Its operations alter nothing but the parts of apps above.
    """

    @property
    def about(self) -> str: ...

    @property
    def start(self) -> date: ...

    @property
    def brings(self) -> str: ...

    @property
    def rests_on(self) -> frozenset[str]: ...

    def problems(self, state: Snapshot, apart_from: Collection[str] = ()) -> Iterable[Problem]:
        """What is wrong with it in the state of the day it begins; pointers lead from its record. Nothing is said of
        the bodies and things named by `apart_from`, nor of what depends on them; the fact itself may be among them."""

    def operations(self, state: Snapshot) -> Iterable[Operation]:
        """What makes it known in that state."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change of history, planned: what it does and what the policy checks say of it."""

    request: ChangeRequest
    plan: Plan
    findings: tuple[Finding, ...]


@dataclass
class Replay:
    """What a replay came to: plans in order, the last state, and problems by what they are about.

    A step without a change states facts: the opening facts first, then what apps above state, day by day. The key of
    `problems` says what they are about: `body:CODE`, `tie:KIND:SUBJECT:OBJECT:START`, `change:REFERENCE`, or the
    natural key of a fact. `tainted` are the codes that nothing can rest upon, because what was to bring them in failed,
    and `unsure` those of bodies whose form or members a change that failed would have altered.
    """

    last: Snapshot
    steps: list[Plan | Recorded] = field(default_factory=list)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    tainted: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)

    def trouble(self, about: str, found: Iterable[Problem]) -> None:
        """Note problems."""
        self.problems.setdefault(about, []).extend(found)

    def failed(self, request: ChangeRequest) -> None:
        """Note that a change is passed over: what was to come of it is not there."""
        self.tainted |= {body.code for body in request.new} - self.last.bodies.keys()
        if request.to_form or request.moves:
            self.unsure |= {*request.originals, *(move.receiver for move in request.moves)}


@dataclass(frozen=True)
class Contributed:
    """What apps above add to a replay: operations to plans, and checks."""

    operations: Sequence[Contribution] = ()
    checks: Sequence[Callable[[Plan], Iterable[Finding]]] = ()


@dataclass(frozen=True)
class ApartFrom:
    """What is known to be wrong before a replay: codes that nothing can rest upon, bodies whose form or members are not
    sure, and what has a fault of its own (as in the keys of `Replay.problems`)."""

    tainted: Collection[str] = ()
    unsure: Collection[str] = ()
    doubtful: Collection[str] = ()


Step = ChangeRequest | Sequence[StatedFact]
"""A step of history: a change, or facts that become known between two changes."""


def by_day(requests: Iterable[ChangeRequest], facts: Iterable[StatedFact]) -> Iterator[Step]:
    """Changes and facts, both in order of their days, as one history: the changes of a day before its facts."""
    changes: Iterable[tuple[date, int, ChangeRequest | StatedFact]] = (
        (request.effective_on, 0, request) for request in requests
    )
    dated = merge(changes, ((fact.start, 1, fact) for fact in facts), key=lambda entry: entry[:2])
    between: list[StatedFact] = []
    for _, _, entry in dated:
        if isinstance(entry, ChangeRequest):
            if between:
                yield between
            yield entry
            between = []
        else:
            between.append(entry)
    if between:
        yield between


def replay(
    bodies: Sequence[NewBody],
    relationships: Sequence[DatedRelationship],
    history: Iterable[Step],
    start: Snapshot,
    *,
    portfolio: str,
    contributed: Contributed | None = None,
    apart_from: ApartFrom | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Replay:
    """Replay opening facts, then a history in its order, upon a state. What is known to be wrong already is looked at
    and passed over; what rests on it is looked at as far as it does not."""
    apart_from = apart_from or ApartFrom()
    result = Replay(start, tainted=set(apart_from.tainted), unsure=set(apart_from.unsure))
    contributed = contributed or Contributed()
    if bodies or relationships:
        _open(result, bodies, relationships, portfolio)
    for step in history:
        if isinstance(step, ChangeRequest):
            _change(result, step, contributed, apart_from.doubtful)
            progress()
        else:
            _state(result, step, apart_from.doubtful)
    _outlived(result)
    return result


def _change(result: Replay, request: ChangeRequest, contributed: Contributed, doubtful: Collection[str]) -> None:
    about, named = f"change:{request.reference}", request.named
    found = problems_of(request, result.last, result.tainted)
    if about in doubtful or result.tainted & named:
        result.trouble(about, found)
        result.failed(request)
        return
    unsure = bool(result.unsure & named)
    if not found:
        try:
            planned = plan(request, result.last, contributed.operations)
        except Impossible as fault:
            if unsure:
                result.failed(request)
            else:
                found = [Problem(fault.code, fault.message, fault.pointer)]
        else:
            found = [] if unsure else _homeless(planned)
            more = [finding for check in contributed.checks for finding in check(planned)]
            result.steps.append(Recorded(request, planned, merged([*findings_of(planned), *more])))
            result.last = planned.after.remembering(request.remembered(len(result.last.history)))
    if found:
        result.trouble(about, found)
        result.failed(request)


def _state(result: Replay, facts: Sequence[StatedFact], doubtful: Collection[str]) -> None:
    """Take in facts, together as far as none rests on another of them."""
    together: list[StatedFact] = []
    brought: set[str] = set()
    for fact in facts:
        if brought & fact.rests_on:
            _take_in(result, together, doubtful)
            together, brought = [], set()
        together.append(fact)
        brought.add(fact.brings)
    _take_in(result, together, doubtful)


def _take_in(result: Replay, facts: Sequence[StatedFact], doubtful: Collection[str]) -> None:
    draft: Draft | None = None
    done: list[Operation] = []
    for fact in facts:
        apart = (result.tainted | result.unsure) & fact.rests_on
        if apart or fact.about in doubtful:
            result.trouble(fact.about, fact.problems(result.last, apart_from=apart | {fact.about}))
            result.tainted.add(fact.brings)
            continue
        found = list(fact.problems(result.last))
        if not found:
            operations = list(fact.operations(result.last))
            draft = Draft(result.last) if draft is None else draft
            try:
                _apply(operations, draft)
            except Impossible as fault:
                found = [Problem(fault.code, fault.message, fault.pointer)]
            else:
                done += operations
        if found:
            result.trouble(fact.about, found)
            result.tainted.add(fact.brings)
    if draft is not None and done:
        stated = Plan(None, tuple(done), result.last, draft.done())
        result.steps.append(stated)
        result.last = stated.after


def _apply(operations: Iterable[Operation], draft: Draft) -> None:
    for operation in operations:
        operation.apply(draft)


def _outlived(result: Replay) -> None:
    """Ties stated for days on which one of the two bodies was not in force."""
    for relationship in result.last.relationships:
        for code in (relationship.subject, relationship.object):
            body = result.last.bodies[code]
            if not body.lives_through(relationship.period):
                message = f"{body.last_name()} ({code}) is not in force for the whole of this relationship."
                result.trouble(relationship.about, [Problem("not-in-force", message)])


def _open(
    result: Replay, bodies: Sequence[NewBody], relationships: Sequence[DatedRelationship], portfolio: str
) -> None:
    """Open the opening bodies and ties at once; where that fails, one by one, so that every fault is told."""
    try:
        opening = opening_plan(bodies, relationships, result.last, portfolio)
    except Impossible:
        opening = _opened_singly(result, bodies, relationships, portfolio)
    result.last = opening.after
    result.steps.append(opening)


def _opened_singly(
    result: Replay, bodies: Sequence[NewBody], relationships: Sequence[DatedRelationship], portfolio: str
) -> Plan:
    draft, done = Draft(result.last), list[Operation]()
    pieces: list[tuple[Sequence[NewBody], Sequence[DatedRelationship]]] = [
        ([replace(body, relationships=())], ()) for body in bodies
    ]
    pieces += [((), [relationship]) for body in bodies for relationship in body.relationships] + [
        ((), [relationship]) for relationship in relationships
    ]
    for some_bodies, some_relationships in pieces:
        about = f"body:{some_bodies[0].code}" if some_bodies else some_relationships[0].about
        existing = draft.bodies.get(some_bodies[0].code) if some_bodies else None
        operations = list(opening_operations(some_bodies, some_relationships, portfolio))
        try:
            _apply(operations, draft)
        except Impossible as fault:
            result.trouble(about, [Problem(fault.code, fault.message, fault.pointer)])
            for body in some_bodies:
                if existing is not None:
                    draft.bodies[body.code] = existing
                else:
                    draft.bodies.pop(body.code, None)
        else:
            done += operations
    return Plan(None, tuple(done), result.last, draft.done())


def _homeless(planned: Plan) -> list[Problem]:
    """Members that recorded history leaves without a home: that is a fault of the record."""
    assert planned.request is not None
    homeless = left_behind(planned.request, planned.before, planned.after)
    return [Problem("blocked-by-check", words_for_homeless(homeless), "/moves")] if homeless else []
