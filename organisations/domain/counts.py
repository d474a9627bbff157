"""Counts of people: stated by a source, or computed by a change from the counts of the bodies that went into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from organisations.domain.vocabulary import PopulationBasis

MILLIONTH = Decimal("0.000001")
NOTHING = Decimal(0)
WHOLE = Decimal(1)

SomeCount = TypeVar("SomeCount")


@dataclass(frozen=True, slots=True)
class CountPart:
    """A count that a computed population was worked out from: `share` (0 to 1) of the people of one body.

    `on` is the day of the body's count, or of its oldest part where that count was itself computed. `count`, `on` and
    `basis` are None where the body's population was not known; `at_least` where it was known only in part.
    """

    code: str
    share: Decimal
    count: int | None = None
    on: date | None = None
    basis: PopulationBasis | None = None
    at_least: bool = False

    def times(self, share: Decimal) -> CountPart:
        """A share of this part, to the millionth."""
        return replace(self, share=(self.share * share).quantize(MILLIONTH).normalize())

    def stored(self) -> dict[str, Any]:
        """The part as plain data, for a database and for readers."""
        return {
            "code": self.code,
            "share": f"{self.share:f}",
            "count": self.count,
            "on": None if self.on is None else self.on.isoformat(),
            "basis": None if self.basis is None else self.basis.value,
            "at_least": self.at_least,
        }

    @classmethod
    def restored(cls, data: Mapping[str, Any]) -> CountPart:
        """The part from plain data."""
        return cls(
            code=data["code"],
            share=Decimal(data["share"]),
            count=data["count"],
            on=None if data["on"] is None else date.fromisoformat(data["on"]),
            basis=None if data["basis"] is None else PopulationBasis(data["basis"]),
            at_least=data["at_least"],
        )


def readable(stored: Any) -> list[Mapping[str, Any]]:
    """The parts of a population that can be read of what a row holds."""
    return [part for part in stored if _can_be_read(part)] if isinstance(stored, list) else []


def _can_be_read(part: Any) -> bool:
    try:
        CountPart.restored(part)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return False
    return True


def standing_for(
    counts: Iterable[SomeCount], day: date, *, on: Callable[[SomeCount], date], computed: Callable[[SomeCount], bool]
) -> SomeCount | None:
    """The latest count on or before a day, else the earliest stated after it, else None: unknown stays unknown.

    `on` gives the day from which a count stands. One that a change `computed` is never carried back: before the change
    its body served other people.
    """
    counts = list(counts)
    before = [count for count in counts if on(count) <= day]
    if before:
        return max(before, key=on)
    return min((count for count in counts if not computed(count)), key=on, default=None)


def merged(parts: Iterable[CountPart]) -> tuple[CountPart, ...]:
    """The parts with what came from one count in several pieces put together, without those of which nothing came.

    A body that gave all its people away and goes on keeps the part from which it has none left.
    """
    found: dict[CountPart, Decimal] = {}
    for part in parts:
        key = replace(part, share=NOTHING)
        found[key] = found.get(key, NOTHING) + part.share
    together = tuple(replace(key, share=share.normalize()) for key, share in found.items())
    return tuple(part for part in together if part.share) or together


def oldest(parts: Sequence[CountPart]) -> date | None:
    """The day of the oldest count among parts; None where none is known."""
    return min((part.on for part in parts if part.on is not None), default=None)
