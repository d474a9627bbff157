"""What is known of the organisations that a change touches: a simulated copy that plans are tried on.

A snapshot is immutable to its readers. `Snapshot.after(operations)` gives the state once the operations have been
applied; previews, replays of a portfolio and effects all go through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from organisations.domain.bodies import (
    UNNUMBERED,
    Body,
    Dated,
    DatedForm,
    DatedName,
    DatedRelationship,
    PastChange,
    PopulationCount,
    Provenance,
    RelationshipIdentity,
    RelationshipKey,
    Seat,
    ended,
    in_force,
    reopened,
    struck_out,
)
from organisations.domain.draft import Draft, RelationshipIndex
from organisations.domain.edges import Edge
from organisations.domain.forms import CheckFacts, FormFacts, TransitionGraph
from organisations.domain.versions import IndexedLog, Log, Versioned

if TYPE_CHECKING:
    from organisations.domain.operations import Operation

__all__ = [
    "UNNUMBERED",
    "Body",
    "Dated",
    "DatedForm",
    "DatedName",
    "DatedRelationship",
    "Draft",
    "PastChange",
    "PopulationCount",
    "Provenance",
    "RelationshipIdentity",
    "RelationshipKey",
    "Seat",
    "Snapshot",
    "ended",
    "in_force",
    "reopened",
    "struck_out",
]


@dataclass(frozen=True)
class Snapshot:
    """Bodies and the ties among them, with the changes that have touched them and the rules that govern them.

    What one state has in common with the next they share (see `organisations.domain.versions`). `struck` are ties that
    a change struck out before they began, with the period they were to have. `checks` are the declared policy checks by
    code, `covers` the first and last day that each portfolio covers, by slug. `parts` holds what apps above contribute,
    by their name.
    """

    bodies: Mapping[str, Body] = field(default_factory=dict)
    relationships: Sequence[DatedRelationship] = ()
    edges: Sequence[Edge] = ()
    history: Sequence[PastChange] = ()
    forms: Mapping[str, FormFacts] = field(default_factory=dict)
    graph: TransitionGraph = field(default_factory=TransitionGraph)
    checks: Mapping[str, CheckFacts] = field(default_factory=dict)
    covers: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    struck: Sequence[DatedRelationship] = ()

    def after(self, operations: Iterable[Operation]) -> Snapshot:
        """The state once the operations have been applied, in order. Raises what an operation raises when it cannot
        be applied to the state it meets (see `organisations.domain.operations.Impossible`)."""
        draft = Draft(self)
        for operation in operations:
            operation.apply(draft)
        return draft.done()

    def __post_init__(self) -> None:
        if not isinstance(self.bodies, Versioned):
            object.__setattr__(self, "bodies", Versioned(self.bodies))
        if not isinstance(self.relationships, RelationshipIndex):
            object.__setattr__(self, "relationships", RelationshipIndex(self.relationships))
        if not isinstance(self.edges, IndexedLog):
            object.__setattr__(self, "edges", IndexedLog(_original, self.edges))
        if not isinstance(self.history, IndexedLog):
            object.__setattr__(self, "history", IndexedLog(_parties, self.history))
        if not isinstance(self.struck, Log):
            object.__setattr__(self, "struck", Log(self.struck))

    def edges_out_of(self, code: str) -> Sequence[Edge]:
        """The shares that a body gave away, in whatever change."""
        return cast("IndexedLog[Edge]", self.edges).under(code)

    def reached_from(self, code: str, on: date) -> frozenset[str]:
        """The bodies to which people of a body may have come by a day, by the edges known here; not itself."""
        arrived: dict[str, date] = {code: date.min}
        waiting = [code]
        while waiting:
            body = waiting.pop()
            for edge in self.edges_out_of(body):
                counts = edge.share and arrived[body] <= edge.effective_on <= on
                if counts and edge.effective_on < arrived.get(edge.resulting, date.max):
                    arrived[edge.resulting] = edge.effective_on
                    waiting.append(edge.resulting)
        return frozenset(arrived.keys() - {code})

    def history_of(self, codes: Iterable[str]) -> list[PastChange]:
        """The changes that touched any of the bodies, each once, those of a day in its order."""
        past = cast("IndexedLog[PastChange]", self.history)
        found = {id(each): each for code in codes for each in past.under(code)}
        return sorted(found.values(), key=lambda each: each.moment)

    def relationships_with(self, code: str) -> tuple[DatedRelationship, ...]:
        """Every tie there was, is or is to be with the body at either end."""
        return cast("RelationshipIndex", self.relationships).with_body(code)

    def relationships_of(self, code: str, *, on: date) -> tuple[DatedRelationship, ...]:
        """Ties in force on a day with the body at either end."""
        return tuple(relationship for relationship in self.relationships_with(code) if relationship.period.holds(on))

    def count_on(self, code: str, on: date) -> PopulationCount | None:
        """The count of a body that stands for a day."""
        return self.bodies[code].count_on(on)

    def count_now(self, code: str, on: date) -> PopulationCount | None:
        """The count of a body at this moment of a day, which the next change of the day starts from.

        It is the one that an earlier change of the day left: computed, or stated for a body that took part in one.
        Else it is that of the eve: what is stated for a day stands for the body as its changes leave it.
        """
        body = self.bodies[code]
        today = body.count_of(on)
        if today is not None and (today.computed or body.opened == on or self._took_part(code, on)):
            return today
        return body.count_on(on - timedelta(days=1))

    def _took_part(self, code: str, on: date) -> bool:
        return any(past.effective_on == on for past in self.history_of([code]))

    def rewound(self, on: date) -> Snapshot:
        """The state as it would stand had nothing happened after a day: later closings undone, later facts unknown.
        What was stated to end later without any change still is.

        Bodies that opened later stay known by their codes, which are never used again. Counts stay: they are facts
        about people, carried back where nothing earlier is known.
        """
        return replace(
            self,
            bodies={code: _rewound_body(body, on) for code, body in self.bodies.items()},
            relationships=_rewound(self.relationships, on),
            edges=tuple(edge for edge in self.edges if edge.effective_on <= on),
        )

    def remembering(self, change: PastChange) -> Snapshot:
        """The same state with one more effected change in its history."""
        past = cast("IndexedLog[PastChange]", self.history)
        return replace(self, history=past.adding(change))


def _original(edge: Edge) -> tuple[str]:
    return (edge.original,)


def _parties(past: PastChange) -> frozenset[str]:
    return past.codes


def _rewound(facts: Iterable[Dated], on: date) -> tuple[Dated, ...]:
    return tuple(
        reopened(each) if each.ended_by is not None and each.period.end is not None and each.period.end > on else each
        for each in facts
        if each.period.start <= on
    )


def _rewound_body(body: Body, on: date) -> Body:
    if body.opened > on:
        return body
    closed_later = body.closed is not None and body.closed > on and body.closed_by is not None
    return replace(
        body,
        closed=None if closed_later else body.closed,
        closed_by=None if closed_later else body.closed_by,
        forms=_rewound(body.forms, on),
        names=_rewound(body.names, on),
        seats=_rewound(body.seats, on),
    )
