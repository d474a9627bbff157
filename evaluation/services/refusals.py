"""What the actions on assessments refuse."""

from __future__ import annotations

from typing import Any

from organisations.domain.integrity import Problem
from pcorg.core.policies import Actor, Permission, can


class Invalid(Exception):
    """Input that cannot be taken, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class NotNow(Exception):
    """What the status of a thing does not allow, or somebody may not do; `code` is the problem code."""

    def __init__(self, message: str, code: str = "not-allowed-in-status") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class StaleVersion(Exception):
    """The thing has changed since it was read."""

    message = "Somebody else has changed this since you opened it. Nothing of what you sent was saved."


def require(by: Actor, permission: Permission, thing: Any | None = None) -> None:
    """Go on where the policy allows a permission. Raises NotNow with its reason."""
    verdict = can(by, permission, thing)
    if not verdict:
        raise NotNow(verdict.reason, verdict.code)
