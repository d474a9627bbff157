"""What the actions on assessments refuse."""

from __future__ import annotations

from organisations.domain.integrity import Problem


class Invalid(Exception):
    """Input that cannot be taken, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class NotNow(Exception):
    """A step that the status of an assessment does not allow, or that somebody may not take."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
