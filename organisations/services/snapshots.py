"""Snapshots of what the database holds, for the plan engine: one query a kind of fact and batch of bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from organisations.contributors import contributors
from organisations.domain.counts import CountPart, readable
from organisations.domain.edges import Edge
from organisations.domain.planning.steps import AREA_FAMILIES
from organisations.domain.snapshot import (
    Body,
    DatedForm,
    DatedName,
    DatedRelationship,
    PastChange,
    PopulationCount,
    Provenance,
    Seat,
    Snapshot,
)
from organisations.domain.vocabulary import (
    Basis,
    ChangeKind,
    ChangeStatus,
    Constituency,
    Family,
    OpenedBasis,
    PopulationBasis,
    RelationshipKind,
)
from organisations.models import (
    BoardSeat,
    Change,
    ChangeParty,
    FormPeriod,
    LineageEdge,
    NamePeriod,
    Organisation,
    Population,
    Portfolio,
    Relationship,
)
from organisations.models.querysets import edges_of
from organisations.models.reference import rules_only
from pcorg.core.batches import batches
from pcorg.core.periods import Period


def lock_with_neighbours(codes: Sequence[str]) -> None:
    """Lock bodies, and those at the far end of their open ties, in order of code.

    Whoever writes to bodies locks them all first and in this order, then changes in order of their ids, then the head
    of the audit chain: two writers queue, and neither waits for what the other will want. Call it in a transaction.
    """
    codes_requested = set(codes)
    for batch in batches(codes):
        open_relationships = Relationship.objects.open().filter(Q(subject__in=batch) | Q(object__in=batch))
        codes_requested.update(code for pair in open_relationships.values_list("subject", "object") for code in pair)
    for batch in batches(sorted(codes_requested)):
        rows = Organisation.with_struck_out.select_for_update(no_key=True).filter(pk__in=batch)
        list(rows.order_by("pk").values_list("pk"))


def snapshot_of(codes: Sequence[str]) -> Snapshot:
    """What is known of these bodies, and of the ties they have. Bodies at the far end of a tie come with their life,
    form and name too, so that operations on the tie can be tried; members come with their other homes. So do bodies
    that the parts of apps above name, and whoever else is in the same councils (`_in_councils`). Bodies that were
    struck out come too, for their codes stay taken, and ties that a change struck out before they began, for the change
    may be undone."""
    relationships: dict[int, DatedRelationship] = {}
    struck: dict[int, DatedRelationship] = {}
    for batch in batches(codes):
        for row in Relationship.with_struck_out.filter(Q(subject__in=batch) | Q(object__in=batch)):
            if row.end != row.start:
                relationships[row.pk] = _tie(row, row.end)
            elif row.ended_by_id is not None:
                struck[row.pk] = _tie(row, row.due_end)
    for row in _in_councils(codes, relationships.values()):
        relationships.setdefault(row.pk, _tie(row, row.end))
    parts = {contributor.name: contributor.part(codes) for contributor in contributors()}
    named = {code for each in contributors() for code in each.named(parts[each.name])}
    for row in _homes(
        {relationship.subject for relationship in relationships.values() if relationship.kind in AT_HOME} | named,
        set(codes),
    ):
        relationships.setdefault(row.pk, _tie(row, row.end))
    codes_requested = dict.fromkeys(codes)
    known = (*relationships.values(), *struck.values())
    codes_requested.update(
        dict.fromkeys(code for relationship in known for code in (relationship.subject, relationship.object))
    )
    codes_requested.update(dict.fromkeys(sorted(named)))
    bare = rules_only()
    return Snapshot(
        bodies={body.code: body for batch in batches(codes_requested) for body in _bodies(batch)},
        relationships=tuple(relationships.values()),
        struck=tuple(struck.values()),
        edges=tuple(_edges(codes)),
        history=tuple(_history(codes)),
        forms=bare.forms,
        graph=bare.graph,
        checks=bare.checks,
        covers=_coverage(),
        parts=parts,
    )


AT_HOME = frozenset({RelationshipKind.MEMBER_OF, RelationshipKind.LOCATED_IN})
"""Ties of those whose homes the checks ask for."""


def _in_councils(codes: Sequence[str], relationships: Iterable[DatedRelationship]) -> Iterator[Relationship]:
    """What ties others to the councils in which the bodies lie: bodies that stand for areas, whether one has its
    council to itself; practices and pilots, whether all take part; collaborations among the same people."""
    forms = FormPeriod.objects.filter(organisation=OuterRef("subject"))
    matters = forms.filter(Q(form__family__in=NEAR) | Q(form__provides_primary_care=True))
    bodies = set(codes)
    councils = {
        relationship.object
        for relationship in relationships
        if relationship.kind is RelationshipKind.LOCATED_IN and relationship.subject in bodies
    }
    for batch in batches(sorted(councils)):
        in_them = Relationship.objects.filter(kind=RelationshipKind.LOCATED_IN, object__in=batch)
        yield from in_them.filter(Exists(matters))


def _homes(members: set[str], known: set[str]) -> Iterator[Relationship]:
    """The memberships of bodies, and of whoever belongs to a pilot among them. Those of `known` are there already."""
    pilots = FormPeriod.objects.filter(organisation=OuterRef("object"), form__pilot=True)
    asked: set[str] = set(known)
    while members - asked:
        wanted, asked = members - asked, members | asked
        for batch in batches(sorted(wanted)):
            memberships = Relationship.objects.filter(kind=RelationshipKind.MEMBER_OF)
            for row in memberships.filter(Q(subject__in=batch) | Q(object__in=batch) & Exists(pilots)):
                members = members | {row.subject_id}
                yield row


def _coverage() -> dict[str, tuple[date, date]]:
    """The first and last day that each portfolio covers."""
    portfolios = Portfolio.objects.values_list("slug", "covers_from", "covers_to")
    return {slug: (first, last) for slug, first, last in portfolios}


NEAR = frozenset({*AREA_FAMILIES, Family.PILOTS, Family.COLLABORATIONS})
"""Families whose bodies matter to a change in the same council although it does not touch them."""


def without(snapshot: Snapshot, changes: Container[int | None]) -> Snapshot:
    """The snapshot with the parts of apps above as they would be had these changes not happened."""
    parts = {each.name: each.without(snapshot.parts[each.name], changes) for each in contributors()}
    return replace(snapshot, parts=parts)


def _tie(row: Relationship, end: date | None) -> DatedRelationship:
    return DatedRelationship(
        RelationshipKind.stored(row.kind),
        row.subject_id,
        row.object_id,
        Period(row.start, end),
        _known(row),
        None if row.share is None else float(row.share),
        row.begun_by_id,
        row.ended_by_id,
        row.due_end,
    )


def _known(row: Any) -> Provenance:
    return Provenance(Basis.stored(row.basis), row.source_id or "", row.locator, row.note)


def _bodies(codes: list[str]) -> Iterator[Body]:
    forms: dict[str, list[DatedForm]] = defaultdict(list)
    for row in FormPeriod.objects.filter(organisation__in=codes).order_by("start"):
        forms[row.organisation_id].append(
            DatedForm(
                row.form_id, Period(row.start, row.end), _known(row), row.begun_by_id, row.ended_by_id, row.due_end
            )
        )
    names: dict[str, list[DatedName]] = defaultdict(list)
    for name in NamePeriod.objects.filter(organisation__in=codes).order_by("start"):
        names[name.organisation_id].append(
            DatedName(
                name.name,
                Period(name.start, name.end),
                _known(name),
                name.begun_by_id,
                name.ended_by_id,
                name.due_end,
            )
        )
    counts: dict[str, list[PopulationCount]] = defaultdict(list)
    superseded: dict[str, list[PopulationCount]] = defaultdict(list)
    for count in Population.with_struck_out.filter(organisation__in=codes).order_by("on", "pk"):
        (counts if count.superseded_by_id is None else superseded)[count.organisation_id].append(count_of(count))
    seats: dict[str, list[Seat]] = defaultdict(list)
    for seat in BoardSeat.objects.filter(organisation__in=codes).order_by("start"):
        seats[seat.organisation_id].append(
            Seat(
                Constituency.stored(seat.constituency),
                seat.seats,
                Period(seat.start, seat.end),
                _known(seat),
                seat.begun_by_id,
                seat.ended_by_id,
                seat.due_end,
            )
        )
    for body in Organisation.with_struck_out.filter(pk__in=codes):
        yield Body(
            code=body.code,
            portfolio=body.portfolio_id,
            opened=body.opened,
            opened_basis=OpenedBasis.stored(body.opened_basis),
            known=_known(body),
            closed=body.closed,
            forms=tuple(forms[body.code]),
            names=tuple(names[body.code]),
            counts=tuple(counts[body.code]),
            seats=tuple(seats[body.code]),
            superseded=tuple(superseded[body.code]),
            closed_by=body.closed_by_id,
        )


def count_of(row: Population) -> PopulationCount:
    """A count as the domain takes it."""
    return PopulationCount(
        row.count,
        row.on,
        PopulationBasis.stored(row.counted),
        _known(row),
        row.begun_by_id,
        tuple(CountPart.restored(part) for part in readable(row.parts)),
        row.superseded_by_id,
    )


def _history(codes: Sequence[str]) -> Iterator[PastChange]:
    """Effected changes that touched any of the bodies, in order; what a correction has undone is left out."""
    sides: dict[int, dict[str, list[str]]] = {}
    for batch in batches(codes):
        touching = ChangeParty.objects.filter(
            organisation__in=batch, change__status=ChangeStatus.EFFECTED, change__undone_by=None
        ).values("change")
        found: dict[int, dict[str, list[str]]] = defaultdict(
            lambda: {ChangeParty.ORIGINAL: [], ChangeParty.RESULTING: []}
        )
        rows = ChangeParty.objects.filter(change__in=touching).order_by("change", "role", "position")
        for change, role, code in rows.values_list("change_id", "role", "organisation_id"):
            found[change][role].append(code)
        sides.update(found)
    undoes = Exists(Change.objects.filter(undone_by=OuterRef("pk")))
    changes = [
        change
        for batch in batches(sorted(sides))
        for change in Change.objects.filter(pk__in=batch)
        .annotate(strikes_out=undoes)
        .defer("particulars", "evidence", "rationale")
    ]
    for past in sorted(changes, key=lambda change: (change.effective_on, change.sequence)):
        originals, resulting = sides[past.pk][ChangeParty.ORIGINAL], sides[past.pk][ChangeParty.RESULTING]
        yield PastChange(
            change=past.pk,
            reference=past.reference,
            kind=ChangeKind.stored(past.kind),
            effective_on=past.effective_on,
            sequence=past.sequence,
            title=past.title,
            codes=frozenset({*originals, *resulting}),
            structural=past.kind not in {ChangeKind.RENAME, ChangeKind.CORRECTION},
            originals=tuple(originals),
            resulting=tuple(resulting),
            strikes_out=past.strikes_out,
        )


def _edges(codes: Sequence[str]) -> Iterator[Edge]:
    """The shares that the bodies gave away in changes that still count.

    Of each change only what is asked for is read: what it was asked to do may be as long as its edges are many.
    """
    for batch in batches(codes):
        yield from edges_of(LineageEdge.objects.filter(original__in=batch))
