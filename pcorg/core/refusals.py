"""What services and selectors refuse: one family of exceptions, each with the code of its problem.

The API answers them as problem documents (`core.api.problems.as_problem`), pages by `core.pages.refusals`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pcorg.core.policies import Actor, Permission, can


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a request: a code for machines, a sentence for people, and where (a JSON pointer). `stands`
    says where in a file it is: sheet and row, or line, the field and the value there."""

    code: str
    message: str
    pointer: str = ""
    stands: Mapping[str, Any] = field(default_factory=dict, hash=False)


class Refusal(Exception):
    """A request that is refused: `code` is the problem code, `message` a sentence for people, and `problems` are the
    particulars where there are several."""

    def __init__(self, code: str, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = list(problems)


class Invalid(Refusal):
    """Input that cannot be taken, with every problem found. `more` counts the problems that are not among them, and
    `message` speaks of those; else the problems say it all."""

    more = 0

    def __init__(self, problems: Iterable[Problem], *, code: str = "invalid", message: str = "") -> None:
        super().__init__(code, message, problems)

    def __str__(self) -> str:
        return f"{len(self.problems)} problems"


class Unacceptable(Invalid):
    """Input that is well formed and that integrity does not allow. It is a conflict where all its problems are that it
    contradicts what is recorded."""

    AT_ODDS = frozenset({"conflict", "blocked-by-check"})

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__(problems)
        if all(problem.code in self.AT_ODDS for problem in self.problems):
            self.code = "conflict"


class NoLongerPossible(Unacceptable):
    """Something saved that contradicts what has happened since. What it asks for is not in the body of the request, so
    that its problems have no pointer."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__(replace(problem, pointer="") for problem in problems)
        self.code = "conflict"


class StaleVersion(Refusal):
    """The thing has changed since it was read."""

    def __init__(self, message: str = "It has changed since you read it. Read it again.") -> None:
        super().__init__("stale", message)


class NotFound(Refusal):
    """There is no such thing, not on the day asked about, or not for whoever asks."""

    def __init__(self, message: str, code: str = "not-found") -> None:
        super().__init__(code, message)


def require(by: Actor, permission: Permission, thing: Any | None = None) -> None:
    """Go on where the policy allows a permission. Raises Refusal with its reason."""
    verdict = can(by, permission, thing)
    if not verdict:
        raise Refusal(verdict.code, verdict.reason)
