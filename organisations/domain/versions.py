"""Collections whose versions share what they have in common, so that a new state costs what differs from the last one.

A replay makes a state for every change, and each change alters a few of many bodies. Copies of everything would take
time and memory of bodies times changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from itertools import islice
from typing import Final, Generic, TypeVar, overload

Key = TypeVar("Key")
Value = TypeVar("Value")
Entry = TypeVar("Entry")


class _Missing:
    """Stands for the value of a key that a version does not have."""


MISSING: Final = _Missing()


class Versioned(MutableMapping[Key, Value]):
    """A dictionary that is written on through forks.

    `fork` gives the next version at no cost. That one holds the values; the version before it keeps what they were
    where the next one altered them, and looks there first. Only the newest version can be written on. A second fork of
    one version is a copy.
    """

    __slots__ = ("_earlier", "_newer", "_values", "_was")

    def __init__(self, values: Mapping[Key, Value] | Iterable[tuple[Key, Value]] = ()) -> None:
        self._values: dict[Key, Value] | None = dict(values)
        self._was: dict[Key, Value | _Missing] = {}
        self._newer: Versioned[Key, Value] | None = None
        self._earlier: dict[Key, Value | _Missing] | None = None

    def fork(self) -> Versioned[Key, Value]:
        """The next version, to be written on; this one stays as it is."""
        if self._values is None:
            return Versioned(self._all())
        made: Versioned[Key, Value] = Versioned()
        made._values, self._values = self._values, None
        made._earlier, self._earlier = self._was, None
        self._newer = made
        return made

    def __getitem__(self, key: Key) -> Value:
        version = self
        while version._values is None:
            if key in version._was:
                was = version._was[key]
                if isinstance(was, _Missing):
                    raise KeyError(key)
                return was
            version = version._after
        return version._values[key]

    def __contains__(self, key: object) -> bool:
        version = self
        while version._values is None:
            if key in version._was:
                return version._was[key] is not MISSING
            version = version._after
        return key in version._values

    def __iter__(self) -> Iterator[Key]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __setitem__(self, key: Key, value: Value) -> None:
        values = self._own(key)
        values[key] = value

    def __delitem__(self, key: Key) -> None:
        values = self._own(key)
        del values[key]

    def __repr__(self) -> str:
        return f"Versioned({self._all()!r})"

    @property
    def _after(self) -> Versioned[Key, Value]:
        if self._newer is None:
            raise AssertionError("a version has values or a newer one that has them")
        return self._newer

    def _own(self, key: Key) -> dict[Key, Value]:
        """The values, to alter one; what it was is noted for the version before."""
        if self._values is None:
            raise TypeError("only the newest version can be written on")
        if self._earlier is not None:
            self._earlier.setdefault(key, self._values.get(key, MISSING))
        return self._values

    def _all(self) -> dict[Key, Value]:
        if self._values is not None:
            return self._values
        alterations, version = [], self
        while version._values is None:
            alterations.append(version._was)
            version = version._after
        values = dict(version._values)
        for was in reversed(alterations):
            for key, value in was.items():
                if isinstance(value, _Missing):
                    values.pop(key, None)
                else:
                    values[key] = value
        return values


class Log(Sequence[Entry]):
    """A sequence that is only added to; what comes of adding shares the entries before."""

    __slots__ = ("_entries", "_size")

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = list(entries)
        self._size = len(self._entries)

    def adding(self, *more: Entry) -> Log[Entry]:
        """The sequence with more at its end."""
        made: Log[Entry] = Log()
        made._entries = self._entries if len(self._entries) == self._size else self._entries[: self._size]
        made._entries.extend(more)
        made._size = len(made._entries)
        return made

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Entry]:
        return islice(self._entries, self._size)

    @overload
    def __getitem__(self, place: int) -> Entry: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Entry]: ...

    def __getitem__(self, place: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(place, slice):
            return self._entries[: self._size][place]
        if not -self._size <= place < self._size:
            raise IndexError(place)
        return self._entries[place % self._size]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_same, self, other))

    __hash__ = None  # type: ignore[assignment]  # it equals other sequences

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)!r})"


def _same(one: object, other: object) -> bool:
    return one == other


class IndexedLog(Log[Entry], Generic[Entry]):
    """A log in which entries are found by the keys that `keys` gives of each."""

    __slots__ = ("_by_key", "_keys")

    def __init__(self, keys: Callable[[Entry], Iterable[Hashable]], entries: Iterable[Entry] = ()) -> None:
        super().__init__(entries)
        self._keys = keys
        self._by_key: Versioned[Hashable, Log[Entry]] = Versioned()
        self._enter(self)

    def adding(self, *more: Entry) -> IndexedLog[Entry]:
        """The log with more at its end."""
        plain = super().adding(*more)
        made: IndexedLog[Entry] = IndexedLog(self._keys)
        made._entries, made._size = plain._entries, plain._size
        made._by_key = self._by_key.fork()
        made._enter(more)
        return made

    def keeping(self, keeps: Callable[[Entry], bool]) -> IndexedLog[Entry]:
        """A log of those entries that are wanted."""
        return IndexedLog(self._keys, filter(keeps, self))

    def under(self, key: Hashable) -> Sequence[Entry]:
        """The entries that have a key, in their order."""
        return self._by_key.get(key, ())

    def _enter(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            for key in dict.fromkeys(self._keys(entry)):
                existing = self._by_key.get(key)
                self._by_key[key] = Log((entry,)) if existing is None else existing.adding(entry)
