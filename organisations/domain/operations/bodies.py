"""Operations on one body: its life, forms, names, people and board."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, TypeVar

from organisations.domain.integrity import code_of_its_own
from organisations.domain.operations.base import AboutBody, Facts, Impossible, body_of, count_in_words
from organisations.domain.snapshot import (
    UNNUMBERED,
    Body,
    Dated,
    DatedForm,
    DatedName,
    Draft,
    PopulationCount,
    Provenance,
    Seat,
    Snapshot,
    ended,
)
from organisations.domain.vocabulary import OpenedBasis
from pcorg.core.periods import Period

DatedT = TypeVar("DatedT", DatedForm, DatedName, Seat)


def _ended(fact: Dated, on: date, what: str) -> Dated:
    try:
        return ended(fact, on)
    except ValueError:
        raise Impossible(
            "conflict", f"{what} began on {fact.period.start:%-d %B %Y} and so cannot end on {on:%-d %B %Y}."
        ) from None


def _all_ended(history: tuple[DatedT, ...], on: date, what: str) -> tuple[DatedT, ...]:
    """The spells with those in force on a day ended on it."""
    if not any(dated.period.holds(on) for dated in history):
        raise Impossible("conflict", f"{what} is not recorded on {on:%-d %B %Y}.")
    return tuple(_ended(dated, on, what) if dated.period.holds(on) else dated for dated in history)


def _in_order(*history: DatedT) -> tuple[DatedT, ...]:
    return tuple(sorted(history, key=lambda dated: dated.period.start))


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
            existing = draft.bodies[self.code].last_name()
            raise Impossible(
                "code-in-use",
                f"The code {self.code} already stands for {existing}. {code_of_its_own(self.code, draft.bodies)}",
            )
        if self.closed is not None and self.closed <= self.opened:
            raise Impossible("invalid", f"{self.code} closes before it opens.", "/closed")
        life = (self.opened, self.opened_basis, self.known, self.closed)
        draft.bodies[self.code] = Body(self.code, self.portfolio, *life)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {}, {"opened": self.opened, "portfolio": self.portfolio}


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

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {"closed": None, "name": before.bodies[self.code].last_name()}, {"closed": self.on}


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
        dated = DatedForm(self.form, Period(self.start, self.end), self.known, ended_by=self.ended_by, due=self.due)
        for other in body.forms:
            if other.period.overlaps(dated.period):
                raise Impossible(
                    "conflict", f"{body.last_name()} ({self.code}) already has the form {other.form} then."
                )
        draft.bodies[self.code] = replace(body, forms=_in_order(*body.forms, dated))

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        body = before.bodies.get(self.code)
        return ({"form": body.form_on(self.start)} if body else {}), {"form": self.form, "from": self.start}


@dataclass(frozen=True, slots=True)
class CloseForm(AboutBody):
    """The form that a body has on a day ends on it."""

    verb: ClassVar[str] = "close-form"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        forms = _all_ended(body.forms, self.on, f"The form of {self.code}")
        draft.bodies[self.code] = replace(body, forms=forms)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {"form": before.bodies[self.code].form_on(self.on)}, {"until": self.on}


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
        dated = DatedName(self.name, Period(self.start, self.end), self.known, ended_by=self.ended_by, due=self.due)
        if any(other.period.overlaps(dated.period) for other in body.names):
            raise Impossible("conflict", f"{self.code} already has a name from {self.start}.")
        draft.bodies[self.code] = replace(body, names=_in_order(*body.names, dated))

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        body = before.bodies.get(self.code)
        return ({"name": body.name_on(self.start)} if body else {}), {"name": self.name, "from": self.start}


@dataclass(frozen=True, slots=True)
class CloseName(AboutBody):
    """The name that a body has on a day ends on it."""

    verb: ClassVar[str] = "close-name"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        names = _all_ended(body.names, self.on, f"The name of {self.code}")
        draft.bodies[self.code] = replace(body, names=names)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {"name": before.bodies[self.code].name_on(self.on)}, {"until": self.on}


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

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        counted = self.count
        existing = before.count_now(self.code, counted.on) if self.code in before.bodies else None
        return count_in_words(existing) if existing else {}, count_in_words(counted)


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

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        existing = before.bodies[self.code].count_of(self.on)
        return count_in_words(existing) if existing else {}, {}


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

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {}, {"constituency": self.seat.constituency.value, "seats": self.seat.seats}


@dataclass(frozen=True, slots=True)
class CloseBoard(AboutBody):
    """All seats of a body's board end on a day."""

    verb: ClassVar[str] = "close-board"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        seats = _all_ended(body.seats, self.on, f"The board of {self.code}")
        draft.bodies[self.code] = replace(body, seats=seats)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        seats = before.bodies[self.code].seats_on(self.on)
        return {"seats": sum(seat.seats for seat in seats)}, {"until": self.on}
