"""Facts that a portfolio states of more than bodies: what an app above keeps, each known from the day it begins."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Protocol

from organisations.domain.integrity import Problem
from organisations.domain.operations import Operation
from organisations.domain.snapshot import Snapshot


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
