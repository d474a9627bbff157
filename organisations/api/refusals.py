"""What the actions refuse, as problem documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from organisations.domain.integrity import Problem as Found
from organisations.models import Change
from organisations.portfolios.reading import DocumentFault as FaultOfFile
from organisations.portfolios.reading import DocumentRefused
from organisations.services.previews import Unacceptable
from organisations.services.refusals import Refusal
from organisations.specs.change import Malformed
from pcorg.core.api.problems import ApiProblem, Fault, ProblemCode

STATUSES = {
    "forbidden": (403, ProblemCode.NOT_PERMITTED),
    "own-proposal": (403, ProblemCode.OWN_PROPOSAL),
    "stale": (412, ProblemCode.STALE),
    "invalid": (400, ProblemCode.INVALID),
    "not-allowed-in-status": (409, ProblemCode.NOT_ALLOWED_IN_STATUS),
    "blocked-by-check": (409, ProblemCode.BLOCKED_BY_CHECK),
    "conflict": (409, ProblemCode.CONFLICT),
}
"""Status and problem code of each refusal."""

OF_FILES = {"conflict": 409, "too-large": 413, "unsupported-media-type": 415}
"""Status of a refused file, by the code that all its faults share; else 400."""

AT_ODDS = frozenset({ProblemCode.CONFLICT, ProblemCode.BLOCKED_BY_CHECK})
"""Problems of a request that is sound and contradicts what is recorded."""

KNOWN = frozenset(code.value for code in ProblemCode)


@contextmanager
def of_input() -> Iterator[None]:
    """Refusals of what a client sent: pointers lead into its body.

    A request that is sound and only contradicts what is recorded is a conflict; everything else is not valid.
    """
    with of_steps():
        try:
            yield
        except Unacceptable as fault:
            at_odds = all(found.code in AT_ODDS for found in fault.problems)
            raise ApiProblem(409 if at_odds else 400, faults=_faults(fault.problems)) from fault


@contextmanager
def of_steps() -> Iterator[None]:
    """Refusals of a step with a saved change. What the change asks for is not in the client's body, so that its
    problems have no pointer; that it cannot be planned any more is a conflict with what has happened meanwhile."""
    try:
        yield
    except Malformed as fault:
        raise ApiProblem(400, faults=_faults(fault.problems)) from fault
    except Unacceptable as fault:
        faults = [Fault(one.code, one.detail) for one in _faults(fault.problems)]
        raise ApiProblem(409, faults=faults) from fault
    except Refusal as fault:
        status, code = STATUSES[fault.code]
        raise ApiProblem(status, fault.message, code=code, faults=_faults(fault.problems)) from fault
    except Change.DoesNotExist as fault:
        raise ApiProblem(404, "There is no such change.") from fault


@contextmanager
def of_documents() -> Iterator[None]:
    """Refusals of a portfolio document: every fault with its place in the file. One that is sound and only contradicts
    what is loaded is a conflict."""
    try:
        yield
    except DocumentRefused as refusal:
        codes = {fault.code for fault in refusal.faults}
        status = OF_FILES.get(codes.pop(), 400) if len(codes) == 1 else 400
        faults = [_of_file(fault) for fault in refusal.faults]
        told = told_in_part(refusal) if refusal.more else ""
        raise ApiProblem(status, told, faults=faults, more=refusal.more) from refusal


def told_in_part(refusal: DocumentRefused) -> str:
    """What is said of a file with more faults than are told."""
    at_least = "" if refusal.counted else "at least "
    return (
        f"There are {at_least}{refusal.count:,} faults. The first {len(refusal.faults):,} are told here, and "
        f"{at_least}{refusal.more:,} more are not: one cause may be behind many."
    )


def _of_file(fault: FaultOfFile) -> Fault:
    line = "row" if fault.sheet else "line"
    stands = {"sheet": fault.sheet and fault.sheet.name, line: fault.line, "field": fault.field, "value": fault.value}
    code = ProblemCode(fault.code) if fault.code in KNOWN else fault.code
    return Fault(code, fault.message, fault.pointer, stands={name: said for name, said in stands.items() if said})


def _faults(problems: Iterable[Found]) -> list[Fault]:
    return [
        Fault(ProblemCode(found.code) if found.code in KNOWN else found.code, found.message, found.pointer)
        for found in problems
    ]
