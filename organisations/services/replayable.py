"""What of a document is to be replayed: what is new, told apart into what is sound, what has a fault of its own, and
what nothing can be said of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from organisations.domain.changes import ChangeRequest, NewBody
from organisations.domain.replay import ApartFrom, StatedFact
from organisations.domain.snapshot import DatedRelationship
from organisations.portfolios.lives import Lives
from organisations.portfolios.reading import DocumentFault, Place
from organisations.portfolios.sections import CHANGES, chapters, sections
from organisations.portfolios.stated import Stated
from organisations.portfolios.translation import History

SHAPED = frozenset({"effective_on", "route", "to_form", "relationships", "name"})
"""Fields of a change beside which the others can still be looked at, where these cannot be read."""


@dataclass(frozen=True)
class Parts:
    """What is to be replayed; changes by their references. `misshapen` are changes that are not replayed, because what
    they say could not be read, of which the rest can be looked at."""

    bodies: list[NewBody]
    relationships: list[DatedRelationship]
    requests: set[str]
    facts: list[StatedFact]
    apart_from: ApartFrom
    misshapen: tuple[ChangeRequest, ...]


def parts_of(
    stated: Stated, history: History, fresh: Collection[str], lives: Lives, faults: Collection[DocumentFault]
) -> Parts:
    """The new parts of a document with the faults found so far."""
    return _Sorting(stated, history, fresh, faults).parts(lives)


class _Sorting:
    """Tells apart what has no fault, what has one of its own, and what rests on nothing that can be relied upon."""

    def __init__(
        self, stated: Stated, history: History, fresh: Collection[str], faults: Collection[DocumentFault]
    ) -> None:
        self.stated = stated
        self.history = history
        self.fresh = fresh
        self.tainted = set(stated.tainted)
        self.faulty = {fault.record for fault in faults if _is_built_on(fault)}

    def parts(self, lives: Lives) -> Parts:
        """All of them, in the order in which they rest upon each other."""
        bodies = list(self._bodies())
        relationships = [
            relationship
            for key, relationship in self.history.relationships.items()
            if key in self.fresh
            and not self._is_faulty(key)
            and not self.tainted & {relationship.subject, relationship.object}
        ]
        requests = [each for each in self.history.requests if f"change:{each.reference}" in self.fresh]
        unread = {each.reference for each in requests if self._is_unread(f"change:{each.reference}")}
        facts = self._facts(lives)
        doubtful = {f"change:{each.reference}" for each in requests if self._is_faulty(f"change:{each.reference}")}
        doubtful |= {fact.about for fact in facts if self._is_faulty(fact.about)}
        return Parts(
            bodies=[replace(body, relationships=tuple(self._sound(body.relationships))) for body in bodies],
            relationships=relationships,
            requests={each.reference for each in requests} - unread,
            facts=facts,
            apart_from=ApartFrom(self.tainted, self.stated.unsure, doubtful),
            misshapen=tuple(each for each in requests if each.reference in unread and self._has_a_shape(each)),
        )

    def _bodies(self) -> Iterator[NewBody]:
        for body in self.history.bodies:
            about = f"body:{body.code}"
            if about not in self.fresh:
                continue
            if self._is_faulty(about):
                self.tainted.add(body.code)
            if body.code not in self.tainted:
                yield body

    def _facts(self, lives: Lives) -> list[StatedFact]:
        found = []
        for chapter in chapters():
            for fact in chapter.facts(self.stated, lives, self.fresh):
                if self._is_unread(fact.about):
                    self.tainted.add(fact.brings)
                else:
                    found.append(fact)
        return found

    def _sound(self, relationships: Collection[DatedRelationship]) -> Iterator[DatedRelationship]:
        return (
            relationship
            for relationship in relationships
            if not self.tainted & {relationship.subject, relationship.object}
        )

    def _is_faulty(self, about: str) -> bool:
        return tuple(str(step) for step in self.history.place_of(about)[:2]) in self.faulty

    def _is_unread(self, about: str) -> bool:
        return self.stated.is_doubtful(self.history.place_of(about))

    def _has_a_shape(self, request: ChangeRequest) -> bool:
        place = self.history.place_of(f"change:{request.reference}")
        return self.stated.wrong_fields(place) & CHANGES.bearing <= SHAPED


def _is_built_on(fault: DocumentFault) -> bool:
    """Whether a fault is in something that other records build upon."""
    if fault.harmless:
        return False
    steps: Place = tuple(fault.pointer.split("/")[1:])
    section = next((each for each in sections() if each.name == steps[:1][0]), None) if steps else None
    return section is None or section.bears(steps[2:])
