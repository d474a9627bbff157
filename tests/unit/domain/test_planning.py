"""Planning: the exact operations of every kind of change, and the state they lead to.

Operations are written out as lines (see `told`), so that a plan can be read like a list of things to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from organisations.domain import operations as ops
from organisations.domain.changes import ChangeRequest
from organisations.domain.operations import Impossible
from organisations.domain.planning import Plan, opening_plan, plan, steps
from organisations.domain.snapshot import DatedRelationship, Snapshot
from organisations.domain.vocabulary import ChangeKind, Constituency, PopulationBasis, RelationshipKind, Route
from pcorg.core.periods import Period
from tests.factories.snapshots import (
    OPENED,
    answers,
    body,
    count,
    member,
    move,
    neighbours,
    new,
    relationship,
    request,
    seat,
    share,
    world,
)

DAY = date(2002, 4, 1)
EVE = date(2002, 3, 31)
ACCOUNTABLE, SUB_COMMITTEE = RelationshipKind.ACCOUNTABLE_TO, RelationshipKind.SUB_COMMITTEE_OF
MEMBER, NEIGHBOUR, LOCATED = RelationshipKind.MEMBER_OF, RelationshipKind.NEIGHBOUR_OF, RelationshipKind.LOCATED_IN
SERVES, COMMISSIONED = RelationshipKind.SERVES, RelationshipKind.COMMISSIONED_BY


def told(operation: Any) -> str:
    """One operation as a line."""
    match operation:
        case ops.OpenRelationship(relationship=opened):
            part = "" if opened.share is None else f" {opened.share}"
            return f"{operation.verb} {opened.subject} {opened.kind} {opened.object}{part} {opened.period.start}"
        case ops.CloseRelationship():
            return f"{operation.verb} {operation.subject} {operation.kind} {operation.object} {operation.on}"
        case ops.RecordPopulation(count=counted):
            return f"{operation.verb} {operation.code} {counted.count} {counted.basis} {counted.on}"
        case ops.OpenSeat(seat=taken):
            return f"{operation.verb} {operation.code} {taken.constituency} {taken.seats} {taken.period.start}"
        case ops.RecordLineage():
            return f"{operation.verb} {operation.original} {operation.resulting} {operation.share} {operation.on}"
        case ops.MoveItem():
            return f"{operation.verb} {operation.what} {operation.giver} {operation.receiver}"
        case ops.OpenOrganisation():
            return f"{operation.verb} {operation.code} {operation.opened}"
        case ops.OpenForm():
            return f"{operation.verb} {operation.code} {operation.form} {operation.start}"
        case ops.OpenName():
            return f"{operation.verb} {operation.code} {operation.name} {operation.start}"
        case _:
            return f"{operation.verb} {operation.code} {operation.on}"


def planned(change: ChangeRequest, snapshot: Snapshot) -> Plan:
    """The plan; that every subject is one the plan knows goes for all of them."""
    made = plan(change, snapshot)
    assert {operation.subject for operation in made.operations} <= made.after.bodies.keys()
    return made


def left_behind(made: Plan) -> list[str]:
    """Members of bodies that end and whom nobody takes in."""
    assert made.request is not None
    return steps.left_behind(made.request, made.before, made.after)


def lines(made: Plan) -> list[str]:
    return [told(operation) for operation in made.operations]


def tied(snapshot: Snapshot, code: str, on: date = DAY) -> set[tuple[str, str, str]]:
    return {(one.subject, str(one.kind), one.object) for one in snapshot.relationships_of(code, on=on)}


def people(snapshot: Snapshot, *codes: str, on: date = DAY) -> list[int | None]:
    counts = [snapshot.bodies[code].count_on(on) for code in codes]
    return [counted and counted.count for counted in counts]


def opening_of(code: str, form: str = "pct-3") -> list[str]:
    return [
        f"open-organisation {code} {DAY}",
        f"open-form {code} {form} {DAY}",
        f"open-name {code} {code} body {DAY}",
    ]


def closing_of(code: str) -> list[str]:
    return [f"close-form {code} {DAY}", f"close-name {code} {DAY}", f"close-organisation {code} {DAY}"]


class TestOpeningFacts:
    def test_bodies_then_the_ties_among_them(self) -> None:
        first = new("A", "pcg-1", on=OPENED, people=90_000, seats=(seat(),), relationships=(answers("A", "HA"),))
        made = opening_plan([first, new("HA", "health-authority", on=OPENED)], [], world(), "county")
        assert lines(made) == [
            f"open-organisation A {OPENED}",
            f"open-form A pcg-1 {OPENED}",
            f"open-name A A body {OPENED}",
            f"record-population A 90000 registered {OPENED}",
            f"open-seat A gp 7 {OPENED}",
            f"open-organisation HA {OPENED}",
            f"open-form HA health-authority {OPENED}",
            f"open-name HA HA body {OPENED}",
            f"open-relationship A accountable-to HA {OPENED}",
        ]
        assert made.request is None
        assert made.after.bodies["A"].portfolio == "county"
        assert made.before.bodies == {}


class TestEstablishment:
    def test_opens_a_body_out_of_nothing(self) -> None:
        change = request(
            ChangeKind.ESTABLISHMENT,
            DAY,
            new=(
                new("N", "community-trust", on=DAY, relationships=(answers("N", "HA", DAY),), seats=(seat(start=DAY),)),
            ),
        )
        made = planned(change, world(body("HA", "health-authority")))
        assert lines(made) == [
            *opening_of("N", "community-trust"),
            f"open-seat N gp 7 {DAY}",
            f"open-relationship N accountable-to HA {DAY}",
        ]
        assert made.after.bodies["N"].alive_on(DAY)
        assert made.after.edges == ()


class TestSameBody:
    def test_level(self) -> None:
        made = planned(
            request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-4"), world(body("A", people=5))
        )
        assert lines(made) == [f"close-form A {DAY}", f"open-form A pct-4 {DAY}"]
        after = made.after.bodies["A"]
        assert (after.form_on(EVE), after.form_on(DAY)) == ("pct-3", "pct-4")
        assert (after.opened, after.closed) == (OPENED, None)
        assert made.after.edges == ()

    def test_designation_may_bring_a_name(self) -> None:
        change = request(
            ChangeKind.TRANSITION, DAY, ["A"], route=Route.DESIGNATION, to_form="care-trust", name="A Care Trust"
        )
        assert lines(planned(change, world(body("A")))) == [
            f"close-form A {DAY}",
            f"open-form A care-trust {DAY}",
            f"close-name A {DAY}",
            f"open-name A A Care Trust {DAY}",
        ]

    def test_rename(self) -> None:
        made = planned(request(ChangeKind.RENAME, DAY, ["A"], name="Another"), world(body("A")))
        assert lines(made) == [f"close-name A {DAY}", f"open-name A Another {DAY}"]
        after = made.after.bodies["A"]
        assert (after.name_on(EVE), after.name_on(DAY), after.last_name()) == ("A body", "Another", "Another")

    def test_correction_puts_right_name_and_ties(self) -> None:
        change = request(
            ChangeKind.CORRECTION,
            DAY,
            ["A"],
            name="Right",
            relationships=(relationship(LOCATED, "A", "LA", DAY),),
            corrects="old",
        )
        made = planned(change, world(body("A"), body("LA", "local-authority")))
        assert lines(made) == [
            f"close-name A {DAY}",
            f"open-name A Right {DAY}",
            f"open-relationship A located-in LA {DAY}",
        ]


class TestSuccession:
    WORLD = world(
        body("G", "pcg-2", people=120_000, seats=(seat(), seat(Constituency.LAY, 1))),
        body("HA", "health-authority"),
        body("LA", "local-authority"),
        body("B"),
        body("P1", "gp-practice"),
        relationships=(
            answers("G", "HA"),
            relationship(SUB_COMMITTEE, "G", "HA"),
            relationship(LOCATED, "G", "LA"),
            relationship(SERVES, "G", "LA", share=0.25),
            neighbours("B", "G"),
            member("P1", "G"),
        ),
    )

    def test_one_ends_another_begins_and_takes_over(self) -> None:
        made = planned(
            request(ChangeKind.TRANSITION, DAY, ["G"], route=Route.SUCCESSION, new=(new("N", on=DAY),)), self.WORLD
        )
        assert lines(made) == [
            f"close-relationship G accountable-to HA {DAY}",
            f"close-relationship G sub-committee-of HA {DAY}",
            f"close-relationship G located-in LA {DAY}",
            f"close-relationship G serves LA {DAY}",
            f"close-relationship B neighbour-of G {DAY}",
            f"close-relationship P1 member-of G {DAY}",
            f"close-form G {DAY}",
            f"close-name G {DAY}",
            f"close-board G {DAY}",
            f"close-organisation G {DAY}",
            *opening_of("N"),
            # a free-standing trust is no sub-committee; its board is stated anew or not known
            f"open-relationship N accountable-to HA {DAY}",
            f"open-relationship N located-in LA {DAY}",
            f"open-relationship N serves LA 0.25 {DAY}",
            f"open-relationship B neighbour-of N {DAY}",
            f"open-relationship P1 member-of N {DAY}",
            f"record-lineage G N 1 {DAY}",
            f"record-population N 120000 computed {DAY}",
        ]

    def test_the_state_before_and_after(self) -> None:
        after = planned(
            request(ChangeKind.TRANSITION, DAY, ["G"], route=Route.SUCCESSION, new=(new("N", on=DAY),)), self.WORLD
        ).after
        assert after.bodies["G"].life == Period(OPENED, DAY)
        assert (after.bodies["G"].form_on(EVE), after.bodies["G"].form_on(DAY)) == ("pcg-2", None)
        assert [(one.constituency, one.seats) for one in after.bodies["G"].seats_on(EVE)] == [("gp", 7), ("lay", 1)]
        assert after.bodies["G"].seats_on(DAY) == ()
        assert tied(after, "G") == set()
        assert tied(after, "G", EVE) == tied(self.WORLD, "G", EVE)

    def test_what_the_successor_states_takes_the_place_of_what_it_would_inherit(self) -> None:
        successor = new("N", on=DAY, people=125_000, relationships=(answers("N", "SHA", DAY),))
        snapshot = world(
            *self.WORLD.bodies.values(), body("SHA", "health-authority"), relationships=self.WORLD.relationships
        )
        made = planned(request(ChangeKind.TRANSITION, DAY, ["G"], route=Route.SUCCESSION, new=(successor,)), snapshot)
        assert {to for (subject, kind, to) in tied(made.after, "N") if kind == "accountable-to"} == {"SHA"}
        assert people(made.after, "N") == [125_000]
        assert tied(made.after, "N") >= {("P1", "member-of", "N"), ("B", "neighbour-of", "N")}

    def test_a_kind_stated_elsewhere_is_not_inherited(self) -> None:
        successor = new("N", on=DAY, states=frozenset({NEIGHBOUR}))
        made = planned(request(ChangeKind.TRANSITION, DAY, ["G"], route=Route.SUCCESSION, new=(successor,)), self.WORLD)
        assert not {kind for (_, kind, _) in tied(made.after, "N")} & {"neighbour-of"}


class TestMerger:
    WORLD = world(
        body("A", people=80_000),
        body("B", people=90_000),
        body("C", people=70_000),
        body("HA", "health-authority"),
        body("HB", "health-authority"),
        body("LA", "local-authority"),
        body("P1", "gp-practice"),
        body("P2", "gp-practice"),
        relationships=(
            answers("A", "HA"),
            answers("B", "HA"),
            answers("C", "HB"),
            neighbours("A", "B"),
            neighbours("A", "C"),
            neighbours("B", "C"),
            relationship(SERVES, "A", "LA", share=0.5),
            member("P1", "A"),
            member("P2", "B"),
        ),
    )

    def test_into_a_new_body(self) -> None:
        made = planned(request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),)), self.WORLD)
        assert lines(made) == [
            f"close-relationship A accountable-to HA {DAY}",
            f"close-relationship A neighbour-of B {DAY}",
            f"close-relationship A neighbour-of C {DAY}",
            f"close-relationship A serves LA {DAY}",
            f"close-relationship P1 member-of A {DAY}",
            f"close-relationship B accountable-to HA {DAY}",
            f"close-relationship B neighbour-of C {DAY}",
            f"close-relationship P2 member-of B {DAY}",
            *closing_of("A"),
            *closing_of("B"),
            *opening_of("N"),
            f"open-relationship N accountable-to HA {DAY}",
            f"open-relationship C neighbour-of N {DAY}",
            # half of A's people is some other part of the people of A and B together: not known
            f"open-relationship N serves LA {DAY}",
            f"open-relationship P1 member-of N {DAY}",
            f"open-relationship P2 member-of N {DAY}",
            f"record-lineage A N 1 {DAY}",
            f"record-lineage B N 1 {DAY}",
            f"record-population N 170000 computed {DAY}",
        ]

    def test_into_one_that_continues(self) -> None:
        made = planned(request(ChangeKind.MERGER, DAY, ["A", "B"], continuing=("A",)), self.WORLD)
        assert lines(made) == [
            f"close-relationship B accountable-to HA {DAY}",
            f"close-relationship A neighbour-of B {DAY}",
            f"close-relationship B neighbour-of C {DAY}",
            f"close-relationship P2 member-of B {DAY}",
            *closing_of("B"),
            f"open-relationship P2 member-of A {DAY}",
            f"record-lineage B A 1 {DAY}",
            f"record-population A 170000 computed {DAY}",
        ]
        assert made.after.bodies["A"].closed is None
        assert people(made.after, "A", on=EVE) == [80_000]

    def test_a_new_body_must_say_to_whom_it_answers_where_the_originals_differed(self) -> None:
        with pytest.raises(Impossible, match="HA, HB") as refusal:
            plan(request(ChangeKind.MERGER, DAY, ["B", "C"], new=(new("N", on=DAY),)), self.WORLD)
        assert (refusal.value.code, refusal.value.pointer) == ("invalid", "/resulting/0/accountable_to")
        said = new("N", on=DAY, relationships=(answers("N", "HB", DAY),))
        made = planned(request(ChangeKind.MERGER, DAY, ["B", "C"], new=(said,)), self.WORLD)
        assert {to for (_, kind, to) in tied(made.after, "N") if kind == "accountable-to"} == {"HB"}

    def test_one_that_continues_goes_on_answering_as_it_did(self) -> None:
        made = planned(request(ChangeKind.MERGER, DAY, ["B", "C"], continuing=("B",)), self.WORLD)
        assert {to for (who, kind, to) in tied(made.after, "B") if kind == "accountable-to" and who == "B"} == {"HA"}

    def test_a_member_named_in_a_move_goes_where_it_is_said(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),), moves=(move("P1", "A", "C"),))
        after = planned(change, self.WORLD).after
        assert {to for (_, _, to) in tied(after, "P1")} == {"C"}
        assert {to for (_, _, to) in tied(after, "P2")} == {"N"}


class TestSplit:
    WORLD = world(
        body("A", people=100_001, seats=(seat(),)),
        body("HA", "health-authority"),
        body("LA", "local-authority"),
        body("B"),
        body("P1", "gp-practice"),
        body("P2", "gp-practice"),
        relationships=(
            answers("A", "HA"),
            relationship(LOCATED, "A", "LA"),
            neighbours("A", "B"),
            member("P1", "A"),
            member("P2", "A"),
        ),
    )

    def test_into_new_bodies(self) -> None:
        change = request(
            ChangeKind.SPLIT,
            DAY,
            ["A"],
            new=(new("M", on=DAY), new("N", on=DAY, relationships=(relationship(LOCATED, "N", "LA", DAY),))),
            edges=(share("A", "M", "0.5"), share("A", "N", "0.5")),
            moves=(move("P1", "A", "M"), move("P2", "A", "N")),
        )
        made = planned(change, self.WORLD)
        assert lines(made) == [
            f"close-relationship A accountable-to HA {DAY}",
            f"close-relationship A located-in LA {DAY}",
            f"close-relationship A neighbour-of B {DAY}",
            f"close-relationship P1 member-of A {DAY}",
            f"close-relationship P2 member-of A {DAY}",
            f"close-form A {DAY}",
            f"close-name A {DAY}",
            f"close-board A {DAY}",
            f"close-organisation A {DAY}",
            *opening_of("M"),
            *opening_of("N"),
            f"open-relationship N located-in LA {DAY}",
            f"open-relationship M accountable-to HA {DAY}",
            f"open-relationship N accountable-to HA {DAY}",
            f"open-relationship P1 member-of M {DAY}",
            f"open-relationship P2 member-of N {DAY}",
            f"record-lineage A M 0.5 {DAY}",
            f"record-lineage A N 0.5 {DAY}",
            "move-item P1 A M",
            "move-item P2 A N",
            f"record-population M 50001 computed {DAY}",
            f"record-population N 50000 computed {DAY}",
        ]

    def test_of_one_that_continues(self) -> None:
        change = request(
            ChangeKind.SPLIT,
            DAY,
            ["A"],
            continuing=("A",),
            new=(new("N", on=DAY),),
            edges=(share("A", "N", "0.4"),),
            moves=(move("P2", "A", "N"),),
        )
        made = planned(change, self.WORLD)
        assert lines(made) == [
            f"close-relationship P2 member-of A {DAY}",
            *opening_of("N"),
            f"open-relationship N accountable-to HA {DAY}",
            f"open-relationship P2 member-of N {DAY}",
            f"record-lineage A N 0.4 {DAY}",
            "move-item P2 A N",
            f"record-population N 40000 computed {DAY}",
            f"record-population A 60001 computed {DAY}",
        ]

    def test_nobody_is_left_behind(self) -> None:
        change = request(
            ChangeKind.SPLIT,
            DAY,
            ["A"],
            new=(new("M", on=DAY), new("N", on=DAY)),
            edges=(share("A", "M", "0.5"), share("A", "N", "0.5")),
            moves=(move("P1", "A", "M"),),
        )
        assert left_behind(planned(change, self.WORLD)) == ["P2"]


class TestSeparation:
    def test_a_provider_arm_takes_services_and_no_people(self) -> None:
        snapshot = world(
            body("A", "pct-4", people=200_000),
            body("H", "community-trust"),
            relationships=(relationship(RelationshipKind.OPERATED_BY, "H", "A"),),
        )
        arm = new("N", "community-interest-company", on=DAY, relationships=(relationship(COMMISSIONED, "N", "A", DAY),))
        change = request(
            ChangeKind.SEPARATION, DAY, ["A"], new=(arm,), moves=(move("H", "A", "N"), move("podiatry", "A", "N"))
        )
        made = planned(change, snapshot)
        assert lines(made) == [
            *opening_of("N", "community-interest-company"),
            f"close-relationship H operated-by A {DAY}",
            f"open-relationship H operated-by N {DAY}",
            f"open-relationship N commissioned-by A {DAY}",
            f"record-lineage A N 0 {DAY}",
            "move-item H A N",
            "move-item podiatry A N",
        ]
        assert people(made.after, "A", "N") == [200_000, None]


class TestTransfer:
    def test_members_move_and_people_with_them(self) -> None:
        snapshot = world(
            body("A", people=100_000),
            body("B", people=50_000),
            body("P1", "gp-practice"),
            relationships=(member("P1", "A"),),
        )
        change = request(
            ChangeKind.TRANSFER, DAY, ["A", "B"], edges=(share("A", "B", "0.07"),), moves=(move("P1", "A", "B"),)
        )
        made = planned(change, snapshot)
        assert lines(made) == [
            f"close-relationship P1 member-of A {DAY}",
            f"open-relationship P1 member-of B {DAY}",
            f"record-lineage A B 0.07 {DAY}",
            "move-item P1 A B",
            f"record-population A 93000 computed {DAY}",
            f"record-population B 57000 computed {DAY}",
        ]
        assert people(made.after, "A", "B", on=EVE) == [100_000, 50_000]


class TestReconfiguration:
    WORLD = world(
        body("A", people=100),
        body("B", people=200),
        body("HA", "health-authority"),
        body("P1", "gp-practice"),
        relationships=(answers("A", "HA"), answers("B", "HA"), neighbours("A", "B"), member("P1", "B")),
    )

    def test_many_to_many_carries_over_only_what_is_said(self) -> None:
        change = request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["A", "B"],
            new=(new("M", on=DAY), new("N", on=DAY)),
            edges=(share("A", "M"), share("B", "M", "0.25"), share("B", "N", "0.75")),
            moves=(move("P1", "B", "N"),),
            relationships=(answers("M", "HA", DAY),),
        )
        made = planned(change, self.WORLD)
        assert lines(made) == [
            f"close-relationship A accountable-to HA {DAY}",
            f"close-relationship A neighbour-of B {DAY}",
            f"close-relationship B accountable-to HA {DAY}",
            f"close-relationship P1 member-of B {DAY}",
            *closing_of("A"),
            *closing_of("B"),
            *opening_of("M"),
            *opening_of("N"),
            f"open-relationship M accountable-to HA {DAY}",
            f"open-relationship P1 member-of N {DAY}",
            f"record-lineage A M 1 {DAY}",
            f"record-lineage B M 0.25 {DAY}",
            f"record-lineage B N 0.75 {DAY}",
            "move-item P1 B N",
            f"record-population M 150 computed {DAY}",
            f"record-population N 150 computed {DAY}",
        ]

    def test_members_must_be_given_a_home(self) -> None:
        change = request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["A", "B"],
            new=(new("M", on=DAY),),
        )
        assert left_behind(planned(change, self.WORLD)) == ["P1"]


class TestDissolution:
    def test_ends_bodies_and_hands_members_on(self) -> None:
        snapshot = world(
            body("A", people=3),
            body("B"),
            body("P1", "gp-practice"),
            relationships=(member("P1", "A"), neighbours("A", "B")),
        )
        made = planned(request(ChangeKind.DISSOLUTION, DAY, ["A"], moves=(move("P1", "A", "B"),)), snapshot)
        assert lines(made) == [
            f"close-relationship P1 member-of A {DAY}",
            f"close-relationship A neighbour-of B {DAY}",
            *closing_of("A"),
            f"open-relationship P1 member-of B {DAY}",
            "move-item P1 A B",
        ]
        assert made.after.edges == ()
        assert made.after.bodies["A"].counts == (count(3),)

    def test_a_member_of_an_area_body_may_not_be_left_without_one(self) -> None:
        snapshot = world(body("A"), body("P1", "gp-practice"), relationships=(member("P1", "A"),))
        assert left_behind(planned(request(ChangeKind.DISSOLUTION, DAY, ["A"]), snapshot)) == ["P1"]

    def test_of_a_pilot_may_leave_its_practices_as_they_were_before_it(self) -> None:
        snapshot = world(body("A", "pms-pilot"), body("P1", "gp-practice"), relationships=(member("P1", "A"),))
        made = planned(request(ChangeKind.DISSOLUTION, DAY, ["A"]), snapshot)
        assert made.after.bodies["A"].closed == DAY
        assert left_behind(made) == []

    def test_a_member_with_another_home_is_not_left_behind(self) -> None:
        snapshot = world(
            body("A"), body("B"), body("P1", "gp-practice"), relationships=(member("P1", "A"), member("P1", "B"))
        )
        assert left_behind(planned(request(ChangeKind.DISSOLUTION, DAY, ["A"]), snapshot)) == []

    def test_a_member_that_ends_too_is_not_left_behind(self) -> None:
        snapshot = world(body("A"), body("P1", "gp-practice"), relationships=(member("P1", "A"),))
        assert left_behind(planned(request(ChangeKind.DISSOLUTION, DAY, ["A", "P1"]), snapshot)) == []


class TestSeveralChangesOnOneDay:
    def test_neighbours_that_both_give_way(self) -> None:
        # A ── B becomes A ── N becomes M ── N; A and N would have been neighbours for no time at all.
        start = world(body("A", "pcg-2"), body("B", "pcg-2"), relationships=(neighbours("A", "B"),))
        first = request(ChangeKind.TRANSITION, DAY, ["B"], route=Route.SUCCESSION, new=(new("N", on=DAY),))
        second = request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.SUCCESSION, new=(new("M", on=DAY),))
        after = planned(second, planned(first, start).after).after
        assert tied(after, "M") == {("M", "neighbour-of", "N")}
        assert tied(after, "A", EVE) == {("A", "neighbour-of", "B")}
        assert {(one.subject, one.object) for one in after.relationships} == {("A", "B"), ("M", "N")}

    def test_two_may_not_both_name_a_body(self) -> None:
        start = planned(request(ChangeKind.RENAME, DAY, ["A"], name="One"), world(body("A"))).after
        with pytest.raises(Impossible, match="began on") as refusal:
            plan(request(ChangeKind.RENAME, DAY, ["A"], name="Other"), start)
        assert refusal.value.code == "conflict"


class TestTiesBeyondTheEnd:
    LONGER = relationship(COMMISSIONED, "A", "B", OPENED, date(2010, 4, 1))

    def test_what_was_stated_to_end_later_ends_with_its_body(self) -> None:
        snapshot = world(body("A"), body("B"), relationships=(self.LONGER,))
        after = planned(request(ChangeKind.DISSOLUTION, DAY, ["A"]), snapshot).after
        assert [(one.period, one.due) for one in after.relationships] == [(Period(OPENED, DAY), date(2010, 4, 1))]

    def test_and_its_heir_has_it_until_the_day_that_was_stated(self) -> None:
        snapshot = world(body("A"), body("B"), relationships=(self.LONGER,))
        change = request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.SUCCESSION, new=(new("N", on=DAY),))
        after = planned(change, snapshot).after
        assert [(one.subject, one.period) for one in after.relationships] == [
            ("A", Period(OPENED, DAY)),
            ("N", Period(DAY, date(2010, 4, 1))),
        ]

    def test_the_parts_of_a_divided_body_keep_it_until_then(self) -> None:
        snapshot = world(body("A"), body("B"), relationships=(self.LONGER,))
        parts = (new("M", on=DAY), new("N", on=DAY))
        edges = (share("A", "M", "0.5"), share("A", "N", "0.5"))
        after = planned(request(ChangeKind.SPLIT, DAY, ["A"], new=parts, edges=edges), snapshot).after
        assert {one.subject: one.period for one in after.relationships} == {
            "A": Period(OPENED, DAY),
            "M": Period(DAY, date(2010, 4, 1)),
            "N": Period(DAY, date(2010, 4, 1)),
        }

    def test_a_member_that_moves_keeps_the_day_on_which_it_was_to_leave(self) -> None:
        leaving = relationship(MEMBER, "P1", "A", OPENED, date(2010, 4, 1))
        snapshot = world(body("A"), body("B"), body("P1", "gp-practice"), relationships=(leaving,))
        change = request(ChangeKind.TRANSFER, DAY, ["A", "B"], moves=(move("P1", "A", "B"),))
        after = planned(change, snapshot).after
        assert {one.object: one.period for one in after.relationships} == {
            "A": Period(OPENED, DAY),
            "B": Period(DAY, date(2010, 4, 1)),
        }

    def test_of_two_that_come_together_the_longer_counts(self) -> None:
        relationships = (
            relationship(COMMISSIONED, "A", "C", OPENED, date(2010, 4, 1)),
            relationship(COMMISSIONED, "B", "C"),
        )
        snapshot = world(body("A"), body("B"), body("C"), relationships=relationships)
        after = planned(request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),)), snapshot).after
        assert [one.period for one in after.relationships if one.subject == "N"] == [Period(DAY)]

    def test_what_another_change_ended_later_is_not_ended_earlier(self) -> None:
        ended_later = replace(self.LONGER, ended_by=7)
        with pytest.raises(Impossible, match="later change ended it on 1 April 2010") as refusal:
            plan(request(ChangeKind.DISSOLUTION, DAY, ["A"]), world(body("A"), body("B"), relationships=(ended_later,)))
        assert refusal.value.code == "conflict"

    def test_a_body_may_not_end_before_one_that_has_yet_to_begin(self) -> None:
        snapshot = world(body("A"), body("B"), relationships=(relationship(COMMISSIONED, "A", "B", date(2010, 4, 1)),))
        with pytest.raises(Impossible) as refusal:
            plan(request(ChangeKind.DISSOLUTION, DAY, ["A"]), snapshot)
        assert refusal.value.code == "conflict"

    def test_ties_that_are_over_are_left_alone(self) -> None:
        over = relationship(COMMISSIONED, "A", "B", OPENED, date(2001, 4, 1))
        after = planned(
            request(ChangeKind.DISSOLUTION, DAY, ["A"]), world(body("A"), body("B"), relationships=(over,))
        ).after
        assert after.relationships == (over,)


class TestStatedClosing:
    """A is listed with its closing: its form, its name and its ties end with it, and no change explains that."""

    CLOSES = date(2010, 4, 1)
    LIFE = Period(OPENED, CLOSES)

    def listed(self, *relationships: DatedRelationship) -> Snapshot:
        board = replace(seat(), period=self.LIFE)
        bodies = [
            new("A", on=OPENED, closed=self.CLOSES, seats=(board,)),
            new("B", on=OPENED),
            new("HA", "health-authority", on=OPENED),
            new("P1", "gp-practice", on=OPENED),
        ]
        answered = relationship(ACCOUNTABLE, "A", "HA", OPENED, self.CLOSES)
        return opening_plan(bodies, [answered, *relationships], world(), "county").after

    def test_it_is_renamed_in_its_life(self) -> None:
        after = planned(request(ChangeKind.RENAME, DAY, ["A"], name="New"), self.listed()).after
        names = [(one.name, one.period) for one in after.bodies["A"].names]
        assert names == [("A body", Period(OPENED, DAY)), ("New", Period(DAY, self.CLOSES))]
        assert [one.period for one in after.bodies["A"].seats] == [self.LIFE]

    def test_it_changes_level_in_its_life(self) -> None:
        change = request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-4")
        forms = [(one.form, one.period) for one in planned(change, self.listed()).after.bodies["A"].forms]
        assert forms == [("pct-3", Period(OPENED, DAY)), ("pct-4", Period(DAY, self.CLOSES))]

    def test_it_answers_to_another_until_it_closes(self) -> None:
        change = request(ChangeKind.CORRECTION, DAY, ["A"], relationships=(answers("A", "B", DAY),))
        after = planned(change, self.listed()).after
        assert {one.object: one.period for one in after.relationships} == {
            "HA": Period(OPENED, DAY),
            "B": Period(DAY, self.CLOSES),
        }

    def test_it_takes_over_another_and_what_that_had_until_it_closes(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], continuing=("A",))
        after = planned(change, self.listed(member("P1", "B"))).after
        assert [one.period for one in after.relationships if one.object == "A"] == [Period(DAY, self.CLOSES)]

    def test_its_members_pass_on(self) -> None:
        change = request(ChangeKind.TRANSFER, DAY, ["A", "B"], moves=(move("P1", "A", "B"),))
        after = planned(change, self.listed(relationship(MEMBER, "P1", "A", OPENED, self.CLOSES))).after
        assert [one.period for one in after.relationships if one.subject == "P1"] == [
            Period(OPENED, DAY),
            Period(DAY, self.CLOSES),
        ]

    def test_it_passes_on_to_an_heir_as_a_member_until_it_closes(self) -> None:
        change = request(ChangeKind.TRANSITION, DAY, ["B"], route=Route.SUCCESSION, new=(new("N", on=DAY),))
        after = planned(change, self.listed(relationship(MEMBER, "A", "B", OPENED, self.CLOSES))).after
        assert [one.period for one in after.relationships if one.object == "N"] == [Period(DAY, self.CLOSES)]

    def test_what_is_stated_without_an_end_lasts_until_it_closes(self) -> None:
        joins = new("N", on=DAY, relationships=(relationship(MEMBER, "N", "A", DAY),))
        after = planned(request(ChangeKind.ESTABLISHMENT, DAY, new=(joins,)), self.listed()).after
        assert [one.period for one in after.relationships if one.subject == "N"] == [Period(DAY, self.CLOSES)]

    def test_a_change_does_not_close_it_on_another_day_and_says_what_to_do(self) -> None:
        change = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),))
        with pytest.raises(Impossible, match=r"recorded as closing on 1 April 2010.*Leave its closing date out"):
            plan(change, self.listed())


class TestContributions:
    def test_apps_above_add_operations_from_the_state_before(self) -> None:
        snapshot = world(body("A"))
        change = request(ChangeKind.RENAME, DAY, ["A"], name="Another")
        seen: list[tuple[ChangeRequest, Snapshot]] = []

        def contribute(asked: ChangeRequest, before: Snapshot) -> Iterable[ops.Operation]:
            seen.append((asked, before))
            return [ops.MoveItem("a contract", "A", "A")]

        made = plan(change, snapshot, [contribute])
        assert lines(made)[-1] == "move-item a contract A A"
        assert seen == [(change, snapshot)]


def test_a_plan_leaves_the_state_it_started_from_alone() -> None:
    before = TestMerger.WORLD
    copy = (dict(before.bodies), before.relationships, before.edges)
    made = plan(request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),)), before)
    assert made.before is before
    assert (dict(before.bodies), before.relationships, before.edges) == copy


def test_what_a_change_works_out_says_so() -> None:
    made = plan(request(ChangeKind.MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),)), TestMerger.WORLD)
    (counted,) = made.after.bodies["N"].counts
    assert counted.known.note == "computed from the originals' populations and shares"
    assert counted.basis is PopulationBasis.COMPUTED
    assert (counted.on, counted.counted_on) == (DAY, OPENED)
    assert [(part.code, part.count, part.share) for part in counted.parts] == [("A", 80_000, 1), ("B", 90_000, 1)]
    carried = {one.known.note for one in made.after.relationships_of("N", on=DAY)}
    assert carried == {"carried over from A", "carried over from B"}
