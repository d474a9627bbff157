"""The working copy that operations write on, and the index of ties that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from organisations.domain.bodies import Body, DatedRelationship, RelationshipKey, ended, reopened, struck_out
from organisations.domain.edges import Edge
from organisations.domain.versions import IndexedLog, Log, Versioned

if TYPE_CHECKING:
    from organisations.domain.snapshot import Snapshot

Part = TypeVar("Part")


class RelationshipIndex(Sequence[DatedRelationship]):
    """Ties by what follows each other between the same two bodies, and the keys of the ties of each body."""

    def __init__(self, relationships: Iterable[DatedRelationship] = ()) -> None:
        self.by_key: Versioned[RelationshipKey, tuple[DatedRelationship, ...]] = Versioned()
        self.keys_of: Versioned[str, Log[RelationshipKey]] = Versioned()
        for relationship in relationships:
            self.add(relationship)

    def fork(self) -> RelationshipIndex:
        """One that can be altered without altering this one."""
        made = RelationshipIndex()
        made.by_key, made.keys_of = self.by_key.fork(), self.keys_of.fork()
        return made

    def add(self, relationship: DatedRelationship) -> None:
        """Enter a tie."""
        key = relationship.key
        if key not in self.by_key:
            for code in {relationship.subject, relationship.object}:
                keys = self.keys_of.get(code)
                self.keys_of[code] = Log((key,)) if keys is None else keys.adding(key)
        self.by_key[key] = (*self.by_key.get(key, ()), relationship)

    def put(self, old: DatedRelationship, new: DatedRelationship | None) -> None:
        """Enter one tie in the place of another, or strike it out. Raises ValueError where there is no such tie."""
        like = list(self.by_key.get(old.key, ()))
        number = like.index(old)
        like[number : number + 1] = [] if new is None else [new]
        self.by_key[old.key] = tuple(like)

    def with_body(self, code: str) -> tuple[DatedRelationship, ...]:
        """Every tie with the body at either end."""
        return tuple(relationship for key in self.keys_of.get(code, ()) for relationship in self.by_key[key])

    def __iter__(self) -> Iterator[DatedRelationship]:
        return (relationship for like in self.by_key.values() for relationship in like)

    def __len__(self) -> int:
        return sum(len(like) for like in self.by_key.values())

    @overload
    def __getitem__(self, place: int) -> DatedRelationship: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[DatedRelationship, ...]: ...

    def __getitem__(self, place: int | slice) -> DatedRelationship | tuple[DatedRelationship, ...]:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # it equals other sequences


class Draft:
    """A working copy that operations write on. Lives only inside `Snapshot.after`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.bodies = cast("Versioned[str, Body]", snapshot.bodies).fork()
        self.edges = cast("IndexedLog[Edge]", snapshot.edges)
        self.parts: dict[str, Any] = dict(snapshot.parts)
        self._own_parts: set[str] = set()
        self.struck = cast("Log[DatedRelationship]", snapshot.struck)
        self._relationships = cast("RelationshipIndex", snapshot.relationships).fork()

    def own_part(self, name: str, copied: Callable[[Any], Part]) -> Part:
        """The part that an app above keeps under a name, for its operations to write on: a copy of the snapshot's,
        made by `copied` for the first of them and shared by the rest."""
        if name not in self._own_parts:
            self._own_parts.add(name)
            self.parts[name] = copied(self.parts.get(name))
        part: Part = self.parts[name]
        return part

    def add_relationship(self, relationship: DatedRelationship) -> None:
        """Write a tie."""
        self._relationships.add(relationship)

    def relationships_like(self, key: RelationshipKey) -> tuple[DatedRelationship, ...]:
        """The ties of that kind between those two, at whatever time."""
        return self._relationships.by_key.get(key, ())

    def relationship_on(self, key: RelationshipKey, on: date) -> DatedRelationship | None:
        """The tie of that kind between those two that is in force on a day, if any."""
        return next(
            (relationship for relationship in self.relationships_like(key) if relationship.period.holds(on)), None
        )

    def end_relationship(self, relationship: DatedRelationship, on: date) -> None:
        """End a tie. One that began that very day never held for a day and is struck out: two neighbours succeeded on
        one day would else be tied for no time to each other's predecessors.

        Raises ValueError when there is no such tie or it begins later.
        """
        if relationship.period.start == on:
            self._relationships.put(relationship, None)
            self.struck = self.struck.adding(struck_out(relationship))
        else:
            self._relationships.put(relationship, ended(relationship, on))

    def revise_relationship(self, key: RelationshipKey, start: date, end: date) -> bool:
        """End the tie that began on a day earlier than is recorded; an end on that day strikes it out. False: there is
        none."""
        for relationship in self.relationships_like(key):
            if relationship.period.start == start:
                self.end_relationship(relationship, end)
                return True
        return False

    def reopen_relationship(self, relationship: DatedRelationship) -> None:
        """Let a tie that an undone change ended or struck out go on to the day on which it was due to end.

        Raises ValueError when there is no such tie.
        """
        if relationship in self.struck:
            self.struck = Log(each for each in self.struck if each != relationship)
            self._relationships.add(reopened(relationship))
        else:
            self._relationships.put(relationship, reopened(relationship))

    def done(self) -> Snapshot:
        """The state as it stands now, closed to further writing."""
        return replace(
            self._snapshot,
            bodies=self.bodies,
            relationships=self._relationships,
            edges=self.edges,
            parts=self.parts,
            struck=self.struck,
        )
