"""Dated facts of commissioning, as a replay takes them in: who holds a thing from its day on, and what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from commissioning.domain.holdings import Holding, Item
from commissioning.domain.operations import CloseHolding, OpenHolding, OpenItem, StatePilot, held_in
from commissioning.domain.vocabulary import HoldingKind, PartyRole, Separation
from organisations.domain.operations import Operation
from organisations.domain.snapshot import Snapshot
from pcorg.core.periods import Period
from pcorg.core.refusals import Problem

Rule = Callable[[Snapshot], Iterable[Problem]]
"""Something to be held of a fact in the state of its day."""

Parties = Mapping[str, str]
"""The bodies that a record names, by the pointer to each in the record."""


@dataclass(frozen=True)
class DatedRecord:
    """What every fact has: the record it comes from, its day, what it names, and the rules it is held to."""

    about: str
    start: date
    end: date | None
    parties: Parties
    brings: str = ""
    upon: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()

    @property
    def rests_on(self) -> frozenset[str]:
        """The bodies and things it names."""
        return self.upon | frozenset(self.parties.values())

    def problems(self, state: Snapshot, apart_from: Collection[str] = ()) -> Iterator[Problem]:
        """Bodies that are not in force, or have passed on what they had; then the rules."""
        found = [
            problem
            for pointer, code in self.parties.items()
            if code not in apart_from
            for problem in self._in_force(state, pointer, code)
        ]
        yield from found
        if not found and not apart_from:
            for rule in self.rules:
                yield from rule(state)

    def operations(self, state: Snapshot) -> Iterator[Operation]:
        """Nothing moves unless a kind of fact says so."""
        return iter(())

    def _in_force(self, state: Snapshot, pointer: str, code: str) -> Iterator[Problem]:
        body = state.bodies.get(code)
        if body is None:
            yield Problem("unknown-organisation", f"No organisation has the code {code}.", pointer)
        elif not body.alive_on(self.start):
            life = f"opened on {_day(body.opened)}" + (f" and closed on {_day(body.closed)}" if body.closed else "")
            yield Problem(
                "not-in-force",
                f"{body.last_name()} ({code}) is not in force on {_day(self.start)}, when this begins: it {life}. "
                "Give a start within its life.",
                pointer,
            )
        elif not body.lives_through(Period(self.start, self.end)) and body.closed is not None:
            yield Problem(
                "not-in-force",
                f"{body.last_name()} ({code}) closes on {_day(body.closed)}: give an end no later than that, or state "
                "this as it stands with the body that took it over.",
                pointer,
            )
        else:
            yield from self._passed_on(state, pointer, code)

    def _passed_on(self, state: Snapshot, pointer: str, code: str) -> Iterator[Problem]:
        """History that is loaded already and would have moved this: it is not replayed again."""
        later = [
            edge.effective_on
            for edge in state.edges_out_of(code)
            if edge.share > 0 and edge.effective_on > self.start and (self.end is None or edge.effective_on < self.end)
        ]
        if later:
            yield Problem(
                "later-history",
                f"A change of {_day(min(later))} that is loaded already passed on what {code} had. Let this begin "
                "after it, as it stood then, or end before it.",
                pointer,
            )


@dataclass(frozen=True)
class ThingBegins(DatedRecord):
    """A thing becomes known with the bodies that hold it."""

    item: Item = field(kw_only=True)
    portfolio: str = field(kw_only=True)
    columns: Mapping[str, Any] = field(kw_only=True)
    holdings: tuple[Holding, ...] = ()

    def operations(self, state: Snapshot) -> Iterator[Operation]:
        holdings = self.held(state)
        yield OpenItem(self.item, holdings[0].bodies[0], self.portfolio, self.columns)
        for holding in holdings:
            yield OpenHolding(holding)

    def held(self, state: Snapshot) -> tuple[Holding, ...]:
        """Who holds it from its day on."""
        return self.holdings


@dataclass(frozen=True)
class GroupBegins(ThingBegins):
    """A group of services becomes known; whoever holds its arm on the day holds it."""

    def problems(self, state: Snapshot, apart_from: Collection[str] = ()) -> Iterator[Problem]:
        yield from super().problems(state, apart_from)
        if not apart_from and not self._holders(state):
            words = f"Nobody holds the provider arm {self.item.part_of} on {_day(self.start)}, when this begins."
            yield Problem("not-in-force", words, "/arm")

    def held(self, state: Snapshot) -> tuple[Holding, ...]:
        period = Period(self.start, self.end)
        return tuple(
            Holding(HoldingKind.GROUP, self.item.code, ((PartyRole.ORGANISATION, code),), period)
            for code in self._holders(state)
        )

    def _holders(self, state: Snapshot) -> list[str]:
        return [
            arm.party(PartyRole.ORGANISATION)
            for arm in holdings_of(state, HoldingKind.ARM, self.item.part_of, self.start)
        ]


@dataclass(frozen=True)
class SeparationChanges(DatedRecord):
    """A provider arm comes to be separated further, or less, whoever holds it by then."""

    arm: str = field(kw_only=True)
    separation: Separation = field(kw_only=True)

    def problems(self, state: Snapshot, apart_from: Collection[str] = ()) -> Iterator[Problem]:
        if not apart_from and not holdings_of(state, HoldingKind.ARM, self.arm, self.start):
            words = f"Nobody holds the provider arm any more on {_day(self.start)}: leave this step out."
            yield Problem("not-in-force", words, "/separations")

    def operations(self, state: Snapshot) -> Iterator[Operation]:
        for old in holdings_of(state, HoldingKind.ARM, self.arm, self.start):
            if old.state != self.separation:
                yield CloseHolding(old, self.start)
                period = Period(self.start, old.period.end)
                yield OpenHolding(
                    replace(old, period=period, state=self.separation.value, begun_by=None, ended_by=None)
                )


@dataclass(frozen=True)
class PilotKnown(DatedRecord):
    """A body is known to be a personal medical services pilot, with its term."""

    pilot: str = field(kw_only=True)
    term_ends: date = field(kw_only=True)

    def operations(self, state: Snapshot) -> Iterator[Operation]:
        yield StatePilot(self.pilot, self.term_ends)


def holdings_of(state: Snapshot, kind: HoldingKind, code: str, on: date) -> list[Holding]:
    """Who holds a thing on a day."""
    return [each for each in held_in(state).of_thing((kind, code)) if each.period.holds(on)]


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
