"""From a valid document to the domain's terms: opening facts and the changes to replay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from organisations.domain.changes import ChangeRequest, Move, NewBody, ShareOut
from organisations.domain.snapshot import DatedRelationship, PopulationCount, Provenance, Seat
from organisations.domain.vocabulary import (
    Basis,
    OpenedBasis,
    PopulationBasis,
    RelationshipKind,
    StatedPopulationBasis,
)
from organisations.portfolios.lives import Lives, StatedLife, unknown_body
from organisations.portfolios.reading import DocumentFault, Place
from organisations.portfolios.sections import TIES, contributed
from organisations.portfolios.segments import Segment, segments_of
from organisations.portfolios.stated import Stated
from organisations.specs.document import (
    StatedBody,
    StatedChange,
    StatedCount,
    StatedLink,
    StatedProvenance,
    StatedShare,
    StatedTie,
)
from pcorg.core.periods import Period


@dataclass(frozen=True)
class History:
    """A document in the domain's terms.

    `ties` are the opening ties by the key of their record. `segments` are the changes in the order of their replay.
    `places` leads from what a problem is about (`body:5M1`, `tie:kind:subject:object:start`, `change:reference`, or the
    natural key of another record) back to the document.
    """

    bodies: tuple[NewBody, ...]
    ties: dict[str, DatedRelationship]
    segments: tuple[Segment, ...]
    places: dict[str, Place]
    faults: tuple[DocumentFault, ...]

    @property
    def requests(self) -> Iterator[ChangeRequest]:
        """All changes, in the order of their replay."""
        return (request for segment in self.segments for request in segment.requests)

    def place_of(self, about: str) -> Place:
        """Where the document speaks of something; a relationship stated with a body leads to the body."""
        if about in self.places:
            return self.places[about]
        kind, *parts = about.split(":")
        return self.places.get(f"body:{parts[1]}", ()) if kind == "tie" and len(parts) > 1 else ()


def tie_key(stated: StatedTie) -> str:
    """The natural key of a relationship record; the same two may be tied again later."""
    return TIES.key_of(stated)


def history_of(stated: Stated, lives: Lives) -> History:
    """Translate. Ties that name a body born of a change belong to the last such change; the rest are opening facts."""
    header = stated.document.portfolio
    states = _stated_kinds(stated, lives)
    places: dict[str, Place] = {"portfolio": ("portfolio",)}
    places |= {f"body:{body.code}": place for body, place in stated.bodies()}
    for section in contributed():
        places |= {section.key_of(record): place for record, place in stated.each(section.name)}
    faults: list[DocumentFault] = []
    opening: dict[str, DatedRelationship] = {}
    of_change: dict[int, list[DatedRelationship]] = {}
    for tied, place in stated.each("relationships"):
        unknown = [name for name in ("subject", "object") if getattr(tied, name) not in lives]
        if unknown:
            code = getattr(tied, unknown[0])
            if code not in stated.tainted:
                faults.append(unknown_body(stated, code, (*place, unknown[0]), lives))
            continue
        if stated.is_doubtful(place) or stated.tainted & {tied.subject, tied.object}:
            continue
        try:
            tie = _tie(tied, lives)
        except ValueError:
            faults.append(stated.text.fault("The relationship ends before it begins.", (*place, "end")))
            continue
        places[tie.about] = places[tie_key(tied)] = place
        makers = [(life.opened, life.maker) for life in _ends(tied, lives) if life.maker is not None]
        if makers:
            of_change.setdefault(max(makers)[1], []).append(tie)
        else:
            opening[tie_key(tied)] = tie
    changes: list[tuple[int, StatedChange, ChangeRequest]] = []
    for number, (change, place) in enumerate(stated.each("changes")):
        places[f"change:{change.reference}"] = place
        backwards = {at for at, tied in enumerate(change.relationships) if _ends_early(tied, change, lives)}
        within = (*place, "relationships")
        faults += [stated.text.fault("The relationship ends before it begins.", (*within, at)) for at in backwards]
        sound = [tied for at, tied in enumerate(change.relationships) if at not in backwards]
        whole = change.model_copy(update={"relationships": sound}) if backwards else change
        request = _request(whole, header.slug, of_change.get(number, ()), states, lives)
        changes.append((number, change, request))
    bodies = []
    for body, place in stated.each("bodies"):
        opened = body.opened or header.covers.from_
        if stated.is_doubtful(place):
            continue
        if body.closed is not None and body.closed <= opened:
            faults.append(stated.text.fault("The body closes before it opens.", (*place, "closed")))
            stated.tainted.add(body.code)
            continue
        basis = OpenedBasis.RECORDED if body.opened else OpenedBasis.COVERAGE
        bodies.append(new_body(body, opened=opened, basis=basis, around=body, closed=body.closed, lives=lives))
    segments = segments_of(changes, _named_as_known_before(stated))
    return History(tuple(bodies), opening, segments, places, tuple(faults))


def _named_as_known_before(stated: Stated) -> set[str]:
    records = (record for section in contributed() for record, _ in stated.each(section.name))
    return {record.known_after for record in records if record.known_after is not None}


def _ends_early(tied: StatedTie, change: StatedChange, lives: Lives) -> bool:
    try:
        _tie(tied, lives, change)
    except ValueError:
        return True
    return False


def _ends(tied: StatedTie, lives: Lives) -> tuple[StatedLife, StatedLife]:
    return lives[tied.subject], lives[tied.object]


def _count(stated: StatedCount, own: StatedProvenance, body: Basis) -> PopulationCount:
    known = provenance(stated, own, _counted_by(stated, body))
    return PopulationCount(stated.count, stated.on, PopulationBasis(stated.basis), known)


def _counted_by(stated: StatedCount, body: Basis) -> Basis:
    """How a count is known: an estimate is no record, however well the body itself is."""
    estimated = stated.basis is StatedPopulationBasis.ESTIMATE and body is not Basis.ILLUSTRATIVE
    return Basis.ESTIMATE if estimated else body


def _stated_kinds(stated: Stated, lives: Lives) -> dict[str, frozenset[RelationshipKind]]:
    """By code, the kinds of tie that the relationships state for a body from the day it opened."""
    kinds: dict[str, set[RelationshipKind]] = {}
    for tied, _ in stated.each("relationships"):
        if tied.subject not in lives or tied.object not in lives:
            continue
        start = tied.start or lives.latest_opening((tied.subject, tied.object))
        for code in (tied.subject, tied.object) if tied.kind.symmetric else (tied.subject,):
            if lives[code].opened == start:
                kinds.setdefault(code, set()).add(tied.kind)
    return {code: frozenset(found) for code, found in kinds.items()}


def kinds_stated(ties: Iterable[StatedTie]) -> Mapping[str, frozenset[RelationshipKind]]:
    """The kinds of tie that a change states, by the body it states them for."""
    found: dict[str, set[RelationshipKind]] = defaultdict(set)
    for tie in ties:
        found[tie.subject].add(tie.kind)
        if tie.kind.symmetric:
            found[tie.object].add(tie.kind)
    return {code: frozenset(kinds) for code, kinds in found.items()}


def provenance(known: StatedProvenance, around: StatedProvenance, basis: Basis | None = None) -> Provenance:
    """How a record is known; what it leaves out is as the record around it."""
    citation = known.source or around.source or ""
    slug, _, locator = citation.partition(" ")
    own = known.basis if isinstance(known.basis, Basis) else None
    return Provenance(basis or own or around.basis or Basis.SOURCE, slug, locator, known.note)


def share_out(edge: StatedShare) -> ShareOut:
    """A share as it is stated."""
    taken_back = (tuple(dict.fromkeys(edge.of)), edge.of_share, edge.others_share)
    return ShareOut(edge.original, edge.resulting, edge.share, edge.basis, edge.note, *taken_back)


def link_out(link: StatedLink) -> ShareOut:
    """A link as it is stated."""
    return ShareOut(link.original, link.resulting, link.share, link.basis, link.note)


def new_body(
    body: StatedBody,
    *,
    opened: date,
    basis: OpenedBasis,
    around: StatedProvenance,
    closed: date | None = None,
    lives: Lives | None = None,
) -> NewBody:
    """A body as it opens, closed again where no change tells of its end. What it is tied to lasts, as far as `lives`
    knows, until one of the two closes."""
    known = provenance(body, around)
    own = StatedProvenance(basis=known.basis, source=body.source or around.source)
    ties = []
    for kind, other in body.outward():
        end = None if lives is None else lives.first_closing((body.code, other), opened)
        ties.append(DatedRelationship(kind, body.code, other, Period(opened, end), known))
    return NewBody(
        code=body.code,
        name=body.name,
        form=body.form,
        opened=opened,
        opened_basis=basis,
        known=known,
        form_known=provenance(body, around, body.form_basis),
        ties=tuple(ties),
        counts=tuple(_count(stated, own, known.basis) for stated in body.populations),
        seats=tuple(
            Seat(stated.constituency, stated.seats, Period(opened, closed), provenance(stated, own))
            for stated in body.board
        ),
        closed=closed,
    )


def _tie(stated: StatedTie, lives: Lives, around: StatedChange | None = None) -> DatedRelationship:
    """A relationship as it is stated; its dates left out are those of the change that states it, else it lasts while
    both bodies do."""
    ends = (stated.subject, stated.object)
    start = stated.start or (around.effective_on if around else lives.latest_opening(ends))
    subject, object_ = sorted(ends) if stated.kind.symmetric else ends
    return DatedRelationship(
        stated.kind,
        subject,
        object_,
        Period(start, stated.end or lives.first_closing(ends, start)),
        provenance(stated, around or stated),
        None if stated.share is None else float(stated.share),
    )


def _request(
    change: StatedChange,
    portfolio: str,
    ties: Iterable[DatedRelationship],
    states: dict[str, frozenset[RelationshipKind]],
    lives: Lives,
) -> ChangeRequest:
    right, kinds = change.set, kinds_stated(change.relationships)
    return ChangeRequest(
        kind=change.kind,
        route=change.route,
        effective_on=change.effective_on,
        portfolio=portfolio,
        known=provenance(change, change),
        originals=tuple(change.originals),
        new=tuple(
            replace(
                new_body(entry, opened=change.effective_on, basis=OpenedBasis.RECORDED, around=change),
                states=states.get(entry.code, frozenset()) | kinds.get(entry.code, frozenset()),
            )
            for entry in change.resulting
            if isinstance(entry, StatedBody)
        ),
        continuing=tuple(entry.code for entry in change.resulting if not isinstance(entry, StatedBody)),
        to_form=right.to_form if right else change.to_form,
        name=right.name if right else change.name,
        edges=tuple(share_out(edge) for edge in change.edges),
        links=tuple(link_out(link) for link in change.links),
        moves=tuple(Move(move.what, move.from_, move.to) for move in change.moves),
        ties=(*(_tie(tied, lives, change) for tied in change.relationships), *ties),
        reference=change.reference,
        corrects=change.corrects or "",
        title=change.title,
        rationale=change.rationale,
        legal_instrument=change.legal_instrument,
        evidence=dict(change.evidence),
    )
