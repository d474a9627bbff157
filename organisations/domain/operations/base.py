"""What every operation offers, and what operations say when they cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from organisations.domain.snapshot import (
    Body,
    Draft,
    PopulationCount,
    Snapshot,
)


class Impossible(Exception):
    """An operation or change that integrity does not allow. `code` is the problem code of the API."""

    def __init__(self, code: str, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.pointer = pointer


Facts = dict[str, Any]
"""What an operation changes, by name, as it is told: codes, words, days and figures."""


class Operation(Protocol):
    """What every operation offers, whoever contributes it."""

    verb: ClassVar[str]

    @property
    def subject(self) -> str:
        """The code of the body it is about."""

    def apply(self, draft: Draft) -> None:
        """Write it on a draft of the state. Raises Impossible."""

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        """What it changes, as that was in the state before it and as it is after it."""


@dataclass(frozen=True, slots=True)
class AboutBody:
    """An operation on one body, whose code it names first."""

    code: str

    @property
    def subject(self) -> str:
        return self.code


def count_in_words(count: PopulationCount) -> Facts:
    """A count as an effect states it: how many, when and how they were counted, and what it was computed from."""
    facts: Facts = {"population": count.count, "on": count.counted_on, "basis": count.basis.value}
    if count.computed:
        facts |= {"at_least": count.at_least, "parts": [part.stored() for part in count.parts]}
    return facts


def body_of(draft: Draft, code: str) -> Body:
    """The body of a code. Raises Impossible where there is none."""
    try:
        return draft.bodies[code]
    except KeyError:
        raise Impossible("unknown-organisation", f"No organisation has the code {code}.") from None
