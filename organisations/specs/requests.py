"""From what is stated of a change to what the engine is asked for, whatever it was stated in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from organisations.domain.changes import ChangeRequest, Move, NewBody, ShareOut
from organisations.domain.snapshot import DatedRelationship, PopulationCount, Provenance, Seat
from organisations.domain.vocabulary import Basis, OpenedBasis, PopulationBasis, RelationshipKind, StatedPopulationBasis
from organisations.specs.document import (
    ChangeSpec,
    StatedBody,
    StatedCount,
    StatedLink,
    StatedProvenance,
    StatedShare,
    StatedTie,
)
from pcorg.core.periods import Period

Closing = Callable[[tuple[str, str], date], date | None]
"""The first day after another on which one of two bodies is known to close, if any."""


def no_closing(codes: tuple[str, str], start: date) -> date | None:
    """Nothing is known of what closes."""
    return None


DECIDED = StatedProvenance(basis=Basis.DECISION)
"""How what is proposed here is known."""


def to_request(
    spec: ChangeSpec,
    *,
    portfolio: str,
    reference: str = "",
    around: StatedProvenance = DECIDED,
    closing: Closing = no_closing,
) -> ChangeRequest:
    """A change in the domain's terms. `portfolio` is that of the bodies it is about, and `around` says how it is known.
    Raises ValueError where a relationship ends before it begins."""
    on, right, kinds = spec.effective_on, spec.set, _kinds_stated(spec.relationships)
    return ChangeRequest(
        kind=spec.kind,
        route=spec.route,
        effective_on=on,
        portfolio=portfolio,
        known=provenance(around, around),
        originals=tuple(spec.starts_from),
        new=tuple(
            replace(
                new_body(entry, opened=on, basis=OpenedBasis.RECORDED, around=around),
                states=kinds.get(entry.code, frozenset()),
            )
            for entry in spec.resulting
            if isinstance(entry, StatedBody)
        ),
        continuing=tuple(entry.code for entry in spec.resulting if not isinstance(entry, StatedBody)),
        to_form=right.to_form if right else spec.to_form,
        name=right.name if right else spec.name,
        edges=tuple(_share(edge) for edge in spec.edges),
        links=tuple(_link(link) for link in spec.links),
        moves=tuple(Move(move.what, move.from_, move.to) for move in spec.moves),
        relationships=tuple(
            relationship_of(relationship, start=relationship.start or on, around=around, closing=closing)
            for relationship in spec.relationships
        ),
        reference=reference,
        corrects=str(spec.corrects or ""),
        title=spec.title or "",
        rationale=spec.rationale,
        legal_instrument=spec.legal_instrument,
        evidence=dict(spec.evidence),
    )


def _kinds_stated(relationships: Iterable[StatedTie]) -> Mapping[str, frozenset[RelationshipKind]]:
    """The kinds of tie that a change states, by the body it states them for."""
    found: dict[str, set[RelationshipKind]] = defaultdict(set)
    for relationship in relationships:
        found[relationship.subject].add(relationship.kind)
        if relationship.kind.symmetric:
            found[relationship.object].add(relationship.kind)
    return {code: frozenset(kinds) for code, kinds in found.items()}


def provenance(stated_provenance: StatedProvenance, around: StatedProvenance, basis: Basis | None = None) -> Provenance:
    """How a record is known; what it leaves out is as the record around it."""
    citation = stated_provenance.source or around.source or ""
    slug, _, locator = citation.partition(" ")
    own = stated_provenance.basis if isinstance(stated_provenance.basis, Basis) else None
    return Provenance(basis or own or around.basis or Basis.SOURCE, slug, locator, stated_provenance.note)


def _share(edge: StatedShare) -> ShareOut:
    """A share as it is stated."""
    taken_back = (tuple(dict.fromkeys(edge.of)), edge.of_share, edge.others_share)
    return ShareOut(edge.original, edge.resulting, edge.share, edge.basis, edge.note, *taken_back)


def _link(link: StatedLink) -> ShareOut:
    """A link as it is stated."""
    return ShareOut(link.original, link.resulting, link.share, link.basis, link.note)


def new_body(
    body: StatedBody,
    *,
    opened: date,
    basis: OpenedBasis,
    around: StatedProvenance,
    closed: date | None = None,
    closing: Closing = no_closing,
) -> NewBody:
    """A body as it opens, closed again where no change tells of its end. What it is tied to lasts until one of the two
    is known to close."""
    body_provenance = provenance(body, around)
    own = StatedProvenance(basis=body_provenance.basis, source=body.source or around.source)
    relationships = tuple(
        DatedRelationship(kind, body.code, other, Period(opened, closing((body.code, other), opened)), body_provenance)
        for kind, other in body.outward()
    )
    return NewBody(
        code=body.code,
        name=body.name,
        form=body.form,
        opened=opened,
        opened_basis=basis,
        known=body_provenance,
        form_known=provenance(body, around, body.form_basis),
        relationships=relationships,
        counts=tuple(_count(stated, own, body_provenance.basis) for stated in body.populations),
        seats=tuple(
            Seat(stated.constituency, stated.seats, Period(opened, closed), provenance(stated, own))
            for stated in body.board
        ),
        closed=closed,
    )


def relationship_of(
    stated: StatedTie, *, start: date, around: StatedProvenance, closing: Closing = no_closing
) -> DatedRelationship:
    """A relationship as it is stated; it lasts until one of the two bodies is known to close, where nothing else is
    said. Raises ValueError where it ends before it begins."""
    ends = (stated.subject, stated.object)
    subject, object_ = sorted(ends) if stated.kind.symmetric else ends
    return DatedRelationship(
        stated.kind,
        subject,
        object_,
        Period(start, stated.end or closing(ends, start)),
        provenance(stated, around),
        None if stated.share is None else float(stated.share),
    )


def _count(stated: StatedCount, own: StatedProvenance, body: Basis) -> PopulationCount:
    count_provenance = provenance(stated, own, _counted_by(stated, body))
    return PopulationCount(stated.count, stated.on, PopulationBasis(stated.basis), count_provenance)


def _counted_by(stated: StatedCount, body: Basis) -> Basis:
    """How a count is known: an estimate is no record, however well the body itself is."""
    estimated = stated.basis is StatedPopulationBasis.ESTIMATE and body is not Basis.ILLUSTRATIVE
    return Basis.ESTIMATE if estimated else body
