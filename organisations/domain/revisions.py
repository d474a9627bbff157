"""Operations that only corrections use: they alter the ends of what is recorded, and what counts of a later change.

Nothing is removed from sight: a fact that never held is kept with an end on its first day, a share that no longer
counts is kept as superseded. The exception is a count that an undone change had computed, which can be computed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

from organisations.domain.edges import Edge
from organisations.domain.operations import AboutBody, Facts, Impossible, body_of, count_in_words
from organisations.domain.snapshot import UNNUMBERED, Dated, DatedRelationship, Draft, Snapshot, ended, reopened
from organisations.domain.vocabulary import RelationshipKind, ShareBasis


class FactKind(Enum):
    """Kinds of dated fact that a correction may give another end."""

    LIFE = "life"
    FORM = "form"
    NAME = "name"
    SEAT = "seat"


@dataclass(frozen=True, slots=True)
class ReviseEnd:
    """A correction ends a fact about one body that began on `start` earlier than is recorded, on that day itself where
    it never held. `by` is the change that ends it now, where that is not the correction."""

    verb: ClassVar[str] = "revise-end"
    fact: FactKind
    code: str
    start: date
    end: date
    by: int | None = None

    @property
    def subject(self) -> str:
        return self.code

    @property
    def strikes_out(self) -> bool:
        """Whether the fact never held."""
        return self.start == self.end

    def apply(self, draft: Draft) -> None:
        if self.fact is FactKind.LIFE:
            body = body_of(draft, self.code)
            draft.bodies[self.code] = replace(
                body, closed=self.end, closed_by=UNNUMBERED if self.by is None else self.by
            )
        else:
            _revise(draft, self.code, self.fact, self._revised)

    def _revised(self, dated: Dated) -> tuple[Dated, ...]:
        if dated.period.start != self.start:
            return (dated,)
        if self.strikes_out:
            return ()
        cut = ended(dated, self.end)
        return (cut if self.by is None else replace(cut, ended_by=self.by),)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {}, {"fact": self.fact.value, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class ReopenFact:
    """A fact about one body that an undone change ended goes on to the day on which it was due to end."""

    verb: ClassVar[str] = "reopen-fact"
    fact: FactKind
    code: str
    start: date
    due: date | None = None

    @property
    def subject(self) -> str:
        return self.code

    def apply(self, draft: Draft) -> None:
        if self.fact is FactKind.LIFE:
            draft.bodies[self.code] = replace(body_of(draft, self.code), closed=self.due, closed_by=None)
        else:
            _revise(draft, self.code, self.fact, self._reopened)

    def _reopened(self, dated: Dated) -> tuple[Dated, ...]:
        if dated.period.start != self.start:
            return (dated,)
        return (reopened(dated),)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {}, {"fact": self.fact.value, "start": self.start, "end": self.due}


def _revise(draft: Draft, code: str, fact: FactKind, revised: Callable[[Any], tuple[Any, ...]]) -> None:
    """Put what `revised` makes of each dated fact of a kind in its place."""
    body = body_of(draft, code)
    name = OF_BODY[fact]
    facts: dict[str, Any] = {name: tuple(new for old in getattr(body, name) for new in revised(old))}
    draft.bodies[code] = replace(body, **facts)


OF_BODY = {FactKind.FORM: "forms", FactKind.NAME: "names", FactKind.SEAT: "seats"}
"""Where a body keeps its dated facts of a kind."""


@dataclass(frozen=True, slots=True)
class ReviseRelationship:
    """A correction ends a relationship that began on `start` earlier than is recorded, or strikes it out."""

    verb: ClassVar[str] = "revise-relationship"
    kind: RelationshipKind
    subject: str
    object: str
    start: date
    end: date

    @property
    def strikes_out(self) -> bool:
        """Whether the relationship never held."""
        return self.start == self.end

    def apply(self, draft: Draft) -> None:
        if not draft.revise_relationship((self.kind.value, self.subject, self.object), self.start, self.end):
            raise Impossible("conflict", f"{self.subject} was not {self.kind.label.lower()} {self.object} then.")

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        named = {"kind": self.kind.value, "organisation": self.object}
        return named, named | {"start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class ReopenRelationship:
    """A relationship that an undone change ended, or struck out before it began, goes on to the day on which it was due
    to end."""

    verb: ClassVar[str] = "reopen-relationship"
    relationship: DatedRelationship

    @property
    def subject(self) -> str:
        return self.relationship.subject

    def apply(self, draft: Draft) -> None:
        try:
            draft.reopen_relationship(self.relationship)
        except ValueError:
            relationship = self.relationship
            raise Impossible(
                "conflict",
                f"{relationship.subject} was not {relationship.kind.label.lower()} {relationship.object} then.",
            ) from None

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        relationship = self.relationship
        named = {"kind": relationship.kind.value, "organisation": relationship.object}
        return named, named | {"start": relationship.period.start, "end": relationship.due}


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
        draft.edges = draft.edges.keeping(
            lambda edge: not (edge.change == self.change and edge.original == self.original)
        )

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {"change": self.change}, {}


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
        draft.edges = draft.edges.adding(
            *(
                Edge(self.original, resulting, share, self.on, change=self.change, basis=basis)
                for resulting, share, basis in self.shares
            )
        )

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        shares = [{"resulting": resulting, "share": str(share)} for resulting, share, _ in self.shares]
        return {}, {"change": self.change, "shares": shares}


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
        draft.edges = draft.edges.keeping(lambda edge: edge.change != self.change)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {"change": self.change}, {}


@dataclass(frozen=True, slots=True)
class WithdrawPopulation(AboutBody):
    """A count that an undone change had brought is taken back."""

    verb: ClassVar[str] = "withdraw-population"
    on: date

    def apply(self, draft: Draft) -> None:
        body = body_of(draft, self.code)
        draft.bodies[self.code] = replace(body, counts=tuple(count for count in body.counts if count.on != self.on))

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        existing = next((count.count for count in before.bodies[self.code].counts if count.on == self.on), None)
        return {"population": existing, "on": self.on}, {}


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

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        superseded = before.bodies[self.code].superseded
        back = next((count for count in superseded if count.superseded_by == self.superseded_by), None)
        return {}, count_in_words(back) if back else {}
