"""The kinds of change as the form offers them: what each is for, and what its form asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from organisations.domain.vocabulary import ChangeKind, Route


class Going(Enum):
    """Which of the originals may go on after the change."""

    NONE = "none"
    ONE = "one"
    ANY = "any"


@dataclass(frozen=True)
class FormShape:
    """What the form of a kind asks: how many originals and new bodies (least and most), by which routes of the
    declared graph forms are offered, and which parts it has."""

    kind: ChangeKind
    words: str
    originals: tuple[int, int] = (0, 0)
    new: tuple[int, int] = (0, 0)
    routes: tuple[Route, ...] = ()
    going: Going = Going.NONE
    shares: bool = False
    moves: bool = False
    lists_members: bool = False
    evidence: bool = True

    @property
    def asks_a_step(self) -> bool:
        """Whether a person chooses a declared step for one body."""
        return self.kind is ChangeKind.TRANSITION


MOST_ORIGINALS, MOST_NEW = 30, 20
"""Rows the form offers. Larger reorganisations come as a portfolio file or through the API."""

_DIVIDING = (Route.SUCCESSION, Route.MERGER)

SHAPES: dict[ChangeKind, FormShape] = {
    shape.kind: shape
    for shape in (
        FormShape(
            ChangeKind.ESTABLISHMENT,
            "A new body begins where there was none, such as a new community trust.",
            new=(1, 1),
        ),
        FormShape(
            ChangeKind.TRANSITION,
            "One body moves to another form: up a level, to a new title, or to a new statutory body that succeeds it.",
            originals=(1, 1),
            routes=(Route.LEVEL, Route.DESIGNATION, Route.SUCCESSION),
        ),
        FormShape(
            ChangeKind.MERGER,
            "Two or more bodies become one: a new one, or one of them that takes in the rest.",
            originals=(2, MOST_ORIGINALS),
            new=(1, 1),
            routes=(Route.MERGER,),
            going=Going.ONE,
            moves=True,
        ),
        FormShape(
            ChangeKind.SPLIT,
            "One body divides into two or more, and its people are shared out.",
            originals=(1, 1),
            new=(2, MOST_NEW),
            routes=_DIVIDING,
            going=Going.ANY,
            shares=True,
            moves=True,
            lists_members=True,
        ),
        FormShape(
            ChangeKind.SEPARATION,
            "A part of a body, such as the provider arm of a primary care trust, becomes a body of its own.",
            originals=(1, 1),
            new=(1, 1),
            routes=(Route.SEPARATION,),
            moves=True,
        ),
        FormShape(
            ChangeKind.TRANSFER,
            "Practices, services, wards or people pass between bodies that go on.",
            originals=(2, MOST_ORIGINALS),
            shares=True,
            moves=True,
            evidence=False,
        ),
        FormShape(
            ChangeKind.RECONFIGURATION,
            "Several bodies give way to several others, and each takes a share of their people.",
            originals=(1, MOST_ORIGINALS),
            new=(1, MOST_NEW),
            routes=_DIVIDING,
            going=Going.ANY,
            shares=True,
            moves=True,
            lists_members=True,
        ),
        FormShape(ChangeKind.RENAME, "A body takes another name and stays the same.", originals=(1, 1), evidence=False),
        FormShape(
            ChangeKind.DISSOLUTION,
            "One or more bodies end and nothing takes their place, such as a pilot at the end of its term.",
            originals=(1, MOST_ORIGINALS),
            moves=True,
            lists_members=True,
            evidence=False,
        ),
        FormShape(
            ChangeKind.CORRECTION,
            "The record is put right: a wrong name or form, a change that was forgotten, or one that never happened.",
            originals=(0, MOST_ORIGINALS),
            new=(0, 1),
            routes=_DIVIDING,
            evidence=False,
        ),
    )
}
