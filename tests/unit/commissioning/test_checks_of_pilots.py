"""The checks of what else goes on among the same people, both ways: pilots, innovations, and who takes part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.domain import checks
from commissioning.domain.movement import movements
from commissioning.domain.pilots import Pilot
from organisations.domain.checks import findings_of, merged
from organisations.domain.planning import plan
from organisations.domain.snapshot import DatedRelationship, PastChange
from organisations.domain.vocabulary import ChangeKind, RelationshipKind
from pcorg.core.periods import Period
from tests.factories import holdings as make
from tests.factories.snapshots import OPENED, body, member, move, new, relationship, request, share
from tests.unit.commissioning.checking import (
    BODIES,
    DAY,
    Case,
    assert_finds,
    found,
    located,
    merger,
    succession,
    transfer,
)

IN_COUNCIL = (located("A", "COUNCIL"), located("B", "OTHER"))
TERM = date(2004, 4, 1)
OTHER_BODIES = tuple(each for each in BODIES if each.code != "PILOT")


def pilot(code: str = "PILOT", *, ends: date | None = TERM, **more: Any) -> Pilot:
    return Pilot(code, f"{code} body", Period(date(2001, 4, 1)), ends, **more)


def lying(*councils: str, **more: Any) -> Pilot:
    return pilot(councils=frozenset(councils), **more)


NOWHERE = "Not known, for neither the council nor the practices are held here of: "
SHARED = "Not known, for they lie in a council that it shares, and their practices are not held here"
NONE_WITHIN = "No personal medical services pilot is held here within it."
ONE_WITHIN = (
    "1 personal medical services pilot would come to lie within it: PILOT body. Their ways of working may not be those "
    "of the trust."
)
CULTURES = {
    "in the council of the trust": Case(succession("A"), "advise", ONE_WITHIN, (), IN_COUNCIL, (lying("COUNCIL"),)),
    "in a council of its own": Case(succession("A"), "pass", NONE_WITHIN, (), IN_COUNCIL, (lying("OTHER"),)),
    "told by a tie alone": Case(
        succession("A"), "advise", ONE_WITHIN, (), (*IN_COUNCIL, located("PILOT", "COUNCIL")), (pilot(),)
    ),
    "with a practice of the trust": Case(
        succession("A"), "advise", ONE_WITHIN, (), (member("P1", "A"),), (pilot(members=frozenset({"P1"})),)
    ),
    "with a practice of another": Case(
        succession("A"), "pass", NONE_WITHIN, (), (member("P1", "A"),), (pilot(members=frozenset({"P2"})),)
    ),
    "its term is over": Case(succession("A"), "pass", NONE_WITHIN, (), IN_COUNCIL, (lying("COUNCIL", ends=DAY),)),
    "on the last day of its term": Case(
        succession("A"), "advise", ONE_WITHIN, (), IN_COUNCIL, (lying("COUNCIL", ends=DAY + timedelta(days=1)),)
    ),
    "two of them": Case(
        merger("A", "B"),
        "advise",
        "2 personal medical services pilots would come to lie within it: P1 body, PILOT body. Their ways of working "
        "may not be those of the trust.",
        (),
        IN_COUNCIL,
        (lying("COUNCIL"), pilot("P1", councils=frozenset({"OTHER"}))),
    ),
    "in a council shared with a neighbour, and nobody knows in whose part": Case(
        succession("A"),
        "advise",
        f"{SHARED}: PILOT body.",
        (),
        (*IN_COUNCIL, located("U", "COUNCIL")),
        (lying("COUNCIL"),),
    ),
    "in a shared council, with a practice of the neighbour": Case(
        succession("A"),
        "pass",
        NONE_WITHIN,
        (),
        (*IN_COUNCIL, located("U", "COUNCIL"), member("P2", "U"), member("P2", "PILOT")),
        (lying("COUNCIL"),),
    ),
    "in a shared council, with a practice of its own": Case(
        succession("A"),
        "advise",
        ONE_WITHIN,
        (),
        (*IN_COUNCIL, located("U", "COUNCIL"), member("P1", "A"), member("P1", "PILOT")),
        (lying("COUNCIL"),),
    ),
    "in a council shared with a body of another kind": Case(
        succession("A"), "advise", ONE_WITHIN, (), (*IN_COUNCIL, located("HOSPITAL", "COUNCIL")), (lying("COUNCIL"),)
    ),
    "in a council shared with a neighbour of long ago": Case(
        succession("A"),
        "advise",
        ONE_WITHIN,
        (),
        (*IN_COUNCIL, replace(located("U", "COUNCIL"), period=Period(OPENED, DAY))),
        (lying("COUNCIL"),),
    ),
    "set up out of nothing": Case(
        request(ChangeKind.ESTABLISHMENT, DAY, new=(new("N", on=DAY, relationships=(located("N", "COUNCIL", DAY),)),)),
        "advise",
        ONE_WITHIN,
        (),
        (),
        (lying("COUNCIL"),),
    ),
    "nothing is known of the place": Case(succession("A"), "advise", f"{NOWHERE}A body."),
    "nor of one of two": Case(merger("A", "B"), "advise", f"{NOWHERE}B body.", (), IN_COUNCIL[:1]),
    "the step's rules do not ask": Case(merger("T", "U"), None, "", (), (), (lying("COUNCIL"),)),
    "no trust is set up": Case(
        request(ChangeKind.ESTABLISHMENT, DAY, new=(new("N", "community-trust", on=DAY),)), None, ""
    ),
}


@pytest.mark.parametrize("case", CULTURES.values(), ids=CULTURES.keys())
def test_pms_culture(case: Case) -> None:
    assert_finds("pms-culture", case)


def past(title: str, code: str, on: date, kind: ChangeKind = ChangeKind.MERGER) -> PastChange:
    return PastChange(1, title, kind, on, 1, title, frozenset({code}), structural=kind is not ChangeKind.RENAME)


POOL = (make.pool("Q", "A", hosts=True), make.pool("Q", "COUNCIL"))
NETWORK = relationship(RelationshipKind.MEMBER_OF, "A", "NETWORK")
FEW = "At most one other innovation among the same people is held here."
TWO_YEARS_BEFORE = DAY.replace(year=DAY.year - 2)
INNOVATIONS = {
    "none": Case(succession("A"), "pass", FEW, (), IN_COUNCIL),
    "one": Case(succession("A"), "pass", FEW, POOL, IN_COUNCIL),
    "two": Case(
        succession("A"),
        "advise",
        "Beside this change 2 innovations would touch the same people at once: 1 pilot (PILOT body); 1 pooled budget "
        "(Pool Q).",
        POOL,
        IN_COUNCIL,
        (lying("COUNCIL"),),
    ),
    "of every kind": Case(
        succession("A"),
        "advise",
        "Beside this change 4 innovations would touch the same people at once: 1 pilot (PILOT body); 1 pooled budget "
        "(Pool Q); 1 network or partnership (NETWORK body); 1 change of the two years before (Moved).",
        POOL,
        (*IN_COUNCIL, NETWORK),
        (lying("COUNCIL"),),
        (past("Moved", "A", TWO_YEARS_BEFORE + timedelta(days=1)),),
    ),
    "a neighbour's pilot, network and pool are not its own": Case(
        succession("A"),
        "pass",
        FEW,
        (make.pool("Q", "U", hosts=True), make.pool("Q", "COUNCIL")),
        (
            *IN_COUNCIL,
            located("U", "COUNCIL"),
            member("P2", "U"),
            member("P2", "PILOT"),
            relationship(RelationshipKind.MEMBER_OF, "U", "NETWORK"),
        ),
        (lying("COUNCIL"),),
        (past("Elsewhere", "U", DAY - timedelta(days=9)),),
    ),
    "a network in the same council is among the same people": Case(
        succession("A"),
        "advise",
        "Beside this change 2 innovations would touch the same people at once: 1 pilot (PILOT body); 1 network or "
        "partnership (NETWORK body).",
        (),
        (*IN_COUNCIL, located("NETWORK", "COUNCIL")),
        (lying("COUNCIL"),),
    ),
    "one in two that may be within": Case(
        succession("A"),
        "advise",
        f"{SHARED}: PILOT body.",
        POOL,
        (*IN_COUNCIL, located("U", "COUNCIL")),
        (lying("COUNCIL"),),
    ),
    "longer ago, or no more than a name, or of another": Case(
        succession("A"),
        "pass",
        FEW,
        POOL,
        IN_COUNCIL,
        (),
        (
            past("Long ago", "A", TWO_YEARS_BEFORE),
            past("Named", "A", DAY - timedelta(days=9), ChangeKind.RENAME),
            past("Elsewhere", "U", DAY - timedelta(days=9)),
        ),
    ),
    "nothing is known of the place": Case(succession("A"), "advise", f"{NOWHERE}A body.", POOL),
    "the step's rules do not ask": Case(merger("T", "U"), None, "", POOL, IN_COUNCIL, (lying("COUNCIL"),)),
}


@pytest.mark.parametrize("case", INNOVATIONS.values(), ids=INNOVATIONS.keys())
def test_disintegrated_integration(case: Case) -> None:
    assert_finds("disintegrated-integration", case)


@given(st.integers(0, 9), st.integers(0, 9))
def test_it_advises_from_two_innovations_on_and_gives_their_number(pilots: int, pools: int) -> None:
    case = Case(
        succession("A"),
        None,
        things=tuple(make.pool(f"Q{number}", "A") for number in range(pools)),
        relationships=IN_COUNCIL,
        pilots=tuple(pilot(f"E{number}", councils=frozenset({"COUNCIL"})) for number in range(pilots)),
    )
    finding = found("disintegrated-integration", case)
    assert finding is not None
    assert finding.outcome.value == ("advise" if pilots + pools >= 2 else "pass")
    assert pilots + pools < 2 or f"Beside this change {pilots + pools} innovations" in finding.message


MEMBERS: tuple[DatedRelationship, ...] = (*IN_COUNCIL, member("P1", "A"), member("P2", "A"), member("P1", "PILOT"))
AREAS = {
    "everybody takes part": Case(succession("A"), None, "", (), MEMBERS, (pilot(ends=DAY),)),
    "nothing new": Case(transfer("A", "U", moves=(move("P1", "A", "U"),)), None, "", (), MEMBERS, (pilot(ends=DAY),)),
    "in a pilot whose term runs": Case(
        request(ChangeKind.DISSOLUTION, DAY, ["A"], moves=(move("P2", "A", "U"),)), None, "", (), MEMBERS, (pilot(),)
    ),
}


@pytest.mark.parametrize("case", AREAS.values(), ids=AREAS.keys())
def test_whole_area_says_nothing_of_pilots(case: Case) -> None:
    assert_finds("whole-area", case)


def reconfigured(
    *moves: tuple[str, str, str], pilots: tuple[Pilot, ...], relationships: tuple[DatedRelationship, ...] = MEMBERS
) -> Any:
    """The finding of all that check whether everybody takes part: A becomes N, with the practices that moves name."""
    change = request(
        ChangeKind.RECONFIGURATION,
        DAY,
        ["A", "B"],
        new=(new("N", on=DAY), new("M", on=DAY)),
        edges=(share("A", "N"), share("B", "M")),
        moves=tuple(move(*each) for each in moves),
    )
    done = plan(change, Case(change, None, relationships=relationships, pilots=pilots).county(), [movements])
    every = merged([*findings_of(done), *checks.findings_of(done)])
    return next(each for each in every if each.code == "whole-area")


class TestExemption:
    """A practice of a group that ends stays out of the trusts that come of it; it is in a pilot."""

    MOVED = (("P2", "A", "N"),)

    def test_a_pilot_within_its_term_is_exempt(self) -> None:
        finding = reconfigured(*self.MOVED, pilots=(pilot(),))
        assert finding.outcome.value == "pass"
        assert finding.message == (
            "Those that would not take part are in pilots, which are exempt until their term ends: P1."
        )

    @pytest.mark.parametrize("ends", [DAY, DAY - timedelta(days=1), date(2002, 4, 1)])
    def test_one_whose_term_is_over_is_not(self, ends: date) -> None:
        finding = reconfigured(*self.MOVED, pilots=(pilot(ends=ends),))
        assert finding.outcome.value == "block"
        told = "No longer exempt as pilots, and would not take part: P1, of PILOT body, whose term ended on"
        assert f"{told} {ends:%-d %B %Y}." in finding.message

    def test_one_in_two_is_exempt_while_either_runs(self) -> None:
        other = pilot("P3", members=frozenset({"P1"}))
        assert reconfigured(*self.MOVED, pilots=(pilot(ends=DAY), other)).outcome.value == "pass"
        assert (
            reconfigured(*self.MOVED, pilots=(pilot(ends=DAY), replace(other, term_ends=DAY))).outcome.value == "block"
        )

    def test_without_a_pilot_there_is_no_exemption(self) -> None:
        finding = reconfigured(
            *self.MOVED, pilots=(), relationships=(*IN_COUNCIL, member("P1", "A"), member("P2", "A"))
        )
        assert finding.outcome.value == "block"
        assert finding.message == "Practices that took part before would not any more: P1."

    def test_one_that_takes_part_needs_no_exemption(self) -> None:
        finding = reconfigured(*self.MOVED, ("P1", "A", "N"), pilots=(pilot(ends=DAY),))
        assert finding.outcome.value == "pass"
        assert "All 2 practices" in finding.message

    def test_a_term_that_nobody_stated_is_three_years(self) -> None:
        began = replace(pilot(ends=None), life=Period(DAY.replace(year=2000)))
        assert reconfigured(*self.MOVED, pilots=(began,)).outcome.value == "block"
        began = replace(pilot(ends=None), life=Period(DAY.replace(year=2000) + timedelta(days=1)))
        assert reconfigured(*self.MOVED, pilots=(began,)).outcome.value == "pass"


def test_the_term_of_a_pilot_known_by_its_form_alone_counts() -> None:
    opened = body("PILOT", "pms-pilot", opened=date(1999, 4, 1))
    ended = Case(succession("A"), "pass", NONE_WITHIN, (), MEMBERS, (), (), (*OTHER_BODIES, opened))
    runs = body("PILOT", "pms-pilot", opened=date(2001, 4, 1))
    assert_finds("pms-culture", ended)
    assert_finds("pms-culture", replace(ended, bodies=(*OTHER_BODIES, runs), outcome="advise", says=ONE_WITHIN))
