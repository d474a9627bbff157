"""The operations that commissioning adds to a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from commissioning.domain.holdings import NAME, Holding, Holdings, Item
from commissioning.domain.pilots import Pilot
from commissioning.domain.vocabulary import EndReason
from organisations.domain.operations import AboutBody, Facts, Impossible, body_of
from organisations.domain.snapshot import Draft, Snapshot
from pcorg.core.periods import Period


def held_in(state: Draft | Snapshot) -> Holdings:
    """This app's part of a state, to read."""
    part: Holdings | None = state.parts.get(NAME)
    return Holdings() if part is None else part


def own_part(draft: Draft) -> Holdings:
    """This app's part of a draft, to write on."""
    return draft.own_part(NAME, lambda part: Holdings() if part is None else part.copy())


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A thing becomes known: a contract, a budget, a service provided. `facts` are its other columns, by name;
    `subject` is the body that first holds it."""

    verb: ClassVar[str] = "open-item"
    item: Item
    subject: str
    portfolio: str
    facts: Mapping[str, Any]

    def apply(self, draft: Draft) -> None:
        holdings = own_part(draft)
        if self.item.key in holdings.items:
            raise Impossible(
                "code-in-use", f"The code {self.item.code} already stands for another {self.item.kind.label.lower()}."
            )
        holdings.add_item(self.item)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        """What it does, for people and programs to read."""
        return {}, {"kind": self.item.kind.value, "code": self.item.code, "title": self.item.title}


@dataclass(frozen=True, slots=True)
class OpenHolding:
    """Bodies begin to hold a thing; the holding may carry its end already.

    `partly_unknown` names quantities that are the sum of holdings of which some did not know the amount.
    """

    verb: ClassVar[str] = "open-holding"
    holding: Holding
    partly_unknown: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return self.holding.bodies[0]

    def apply(self, draft: Draft) -> None:
        holdings, new = own_part(draft), self.holding
        item = holdings.items.get(new.thing)
        if item is None:
            raise Impossible("invalid", f"There is no {new.kind.label.lower()} with the code {new.item}.")
        for code in new.bodies:
            require_in_force(draft, code, new.period, item)
        refuse_held_already(holdings, new)
        holdings.add(new)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        """What it does, for people and programs to read."""
        after = told(self.holding, before) | {"from": self.holding.period.start}
        if self.holding.period.end is not None:
            after["until"] = self.holding.period.end
        if self.partly_unknown:
            after["partly_unknown"] = list(self.partly_unknown)
        return {}, after


@dataclass(frozen=True, slots=True)
class CloseHolding:
    """A holding ends on a day; one that was to begin then or later is struck out. `why` says what becomes of it, and
    `meets` in which body both parts of a contract would meet."""

    verb: ClassVar[str] = "close-holding"
    holding: Holding
    on: date
    why: EndReason = EndReason.PASSED_ON
    meets: str = ""

    @property
    def subject(self) -> str:
        return self.holding.bodies[0]

    @property
    def end(self) -> date:
        """The first day on which it is no longer in force; its first day where it is struck out."""
        return max(self.on, self.holding.period.start)

    def apply(self, draft: Draft) -> None:
        holdings, old = own_part(draft), self.holding
        try:
            holdings.replace(old, *([] if self.end == old.period.start else [self._ended()]))
        except ValueError:
            raise Impossible(
                "conflict", f"{old.item} is no longer held as it was by {', '.join(old.bodies)}."
            ) from None

    def _ended(self) -> Holding:
        return replace(self.holding, period=Period(self.holding.period.start, self.end), due=self.holding.period.end)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        """What it does, for people and programs to read."""
        after: Facts = {"until": self.end}
        if self.why is not EndReason.PASSED_ON:
            after["because"] = self.why.label
        return told(self.holding, before), after


@dataclass(frozen=True, slots=True)
class StatePilot(AboutBody):
    """A body is known to be a personal medical services pilot; `term_ends` is the first day after its term."""

    verb: ClassVar[str] = "state-pilot"
    term_ends: date

    def apply(self, draft: Draft) -> None:
        holdings, body = own_part(draft), body_of(draft, self.code)
        holdings.pilots = holdings.pilots.adding(Pilot(self.code, body.last_name(), body.life, self.term_ends))

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {}, {}


def require_in_force(draft: Draft, code: str, period: Period, item: Item) -> None:
    """See that a body is in force for the whole of a period in which it is to hold a thing. Raises Impossible."""
    body = body_of(draft, code)
    if not body.alive_on(period.start):
        raise Impossible(
            "not-in-force",
            f"{body.last_name()} ({code}) is not in force on {period.start:%-d %B %Y}, when it would begin "
            f"to hold {item.title} ({item.code}).",
        )
    if body.closed is not None and not body.lives_through(period):
        raise Impossible(
            "not-in-force",
            f"{body.last_name()} ({code}) closes on {body.closed:%-d %B %Y} and cannot hold {item.title} "
            f"({item.code}) after that.",
        )


def refuse_held_already(holdings: Holdings, new: Holding, *, instead_of: Holding | None = None) -> None:
    """See that nothing but what it takes the place of stands in the way of a holding. Raises Impossible."""
    beside = (each for each in holdings.beside(new) if each != instead_of)
    other = next((each for each in beside if each.period.overlaps(new.period)), None)
    if other is not None:
        item = holdings.items[new.thing]
        hold = "already hold" if len(other.bodies) > 1 else "already holds"
        raise Impossible("conflict", f"{', '.join(other.bodies)} {hold} {item.title} ({item.code}) then.")


def told(holding: Holding, state: Snapshot) -> Facts:
    """A holding in the words of an effect: what is held, by whom, and how much."""
    item = held_in(state).items.get(holding.thing)
    named: Facts = {"kind": holding.kind.value, "code": holding.item, "title": item.title if item else holding.item}
    named |= {role.value: code for role, code in holding.parties}
    named |= {name: None if amount is None else str(amount) for name, amount in holding.amounts}
    return named | ({"state": holding.state} if holding.state else {})
