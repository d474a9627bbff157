"""The state that a change met: what it and the changes after it did is taken out of the state that they led to.

Changes of one day have an order, so that a day does not tell what one of them started from.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from organisations.domain.snapshot import Body, Dated, DatedRelationship, Snapshot, reopened

Changes = Container[int | None]


def unwound(snapshot: Snapshot, changes: Changes) -> Snapshot:
    """The state as it would be had these changes, given by their ids, not happened: what they began is not there, and
    what they ended or superseded goes on. Parts of apps above stay as they are."""
    return replace(
        snapshot,
        bodies={code: _body(body, changes) for code, body in snapshot.bodies.items()},
        relationships=(*_facts(snapshot.relationships, changes), *_facts(_struck_by(snapshot, changes), changes)),
        struck=tuple(relationship for relationship in snapshot.struck if relationship.ended_by not in changes),
        edges=tuple(edge for edge in snapshot.edges if edge.change not in changes),
        history=tuple(past for past in snapshot.history if past.change not in changes),
    )


def _struck_by(snapshot: Snapshot, changes: Changes) -> Iterable[DatedRelationship]:
    return (
        relationship
        for relationship in snapshot.struck
        if relationship.ended_by is not None and relationship.ended_by in changes
    )


def _body(body: Body, changes: Changes) -> Body:
    superseded = [count for count in body.superseded if count.begun_by is None or count.begun_by not in changes]
    counts = [count for count in body.counts if count.begun_by is None or count.begun_by not in changes]
    counts += [replace(count, superseded_by=None) for count in superseded if count.superseded_by in changes]
    undone = body.closed_by is not None and body.closed_by in changes
    return replace(
        body,
        closed=None if undone else body.closed,
        closed_by=None if undone else body.closed_by,
        forms=_facts(body.forms, changes),
        names=_facts(body.names, changes),
        seats=_facts(body.seats, changes),
        counts=tuple(counts),
        superseded=tuple(count for count in superseded if count.superseded_by not in changes),
    )


def _facts(facts: Iterable[Dated], changes: Changes) -> tuple[Dated, ...]:
    return tuple(
        reopened(each) if each.ended_by is not None and each.ended_by in changes else each
        for each in facts
        if each.begun_by is None or each.begun_by not in changes
    )
