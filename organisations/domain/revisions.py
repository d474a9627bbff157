"""Operations that only corrections use: they alter the ends of what is recorded, and what counts of a later change.

Nothing is removed from sight: a fact that never held is kept with an end on its first day, a share that no longer
counts is kept as superseded. The exception is a count that an undone change had computed, which can be computed again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import ClassVar

from organisations.domain.lineage import Edge
from organisations.domain.operations import AboutBody, Impossible, Spell, body_of
from organisations.domain.periods import Period
from organisations.domain.snapshot import Draft
from organisations.domain.vocabulary import RelationshipKind, ShareBasis


class Fact(Enum):
    """Kinds of dated fact that a correction may give another end."""

    LIFE = "life"
    FORM = "form"
    NAME = "name"
    SEAT = "seat"


@dataclass(frozen=True, slots=True)
class ReviseEnd:
    """A correction gives a fact about one body that began on `start` another end: None where it holds again, the
    start itself where it never held. `by` is the change that ends it now, where that is not the correction."""

    verb: ClassVar[str] = "revise-end"
    fact: Fact
    code: str
    start: date
    end: date | None
    by: int | None = None

    @property
    def subject(self) -> str:
        return self.code

    @property
    def strikes_out(self) -> bool:
        """Whether the fact never held."""
        return self.start == self.end

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        match self.fact:
            case Fact.LIFE:
                draft.bodies[self.code] = replace(body, closed=self.end)
            case Fact.FORM:
                draft.bodies[self.code] = replace(body, forms=self._revised(body.forms))
            case Fact.NAME:
                draft.bodies[self.code] = replace(body, names=self._revised(body.names))
            case Fact.SEAT:
                draft.bodies[self.code] = replace(body, seats=self._revised(body.seats))

    def _revised(self, spells: tuple[Spell, ...]) -> tuple[Spell, ...]:
        revised = []
        for spell in spells:
            if spell.period.start != self.start:
                revised.append(spell)
            elif not self.strikes_out:
                revised.append(replace(spell, period=Period(self.start, self.end)))
        return tuple(revised)


@dataclass(frozen=True, slots=True)
class ReviseRelationship:
    """A correction gives a relationship that began on `start` another end, or strikes it out."""

    verb: ClassVar[str] = "revise-relationship"
    kind: RelationshipKind
    subject: str
    object: str
    start: date
    end: date | None

    @property
    def strikes_out(self) -> bool:
        """Whether the relationship never held."""
        return self.start == self.end

    def apply(self, draft: Draft) -> None:
        if not draft.revise_tie((self.kind.value, self.subject, self.object), self.start, self.end):
            raise Impossible("conflict", f"{self.subject} was not {self.kind.label.lower()} {self.object} then.")


@dataclass(frozen=True, slots=True)
class SupersedeLineage:
    """The shares of one original in an earlier change no longer count, nor its part in that change."""

    verb: ClassVar[str] = "supersede-lineage"
    change: int
    original: str

    @property
    def subject(self) -> str:
        return self.original

    def apply(self, draft: Draft) -> None:
        draft.edges = [
            edge for edge in draft.edges if not (edge.change == self.change and edge.original == self.original)
        ]


@dataclass(frozen=True, slots=True)
class RebaseLineage:
    """In a later change the body that a correction brings in takes the place of those it was made from."""

    verb: ClassVar[str] = "rebase-lineage"
    change: int
    original: str
    shares: tuple[tuple[str, Decimal, ShareBasis], ...]
    on: date

    @property
    def subject(self) -> str:
        return self.original

    def apply(self, draft: Draft) -> None:
        draft.edges += [
            Edge(self.original, resulting, share, self.on, change=self.change, basis=basis)
            for resulting, share, basis in self.shares
        ]


@dataclass(frozen=True, slots=True)
class UndoChange:
    """An earlier change is struck out: it stays readable and no longer counts."""

    verb: ClassVar[str] = "undo-change"
    change: int
    code: str

    @property
    def subject(self) -> str:
        return self.code

    def apply(self, draft: Draft) -> None:
        draft.edges = [edge for edge in draft.edges if edge.change != self.change]


@dataclass(frozen=True, slots=True)
class WithdrawPopulation(AboutBody):
    """A count that an undone change had brought is taken back."""

    verb: ClassVar[str] = "withdraw-population"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        draft.bodies[self.code] = replace(body, counts=tuple(count for count in body.counts if count.on != self.on))


@dataclass(frozen=True, slots=True)
class ReinstatePopulation(AboutBody):
    """A count that an undone change had superseded stands again."""

    verb: ClassVar[str] = "reinstate-population"
    on: date
    superseded_by: int

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        back = tuple(
            count for count in body.superseded if count.on == self.on and count.superseded_by == self.superseded_by
        )
        if not back:
            raise Impossible("conflict", f"{self.code} had no other population for {self.on}.")
        kept = tuple(count for count in body.superseded if count not in back)
        counts = (*body.counts, *(replace(count, superseded_by=None) for count in back))
        draft.bodies[self.code] = replace(body, counts=counts, superseded=kept)
