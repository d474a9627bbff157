"""What is known of the organisations that a change touches: a simulated copy that plans are tried on.

A snapshot is immutable to its readers. `Snapshot.after(operations)` gives the state once the operations have been
applied; previews, replays of a portfolio and effects all go through it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from organisations.domain.counts import CountPart, oldest, standing_for
from organisations.domain.edges import Edge
from organisations.domain.forms import CheckFacts, FormFacts, TransitionGraph
from organisations.domain.periods import Period
from organisations.domain.vocabulary import (
    Basis,
    ChangeKind,
    Constituency,
    OpenedBasis,
    PopulationBasis,
    RelationshipKind,
)

if TYPE_CHECKING:
    from organisations.domain.operations import Operation

Part = TypeVar("Part")

UNNUMBERED = 0
"""Stands for the number of a change that is only being worked out."""

TieKey = tuple[str, str, str]
"""Kind, subject and object: what the ties have in common that follow each other between the same two bodies."""

TieIdentity = tuple[TieKey, date]
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
class FormSpell:
    """A form held for a period. Of this and every dated fact: where the change `ended_by` ended it, `due` is the day on
    which it was stated to end, None where it had no end."""

    form: str
    period: Period
    known: Provenance
    begun_by: int | None = None
    ended_by: int | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class NameSpell:
    """A name held for a period."""

    name: str
    period: Period
    known: Provenance
    begun_by: int | None = None
    ended_by: int | None = None
    due: date | None = None


Spell = TypeVar("Spell", FormSpell, NameSpell)


@dataclass(frozen=True, slots=True)
class Count:
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
class Tie:
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
    def key(self) -> TieKey:
        """What it has in common with those before and after it: two ties with one key never overlap."""
        return self.kind.value, self.subject, self.object

    @property
    def identity(self) -> TieIdentity:
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
    forms: tuple[FormSpell, ...] = ()
    names: tuple[NameSpell, ...] = ()
    counts: tuple[Count, ...] = ()
    seats: tuple[Seat, ...] = ()
    superseded: tuple[Count, ...] = ()
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
        held = in_force(self.forms, on)
        return None if held is None else held.form

    def name_on(self, on: date) -> str | None:
        """Its name on a day, or None."""
        held = in_force(self.names, on)
        return None if held is None else held.name

    def last_name(self) -> str:
        """Its last known name; its code where it never had one."""
        return self.names[-1].name if self.names else self.code

    def count_on(self, on: date) -> Count | None:
        """The count that stands for a day (`counts.standing_for`)."""
        return standing_for(self.counts, on, on=lambda each: each.on, computed=lambda each: each.computed)

    def count_of(self, on: date) -> Count | None:
        """The count of that very day, if any."""
        return next((count for count in self.counts if count.on == on), None)

    def seats_on(self, on: date) -> tuple[Seat, ...]:
        """The board's seats in force on a day."""
        return tuple(seat for seat in self.seats if seat.period.holds(on))


Dated = TypeVar("Dated", FormSpell, NameSpell, Seat, Tie)


def ended(fact: Dated, on: date) -> Dated:
    """A dated fact ended by a change on a day. Raises ValueError where that leaves it no day."""
    due = fact.period.end if fact.ended_by is None else fact.due
    return replace(fact, period=fact.period.closed_on(on), ended_by=UNNUMBERED, due=due)


def struck_out(tie: Tie) -> Tie:
    """A tie that a change struck out before it began, with the period it was to have."""
    due = tie.period.end if tie.ended_by is None else tie.due
    return replace(tie, period=Period(tie.period.start, due), ended_by=UNNUMBERED, due=due)


def reopened(fact: Dated) -> Dated:
    """A dated fact as it would be had the change that ended it not happened: it goes on to the day on which it was
    stated to end."""
    return replace(fact, period=Period(fact.period.start, fact.due), ended_by=None, due=None)


def in_force(spells: Iterable[Spell], on: date) -> Spell | None:
    """Of the forms or names of a body, the one in force on a day."""
    return next((spell for spell in spells if spell.period.holds(on)), None)


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


@dataclass
class TieIndex:
    """Ties by what identifies them, and the keys of the ties of each body. A copy shares what it does not alter."""

    by_key: dict[TieKey, tuple[Tie, ...]] = field(default_factory=dict)
    keys_of: dict[str, tuple[TieKey, ...]] = field(default_factory=dict)

    def copy(self) -> TieIndex:
        """One that can be altered without altering this one."""
        return TieIndex(dict(self.by_key), dict(self.keys_of))

    def add(self, tie: Tie) -> None:
        """Enter a tie."""
        key = tie.key
        if key not in self.by_key:
            for code in {tie.subject, tie.object}:
                self.keys_of[code] = (*self.keys_of.get(code, ()), key)
        self.by_key[key] = (*self.by_key.get(key, ()), tie)

    def put(self, old: Tie, new: Tie | None) -> None:
        """Enter one tie in the place of another, or strike it out. Raises ValueError where there is no such tie."""
        like = list(self.by_key.get(old.key, ()))
        number = like.index(old)
        like[number : number + 1] = [] if new is None else [new]
        self.by_key[old.key] = tuple(like)

    def ties(self) -> tuple[Tie, ...]:
        """All ties."""
        return tuple(tie for like in self.by_key.values() for tie in like)


@dataclass(frozen=True)
class Snapshot:
    """Bodies and the ties among them, with the changes that have touched them and the rules that govern them.

    `struck` are ties that a change struck out before they began, with the period they were to have. `checks` are the
    declared policy checks by code, `covers` the first and last day that each portfolio covers, by slug. `parts` holds
    what apps above contribute, by their name.
    """

    bodies: Mapping[str, Body] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    edges: tuple[Edge, ...] = ()
    history: tuple[PastChange, ...] = ()
    forms: Mapping[str, FormFacts] = field(default_factory=dict)
    graph: TransitionGraph = field(default_factory=TransitionGraph)
    checks: Mapping[str, CheckFacts] = field(default_factory=dict)
    covers: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    struck: tuple[Tie, ...] = ()

    def after(self, operations: Iterable[Operation]) -> Snapshot:
        """The state once the operations have been applied, in order. Raises what an operation raises when it cannot
        be applied to the state it meets (see `organisations.domain.operations.Impossible`)."""
        draft = Draft(self)
        for operation in operations:
            operation.apply(draft)
        return draft.done()

    @cached_property
    def tie_index(self) -> TieIndex:
        """The ties by what identifies them and by body."""
        index = TieIndex()
        for tie in self.ties:
            index.add(tie)
        return index

    @cached_property
    def _edges_by_original(self) -> dict[str, list[Edge]]:
        index: dict[str, list[Edge]] = {}
        for edge in self.edges:
            index.setdefault(edge.original, []).append(edge)
        return index

    def edges_out_of(self, code: str) -> tuple[Edge, ...]:
        """The shares that a body gave away, in whatever change."""
        return tuple(self._edges_by_original.get(code, ()))

    def reached_from(self, code: str, on: date) -> frozenset[str]:
        """The bodies to which people of a body may have come by a day, by the edges known here; not itself."""
        arrived: dict[str, date] = {code: date.min}
        waiting = [code]
        while waiting:
            body = waiting.pop()
            for edge in self.edges_out_of(body):
                counts = edge.share and arrived[body] <= edge.effective_on <= on
                if counts and edge.effective_on < arrived.get(edge.resulting, date.max):
                    arrived[edge.resulting] = edge.effective_on
                    waiting.append(edge.resulting)
        return frozenset(arrived.keys() - {code})

    def ties_with(self, code: str) -> tuple[Tie, ...]:
        """Every tie there was, is or is to be with the body at either end."""
        index = self.tie_index
        return tuple(tie for key in index.keys_of.get(code, ()) for tie in index.by_key[key])

    def ties_of(self, code: str, *, on: date) -> tuple[Tie, ...]:
        """Ties in force on a day with the body at either end."""
        return tuple(tie for tie in self.ties_with(code) if tie.period.holds(on))

    def count_on(self, code: str, on: date) -> Count | None:
        """The count of a body that stands for a day."""
        return self.bodies[code].count_on(on)

    def count_now(self, code: str, on: date) -> Count | None:
        """The count of a body at this moment of a day, which the next change of the day starts from.

        It is the one that an earlier change of the day left: computed, or stated for a body that took part in one.
        Else it is that of the eve: what is stated for a day stands for the body as its changes leave it.
        """
        body = self.bodies[code]
        today = body.count_of(on)
        if today is not None and (today.computed or body.opened == on or self._took_part(code, on)):
            return today
        return body.count_on(on - timedelta(days=1))

    def _took_part(self, code: str, on: date) -> bool:
        return any(past.effective_on == on and code in past.codes for past in self.history)

    def rewound(self, on: date) -> Snapshot:
        """The state as it would stand had nothing happened after a day: later closings undone, later facts unknown.
        What was stated to end later without any change still is.

        Bodies that opened later stay known by their codes, which are never used again. Counts stay: they are facts
        about people, carried back where nothing earlier is known.
        """
        return replace(
            self,
            bodies={code: _rewound_body(body, on) for code, body in self.bodies.items()},
            ties=_rewound(self.ties, on),
            edges=tuple(edge for edge in self.edges if edge.effective_on <= on),
        )

    def remembering(self, change: PastChange) -> Snapshot:
        """The same state with one more effected change in its history."""
        return _indexed(replace(self, history=(*self.history, change)), self.tie_index)


def _indexed(snapshot: Snapshot, index: TieIndex) -> Snapshot:
    """The snapshot with an index of its ties that is known already: a replay of many changes over many ties would
    else sort them all anew for each change."""
    vars(snapshot)["tie_index"] = index
    return snapshot


def _rewound(facts: Iterable[Dated], on: date) -> tuple[Dated, ...]:
    return tuple(
        reopened(each) if each.ended_by is not None and each.period.end is not None and each.period.end > on else each
        for each in facts
        if each.period.start <= on
    )


def _rewound_body(body: Body, on: date) -> Body:
    if body.opened > on:
        return body
    closed_later = body.closed is not None and body.closed > on and body.closed_by is not None
    return replace(
        body,
        closed=None if closed_later else body.closed,
        closed_by=None if closed_later else body.closed_by,
        forms=_rewound(body.forms, on),
        names=_rewound(body.names, on),
        seats=_rewound(body.seats, on),
    )


class Draft:
    """A working copy that operations write on. Lives only inside `Snapshot.after`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.bodies: dict[str, Body] = dict(snapshot.bodies)
        self.edges: list[Edge] = list(snapshot.edges)
        self.parts: dict[str, Any] = dict(snapshot.parts)
        self._own_parts: set[str] = set()
        self.struck: tuple[Tie, ...] = snapshot.struck
        self._ties = snapshot.tie_index.copy()

    def own_part(self, name: str, copied: Callable[[Any], Part]) -> Part:
        """The part that an app above keeps under a name, for its operations to write on: a copy of the snapshot's,
        made by `copied` for the first of them and shared by the rest."""
        if name not in self._own_parts:
            self._own_parts.add(name)
            self.parts[name] = copied(self.parts.get(name))
        part: Part = self.parts[name]
        return part

    def add_tie(self, tie: Tie) -> None:
        """Write a tie."""
        self._ties.add(tie)

    def ties_like(self, key: TieKey) -> tuple[Tie, ...]:
        """The ties of that kind between those two, at whatever time."""
        return self._ties.by_key.get(key, ())

    def tie_on(self, key: TieKey, on: date) -> Tie | None:
        """The tie of that kind between those two that is in force on a day, if any."""
        return next((tie for tie in self.ties_like(key) if tie.period.holds(on)), None)

    def end_tie(self, tie: Tie, on: date) -> None:
        """End a tie. One that began that very day never held for a day and is struck out: two neighbours succeeded on
        one day would else be tied for no time to each other's predecessors.

        Raises ValueError when there is no such tie or it begins later.
        """
        if tie.period.start == on:
            self._ties.put(tie, None)
            self.struck = (*self.struck, struck_out(tie))
        else:
            self._ties.put(tie, ended(tie, on))

    def revise_tie(self, key: TieKey, start: date, end: date) -> bool:
        """End the tie that began on a day earlier than is recorded; an end on that day strikes it out. False: there is
        none."""
        for tie in self.ties_like(key):
            if tie.period.start == start:
                self.end_tie(tie, end)
                return True
        return False

    def reopen_tie(self, tie: Tie) -> None:
        """Let a tie that an undone change ended or struck out go on to the day on which it was due to end.

        Raises ValueError when there is no such tie.
        """
        if tie in self.struck:
            self.struck = tuple(each for each in self.struck if each != tie)
            self._ties.add(reopened(tie))
        else:
            self._ties.put(tie, reopened(tie))

    def done(self) -> Snapshot:
        """The state as it stands now, closed to further writing."""
        made = replace(
            self._snapshot,
            bodies=self.bodies,
            ties=self._ties.ties(),
            edges=tuple(self.edges),
            parts=self.parts,
            struck=self.struck,
        )
        return _indexed(made, self._ties)
