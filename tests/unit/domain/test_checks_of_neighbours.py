"""Checks that depend on who else is there: each with a neighbour outside the change, both ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.domain.checks import Finding
from organisations.domain.planning import plan
from organisations.domain.snapshot import Body, DatedRelationship, Snapshot
from organisations.domain.vocabulary import ChangeKind, RelationshipKind, Route
from pcorg.core.periods import Period
from tests.factories.snapshots import (
    OPENED,
    body,
    finding_of,
    member,
    neighbours,
    new,
    relationship,
    request,
    share,
    world,
)

DAY = date(2003, 4, 1)


def located(code: str, council: str = "LA", start: date = OPENED, end: date | None = None) -> DatedRelationship:
    return relationship(RelationshipKind.LOCATED_IN, code, council, start, end)


def town(*neighbours: Body, relationships: tuple[DatedRelationship, ...] = ()) -> Snapshot:
    """Two groups that have a council to themselves, save for the neighbours named."""
    bodies = [body("A", "pcg-2", people=90_000), body("B", "pcg-2", people=80_000), body("P", "gp-practice")]
    bodies += [body("LA", "local-authority"), body("LB", "local-authority")]
    return world(*bodies, *neighbours, relationships=(located("A"), located("B"), member("P", "A"), *relationships))


def found(check: str, state: Snapshot, **more: Any) -> Finding:
    """What a check finds of the two groups merging into a trust."""
    merger = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", "pct-3", on=DAY),), **more)
    finding = finding_of(check, plan(merger, state))
    assert finding is not None
    return finding


U = body("U", "pct-4", people=300_000)
ALONE = {
    "nobody else": town(),
    "a neighbour in another council": town(U, relationships=(located("U", "LB"),)),
    "a neighbour that left": town(U, relationships=(located("U", end=DAY),)),
    "a neighbour yet to come": town(U, relationships=(located("U", start=DAY + timedelta(days=1)),)),
    "a body of another kind": town(body("H", "community-trust"), relationships=(located("H"),)),
    "a body of another portfolio": town(replace(U, portfolio="elsewhere"), relationships=(located("U"),)),
    "a neighbour that closed": town(
        replace(U, closed=DAY, forms=(replace(U.forms[0], period=Period(OPENED, DAY)),)), relationships=(located("U"),)
    ),
}
NEIGHBOUR = town(U, relationships=(located("U"),))


class TestCoterminous:
    @pytest.mark.parametrize("state", ALONE.values(), ids=ALONE.keys())
    def test_a_body_alone_in_its_council_has_its_bounds(self, state: Snapshot) -> None:
        assert found("coterminous", state).outcome.value == "pass"

    @pytest.mark.parametrize("form", ["pcg-1", "pcg-2", "pct-3", "pct-4", "care-trust"])
    def test_any_group_or_trust_beside_it_takes_that_away(self, form: str) -> None:
        finding = found("coterminous", town(body("U", form), relationships=(located("U"),)))
        assert finding.outcome.value == "advise"
        assert "N body shares LA body with U body" in finding.message

    def test_the_bodies_that_end_do_not_count(self) -> None:
        """The two groups share their council until they merge."""
        alone = request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.SUCCESSION, new=(new("N", on=DAY),))
        finding = finding_of("coterminous", plan(alone, town()))
        assert finding is not None
        assert finding.outcome.value == "advise"
        assert found("coterminous", town()).outcome.value == "pass"


class TestContiguous:
    @pytest.mark.parametrize("through", [True, False])
    def test_a_body_between_does_not_join_the_parts(self, through: bool) -> None:
        """A touches U, and U touches B: that joins A and B only if U is one of the parts."""
        state = town(U, relationships=(neighbours("A", "U"), neighbours("U", "B")))
        finding = found("contiguous", state)
        assert finding.outcome.value == "advise"
        assert "Not joined to the rest: B" in finding.message
        three = request(ChangeKind.MERGER, DAY, ["A", "B", "U"], new=(new("N", on=DAY),))
        joined = finding_of("contiguous", plan(three, state))
        assert joined is not None
        assert joined.outcome.value == "pass"

    def test_parts_that_touch_are_joined_whoever_else_is_near(self) -> None:
        state = town(U, relationships=(neighbours("A", "U"), neighbours("A", "B")))
        assert found("contiguous", state).outcome.value == "pass"


class TestPopulation:
    @given(st.integers(0, 900_000))
    def test_the_people_of_a_neighbour_are_not_counted(self, people: int) -> None:
        state = town(replace(body("U", "pct-4", people=people)), relationships=(located("U"), neighbours("A", "U")))
        assert found("population-in-range", state) == found("population-in-range", town())

    def test_a_neighbour_takes_none_of_the_range(self) -> None:
        state = town(U, relationships=(located("U"),))
        group = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", "pct-3", on=DAY, people=210_000),))
        finding = finding_of("population-in-range", plan(group, state))
        assert finding is not None
        assert finding.outcome.value == "pass"


class TestWholeArea:
    Q = body("Q", "gp-practice")

    def test_a_practice_of_the_council_that_belongs_to_nobody_is_missing(self) -> None:
        finding = found("whole-area", town(self.Q, relationships=(located("Q"),)))
        assert finding.outcome.value == "block"
        assert finding.message == "Practices of the area would not take part: Q."

    @pytest.mark.parametrize(
        "state",
        [
            town(Q, relationships=(located("Q", "LB"),)),
            town(Q, relationships=(located("Q", end=DAY),)),
            town(Q, U, relationships=(located("Q"), member("Q", "U"))),
            town(Q, relationships=(located("Q"), member("Q", "B"))),
            town(replace(Q, portfolio="elsewhere"), relationships=(located("Q"),)),
            town(body("H", "community-trust"), relationships=(located("H"),)),
        ],
        ids=["elsewhere", "gone", "with the neighbour", "a member", "of another portfolio", "no practice"],
    )
    def test_others_are_not(self, state: Snapshot) -> None:
        assert found("whole-area", state).outcome.value == "pass"

    def test_in_a_council_that_a_neighbour_shares_it_may_be_the_neighbours(self) -> None:
        finding = found("whole-area", town(self.Q, U, relationships=(located("Q"), located("U"))))
        assert finding.outcome.value == "advise"
        assert "Q. Whose area they are in is not known" in finding.message

    def test_a_pilot_of_the_council_is_exempt(self) -> None:
        finding = found("whole-area", town(body("Q", "pms-pilot"), relationships=(located("Q"),)))
        assert finding.outcome.value == "pass"
        assert "in pilots, which are exempt" in finding.message

    def test_a_member_of_a_pilot_of_the_council_is_exempt(self) -> None:
        pilot = body("PILOT", "pms-pilot")
        finding = found("whole-area", town(self.Q, pilot, relationships=(located("Q"), member("Q", "PILOT"))))
        assert finding.outcome.value == "pass"


def test_transfers_of_people_are_put_to_what_their_form_declares_of_people_alone() -> None:
    state = town(U, relationships=(located("U"),))
    shift = request(ChangeKind.TRANSFER, DAY, ["A", "U"], edges=(share("U", "A", "0.1"),))
    done = plan(shift, state)
    finding = finding_of("coterminous", done)
    assert finding is not None
    assert "shares LA body" in finding.message
    assert finding_of("population-in-range", done) is not None
    assert finding_of("board-composition", done) is None
    assert finding_of("consultation-held", done) is None
