"""The sections that commissioning adds to the portfolio document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from commissioning.specs import portfolio as schema
from organisations.portfolios.reading import Place
from organisations.portfolios.sections import DocumentSection

DESCRIBED = frozenset({"title", "basis", "source", "note"})
"""Fields of every thing that only describe it."""

Named = Iterator[tuple[str, Place]]


def _in(*fields: str) -> Callable[[Any], Iterable[tuple[str, Place]]]:
    """The bodies that a record names in some of its fields."""

    def bodies(record: Any) -> Named:
        for name in fields:
            code = getattr(record, name)
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
"""Fields of a thing with one holder that others build upon."""

PREMISES = DocumentSection(
    "premises",
    schema.StatedPremises,
    ("code",),
    settable=DESCRIBED | {"type", "built", "purpose_built", "lift"},
    bodies=_in("organisation"),
    bearing=HELD,
)
PROVISIONS = DocumentSection(
    "provisions",
    schema.StatedProvision,
    ("code",),
    settable=DESCRIBED | {"round_the_clock", "premises"},
    bodies=_in("provider", "population_of"),
    bearing=HELD | {"service", "provider", "population_of"},
)
CONTRACTS = DocumentSection(
    "contracts",
    schema.StatedContract,
    ("code",),
    settable=DESCRIBED | {"sector", "services", "measures"},
    bodies=_in("commissioner", "provider"),
    bearing=HELD | {"type", "commissioner", "provider"},
)
BUDGETS = DocumentSection(
    "budgets",
    schema.StatedBudget,
    ("code",),
    settable=DESCRIBED | {"set_by"},
    bodies=_in("organisation"),
    bearing=HELD,
)
POOLS = DocumentSection(
    "pooled_budgets",
    schema.StatedPool,
    ("code",),
    settable=DESCRIBED | {"flexibility", "client_group", "purpose"},
    bodies=_partners,
    bearing=HELD | {"contributions"},
)
STAFFING = DocumentSection(
    "staffing",
    schema.StatedStaffing,
    ("code",),
    settable=DESCRIBED,
    bodies=_in("organisation"),
    bearing=HELD,
)
ARMS = DocumentSection(
    "provider_arms",
    schema.StatedArm,
    ("code",),
    settable=DESCRIBED | {"approaches", "approaches_on", "milestones"},
    bodies=_in("organisation"),
    bearing=HELD | {"separations"},
)
GROUPS = DocumentSection(
    "portfolio_groups",
    schema.StatedGroup,
    ("code",),
    settable=DESCRIBED | {"services", "coherence", "chosen_form", "chosen_on"},
    bearing=HELD | {"arm"},
)
PILOTS = DocumentSection(
    "pms_pilots",
    schema.StatedPilot,
    ("organisation",),
    settable=DESCRIBED | {"wave", "variant", "salaried_gps", "nurses", "practices", "at_end"},
    bodies=_of_pilot,
    bearing=frozenset({"organisation", "contract", "provider", "practices", "term_ends", "known_after"}),
)
ANSWERS = DocumentSection(
    "recommendation_answers",
    schema.RecordedAnswer,
    ("organisation", "recommendation", "answered_on"),
    settable=DESCRIBED | {"evidence", "by"},
    bodies=_in("organisation"),
    bearing=frozenset({"organisation", "answered_on", "known_after"}),
)

THINGS = (PREMISES, PROVISIONS, CONTRACTS, BUDGETS, POOLS, STAFFING, ARMS, GROUPS)
"""Sections whose records are things with a code."""

SECTIONS = (*THINGS, PILOTS, ANSWERS)
"""In the order in which they rest on each other: provisions on premises, groups on arms, pilots on contracts."""
