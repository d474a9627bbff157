"""What a request may cost. Every dear piece of work says what it comes to before it begins; past what whoever asks may
spend it is refused with what to do, and only so many dear pieces run at once in a process, so that plain reads go on.

Within a request the budget is that of its user: small for a stranger, larger for those who signed in. Commands and
tasks have none. `PCORG_BUDGET_DRAWS=stranger,signed-in` sets the limits of a kind of work, and so on for each.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import Enum

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """Of one kind of work: what a stranger and what somebody who signed in may ask for at once, and from where on a
    piece is `dear`. `unit` names what is counted, for people."""

    stranger: int
    signed_in: int
    dear: int
    unit: str


class Work(Enum):
    """The kinds of work that are counted. A unit of draws takes about ten nanoseconds of one core, a part of a change
    and a record of a workbook about 0.1 milliseconds, a body of a series about five microseconds."""

    DRAWS = WorkLimits(200_000_000, 2_000_000_000, 20_000_000, "steps of calculation")
    """Simulations: draws times options and criteria times runs (`evaluation.method.cost`)."""
    PARTS = WorkLimits(5_000, 110_000, 1_000, "bodies, shares, moves and relationships")
    """Previews: the parts that a change names."""
    POINTS = WorkLimits(200_000, 2_000_000, 20_000, "bodies, counted at each point")
    """Series: points times the bodies of the portfolios chosen."""
    RECORDS = WorkLimits(50_000, 1_000_000, 2_000, "records")
    """Files that are made whole before they are sent."""

    def limits(self) -> WorkLimits:
        """Its limits as they are set."""
        stranger, signed_in = settings.PCORG_BUDGETS.get(self.name, (self.value.stranger, self.value.signed_in))
        return replace(self.value, stranger=stranger, signed_in=signed_in)


class NotBegun(Exception):
    """Work that is not begun. Its text says why, for a reader."""


class OverBudget(NotBegun):
    """It would cost more than whoever asks may spend; asking again in the same way does not help."""


class Busy(NotBegun):
    """So much dear work runs that no more is begun; `wait` seconds later there may be room."""

    wait = 10

    def __init__(self) -> None:
        super().__init__(
            f"Other calculations that take long are running. Try again in {self.wait} seconds; nothing was changed."
        )


_asked_by: ContextVar[HttpRequest | None] = ContextVar("asked_by", default=None)


@contextmanager
def of_request(request: HttpRequest) -> Iterator[None]:
    """Within the block, work is done for this request."""
    token = _asked_by.set(request)
    try:
        yield
    finally:
        _asked_by.reset(token)


def limit(work: Work) -> int | None:
    """What may be spent on a kind of work here and now; None for a command or a task, which have no limit."""
    request = _asked_by.get()
    if request is None:
        return None
    user = getattr(request, "user", None)
    limits = work.limits()
    return limits.signed_in if user is not None and user.is_authenticated else limits.stranger


def require(work: Work, cost: int, *, instead: str = "") -> None:
    """Raises OverBudget where work of this cost may not be done; `instead` says what to ask for."""
    most = limit(work)
    if most is None or cost <= most:
        return
    limits = work.limits()
    message = f"This would take {cost:,} {limits.unit}; at most {most:,} are allowed at once."
    signed_in = most == limits.stranger and cost <= limits.signed_in
    hint = f"Those who sign in may ask for {limits.signed_in:,}." if signed_in else ""
    raise OverBudget(" ".join(filter(None, (message, instead, hint))))


@contextmanager
def spending(work: Work, cost: int, *, instead: str = "") -> Iterator[None]:
    """Do work of a known cost: where it is dear, when there is room for it. Raises OverBudget and Busy before it
    begins."""
    require(work, cost, instead=instead)
    if cost < work.value.dear or limit(work) is None:
        yield
        return
    with _room().taken():
        yield


class _Room:
    """So many run at once in a process and so many more wait, each in a thread that the server has; all others are
    turned away. A thread that is in already comes in again."""

    def __init__(self) -> None:
        self._running = threading.BoundedSemaphore(settings.PCORG_DEAR_AT_ONCE)
        self._inside = threading.BoundedSemaphore(settings.PCORG_DEAR_AT_ONCE + settings.PCORG_DEAR_WAITING)
        self._here = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Raises Busy where no room comes free in time."""
        if getattr(self._here, "inside", False):
            yield
            return
        if not self._inside.acquire(blocking=False):
            raise Busy
        try:
            if not self._running.acquire(timeout=settings.PCORG_DEAR_PATIENCE):
                raise Busy
            self._here.inside = True
            try:
                yield
            finally:
                self._here.inside = False
                self._running.release()
        finally:
            self._inside.release()


@functools.cache
def _room() -> _Room:
    return _Room()
