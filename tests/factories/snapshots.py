"""Snapshots of the domain in a few words.

Everything is invented. `world` puts bodies, ties and forms together; what a test does not name takes a plain default.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from organisations.domain.changes import ChangeRequest, Move, NewBody, ShareOut
from organisations.domain.checks import CHECKS as WORKED_OUT
from organisations.domain.checks import GUARDS, Check, Finding, findings_by
from organisations.domain.forms import AllowedStep, CheckFacts, FormFacts, TransitionGraph
from organisations.domain.lineage import Edge
from organisations.domain.planning import Plan
from organisations.domain.snapshot import (
    Body,
    DatedForm,
    DatedName,
    DatedRelationship,
    PopulationCount,
    Provenance,
    Seat,
    Snapshot,
)
from organisations.domain.vocabulary import (
    Applies,
    Basis,
    ChangeKind,
    Constituency,
    Family,
    OpenedBasis,
    Outcome,
    PopulationBasis,
    RelationshipKind,
    Route,
)
from pcorg.core.periods import Period

PORTFOLIO = "county"
KNOWN = Provenance(Basis.ILLUSTRATIVE, "test-source")
OPENED = date(1999, 4, 1)

OF_A_GROUP = frozenset({"population-in-range", "board-composition", "coterminous", "whole-area"})
OF_A_TRUST = OF_A_GROUP | {"consultation-held", "pms-culture", "disintegrated-integration"}
OF_A_CARE_TRUST = OF_A_TRUST - {"population-in-range", "board-composition", "consultation-held"} | {"joint-agreement"}

FORMS = {
    facts.slug: facts
    for facts in (
        FormFacts(
            "gp-practice", "General practice", Family.BEFORE_1999, free_standing=True, provides_primary_care=True
        ),
        FormFacts(
            "pcg-1",
            "Primary care group, level 1",
            Family.GROUPS_AND_TRUSTS,
            level=1,
            population_min=50_000,
            population_max=250_000,
            first_date=date(1999, 4, 1),
            last_date=date(2004, 4, 1),
            checks=OF_A_GROUP,
        ),
        FormFacts(
            "pcg-2",
            "Primary care group, level 2",
            Family.GROUPS_AND_TRUSTS,
            level=2,
            population_min=50_000,
            population_max=250_000,
            first_date=date(1999, 4, 1),
            last_date=date(2004, 4, 1),
            checks=OF_A_GROUP,
        ),
        FormFacts(
            "pct-3",
            "Primary care trust, level 3",
            Family.GROUPS_AND_TRUSTS,
            level=3,
            free_standing=True,
            population_expected=200_000,
            first_date=date(2000, 4, 1),
            last_date=date(2013, 4, 1),
            checks=OF_A_TRUST,
        ),
        FormFacts(
            "pct-4",
            "Primary care trust, level 4",
            Family.GROUPS_AND_TRUSTS,
            level=4,
            free_standing=True,
            population_expected=200_000,
            first_date=date(2000, 4, 1),
            last_date=date(2013, 4, 1),
            checks=OF_A_TRUST,
        ),
        FormFacts(
            "care-trust",
            "Care trust",
            Family.GROUPS_AND_TRUSTS,
            free_standing=True,
            first_date=date(2002, 4, 1),
            last_date=date(2013, 4, 1),
            checks=OF_A_CARE_TRUST,
        ),
        FormFacts("health-authority", "Health authority", Family.AUTHORITIES, free_standing=True),
        FormFacts("local-authority", "Council", Family.AUTHORITIES, free_standing=True),
        FormFacts("community-trust", "Community trust", Family.NHS_PROVIDERS, free_standing=True),
        FormFacts(
            "community-interest-company",
            "Community interest company",
            Family.PROVIDER_ARM_INDEPENDENT,
            free_standing=True,
        ),
        FormFacts(
            "pms-pilot", "Personal medical services pilot", Family.PILOTS, pilot=True, provides_primary_care=True
        ),
    )
}

ALWAYS = frozenset({"form-path", "form-dates", "within-coverage", "community-provider", "contract-conflict", *GUARDS})
ADVISING = frozenset(
    {
        "within-coverage",
        "coterminous",
        "contiguous",
        "management-capacity",
        "development-time",
        "relations",
        "community-provider",
        "pms-culture",
        "disintegrated-integration",
        "monopoly",
        "coherence-first",
    }
)
CHECKS = {
    code: CheckFacts(
        code,
        Outcome.ADVISE if code in ADVISING else Outcome.BLOCK,
        Applies.ALWAYS if code in ALWAYS else Applies.DECLARED,
    )
    for code in (*WORKED_OUT, *(ALWAYS | ADVISING))
}
"""Checks as the shipped records declare them."""

SUCCESSION = OF_A_TRUST | {"management-capacity", "development-time"}
MERGER = SUCCESSION | {"contiguous", "relations"}
DESIGNATION = frozenset({"joint-agreement", "coterminous", "management-capacity", "development-time", "relations"})
SEPARATION = frozenset({"development-time", "contract-conflict", "monopoly", "coherence-first"})

RULES = (
    AllowedStep("pcg-1", "pcg-2", Route.LEVEL, date(1999, 4, 1), date(2004, 3, 31)),
    AllowedStep("pcg-2", "pct-3", Route.SUCCESSION, date(2000, 4, 1), date(2004, 4, 1), SUCCESSION),
    AllowedStep("pcg-2", "pct-3", Route.MERGER, date(2000, 4, 1), date(2004, 4, 1), MERGER),
    AllowedStep("pct-3", "pct-4", Route.LEVEL, date(2000, 4, 1)),
    AllowedStep("pct-3", "care-trust", Route.DESIGNATION, date(2002, 4, 1), None, DESIGNATION),
    AllowedStep("pct-4", "care-trust", Route.DESIGNATION, date(2002, 4, 1), None, DESIGNATION),
    AllowedStep("pct-4", "community-interest-company", Route.SEPARATION, date(2008, 4, 1), None, SEPARATION),
)


def period(start: date, end: date | None = None) -> Period:
    """A period."""
    return Period(start, end)


def count(people: int, on: date = OPENED, basis: PopulationBasis = PopulationBasis.REGISTERED) -> PopulationCount:
    """People counted on a day."""
    return PopulationCount(people, on, basis, KNOWN)


def seat(constituency: Constituency = Constituency.GP, seats: int = 7, start: date = OPENED) -> Seat:
    """Open seats on a board."""
    return Seat(constituency, seats, Period(start), KNOWN)


def body(code: str, form: str = "pct-3", *, opened: date = OPENED, people: int | None = None, **more: Any) -> Body:
    """A living body with one form and one name from the day it opened."""
    facts: dict[str, Any] = {
        "forms": (DatedForm(form, Period(opened), KNOWN),),
        "names": (DatedName(f"{code} body", Period(opened), KNOWN),),
        "counts": () if people is None else (count(people, opened),),
    }
    return Body(code, more.pop("portfolio", PORTFOLIO), opened, OpenedBasis.RECORDED, KNOWN, **(facts | more))


def listed(code: str, form: str, *, closes: date) -> Body:
    """A body that is listed with its closing, which no change explains."""
    life = Period(OPENED, closes)
    facts = {"forms": (DatedForm(form, life, KNOWN),), "names": (DatedName(f"{code} body", life, KNOWN),)}
    return Body(code, PORTFOLIO, OPENED, OpenedBasis.RECORDED, KNOWN, closed=closes, **facts)


def relationship(
    kind: RelationshipKind, subject: str, to: str, start: date = OPENED, end: date | None = None, **more: Any
) -> DatedRelationship:
    """A tie; a symmetric one is put the way it is stored."""
    if kind.symmetric and to < subject:
        subject, to = to, subject
    return DatedRelationship(kind, subject, to, Period(start, end), more.pop("known", KNOWN), **more)


def answers(subject: str, to: str, start: date = OPENED) -> DatedRelationship:
    """Accountable to."""
    return relationship(RelationshipKind.ACCOUNTABLE_TO, subject, to, start)


def member(subject: str, of: str, start: date = OPENED) -> DatedRelationship:
    """Member of."""
    return relationship(RelationshipKind.MEMBER_OF, subject, of, start)


def neighbours(one: str, other: str, start: date = OPENED) -> DatedRelationship:
    """Neighbours."""
    return relationship(RelationshipKind.NEIGHBOUR_OF, one, other, start)


def world(*bodies: Body, relationships: Iterable[DatedRelationship] = (), **more: Any) -> Snapshot:
    """A snapshot of bodies and ties under the forms, rules and checks above."""
    return Snapshot(
        bodies={one.code: one for one in bodies},
        relationships=tuple(relationships),
        forms=more.pop("forms", FORMS),
        graph=more.pop("graph", TransitionGraph.of(RULES)),
        checks=more.pop("checks", CHECKS),
        **more,
    )


def new(code: str, form: str = "pct-3", *, on: date, people: int | None = None, **more: Any) -> NewBody:
    """A body that a change opens on a day."""
    counts = () if people is None else (count(people, on),)
    return NewBody(code, f"{code} body", form, on, KNOWN, KNOWN, **({"counts": counts} | more))


def share(original: str, resulting: str, part: str | Decimal = "1") -> ShareOut:
    """A share of an original's population."""
    return ShareOut(original, resulting, Decimal(part))


def move(what: str, giver: str, receiver: str) -> Move:
    """Something named passing from one body to another."""
    return Move(what, giver, receiver)


def request(kind: ChangeKind, on: date, originals: Iterable[str] = (), **more: Any) -> ChangeRequest:
    """A change of the test portfolio."""
    return ChangeRequest(
        kind, on, more.pop("portfolio", PORTFOLIO), more.pop("known", KNOWN), originals=tuple(originals), **more
    )


def edge(original: str, resulting: str, part: str, on: str | date, sequence: int = 0) -> Edge:
    """A lineage edge; the day may be an ISO string or a year alone, taken as its first of April."""
    if isinstance(on, str):
        on = date.fromisoformat(on if len(on) > 4 else f"{on}-04-01")
    return Edge(original, resulting, Decimal(part), on, sequence)


def finding_of(code: str, done: Plan, check: Check | None = None) -> Finding | None:
    """What one check finds of a plan, if it is asked of it: one of organisations' own, or another."""
    found = findings_by({code: check or WORKED_OUT[code]}, done)
    return found[0] if found else None
