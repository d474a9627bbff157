"""Bodies and what is dated about them: forms, names, counts, seats on the board, ties to other bodies, past changes.

Each fact carries how it is known and, where a change began or ended it, the number of that change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from organisations.domain.counts import CountPart, oldest, standing_for
from organisations.domain.vocabulary import (
    Basis,
    ChangeKind,
    Constituency,
    OpenedBasis,
    PopulationBasis,
    RelationshipKind,
)
from pcorg.core.periods import Period

UNNUMBERED = 0
"""Stands for the number of a change that is only being worked out."""

RelationshipKey = tuple[str, str, str]
"""Kind, subject and object: what the ties have in common that follow each other between the same two bodies."""

RelationshipIdentity = tuple[RelationshipKey, date]
"""Kind, both ends and start: what identifies a tie. A body may leave another and come back."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a fact is known: its basis, the source's slug, where in the source, and a note. `source` may be empty
    only for facts that an effected proposal made; those carry the change instead."""

    basis: Basis
    source: str = ""
    locator: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DatedForm:
    """A form held for a period. Of this and every dated fact: where the change `ended_by` ended it, `due` is the day on
    which it was stated to end, None where it had no end."""

    form: str
    period: Period
    known: Provenance
    begun_by: int | None = None
    ended_by: int | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name held for a period."""

    name: str
    period: Period
    known: Provenance
    begun_by: int | None = None
    ended_by: int | None = None
    due: date | None = None


DatedT = TypeVar("DatedT", DatedForm, DatedName)


@dataclass(frozen=True, slots=True)
class PopulationCount:
    """People of a body: counted on a day, or computed by a change of that day from the counts in `parts`.

    `on` is the day from which it stands. `superseded_by` is the later change of the same day that took its place.
    """

    count: int
    on: date
    basis: PopulationBasis
    known: Provenance
    begun_by: int | None = None
    parts: tuple[CountPart, ...] = ()
    superseded_by: int | None = None

    @property
    def computed(self) -> bool:
        """Whether a change worked it out."""
        return self.basis is PopulationBasis.COMPUTED

    @property
    def counted_on(self) -> date:
        """When the people were counted: the day of the oldest count it was computed from, else its own."""
        return oldest(self.parts) or self.on

    @property
    def at_least(self) -> bool:
        """Whether some of its people are not known, so that there may be more."""
        return any(part.count is None or part.at_least for part in self.parts)

    def parts_on(self, code: str, day: date, share: Decimal) -> tuple[CountPart, ...]:
        """What a share of these people of a body is computed from, by a change of a day. What an earlier change of
        the day computed is taken apart again, for it stood for no day."""
        if self.computed and self.on == day:
            return tuple(part.times(share) for part in self.parts)
        return (CountPart(code, share, self.count, self.counted_on, self.basis, self.at_least),)


@dataclass(frozen=True, slots=True)
class Seat:
    """Seats a constituency holds on the governing board for a period."""

    constituency: Constituency
    seats: int
    period: Period
    known: Provenance
    begun_by: int | None = None
    ended_by: int | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class DatedRelationship:
    """A dated relationship from subject to object; `share` is the part of the subject's population it concerns."""

    kind: RelationshipKind
    subject: str
    object: str
    period: Period
    known: Provenance
    share: float | None = None
    begun_by: int | None = None
    ended_by: int | None = None
    due: date | None = None

    @property
    def key(self) -> RelationshipKey:
        """What it has in common with those before and after it: two ties with one key never overlap."""
        return self.kind.value, self.subject, self.object

    @property
    def identity(self) -> RelationshipIdentity:
        """What identifies it."""
        return self.key, self.period.start

    @property
    def about(self) -> str:
        """Its name among what problems are about: `tie:member-of:P87001:5M1:2013-04-01`."""
        return ":".join(("tie", *self.key, self.period.start.isoformat()))

    def other_end(self, code: str) -> str:
        """The body at the other end."""
        return self.object if code == self.subject else self.subject


@dataclass(frozen=True, slots=True)
class Body:
    """One organisation: its life and everything dated about it alone. `closed_by` is the change that closed it; None
    where no change explains its closing."""

    code: str
    portfolio: str
    opened: date
    opened_basis: OpenedBasis
    known: Provenance
    closed: date | None = None
    forms: tuple[DatedForm, ...] = ()
    names: tuple[DatedName, ...] = ()
    counts: tuple[PopulationCount, ...] = ()
    seats: tuple[Seat, ...] = ()
    superseded: tuple[PopulationCount, ...] = ()
    """Counts that a later change of the same day took the place of."""
    closed_by: int | None = None

    @property
    def life(self) -> Period:
        """From the day it opened to the day it closed."""
        return Period(self.opened, self.closed)

    def lives_through(self, period: Period) -> bool:
        """Whether it exists on every day of a period. A body that was struck out exists on none."""
        return self.opened <= period.start and (
            self.closed is None or (period.end is not None and period.end <= self.closed)
        )

    def alive_on(self, on: date) -> bool:
        """Whether it exists on a day."""
        return self.opened <= on and (self.closed is None or on < self.closed)

    def form_on(self, on: date) -> str | None:
        """Its form on a day, or None when it has none then."""
        current = in_force(self.forms, on)
        return None if current is None else current.form

    def name_on(self, on: date) -> str | None:
        """Its name on a day, or None."""
        current = in_force(self.names, on)
        return None if current is None else current.name

    def last_name(self) -> str:
        """Its last known name; its code where it never had one."""
        return self.names[-1].name if self.names else self.code

    def count_on(self, on: date) -> PopulationCount | None:
        """The count that stands for a day (`counts.standing_for`)."""
        return standing_for(self.counts, on, on=lambda each: each.on, computed=lambda each: each.computed)

    def count_of(self, on: date) -> PopulationCount | None:
        """The count of that very day, if any."""
        return next((count for count in self.counts if count.on == on), None)

    def seats_on(self, on: date) -> tuple[Seat, ...]:
        """The board's seats in force on a day."""
        return tuple(seat for seat in self.seats if seat.period.holds(on))


Dated = TypeVar("Dated", DatedForm, DatedName, Seat, DatedRelationship)


def ended(fact: Dated, on: date) -> Dated:
    """A dated fact ended by a change on a day. Raises ValueError where that leaves it no day."""
    due = fact.period.end if fact.ended_by is None else fact.due
    return replace(fact, period=fact.period.closed_on(on), ended_by=UNNUMBERED, due=due)


def struck_out(relationship: DatedRelationship) -> DatedRelationship:
    """A tie that a change struck out before it began, with the period it was to have."""
    due = relationship.period.end if relationship.ended_by is None else relationship.due
    return replace(relationship, period=Period(relationship.period.start, due), ended_by=UNNUMBERED, due=due)


def reopened(fact: Dated) -> Dated:
    """A dated fact as it would be had the change that ended it not happened: it goes on to the day on which it was
    stated to end."""
    return replace(fact, period=Period(fact.period.start, fact.due), ended_by=None, due=None)


def in_force(history: Iterable[DatedT], on: date) -> DatedT | None:
    """Of the forms or names of a body, the one in force on a day."""
    return next((dated for dated in history if dated.period.holds(on)), None)


@dataclass(frozen=True, slots=True)
class PastChange:
    """An effected change that touched a body: enough to respect it. One that `strikes_out` another leaves nothing that
    could rest upon it."""

    change: int | None
    reference: str
    kind: ChangeKind
    effective_on: date
    sequence: int
    title: str
    codes: frozenset[str]
    structural: bool = True
    originals: tuple[str, ...] = ()
    resulting: tuple[str, ...] = ()
    strikes_out: bool = False

    @property
    def moment(self) -> tuple[date, int]:
        """When it took effect, ordered within the day."""
        return self.effective_on, self.sequence
