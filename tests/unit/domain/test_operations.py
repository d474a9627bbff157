"""Operations one by one: what each refuses. What each does when it may is seen in the plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from organisations.domain import operations as ops
from organisations.domain.operations import Impossible, Operation
from organisations.domain.vocabulary import OpenedBasis, RelationshipKind, ShareBasis
from pcorg.core.periods import Period
from tests.factories.snapshots import (
    KNOWN,
    OPENED,
    PORTFOLIO,
    answers,
    body,
    count,
    neighbours,
    relationship,
    seat,
    share,
    world,
)

DAY = date(2002, 4, 1)
EARLIER = date(1990, 4, 1)
MEMBER = RelationshipKind.MEMBER_OF
WORLD = world(
    body("A", people=1, seats=(seat(),)),
    body("B"),
    body("OLD", closed=date(2001, 4, 1)),
    relationships=(answers("A", "B"), relationship(MEMBER, "B", "A", date(2000, 4, 1), date(2001, 4, 1))),
)

REFUSED = {
    "a code is used once": (
        ops.OpenOrganisation("OLD", PORTFOLIO, DAY, OpenedBasis.RECORDED, KNOWN),
        "code-in-use",
        "OLD",
    ),
    "nobody ends before beginning": (ops.CloseOrganisation("A", EARLIER), "not-in-force", "A"),
    "nobody ends on the day of beginning": (ops.CloseOrganisation("A", OPENED), "conflict", "cannot end"),
    "nobody ends twice": (ops.CloseOrganisation("OLD", DAY), "not-in-force", "OLD"),
    "nor earlier than it ended": (
        ops.CloseOrganisation("OLD", date(2000, 4, 1)),
        "conflict",
        "Leave its closing date out",
    ),
    "an unknown body does not end": (ops.CloseOrganisation("NIX", DAY), "unknown-organisation", "NIX"),
    "a body has one form at a time": (ops.OpenForm("A", "pct-4", DAY, KNOWN), "conflict", "pct-3"),
    "a form does not end as it begins": (ops.CloseForm("A", OPENED), "conflict", "form of A"),
    "a body has one name at a time": (ops.OpenName("A", "Other", DAY, KNOWN), "conflict", "name"),
    "a name does not end before it begins": (ops.CloseName("A", EARLIER), "conflict", "name of A"),
    "nobody is tied to itself": (ops.OpenRelationship(answers("A", "A", DAY)), "invalid", "itself"),
    "nobody is tied before beginning": (ops.OpenRelationship(answers("B", "A", EARLIER)), "not-in-force", "B body"),
    "nor after the end": (ops.OpenRelationship(answers("B", "OLD", OPENED)), "not-in-force", "OLD body"),
    "nor to nobody": (ops.OpenRelationship(answers("B", "NIX", DAY)), "unknown-organisation", "NIX"),
    "a tie is not there twice": (ops.OpenRelationship(answers("A", "B", DAY)), "conflict", "already"),
    "nor in part of the time": (ops.OpenRelationship(relationship(MEMBER, "B", "A", OPENED)), "conflict", "already"),
    "what is not tied is not parted": (
        ops.CloseRelationship(MEMBER, "A", "B", DAY),
        "conflict",
        "A is not member of B",
    ),
    "nor before it was": (
        ops.CloseRelationship(RelationshipKind.ACCOUNTABLE_TO, "A", "B", EARLIER),
        "conflict",
        "A is not accountable to B on",
    ),
    "one count a day": (ops.RecordPopulation("A", count(2)), "conflict", "population"),
    "no count is superseded that is not there": (ops.SupersedePopulation("A", DAY), "conflict", "no population"),
    "one record of seats at a time": (ops.OpenSeat("A", seat(start=DAY)), "conflict", "General practitioners"),
    "a board does not end as it begins": (ops.CloseBoard("A", OPENED), "conflict", "board of A"),
    "lineage joins known bodies": (
        ops.RecordLineage("A", "NIX", share("A", "NIX").share, ShareBasis.POPULATION, DAY),
        "unknown-organisation",
        "NIX",
    ),
    "links join known bodies": (
        ops.RecordLink("A", "NIX", share("A", "NIX").share, ShareBasis.POPULATION),
        "unknown-organisation",
        "NIX",
    ),
    "things move between known bodies": (ops.MoveItem("a ward", "NIX", "A"), "unknown-organisation", "NIX"),
}


@pytest.mark.parametrize(("operation", "code", "words"), REFUSED.values(), ids=REFUSED)
def test_refusals(operation: Operation, code: str, words: str) -> None:
    with pytest.raises(Impossible) as refusal:
        WORLD.after([operation])
    assert refusal.value.code == code
    assert words in refusal.value.message


def test_every_operation_has_a_verb_of_its_own_and_a_refusal_here() -> None:
    named = {thing for thing in vars(ops).values() if isinstance(thing, type)}
    kinds = {kind for kind in named if isinstance(getattr(kind, "verb", None), str)}
    assert len({kind.verb for kind in kinds}) == len(kinds)
    assert {type(operation) for operation, _, _ in REFUSED.values()} == kinds


def test_a_tie_may_be_taken_up_again_after_it_ended() -> None:
    ended = WORLD.after([ops.CloseRelationship(RelationshipKind.ACCOUNTABLE_TO, "A", "B", DAY)])
    after = ended.after([ops.OpenRelationship(answers("A", "B", date(2005, 4, 1)))])
    assert [one.period for one in after.relationships if one.subject == "A"] == [
        Period(OPENED, DAY),
        Period(date(2005, 4, 1)),
    ]


def test_a_tie_that_began_that_day_is_struck_out() -> None:
    started = world(body("A"), body("B"), relationships=(neighbours("A", "B", DAY),))
    assert started.after([ops.CloseRelationship(RelationshipKind.NEIGHBOUR_OF, "A", "B", DAY)]).relationships == ()


def test_a_tie_may_carry_its_end() -> None:
    passing = relationship(MEMBER, "B", "A", date(2001, 4, 1), DAY)
    assert WORLD.after([ops.OpenRelationship(passing)]).relationships[-1] == passing


def test_a_refused_operation_leaves_no_trace() -> None:
    with pytest.raises(Impossible):
        WORLD.after([ops.OpenName("B", "Other", DAY, KNOWN)])
    assert WORLD.bodies["B"] == replace(body("B"))
