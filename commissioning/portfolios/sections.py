"""The sections that commissioning adds to the portfolio document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from commissioning.domain.kinds import KINDS
from commissioning.domain.vocabulary import HoldingKind
from commissioning.specs import portfolio as schema
from organisations.portfolios.reading import Place
from organisations.portfolios.sections import DocumentSection

Named = Iterator[tuple[str, Place]]


def _in(*fields: str) -> Callable[[Any], Iterable[tuple[str, Place]]]:
    """The bodies that a record names in some of its fields."""

    def bodies(record: Any) -> Named:
        for name in fields:
            code = getattr(record, name, None)
            if code is not None:
                yield code, (name,)

    return bodies


def _partners(record: schema.StatedPool) -> Named:
    for number, contribution in enumerate(record.contributions):
        yield contribution.partner, ("contributions", number, "partner")


def _of_pilot(record: schema.StatedPilot) -> Named:
    yield from _in("organisation", "provider")(record)
    for number, practice in enumerate(record.practices):
        yield practice, ("practices", number)


HELD = frozenset({"code", "start", "end", "organisation", "known_after"})
"""Fields of a thing that others build upon, beside the bodies that have a part in it."""


def _thing(
    kind: HoldingKind,
    record: type[schema.Recorded],
    *bearing: str,
    bodies: Callable[[Any], Iterable[tuple[str, Place]]] | None = None,
) -> DocumentSection:
    """The section of a kind of thing; `bearing` are further fields that others build upon."""
    parties = tuple(role.value for role in KINDS[kind].parties)
    return DocumentSection(
        KINDS[kind].section,
        record,
        ("code",),
        settable=record.describing,
        bodies=bodies or _in(*parties),
        bearing=HELD | {*parties, *bearing},
    )


PREMISES = _thing(HoldingKind.PREMISES, schema.StatedPremises)
PROVISIONS = _thing(HoldingKind.PROVISION, schema.StatedProvision, "service")
CONTRACTS = _thing(HoldingKind.CONTRACT, schema.StatedContract, "type")
BUDGETS = _thing(HoldingKind.BUDGET, schema.StatedBudget)
POOLS = _thing(HoldingKind.POOL, schema.StatedPool, "contributions", bodies=_partners)
STAFFING = _thing(HoldingKind.STAFFING, schema.StatedStaffing)
ARMS = _thing(HoldingKind.ARM, schema.StatedArm, "separations")
GROUPS = _thing(HoldingKind.GROUP, schema.StatedGroup, "arm")
PILOTS = DocumentSection(
    "pms_pilots",
    schema.StatedPilot,
    ("organisation",),
    settable=schema.StatedPilot.describing,
    bodies=_of_pilot,
    bearing=frozenset({"organisation", "contract", "provider", "practices", "term_ends", "known_after"}),
)
ANSWERS = DocumentSection(
    "recommendation_answers",
    schema.RecordedAnswer,
    ("organisation", "recommendation", "answered_on"),
    settable=schema.RecordedAnswer.describing,
    bodies=_in("organisation"),
    bearing=frozenset({"organisation", "answered_on", "known_after"}),
)

THINGS = (PREMISES, PROVISIONS, CONTRACTS, BUDGETS, POOLS, STAFFING, ARMS, GROUPS)
"""Sections whose records are things with a code."""

SECTIONS = (*THINGS, PILOTS, ANSWERS)
"""In the order in which they rest on each other: provisions on premises, groups on arms, pilots on contracts."""
