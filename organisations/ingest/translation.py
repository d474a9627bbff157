"""From a valid document to the domain's terms: opening facts and the changes to replay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from organisations.domain.changes import ChangeRequest, Move, NewBody, ShareOut
from organisations.domain.periods import Period
from organisations.domain.snapshot import Count, Provenance, Seat, Tie
from organisations.domain.vocabulary import Basis, OpenedBasis, PopulationBasis, RelationshipKind
from organisations.ingest.document import Known, StatedBody, StatedChange, StatedCount, StatedTie
from organisations.ingest.reading import Fault, Place
from organisations.ingest.stated import Stated

OUTWARD = {
    "accountable_to": RelationshipKind.ACCOUNTABLE_TO,
    "sub_committee_of": RelationshipKind.SUB_COMMITTEE_OF,
    "operated_by": RelationshipKind.OPERATED_BY,
    "member_of": RelationshipKind.MEMBER_OF,
    "located_in": RelationshipKind.LOCATED_IN,
    "commissioned_by": RelationshipKind.COMMISSIONED_BY,
}
"""Fields of a body that state a relationship from its opening."""


@dataclass(frozen=True)
class History:
    """A document in the domain's terms.

    `ties` are the opening ties by the key of their record; `places` leads from what a problem is about (`body:5M1`,
    `tie:kind:subject:object`, `change:reference`) back to the document.
    """

    bodies: tuple[NewBody, ...]
    ties: dict[str, Tie]
    requests: tuple[ChangeRequest, ...]
    places: dict[str, Place]
    faults: tuple[Fault, ...]

    def place_of(self, about: str) -> Place:
        """Where the document speaks of something; a relationship stated with a body leads to the body."""
        if about in self.places:
            return self.places[about]
        kind, *parts = about.split(":")
        return self.places.get(f"body:{parts[1]}", ()) if kind == "tie" and len(parts) > 1 else ()


def tie_key(stated: StatedTie) -> str:
    """The natural key of a relationship record; the same two may be tied again later."""
    return f"tie:{stated.kind}:{stated.subject}:{stated.object}" + (f":{stated.start}" if stated.start else "")


def history_of(stated: Stated) -> History:
    """Translate. Ties that name a body born of a change belong to the last such change; the rest are opening facts."""
    header = stated.document.portfolio
    born: dict[str, tuple[date, int | None]] = {}
    for body, _ in stated.each("bodies"):
        born.setdefault(body.code, (body.opened or header.covers.from_, None))
    for number, (change, _) in enumerate(stated.each("changes")):
        for entry in change.resulting:
            if isinstance(entry, StatedBody):
                born.setdefault(entry.code, (change.effective_on, number))
    states = _stated_kinds(stated, born)
    places: dict[str, Place] = {f"body:{body.code}": place for body, place in stated.bodies()}
    faults: list[Fault] = []
    opening: dict[str, Tie] = {}
    of_change: dict[int, list[Tie]] = {}
    for tied, place in stated.each("relationships"):
        unknown = [name for name in ("subject", "object") if getattr(tied, name) not in born]
        if unknown:
            code = getattr(tied, unknown[0])
            if code not in stated.tainted:
                words = f"No body of this document has the code {code}."
                faults.append(stated.text.fault(words, (*place, unknown[0]), "unknown-organisation"))
            continue
        births = [born[tied.subject], born[tied.object]]
        tie = _tie(tied, max(day for day, _ in births))
        places[f"tie:{':'.join(tie.key)}"] = places[tie_key(tied)] = place
        makers = [(day, maker) for day, maker in births if maker is not None]
        if makers:
            of_change.setdefault(max(makers)[1], []).append(tie)
        else:
            opening[tie_key(tied)] = tie
    requests = []
    for number, (change, place) in enumerate(stated.each("changes")):
        places[f"change:{change.reference}"] = place
        requests.append(_request(change, header.slug, of_change.get(number, ()), states))
    requests.sort(key=lambda request: request.effective_on)
    bodies = tuple(
        new_body(
            body,
            opened=body.opened or header.covers.from_,
            basis=OpenedBasis.RECORDED if body.opened else OpenedBasis.COVERAGE,
            around=body,
        )
        for body, _ in stated.each("bodies")
    )
    return History(bodies, opening, tuple(requests), places, tuple(faults))


def _counted_by(stated: StatedCount, body: Basis) -> Basis:
    """How a count is known: an estimate is no record, however well the body itself is."""
    estimated = stated.basis is PopulationBasis.ESTIMATE and body is not Basis.ILLUSTRATIVE
    return Basis.ESTIMATE if estimated else body


def _stated_kinds(stated: Stated, born: dict[str, tuple[date, int | None]]) -> dict[str, frozenset[RelationshipKind]]:
    """By code, the kinds of tie that the relationships state for a body from the day it opened."""
    kinds: dict[str, set[RelationshipKind]] = {}
    for tied, _ in stated.each("relationships"):
        if tied.subject not in born or tied.object not in born:
            continue
        start = tied.start or max(born[tied.subject][0], born[tied.object][0])
        for code in (tied.subject, tied.object) if tied.kind.symmetric else (tied.subject,):
            if born[code][0] == start:
                kinds.setdefault(code, set()).add(tied.kind)
    return {code: frozenset(found) for code, found in kinds.items()}


def provenance(known: Known, around: Known, basis: Basis | None = None) -> Provenance:
    """How a record is known; what it leaves out is as the record around it."""
    citation = known.source or around.source or ""
    slug, _, locator = citation.partition(" ")
    own = known.basis if isinstance(known.basis, Basis) else None
    return Provenance(basis or own or around.basis or Basis.SOURCE, slug, locator, known.note)


def new_body(body: StatedBody, *, opened: date, basis: OpenedBasis, around: Known) -> NewBody:
    known = provenance(body, around)
    ties = []
    for name, kind in OUTWARD.items():
        value = getattr(body, name)
        for other in [value] if isinstance(value, str) else value or ():
            ties.append(Tie(kind, body.code, other, Period(opened), known))
    return NewBody(
        code=body.code,
        name=body.name,
        form=body.form,
        opened=opened,
        opened_basis=basis,
        known=known,
        form_known=provenance(body, around, body.form_basis),
        ties=tuple(ties),
        counts=tuple(
            Count(stated.count, stated.on, stated.basis, provenance(stated, body, _counted_by(stated, known.basis)))
            for stated in body.populations
        ),
        seats=tuple(
            Seat(stated.constituency, stated.seats, Period(opened), provenance(stated, body)) for stated in body.board
        ),
    )


def _tie(stated: StatedTie, later: date) -> Tie:
    return Tie(
        stated.kind,
        stated.subject,
        stated.object,
        Period(stated.start or later, stated.end),
        provenance(stated, stated),
        None if stated.share is None else float(stated.share),
    )


def _request(
    change: StatedChange, portfolio: str, ties: Iterable[Tie], states: dict[str, frozenset[RelationshipKind]]
) -> ChangeRequest:
    right = change.set
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
                states=states.get(entry.code, frozenset()),
            )
            for entry in change.resulting
            if isinstance(entry, StatedBody)
        ),
        continuing=tuple(entry.code for entry in change.resulting if not isinstance(entry, StatedBody)),
        to_form=right.to_form if right else change.to_form,
        name=right.name if right else change.name,
        edges=tuple(
            ShareOut(edge.original, edge.resulting, edge.share, edge.basis, edge.note) for edge in change.edges
        ),
        moves=tuple(Move(move.what, move.from_, move.to) for move in change.moves),
        ties=tuple(ties),
        reference=change.reference,
        corrects=change.corrects or "",
        title=change.title,
        rationale=change.rationale,
        legal_instrument=change.legal_instrument,
        evidence=dict(change.evidence),
    )
