"""Where organisations came from and what became of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypedDict

from organisations.domain.vocabulary import ChangeKind, ShareBasis, ShareEvidence, Unresolved
from pcorg.core.portfolios import Coverage
from pcorg.core.read_models import (
    Share,
    component,
)


class Evidenced(TypedDict):
    """How a share between two bodies is known."""

    basis: Annotated[
        str,
        "`stated`: by one change, by a stated link, or by a chain of changes in which nobody else joined. "
        "`composed`: multiplied through bodies in which people of several originals had mixed, all taken to be alike. "
        "`areas`: reserved.",
        ShareEvidence,
    ]
    composed_through: Annotated[list[str], "Codes of the bodies in which people had mixed; empty where stated"]


class LineageNode(TypedDict):
    """A body in a lineage."""

    code: str
    name: str
    form: str | None
    opened: date
    closed: date | None


class LineageStep(TypedDict):
    """The share of a predecessor's population that a successor took by a change."""

    predecessor: str
    successor: str
    share: Share
    basis: Annotated[str, ShareBasis]
    of: Annotated[list[str], "Codes of the bodies whose people it took back"]
    change: int
    kind: Annotated[str, ChangeKind]
    effective_on: date


@component("LineageLink")
class LinkOfLineage(TypedDict):
    """A stated share of the people whom a body had at its end, by a change that lies beyond the bodies between."""

    predecessor: str
    successor: str
    share: Share
    basis: Annotated[str, ShareBasis]
    change: int
    effective_on: date


class LineageEnd(Evidenced):
    """A body at the far end of a lineage, with the share that passes between it and the root and its
    weightiest path."""

    code: str
    name: str
    share: Share
    status: Literal["open", "closed"]
    path: list[str]


class Lineage(TypedDict):
    """Where an organisation came from and what became of it."""

    root: str
    nodes: list[LineageNode]
    edges: list[LineageStep]
    links: Annotated[list[LinkOfLineage], "Stated shares that outrank those multiplied along the edges"]
    latest_successors: list[LineageEnd]
    earliest_predecessors: list[LineageEnd]
    coverage: Coverage


_Since = TypedDict("_Since", {"from": date | None})


class StandIn(Evidenced):
    """A body that stands for an old code, with the share of it that came there and the weightiest path."""

    code: str
    share: Share
    path: list[str]


class Resolved(TypedDict):
    """What stands for one code. Coverage is null where no organisation has the code."""

    code: Annotated[str, "As it was asked for"]
    bodies: list[StandIn]
    problem: Annotated[str | None, Unresolved]
    coverage: Annotated[Coverage | None, "Of the day asked for"]
    from_coverage: Annotated[Coverage | None, "Of the day of the data; null where none was given"]


class Resolution(_Since):
    """What stands for each code asked about, in the order asked."""

    on: date | None
    coverage: Annotated[Coverage, "Of the day asked for, over all bodies named"]
    from_coverage: Annotated[Coverage | None, "Of the day of the data"]
    results: list[Resolved]
