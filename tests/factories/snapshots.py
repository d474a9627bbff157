"""Snapshots of the domain in a few words.

Everything is invented. `world` puts bodies, ties and forms together; what a test does not name takes a plain default.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from organisations.domain.changes import ChangeRequest, Move, NewBody, ShareOut
from organisations.domain.forms import FormFacts, Rule, TransitionGraph
from organisations.domain.lineage import Edge
from organisations.domain.periods import Period
from organisations.domain.snapshot import Body, Count, FormSpell, NameSpell, Provenance, Seat, Snapshot, Tie
from organisations.domain.vocabulary import (
    Basis,
    ChangeKind,
    Constituency,
    Family,
    OpenedBasis,
    PopulationBasis,
    RelationshipKind,
    Route,
)

PORTFOLIO = "county"
KNOWN = Provenance(Basis.ILLUSTRATIVE, "test-source")
OPENED = date(1999, 4, 1)

FORMS = {
    facts.slug: facts
    for facts in (
        FormFacts("gp-practice", "General practice", Family.BEFORE_1999, free_standing=True),
        FormFacts(
            "pcg-1",
            "Primary care group, level 1",
            Family.GROUPS_AND_TRUSTS,
            level=1,
            population_min=50_000,
            population_max=250_000,
            first_date=date(1999, 4, 1),
            last_date=date(2004, 4, 1),
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
        ),
        FormFacts(
            "pct-3",
            "Primary care trust, level 3",
            Family.GROUPS_AND_TRUSTS,
            level=3,
            free_standing=True,
            first_date=date(2000, 4, 1),
            last_date=date(2013, 4, 1),
        ),
        FormFacts(
            "pct-4",
            "Primary care trust, level 4",
            Family.GROUPS_AND_TRUSTS,
            level=4,
            free_standing=True,
            first_date=date(2000, 4, 1),
            last_date=date(2013, 4, 1),
        ),
        FormFacts(
            "care-trust",
            "Care trust",
            Family.GROUPS_AND_TRUSTS,
            free_standing=True,
            first_date=date(2002, 4, 1),
            last_date=date(2013, 4, 1),
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
        FormFacts("pms-pilot", "Personal medical services pilot", Family.PILOTS, pilot=True),
    )
}

RULES = (
    Rule("pcg-1", "pcg-2", Route.LEVEL, date(1999, 4, 1), date(2004, 3, 31)),
    Rule("pcg-2", "pct-3", Route.SUCCESSION, date(2000, 4, 1), date(2004, 4, 1), consultation=True),
    Rule("pcg-2", "pct-3", Route.MERGER, date(2000, 4, 1), date(2004, 4, 1), consultation=True),
    Rule("pct-3", "pct-4", Route.LEVEL, date(2000, 4, 1)),
    Rule("pct-3", "care-trust", Route.DESIGNATION, date(2002, 4, 1), joint_agreement=True),
    Rule("pct-4", "care-trust", Route.DESIGNATION, date(2002, 4, 1), joint_agreement=True),
    Rule("pct-4", "community-interest-company", Route.SEPARATION, date(2008, 4, 1)),
)


def period(start: date, end: date | None = None) -> Period:
    """A period."""
    return Period(start, end)


def count(people: int, on: date = OPENED, basis: PopulationBasis = PopulationBasis.REGISTERED) -> Count:
    """People counted on a day."""
    return Count(people, on, basis, KNOWN)


def seat(constituency: Constituency = Constituency.GP, seats: int = 7, start: date = OPENED) -> Seat:
    """Open seats on a board."""
    return Seat(constituency, seats, Period(start), KNOWN)


def body(code: str, form: str = "pct-3", *, opened: date = OPENED, people: int | None = None, **more: Any) -> Body:
    """A living body with one form and one name from the day it opened."""
    facts: dict[str, Any] = {
        "forms": (FormSpell(form, Period(opened), KNOWN),),
        "names": (NameSpell(f"{code} body", Period(opened), KNOWN),),
        "counts": () if people is None else (count(people, opened),),
    }
    return Body(code, more.pop("portfolio", PORTFOLIO), opened, OpenedBasis.RECORDED, KNOWN, **(facts | more))


def tie(
    kind: RelationshipKind, subject: str, to: str, start: date = OPENED, end: date | None = None, **more: Any
) -> Tie:
    """A tie; a symmetric one is put the way it is stored."""
    if kind.symmetric and to < subject:
        subject, to = to, subject
    return Tie(kind, subject, to, Period(start, end), more.pop("known", KNOWN), **more)


def answers(subject: str, to: str, start: date = OPENED) -> Tie:
    """Accountable to."""
    return tie(RelationshipKind.ACCOUNTABLE_TO, subject, to, start)


def member(subject: str, of: str, start: date = OPENED) -> Tie:
    """Member of."""
    return tie(RelationshipKind.MEMBER_OF, subject, of, start)


def neighbours(one: str, other: str, start: date = OPENED) -> Tie:
    """Neighbours."""
    return tie(RelationshipKind.NEIGHBOUR_OF, one, other, start)


def world(*bodies: Body, ties: Iterable[Tie] = (), **more: Any) -> Snapshot:
    """A snapshot of bodies and ties under the forms and rules above."""
    return Snapshot(
        bodies={one.code: one for one in bodies},
        ties=tuple(ties),
        forms=more.pop("forms", FORMS),
        graph=more.pop("graph", TransitionGraph.of(RULES)),
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
