"""The kinds of job there are. Each app registers its own when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser, User

if TYPE_CHECKING:
    from pcorg.core.jobs.running import JobRun

Person = User | AnonymousUser


class JobRefused(Exception):
    """The work was refused for what it was given. `message` is a sentence for the person who asked, `problem` the
    problem document that a request would have got."""

    def __init__(self, message: str, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.problem = problem


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What a job came to: a sentence, the address of the page that shows it, and the document that a request would have
    answered with."""

    summary: str
    page: str = ""
    document: Any = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the job."""
        return {"summary": self.summary, "page": self.page, "document": self.document}


def nothing(run: JobRun) -> None:
    """Prepares nothing."""


@dataclass(frozen=True)
class JobKind:
    """One kind of job.

    `may` says who may ask for it; it is asked again when the work begins. `prepare` works without writing anything, for
    as long as it takes; `finish` is given what it found and writes, in the transaction that also notes the job as done.
    """

    name: str
    label: str
    may: Callable[[Person], bool]
    finish: Callable[[JobRun, Any], JobOutcome]
    prepare: Callable[[JobRun], Any] = field(default=nothing)


_kinds: dict[str, JobKind] = {}


def register(*kinds: JobKind) -> None:
    """Make kinds known; a kind of the same name takes the place of an earlier one."""
    _kinds.update({kind.name: kind for kind in kinds})


def kind_of(name: str) -> JobKind | None:
    """The kind with a name; None where this version has none."""
    return _kinds.get(name)


def known() -> Sequence[JobKind]:
    """Every kind, by its label."""
    return sorted(_kinds.values(), key=lambda kind: kind.label)
