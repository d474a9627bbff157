"""The operations that only corrections use: they alter the ends of what is recorded.

Nothing is removed from sight: a holding that never held is kept with an end on its first day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from commissioning.domain.holdings import Holding
from commissioning.domain.operations import own_part, refuse_held_already, require_in_force, told
from organisations.domain.operations import Facts, Impossible
from organisations.domain.snapshot import Draft, Snapshot
from pcorg.core.periods import Period


@dataclass(frozen=True, slots=True)
class ReviseHolding:
    """A correction ends a holding earlier than is recorded, on its first day where it never held. `due` is the day on
    which it would end but for any change."""

    verb: ClassVar[str] = "revise-holding"
    holding: Holding
    end: date
    due: date | None

    @property
    def subject(self) -> str:
        return self.holding.bodies[0]

    def apply(self, draft: Draft) -> None:
        start = self.holding.period.start
        ended = replace(self.holding, period=Period(start, self.end), due=self.due) if self.end != start else None
        try:
            own_part(draft).replace(self.holding, *([] if ended is None else [ended]))
        except ValueError:
            raise _changed(self.holding) from None

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        """What it does, for people and programs to read."""
        return told(self.holding, before) | {"from": self.holding.period.start}, {"until": self.end}


@dataclass(frozen=True, slots=True)
class ReviveHolding:
    """A holding that an undone change ended, or struck out before it began, goes on to the day on which it was due to
    end."""

    verb: ClassVar[str] = "revive-holding"
    holding: Holding

    @property
    def subject(self) -> str:
        return self.holding.bodies[0]

    def apply(self, draft: Draft) -> None:
        holdings, old = own_part(draft), self.holding
        item = holdings.items[old.thing]
        period = Period(old.period.start, old.due)
        for code in old.bodies:
            require_in_force(draft, code, period, item)
        revived = replace(old, period=period, ended_by=None, due=None)
        refuse_held_already(holdings, revived, instead_of=old)
        if old in holdings.struck:
            holdings.revive(old, revived)
            return
        try:
            holdings.replace(old, revived)
        except ValueError:
            raise _changed(old) from None

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        """What it does, for people and programs to read."""
        return {}, told(self.holding, before) | {"from": self.holding.period.start, "until": self.holding.due}


def _changed(old: Holding) -> Impossible:
    return Impossible("conflict", f"{old.item} is no longer held as it was by {', '.join(old.bodies)}.")
