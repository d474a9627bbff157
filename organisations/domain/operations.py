"""The small frozen operations a plan is made of.

Each names what it does (`verb`), to which body (`subject`), and how to apply itself to a draft of the state. Applying
an operation to a state that cannot take it raises `Impossible`, which says so in a sentence a manager understands.
Apps above contribute operations of their own that satisfy `Operation`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, Protocol, TypeVar

from organisations.domain.edges import NOTHING, WHOLE, Edge
from organisations.domain.integrity import code_of_its_own
from organisations.domain.snapshot import (
    UNNUMBERED,
    Body,
    Dated,
    DatedForm,
    DatedName,
    DatedRelationship,
    Draft,
    PopulationCount,
    Provenance,
    Seat,
    ended,
)
from organisations.domain.vocabulary import OpenedBasis, RelationshipKind, ShareBasis
from pcorg.core.periods import Period

Spell = TypeVar("Spell", DatedForm, DatedName, Seat)


class Impossible(Exception):
    """An operation or change that integrity does not allow. `code` is the problem code of the API."""

    def __init__(self, code: str, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.pointer = pointer


class Operation(Protocol):
    """What every operation offers, whoever contributes it."""

    verb: ClassVar[str]

    @property
    def subject(self) -> str:
        """The code of the body it is about."""

    def apply(self, draft: Draft) -> None:
        """Write it on a draft of the state. Raises Impossible."""


@dataclass(frozen=True, slots=True)
class AboutBody:
    """An operation on one body, whose code it names first."""

    code: str

    @property
    def subject(self) -> str:
        return self.code


def body_of(draft: Draft, code: str) -> Body:
    """The body of a code. Raises Impossible where there is none."""
    try:
        return draft.bodies[code]
    except KeyError:
        raise Impossible("unknown-organisation", f"No organisation has the code {code}.") from None


def _ended(fact: Dated, on: date, what: str) -> Dated:
    try:
        return ended(fact, on)
    except ValueError:
        raise Impossible(
            "conflict", f"{what} began on {fact.period.start:%-d %B %Y} and so cannot end on {on:%-d %B %Y}."
        ) from None


def _all_ended(spells: tuple[Spell, ...], on: date, what: str) -> tuple[Spell, ...]:
    """The spells with those in force on a day ended on it."""
    if not any(spell.period.holds(on) for spell in spells):
        raise Impossible("conflict", f"{what} is not recorded on {on:%-d %B %Y}.")
    return tuple(_ended(spell, on, what) if spell.period.holds(on) else spell for spell in spells)


def _in_order(*spells: Spell) -> tuple[Spell, ...]:
    return tuple(sorted(spells, key=lambda spell: spell.period.start))


@dataclass(frozen=True, slots=True)
class OpenOrganisation(AboutBody):
    """A new body begins; it may carry its end already. Its code must never have been used."""

    verb: ClassVar[str] = "open-organisation"
    portfolio: str
    opened: date
    opened_basis: OpenedBasis
    known: Provenance
    closed: date | None = None

    def apply(self, draft: Draft) -> None:
        if self.code in draft.bodies:
            held = draft.bodies[self.code].last_name()
            raise Impossible(
                "code-in-use",
                f"The code {self.code} already stands for {held}. {code_of_its_own(self.code, draft.bodies)}",
            )
        if self.closed is not None and self.closed <= self.opened:
            raise Impossible("invalid", f"{self.code} closes before it opens.", "/closed")
        life = (self.opened, self.opened_basis, self.known, self.closed)
        draft.bodies[self.code] = Body(self.code, self.portfolio, *life)


@dataclass(frozen=True, slots=True)
class CloseOrganisation(AboutBody):
    """A body ends; it is no longer in force from `on`."""

    verb: ClassVar[str] = "close-organisation"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        if not body.alive_on(self.on):
            raise Impossible("not-in-force", f"{body.last_name()} ({self.code}) is not in force on {self.on}.")
        if body.closed is not None:
            raise Impossible(
                "conflict",
                f"{body.last_name()} ({self.code}) is recorded as closing on {body.closed:%-d %B %Y}, so it cannot "
                f"close on {self.on:%-d %B %Y} too. Leave its closing date out if this change is what closes it.",
            )
        if self.on <= body.opened:
            raise Impossible("conflict", f"{body.last_name()} ({self.code}) opens on that day and so cannot end on it.")
        draft.bodies[self.code] = replace(body, closed=self.on, closed_by=UNNUMBERED)


@dataclass(frozen=True, slots=True)
class OpenForm(AboutBody):
    """A body takes a form from a day; the spell may carry its end already, and the change `ended_by` that ends it."""

    verb: ClassVar[str] = "open-form"
    form: str
    start: date
    known: Provenance
    end: date | None = None
    ended_by: int | None = None
    due: date | None = None

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        spell = DatedForm(self.form, Period(self.start, self.end), self.known, ended_by=self.ended_by, due=self.due)
        for other in body.forms:
            if other.period.overlaps(spell.period):
                raise Impossible(
                    "conflict", f"{body.last_name()} ({self.code}) already has the form {other.form} then."
                )
        draft.bodies[self.code] = replace(body, forms=_in_order(*body.forms, spell))


@dataclass(frozen=True, slots=True)
class CloseForm(AboutBody):
    """The form that a body has on a day ends on it."""

    verb: ClassVar[str] = "close-form"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        forms = _all_ended(body.forms, self.on, f"The form of {self.code}")
        draft.bodies[self.code] = replace(body, forms=forms)


@dataclass(frozen=True, slots=True)
class OpenName(AboutBody):
    """A body takes a name from a day; the spell may carry its end already, and the change `ended_by` that ends it."""

    verb: ClassVar[str] = "open-name"
    name: str
    start: date
    known: Provenance
    end: date | None = None
    ended_by: int | None = None
    due: date | None = None

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        spell = DatedName(self.name, Period(self.start, self.end), self.known, ended_by=self.ended_by, due=self.due)
        if any(other.period.overlaps(spell.period) for other in body.names):
            raise Impossible("conflict", f"{self.code} already has a name from {self.start}.")
        draft.bodies[self.code] = replace(body, names=_in_order(*body.names, spell))


@dataclass(frozen=True, slots=True)
class CloseName(AboutBody):
    """The name that a body has on a day ends on it."""

    verb: ClassVar[str] = "close-name"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        names = _all_ended(body.names, self.on, f"The name of {self.code}")
        draft.bodies[self.code] = replace(body, names=names)


@dataclass(frozen=True, slots=True)
class OpenRelationship:
    """Two bodies enter a relationship; it may carry its end already."""

    verb: ClassVar[str] = "open-relationship"
    tie: DatedRelationship

    @property
    def subject(self) -> str:
        return self.tie.subject

    def apply(self, draft: Draft) -> None:
        tie = self.tie
        if tie.subject == tie.object:
            raise Impossible("invalid", f"{tie.subject} cannot be {tie.kind.label.lower()} itself.")
        for code in (tie.subject, tie.object):
            body = body_of(draft, code)
            if tie.period.start < body.opened or (body.closed is not None and not body.lives_through(tie.period)):
                raise Impossible(
                    "not-in-force",
                    f"{body.last_name()} ({code}) is not in force for the whole of the relationship "
                    f"“{tie.kind.label.lower()}” between {tie.subject} and {tie.object}.",
                )
        if any(tie.period.overlaps(other.period) for other in draft.ties_like(tie.key)):
            raise Impossible(
                "conflict",
                f"{tie.subject} is already {tie.kind.label.lower()} {tie.object} in some of that time.",
            )
        draft.add_tie(tie)


@dataclass(frozen=True, slots=True)
class CloseRelationship:
    """The relationship in force on a day ends on it; one that began that very day is struck out."""

    verb: ClassVar[str] = "close-relationship"
    kind: RelationshipKind
    subject: str
    object: str
    on: date

    @property
    def key(self) -> tuple[str, str, str]:
        """What the ties of that kind between those two have in common."""
        return self.kind.value, self.subject, self.object

    def apply(self, draft: Draft) -> None:
        tie = draft.tie_on(self.key, self.on)
        if tie is None:
            raise Impossible(
                "conflict", f"{self.subject} is not {self.kind.label.lower()} {self.object} on {self.on:%-d %B %Y}."
            )
        draft.end_tie(tie, self.on)


@dataclass(frozen=True, slots=True)
class RecordPopulation(AboutBody):
    """People counted for a body on a day."""

    verb: ClassVar[str] = "record-population"
    count: PopulationCount

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        if any(other.on == self.count.on for other in body.counts):
            raise Impossible("conflict", f"{self.code} already has a population for {self.count.on}.")
        draft.bodies[self.code] = replace(body, counts=(*body.counts, self.count))


@dataclass(frozen=True, slots=True)
class SupersedePopulation(AboutBody):
    """The count that a body had until this moment of a day gives way to what a change makes of it."""

    verb: ClassVar[str] = "supersede-population"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        gone = tuple(count for count in body.counts if count.on == self.on)
        if not gone:
            raise Impossible("conflict", f"{self.code} has no population for {self.on}.")
        kept = tuple(count for count in body.counts if count not in gone)
        draft.bodies[self.code] = replace(body, counts=kept, superseded=(*body.superseded, *gone))


@dataclass(frozen=True, slots=True)
class OpenSeat(AboutBody):
    """A constituency takes seats on a body's governing board."""

    verb: ClassVar[str] = "open-seat"
    seat: Seat

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        for other in body.seats:
            if other.constituency == self.seat.constituency and other.period.overlaps(self.seat.period):
                raise Impossible(
                    "conflict", f"The board of {self.code} already has seats for {other.constituency.label}."
                )
        draft.bodies[self.code] = replace(body, seats=(*body.seats, self.seat))


@dataclass(frozen=True, slots=True)
class CloseBoard(AboutBody):
    """All seats of a body's board end on a day."""

    verb: ClassVar[str] = "close-board"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        seats = _all_ended(body.seats, self.on, f"The board of {self.code}")
        draft.bodies[self.code] = replace(body, seats=seats)


@dataclass(frozen=True, slots=True)
class RecordLineage:
    """A share of the original's population goes to the resulting body."""

    verb: ClassVar[str] = "record-lineage"
    original: str
    resulting: str
    share: Decimal
    basis: ShareBasis
    on: date
    note: str = ""
    of: tuple[str, ...] = ()
    of_share: Decimal = WHOLE
    others_share: Decimal = NOTHING

    @property
    def subject(self) -> str:
        return self.original

    def apply(self, draft: Draft) -> None:
        body_of(draft, self.original)
        body_of(draft, self.resulting)
        draft.edges = draft.edges.adding(
            Edge(
                self.original,
                self.resulting,
                self.share,
                self.on,
                basis=self.basis,
                of=self.of,
                of_share=self.of_share,
                others_share=self.others_share,
            )
        )


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A share of the people whom an earlier body had at its end is with a body that comes out of the change."""

    verb: ClassVar[str] = "record-link"
    original: str
    resulting: str
    share: Decimal
    basis: ShareBasis
    note: str = ""

    @property
    def subject(self) -> str:
        return self.original

    def apply(self, draft: Draft) -> None:
        body_of(draft, self.original)
        body_of(draft, self.resulting)


@dataclass(frozen=True, slots=True)
class MoveItem:
    """Something named (a service, a practice, a ward) passes from one body to another. The state of organisations
    does not hold such things; the move is kept with the change, and apps above act on it."""

    verb: ClassVar[str] = "move-item"
    what: str
    giver: str
    receiver: str

    @property
    def subject(self) -> str:
        return self.giver

    def apply(self, draft: Draft) -> None:
        body_of(draft, self.giver)
        body_of(draft, self.receiver)
