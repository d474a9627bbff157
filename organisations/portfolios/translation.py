"""From a valid document to the domain's terms: opening facts and the changes to replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from organisations.domain.changes import ChangeRequest, NewBody
from organisations.domain.snapshot import DatedRelationship
from organisations.domain.vocabulary import OpenedBasis, RelationshipKind
from organisations.portfolios.lives import Lives, StatedLife, unknown_body
from organisations.portfolios.reading import DocumentFault, Place
from organisations.portfolios.sections import TIES, contributed
from organisations.portfolios.segments import Segment, segments_of
from organisations.portfolios.stated import Stated
from organisations.specs.document import StatedChange, StatedTie
from organisations.specs.requests import new_body, relationship_of, to_request


@dataclass(frozen=True)
class History:
    """A document in the domain's terms.

    `ties` are the opening ties by the key of their record. `segments` are the changes in the order of their replay.
    `places` leads from what a problem is about (`body:5M1`, `tie:kind:subject:object:start`, `change:reference`, or the
    natural key of another record) back to the document.
    """

    bodies: tuple[NewBody, ...]
    relationships: dict[str, DatedRelationship]
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


def relationship_key(stated: StatedTie) -> str:
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
            relationship = _relationship(tied, lives)
        except ValueError:
            faults.append(stated.text.fault("The relationship ends before it begins.", (*place, "end")))
            continue
        places[relationship.about] = places[relationship_key(tied)] = place
        makers = [(life.opened, life.maker) for life in _ends(tied, lives) if life.maker is not None]
        if makers:
            of_change.setdefault(max(makers)[1], []).append(relationship)
        else:
            opening[relationship_key(tied)] = relationship
    changes: list[tuple[int, StatedChange, ChangeRequest]] = []
    for number, (change, place) in enumerate(stated.each("changes")):
        places[f"change:{change.reference}"] = place
        backwards = {at for at, tied in enumerate(change.relationships) if _ends_early(tied, change, lives)}
        within = (*place, "relationships")
        faults += [stated.text.fault("The relationship ends before it begins.", (*within, at)) for at in backwards]
        sound = [tied for at, tied in enumerate(change.relationships) if at not in backwards]
        whole = change.model_copy(update={"relationships": sound}) if backwards else change
        request = to_request(
            whole, portfolio=header.slug, reference=change.reference, around=change, closing=lives.first_closing
        )
        relationships = (*request.relationships, *of_change.get(number, ()))
        new = tuple(replace(body, states=body.states | states.get(body.code, frozenset())) for body in request.new)
        changes.append((number, change, replace(request, relationships=relationships, new=new)))
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
        bodies.append(
            new_body(body, opened=opened, basis=basis, around=body, closed=body.closed, closing=lives.first_closing)
        )
    segments = segments_of(changes, _named_as_known_before(stated))
    return History(tuple(bodies), opening, segments, places, tuple(faults))


def _named_as_known_before(stated: Stated) -> set[str]:
    records = (record for section in contributed() for record, _ in stated.each(section.name))
    return {record.known_after for record in records if record.known_after is not None}


def _ends_early(tied: StatedTie, change: StatedChange, lives: Lives) -> bool:
    try:
        relationship_of(tied, start=tied.start or change.effective_on, around=change, closing=lives.first_closing)
    except ValueError:
        return True
    return False


def _ends(tied: StatedTie, lives: Lives) -> tuple[StatedLife, StatedLife]:
    return lives[tied.subject], lives[tied.object]


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


def _relationship(stated: StatedTie, lives: Lives) -> DatedRelationship:
    """A relationship that no change states: its dates left out are those between which both bodies exist."""
    start = stated.start or lives.latest_opening((stated.subject, stated.object))
    return relationship_of(stated, start=start, around=stated, closing=lives.first_closing)
