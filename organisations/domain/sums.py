"""Sums of figures of which some may not be recorded: nought is a figure, and unknown is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pcorg.core.vocabulary import Term

Figure = int | Decimal


class Knowledge(Term):
    """How much is known of a figure."""

    KNOWN = "known", "Known"
    PARTLY_KNOWN = "partly-known", "Known in part; there may be more"
    UNKNOWN = "unknown", "Not recorded"


@dataclass(frozen=True, slots=True)
class Total:
    """A sum. `amount` adds up what is recorded, None where nothing is; it is `complete` where nothing is missing from
    it. Raises ValueError where it would be complete and yet unknown."""

    amount: Figure | None
    complete: bool = True

    def __post_init__(self) -> None:
        if self.amount is None and self.complete:
            raise ValueError("an unknown total is not complete")

    @property
    def knowledge(self) -> Knowledge:
        """How much of it is known."""
        if self.amount is None:
            return Knowledge.UNKNOWN
        return Knowledge.KNOWN if self.complete else Knowledge.PARTLY_KNOWN


UNKNOWN = Total(None, complete=False)
"""A total of which nothing is recorded."""


def total_of(figures: Iterable[Figure | None], nothing: Figure = 0, *, complete: bool = True) -> Total:
    """The sum of figures, of which None is one not recorded. `nothing` is the sum of no figures. With `complete` false
    there may be more than the figures given: then no figures are no nought either."""
    listed = list(figures)
    known = [figure for figure in listed if figure is not None]
    if not known and (listed or not complete):
        return UNKNOWN
    return Total(sum(known, nothing), complete=complete and len(known) == len(listed))
