"""Changes as they are asked for: the input of the plan engine, whether recorded or proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from organisations.domain.edges import NOTHING, WHOLE
from organisations.domain.snapshot import DatedRelationship, PastChange, PopulationCount, Provenance, Seat
from organisations.domain.vocabulary import ChangeKind, OpenedBasis, RelationshipKind, Route, ShareBasis


@dataclass(frozen=True, slots=True)
class NewBody:
    """A body to be opened and what is stated of it. Ties, counts and seats are those known from its beginning.

    `states` names the kinds of tie that are stated for it, here or elsewhere: those it does not inherit. `closed` is
    stated only of a body whose end no change explains.
    """

    code: str
    name: str
    form: str
    opened: date
    known: Provenance
    form_known: Provenance
    opened_basis: OpenedBasis = OpenedBasis.RECORDED
    relationships: tuple[DatedRelationship, ...] = ()
    counts: tuple[PopulationCount, ...] = ()
    seats: tuple[Seat, ...] = ()
    states: frozenset[RelationshipKind] = frozenset()
    closed: date | None = None


@dataclass(frozen=True, slots=True)
class ShareOut:
    """The fraction (0 to 1) of an original's population that a resulting body takes.

    Where `of` names bodies, those who go are people who had come from them to the original: `of_share` of those people,
    and `others_share` of everybody else there.
    """

    original: str
    resulting: str
    share: Decimal
    basis: ShareBasis = ShareBasis.POPULATION
    note: str = ""
    of: tuple[str, ...] = ()
    of_share: Decimal = WHOLE
    others_share: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Move:
    """Something named that passes from one body to another: a member's code, or a service, practice or ward."""

    what: str
    giver: str
    receiver: str


@dataclass(frozen=True)
class ChangeRequest:
    """One change: what goes in, what comes out, when and why.

    `continuing` are originals that live on; for changes of the same body (level, designation, rename, correction) it
    is left empty. `to_form` and `name` state what the same body becomes. `reference` names the change within its
    portfolio. Evidence is keyed by check code. `links` state which share of the people of a body that had ended before
    is with one that comes out; they outrank what multiplying through the bodies between would give.
    """

    kind: ChangeKind
    effective_on: date
    portfolio: str
    known: Provenance
    originals: tuple[str, ...] = ()
    new: tuple[NewBody, ...] = ()
    continuing: tuple[str, ...] = ()
    route: Route | None = None
    to_form: str | None = None
    name: str | None = None
    edges: tuple[ShareOut, ...] = ()
    links: tuple[ShareOut, ...] = ()
    moves: tuple[Move, ...] = ()
    relationships: tuple[DatedRelationship, ...] = ()
    reference: str = ""
    corrects: str = ""
    title: str = ""
    rationale: str = ""
    legal_instrument: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def undoes(self) -> bool:
        """Whether this strikes an earlier change out altogether, rather than putting something in its place."""
        states_nothing = not (self.new or self.to_form or self.name or self.relationships)
        return self.kind is ChangeKind.CORRECTION and bool(self.corrects) and states_nothing

    @property
    def upsets_history(self) -> bool:
        """Whether it strikes out or re-bases what is recorded, and so builds upon all of it, later history too."""
        return self.kind is ChangeKind.CORRECTION and (self.undoes or bool(self.new or self.relationships))

    @cached_property
    def resulting(self) -> tuple[str, ...]:
        """Codes of the bodies that come out."""
        if self.kind is ChangeKind.CORRECTION and self.new:
            return tuple(body.code for body in self.new)
        if self.kind in SAME_BODY or (self.kind is ChangeKind.TRANSITION and not self.new):
            return self.originals
        if self.kind is ChangeKind.SEPARATION:
            return (*self.originals, *(body.code for body in self.new))
        if self.kind is ChangeKind.TRANSFER:
            return self.originals
        return (*self.continuing, *(body.code for body in self.new))

    @cached_property
    def closing(self) -> tuple[str, ...]:
        """Codes of the originals that end."""
        resulting = frozenset(self.resulting)
        return tuple(dict.fromkeys(code for code in self.originals if code not in resulting))

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """Codes of every body the change names that should already exist."""
        named = [*self.originals, *self.continuing]
        named += [code for move in self.moves for code in (move.giver, move.receiver)]
        fresh = {body.code for body in self.new}
        return tuple(dict.fromkeys(code for code in named if code not in fresh))

    @cached_property
    def taken_back_from(self) -> tuple[str, ...]:
        """Codes of earlier bodies of whose people it speaks: whom its shares take back, and those of its links."""
        named = [code for edge in self.edges for code in edge.of] + [link.original for link in self.links]
        return tuple(dict.fromkeys(named))

    @cached_property
    def named(self) -> frozenset[str]:
        """Codes of every body that the change names, those that it makes too."""
        relationships = (
            *self.relationships,
            *(relationship for body in self.new for relationship in body.relationships),
        )
        return frozenset(
            {
                *self.touched,
                *self.taken_back_from,
                *(body.code for body in self.new),
                *(code for relationship in relationships for code in (relationship.subject, relationship.object)),
            }
        )

    def remembered(self, sequence: int) -> PastChange:
        """The change as later ones meet it, before it has a number; `sequence` orders it within its day."""
        return PastChange(
            change=None,
            reference=self.reference,
            kind=self.kind,
            effective_on=self.effective_on,
            sequence=sequence,
            title=self.title,
            codes=frozenset({*self.originals, *self.resulting}),
            structural=self.kind not in {ChangeKind.RENAME, ChangeKind.CORRECTION},
            originals=self.originals,
            resulting=self.resulting,
        )

    def shares(self) -> tuple[ShareOut, ...]:
        """The edges: those stated, else whole shares where only one body comes out, else, for a separation, a share
        of nothing: a provider arm takes services, not people."""
        if self.edges:
            return self.edges
        if self.kind in INHERITED_WHOLE and len(self.resulting) == 1:
            return tuple(ShareOut(code, self.resulting[0], Decimal(1)) for code in self.closing)
        if self.kind is ChangeKind.SEPARATION:
            return tuple(
                ShareOut(code, new.code, Decimal(0), ShareBasis.NAMED_ITEMS)
                for code in self.originals
                for new in self.new
            )
        return ()


SAME_BODY = frozenset({ChangeKind.RENAME, ChangeKind.CORRECTION})
INHERITED_WHOLE = frozenset(
    {ChangeKind.TRANSITION, ChangeKind.MERGER, ChangeKind.RECONFIGURATION, ChangeKind.CORRECTION}
)
