"""The working copy that operations write on, and the index of ties that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from organisations.domain.bodies import Body, DatedRelationship, TieKey, ended, reopened, struck_out
from organisations.domain.edges import Edge
from organisations.domain.versions import IndexedLog, Log, Versioned

if TYPE_CHECKING:
    from organisations.domain.snapshot import Snapshot

Part = TypeVar("Part")


class TieIndex(Sequence[DatedRelationship]):
    """Ties by what follows each other between the same two bodies, and the keys of the ties of each body."""

    def __init__(self, ties: Iterable[DatedRelationship] = ()) -> None:
        self.by_key: Versioned[TieKey, tuple[DatedRelationship, ...]] = Versioned()
        self.keys_of: Versioned[str, Log[TieKey]] = Versioned()
        for tie in ties:
            self.add(tie)

    def fork(self) -> TieIndex:
        """One that can be altered without altering this one."""
        made = TieIndex()
        made.by_key, made.keys_of = self.by_key.fork(), self.keys_of.fork()
        return made

    def add(self, tie: DatedRelationship) -> None:
        """Enter a tie."""
        key = tie.key
        if key not in self.by_key:
            for code in {tie.subject, tie.object}:
                keys = self.keys_of.get(code)
                self.keys_of[code] = Log((key,)) if keys is None else keys.adding(key)
        self.by_key[key] = (*self.by_key.get(key, ()), tie)

    def put(self, old: DatedRelationship, new: DatedRelationship | None) -> None:
        """Enter one tie in the place of another, or strike it out. Raises ValueError where there is no such tie."""
        like = list(self.by_key.get(old.key, ()))
        number = like.index(old)
        like[number : number + 1] = [] if new is None else [new]
        self.by_key[old.key] = tuple(like)

    def with_body(self, code: str) -> tuple[DatedRelationship, ...]:
        """Every tie with the body at either end."""
        return tuple(tie for key in self.keys_of.get(code, ()) for tie in self.by_key[key])

    def __iter__(self) -> Iterator[DatedRelationship]:
        return (tie for like in self.by_key.values() for tie in like)

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
        self._ties = cast("TieIndex", snapshot.ties).fork()

    def own_part(self, name: str, copied: Callable[[Any], Part]) -> Part:
        """The part that an app above keeps under a name, for its operations to write on: a copy of the snapshot's,
        made by `copied` for the first of them and shared by the rest."""
        if name not in self._own_parts:
            self._own_parts.add(name)
            self.parts[name] = copied(self.parts.get(name))
        part: Part = self.parts[name]
        return part

    def add_tie(self, tie: DatedRelationship) -> None:
        """Write a tie."""
        self._ties.add(tie)

    def ties_like(self, key: TieKey) -> tuple[DatedRelationship, ...]:
        """The ties of that kind between those two, at whatever time."""
        return self._ties.by_key.get(key, ())

    def tie_on(self, key: TieKey, on: date) -> DatedRelationship | None:
        """The tie of that kind between those two that is in force on a day, if any."""
        return next((tie for tie in self.ties_like(key) if tie.period.holds(on)), None)

    def end_tie(self, tie: DatedRelationship, on: date) -> None:
        """End a tie. One that began that very day never held for a day and is struck out: two neighbours succeeded on
        one day would else be tied for no time to each other's predecessors.

        Raises ValueError when there is no such tie or it begins later.
        """
        if tie.period.start == on:
            self._ties.put(tie, None)
            self.struck = self.struck.adding(struck_out(tie))
        else:
            self._ties.put(tie, ended(tie, on))

    def revise_tie(self, key: TieKey, start: date, end: date) -> bool:
        """End the tie that began on a day earlier than is recorded; an end on that day strikes it out. False: there is
        none."""
        for tie in self.ties_like(key):
            if tie.period.start == start:
                self.end_tie(tie, end)
                return True
        return False

    def reopen_tie(self, tie: DatedRelationship) -> None:
        """Let a tie that an undone change ended or struck out go on to the day on which it was due to end.

        Raises ValueError when there is no such tie.
        """
        if tie in self.struck:
            self.struck = Log(each for each in self.struck if each != tie)
            self._ties.add(reopened(tie))
        else:
            self._ties.put(tie, reopened(tie))

    def done(self) -> Snapshot:
        """The state as it stands now, closed to further writing."""
        return replace(
            self._snapshot,
            bodies=self.bodies,
            ties=self._ties,
            edges=self.edges,
            parts=self.parts,
            struck=self.struck,
        )
