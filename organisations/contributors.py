"""Where apps above join the plan engine, so that it never imports them.

An app registers one contributor in its `AppConfig.ready`. The engine asks each for its part of the snapshot, for the
operations a change calls for, for the checks that concern it, for the totals it keeps, and to write the operations it
recognises as its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import Finding
from organisations.domain.effects import Effect
from organisations.domain.operations import Operation
from organisations.domain.planning import Plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.totals import UNKNOWN, Measure, Total
from organisations.models import Change
from pcorg.core.audit.subjects import Subject
from pcorg.core.refusals import Refusal


class Stale(Refusal):
    """What a plan was made from is no longer so: somebody else has changed it meanwhile. `detail` says what, for
    whoever reads the trace."""

    def __init__(self, detail: str) -> None:
        super().__init__("conflict", "Somebody else changed these bodies meanwhile; look at the preview again.")
        self.add_note(detail)


@dataclass(frozen=True, slots=True)
class EffectLine:
    """An effect in words, as a line of a list of like effects on a body. `wording` is what the list says of them, with
    `{}` where they are counted (`Comes to hold {}.`), `one` and `many` what they are. `pounds` a year are added up."""

    wording: str
    one: str
    many: str
    words: str
    pounds: Decimal | None = None


class Contributor:
    """What an app above offers the engine. What it does not say itself it has nothing of."""

    name: str
    totals_wording: Mapping[str, tuple[str, str]] = {}
    """How people read its totals: by name the label and the format of the figure."""

    def part(self, codes: Sequence[str]) -> Any:
        """Its part of a snapshot of these bodies, kept under its name in `Snapshot.parts`."""

    def named(self, part: Any) -> Iterable[str]:
        """Codes of all bodies that its part names: the snapshot knows them too."""
        return ()

    def without(self, part: Any, changes: Container[int | None]) -> Any:
        """Its part as it would be had these changes, given by their ids, not happened."""
        return part

    def operations(self, request: ChangeRequest, snapshot: Snapshot) -> Iterable[Operation]:
        """The operations a change calls for."""
        return ()

    def findings(self, plan: Plan) -> Iterable[Finding]:
        """What its checks find of a plan."""
        return ()

    def totals(self, codes: Sequence[str], state: Snapshot, on: date) -> Mapping[str, Total]:
        """Named totals of bodies on a day, from its part of the snapshot: what a change must not lose. What is not
        recorded is unknown, not nought."""
        return {}

    def write(self, operations: Sequence[Operation], *, change: Change | None) -> Collection[Subject]:
        """Write those of the operations that are its own; gives the subjects whose rows it wrote. Raises Stale where
        another writer was there first."""
        return ()

    def in_words(self, effect: Effect, name: Callable[[str], str]) -> EffectLine | None:
        """An effect of its own in words; None of any other. `name` gives the name of a body by its code."""
        return None

    def bodies_in(self, effect: Effect) -> Iterable[str]:
        """Codes of the bodies that an effect of its own names."""
        return ()


NAMED_TOTALS: Mapping[str, Total] = {"contracts": UNKNOWN, "budget": UNKNOWN}
"""Totals that a preview always states, as they stand where no app keeps any. Money is in pounds."""

_registered: dict[str, Contributor] = {}


def register(contributor: Contributor) -> None:
    """Add a contributor. Raises ValueError when the name is taken."""
    if contributor.name in _registered:
        raise ValueError(f"a contributor named {contributor.name} is registered already")
    _registered[contributor.name] = contributor


def withdraw(name: str) -> None:
    """Remove a contributor."""
    del _registered[name]


def contributors() -> tuple[Contributor, ...]:
    """All contributors, in the order in which they registered."""
    return tuple(_registered.values())


def totals_wording() -> dict[str, tuple[str, str]]:
    """How people read the totals that contributors add up: by name the label and the format of the figure."""
    return {name: told for contributor in contributors() for name, told in contributor.totals_wording.items()}


def measures() -> list[Measure]:
    """What the contributors add up for a set of bodies."""
    return [contributor.totals for contributor in contributors()]
