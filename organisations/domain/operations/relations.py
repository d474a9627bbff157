"""Operations between bodies: relationships, lineage, and named things that pass from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from organisations.domain.edges import NOTHING, WHOLE, Edge
from organisations.domain.operations.base import Facts, Impossible, body_of
from organisations.domain.snapshot import (
    DatedRelationship,
    Draft,
    Snapshot,
)
from organisations.domain.vocabulary import RelationshipKind, ShareBasis


@dataclass(frozen=True, slots=True)
class OpenRelationship:
    """Two bodies enter a relationship; it may carry its end already."""

    verb: ClassVar[str] = "open-relationship"
    relationship: DatedRelationship

    @property
    def subject(self) -> str:
        return self.relationship.subject

    def apply(self, draft: Draft) -> None:
        relationship = self.relationship
        if relationship.subject == relationship.object:
            raise Impossible("invalid", f"{relationship.subject} cannot be {relationship.kind.label.lower()} itself.")
        for code in (relationship.subject, relationship.object):
            body = body_of(draft, code)
            if relationship.period.start < body.opened or (
                body.closed is not None and not body.lives_through(relationship.period)
            ):
                raise Impossible(
                    "not-in-force",
                    f"{body.last_name()} ({code}) is not in force for the whole of the relationship "
                    f"“{relationship.kind.label.lower()}” between {relationship.subject} and {relationship.object}.",
                )
        if any(relationship.period.overlaps(other.period) for other in draft.relationships_like(relationship.key)):
            raise Impossible(
                "conflict",
                f"{relationship.subject} is already {relationship.kind.label.lower()} {relationship.object} "
                "in some of that time.",
            )
        draft.add_relationship(relationship)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        relationship = self.relationship
        return {}, {
            "kind": relationship.kind.value,
            "organisation": relationship.object,
            "from": relationship.period.start,
        }


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
        relationship = draft.relationship_on(self.key, self.on)
        if relationship is None:
            raise Impossible(
                "conflict", f"{self.subject} is not {self.kind.label.lower()} {self.object} on {self.on:%-d %B %Y}."
            )
        draft.end_relationship(relationship, self.on)

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {"kind": self.kind.value, "organisation": self.object}, {"until": self.on}


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

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        facts = {"resulting": self.resulting, "share": str(self.share), "basis": self.basis.value}
        return {}, facts | ({"of": list(self.of)} if self.of else {})


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

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {}, {"resulting": self.resulting, "share": str(self.share), "basis": self.basis.value}


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

    def effect(self, before: Snapshot) -> tuple[Facts, Facts]:
        return {"what": self.what, "with": self.giver}, {"what": self.what, "with": self.receiver}
