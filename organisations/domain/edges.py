"""What lineage is made of: edges drawn by changes, links stated over several changes, and what comes of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from organisations.domain.vocabulary import ChangeKind, ShareBasis, ShareEvidence

WHOLE = Decimal(1)
NOTHING = Decimal(0)
MILLIONTH = Decimal("0.000001")

Moment = tuple[date, int]
"""A day and the place of a change among those of the day."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One original handing a share of its population to one resulting organisation on a day.

    `sequence` orders the changes of one day; `share` lies between 0 and 1. Where `of` names bodies, the share is made
    up of people who came to the original from them: `of_share` of those people go, and `others_share` of all others.
    """

    original: str
    resulting: str
    share: Decimal
    effective_on: date
    sequence: int = 0
    change: int | None = None
    kind: ChangeKind = ChangeKind.RECONFIGURATION
    basis: ShareBasis = ShareBasis.POPULATION
    of: tuple[str, ...] = ()
    of_share: Decimal = WHOLE
    others_share: Decimal = NOTHING

    @property
    def moment(self) -> Moment:
        """When it happened, ordered within the day."""
        return self.effective_on, self.sequence


@dataclass(frozen=True, slots=True)
class LineageShare:
    """A stated share of a closed original that a later descendant holds from a day on, whatever lies between.

    It outranks what multiplying through the bodies between would give. `instead_of` is the body that a correction put
    in the place of the original in a change: of what came from that body by the change, such links tell whose it was.
    """

    original: str
    descendant: str
    share: Decimal
    on: date
    sequence: int = 0
    instead_of: str = ""
    change: int | None = None
    basis: ShareBasis = ShareBasis.POPULATION

    @property
    def moment(self) -> Moment:
        """When it begins to hold, after the change of that place in the day."""
        return self.on, self.sequence


@dataclass(frozen=True, slots=True)
class HeldShare:
    """A body that holds a share of what another once was, and the path by which most of it came.

    `composed_through` names the bodies in which people of several originals had mixed and were taken to be alike.
    """

    code: str
    share: Decimal
    path: tuple[str, ...]
    composed_through: tuple[str, ...] = field(default=())

    @property
    def basis(self) -> ShareEvidence:
        """How the share is known."""
        return ShareEvidence.COMPOSED if self.composed_through else ShareEvidence.STATED


def in_millionths(holdings: Sequence[HeldShare]) -> tuple[HeldShare, ...]:
    """Holdings with shares of six places that add up to what the exact ones add up to, by largest remainder."""
    parts = [holding.share.quantize(MILLIONTH, ROUND_DOWN) for holding in holdings]
    whole = sum((holding.share for holding in holdings), NOTHING).quantize(MILLIONTH, ROUND_HALF_EVEN)
    short = int((whole - sum(parts, NOTHING)) / MILLIONTH)
    by_remainder = sorted(range(len(parts)), key=lambda number: (parts[number] - holdings[number].share, number))
    for number in by_remainder[:short]:
        parts[number] += MILLIONTH
    return tuple(replace(holding, share=part) for holding, part in zip(holdings, parts, strict=True))
