"""What each kind of change does to what its bodies hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commissioning.domain.holdings import HOSTS, Holding, Holdings
from commissioning.domain.movement import movements
from commissioning.domain.operations import CloseHolding, OpenHolding
from commissioning.domain.vocabulary import EndReason, PartyRole, Separation
from organisations.domain.changes import ChangeRequest
from organisations.domain.effects import effects_of
from organisations.domain.operations import Impossible
from organisations.domain.planning import Plan, plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, Route
from pcorg.core.periods import Period
from tests.factories import holdings as make
from tests.factories.snapshots import OPENED, body, move, new, request, share, world

DAY = date(2009, 4, 1)
EVE = DAY - timedelta(days=1)
LATER = date(2011, 4, 1)
SERVICE = "district-nurses"


def county(*things: make.Thing) -> Snapshot:
    """Trusts A, B and C, a hospital, a council and a health authority, and what they hold."""
    bodies = [body(code, "pct-4") for code in "ABC"]
    bodies += [body("HOSPITAL", "community-trust"), body("COUNCIL", "local-authority"), body("HA", "health-authority")]
    return make.holding(world(*bodies), *things)


def planned(change: ChangeRequest, before: Snapshot) -> Plan:
    return plan(change, before, [movements])


def held_after(change: ChangeRequest, *things: make.Thing, on: date = DAY) -> dict[Any, Any]:
    return make.held_on(planned(change, county(*things)).after, on)


def holdings(change: ChangeRequest, *things: make.Thing) -> list[Holding]:
    return list(planned(change, county(*things)).after.parts["commissioning"].holdings)


def merger(*originals: str, into: str = "N") -> ChangeRequest:
    if into in originals:
        return request(ChangeKind.MERGER, DAY, originals, continuing=(into,))
    return request(ChangeKind.MERGER, DAY, originals, new=(new(into, on=DAY),))


def split(*parts: str, moves: tuple[Any, ...] = ()) -> ChangeRequest:
    """A divided among new bodies N0, N1 …"""
    codes = [f"N{number}" for number in range(len(parts))]
    edges = tuple(share("A", code, part) for code, part in zip(codes, parts, strict=True))
    return request(
        ChangeKind.SPLIT, DAY, ["A"], new=tuple(new(code, on=DAY) for code in codes), edges=edges, moves=moves
    )


def separation(*moves: Any) -> ChangeRequest:
    arm = new("ARM", "community-interest-company", on=DAY)
    return request(ChangeKind.SEPARATION, DAY, ["A"], new=(arm,), moves=moves)


def transfer(*moves: Any, originals: tuple[str, ...] = ("A", "B")) -> ChangeRequest:
    return request(ChangeKind.TRANSFER, DAY, originals, moves=moves)


def dissolution(*moves: Any) -> ChangeRequest:
    return request(ChangeKind.DISSOLUTION, DAY, ["A"], moves=moves)


class TestSuccessionAndMerger:
    def test_a_succession_hands_on_everything_in_every_part(self) -> None:
        change = request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.SUCCESSION, new=(new("N", on=DAY),))
        assert held_after(
            change,
            make.contract("C1", "A", "HOSPITAL"),
            make.contract("C2", "B", "A"),
            make.provision("S1", SERVICE, "A"),
            make.provision("S2", SERVICE, "HOSPITAL", "A"),
            make.premises("P1", "A"),
        ).keys() == {
            ("C1", ("N", "HOSPITAL")),
            ("C2", ("B", "N")),
            ("S1", ("N", "N")),
            ("S2", ("HOSPITAL", "N")),
            ("P1", ("N",)),
        }

    def test_a_pilots_contract_goes_to_the_authority_that_succeeds(self) -> None:
        change = request(ChangeKind.TRANSITION, DAY, ["HA"], route=Route.SUCCESSION, new=(new("SHA", on=DAY),))
        assert held_after(change, make.contract("C", "HA", "B")).keys() == {("C", ("SHA", "B"))}

    def test_what_is_held_together_is_added_up_where_its_holders_become_one(self) -> None:
        shares = make.pool("Q", "A", "100.25", hosts=True), make.pool("Q", "B", "50.00"), make.pool("Q", "COUNCIL")
        after = holdings(merger("A", "B"), *shares)
        joint = next(each for each in after if each.bodies == ("N",))
        assert joint.amount("amount") == Decimal("150.25")
        assert joint.state == HOSTS

    def test_a_body_that_goes_on_adds_what_it_takes_to_what_it_has(self) -> None:
        after = holdings(merger("A", "B", into="A"), make.budget("M", "A", "10.00"), make.budget("M", "B", "5.50"))
        assert [(each.period, each.amount("amount")) for each in after if each.bodies == ("A",)] == [
            (Period(OPENED, DAY), Decimal("10.00")),
            (Period(DAY), Decimal("15.50")),
        ]

    def test_what_ends_at_different_times_is_added_up_for_each_time(self) -> None:
        after = holdings(
            merger("A", "B"), make.budget("M", "A", "10.00", end=LATER), make.budget("M", "B", "5.00", start=EVE)
        )
        assert [(each.period, each.amount("amount")) for each in after if each.bodies == ("N",)] == [
            (Period(DAY, LATER), Decimal("15.00")),
            (Period(LATER), Decimal("5.00")),
        ]

    def test_a_known_amount_and_an_unknown_one_leave_what_is_known(self) -> None:
        change = merger("A", "B")
        before = county(make.pool("Q", "A", "10.00"), make.pool("Q", "B", None), make.provision("S", SERVICE, "A"))
        done = planned(change, before)
        assert make.held_on(done.after, DAY)["Q", ("N",)] == (Decimal("10.00"),)
        told = next(one.after for one in effects_of(done) if one.after.get("code") == "Q")
        assert told["partly_unknown"] == ["amount"]

    def test_what_nobody_knows_stays_unknown(self) -> None:
        assert held_after(merger("A", "B"), make.pool("Q", "A", None), make.pool("Q", "B", None)) == {
            ("Q", ("N",)): (None,)
        }

    def test_what_is_stated_to_begin_later_goes_too_and_keeps_its_days(self) -> None:
        after = holdings(merger("A", "B"), make.budget("M", "A", start=LATER, end=date(2012, 4, 1)))
        assert [(each.bodies, each.period) for each in after] == [(("N",), Period(LATER, date(2012, 4, 1)))]

    def test_what_is_over_stays_where_it_was(self) -> None:
        old = make.budget("M", "A", end=DAY)
        assert holdings(merger("A", "B"), old) == [old[1]]

    def test_a_contract_between_two_that_become_one_ends_and_says_why(self) -> None:
        done = planned(merger("A", "B"), county(make.contract("C", "A", "B")))
        assert make.held_on(done.after, DAY) == {}
        (closing,) = [one for one in done.operations if isinstance(one, CloseHolding)]
        assert closing.why is EndReason.WITH_ITSELF
        assert "contract with itself" in closing.effect(done.before)[1]["because"]

    def test_an_agreement_between_two_that_become_one_goes_on(self) -> None:
        assert held_after(merger("A", "B"), make.contract("C", "A", "B", agreement=True)).keys() == {("C", ("N", "N"))}

    def test_both_arms_go_to_the_merged_trust(self) -> None:
        arms = make.arm("V1", "A", Separation.INTERNAL), make.arm("V2", "B")
        after = holdings(merger("A", "B"), *arms, make.group("G", "V1", "A", SERVICE))
        assert {(each.item, each.state) for each in after if each.bodies == ("N",)} == {
            ("V1", "internal"),
            ("V2", "none"),
            ("G", ""),
        }


class TestDivision:
    def test_amounts_are_divided_so_that_the_parts_add_up(self) -> None:
        after = held_after(
            split("0.333333", "0.333333", "0.333334"),
            make.budget("M", "A", "100.00"),
            make.provision("S", SERVICE, "A", wte="10.00", value="0.02", contacts=100),
        )
        assert {key: value for key, value in after.items() if key[0] == "M"} == {
            ("M", ("N0",)): (Decimal("33.33"),),
            ("M", ("N1",)): (Decimal("33.33"),),
            ("M", ("N2",)): (Decimal("33.34"),),
        }
        parts = [value for key, value in after.items() if key[0] == "S"]
        assert [sum(column) for column in zip(*parts, strict=True)] == [Decimal("10.00"), Decimal("0.02"), 100]
        assert {key[1] for key in after if key[0] == "S"} == {("N0", "N0"), ("N1", "N1"), ("N2", "N2")}

    def test_unknown_parts_of_the_unknown(self) -> None:
        assert set(held_after(split("0.5", "0.5"), make.budget("M", "A", None)).values()) == {(None,)}

    def test_what_has_no_amount_goes_whole_to_the_largest_share(self) -> None:
        things = make.premises("P", "A"), make.arm("V", "A"), make.group("G", "V", "A", SERVICE)
        assert held_after(split("0.4", "0.6"), *things).keys() == {("P", ("N1",)), ("V", ("N1",)), ("G", ("N1",))}

    def test_of_a_divided_host_the_largest_part_hosts(self) -> None:
        after = holdings(split("0.4", "0.6"), make.pool("Q", "A", hosts=True), make.pool("Q", "COUNCIL"))
        assert {each.bodies: each.state for each in after if each.period.holds(DAY)} == {
            ("N0",): "",
            ("N1",): HOSTS,
            ("COUNCIL",): "",
        }

    def test_one_that_goes_on_keeps_what_it_does_not_give_away(self) -> None:
        change = request(
            ChangeKind.SPLIT, DAY, ["A"], continuing=("A",), new=(new("N", on=DAY),), edges=(share("A", "N", "0.25"),)
        )
        assert held_after(change, make.budget("M", "A", "10.01"), make.premises("P", "A")) == {
            ("M", ("A",)): (Decimal("7.51"),),
            ("M", ("N",)): (Decimal("2.50"),),
            ("P", ("A",)): (),
        }

    def test_shares_of_several_meet_in_one(self) -> None:
        change = request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["A", "B"],
            new=(new("N", on=DAY), new("M", on=DAY)),
            edges=(share("A", "N", "0.5"), share("A", "M", "0.5"), share("B", "M", "1")),
        )
        assert held_after(change, make.pool("Q", "A", "1.00"), make.pool("Q", "B", "1.00")) == {
            ("Q", ("N",)): (Decimal("0.50"),),
            ("Q", ("M",)): (Decimal("1.50"),),
        }

    def test_where_both_parties_are_divided_each_part_meets_each(self) -> None:
        change = request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["A", "B"],
            new=tuple(new(code, on=DAY) for code in ("N", "M", "L", "K")),
            edges=(share("A", "N", "0.5"), share("A", "M", "0.5"), share("B", "L", "0.2"), share("B", "K", "0.8")),
        )
        assert held_after(change, make.contract("C", "A", "B", "10.00")) == {
            ("C", ("N", "L")): (Decimal("1.00"),),
            ("C", ("N", "K")): (Decimal("4.00"),),
            ("C", ("M", "L")): (Decimal("1.00"),),
            ("C", ("M", "K")): (Decimal("4.00"),),
        }

    def test_what_is_named_goes_whole_and_is_not_divided(self) -> None:
        after = held_after(
            split("0.5", "0.5", moves=(move(SERVICE, "A", "N1"), move("M", "A", "N0"))),
            make.provision("S", SERVICE, "A"),
            make.staffing("W", "A", service=SERVICE),
            make.budget("M", "A", "10.00"),
            make.budget("M2", "A", "10.00"),
        )
        assert after.keys() == {
            ("S", ("N1", "N1")), ("W", ("N1",)), ("M", ("N0",)), ("M2", ("N0",)), ("M2", ("N1",)),
        }  # fmt: skip


class TestNamedItems:
    THINGS = (
        make.arm("V", "A"),
        make.group("G", "V", "A", SERVICE, "self-care"),
        make.provision("S1", SERVICE, "A"),
        make.provision("S2", "self-care", "A"),
        make.provision("S3", "audiology", "A"),
        make.staffing("W1", "A", service=SERVICE),
        make.staffing("W2", "A"),
        make.contract("C1", "A", "A", services=(SERVICE, "self-care"), agreement=True),
        make.contract("C2", "A", "A", services=(SERVICE, "audiology"), agreement=True),
        make.contract("C3", "B", "A", services=(SERVICE,)),
        make.contract("C4", "A", "HOSPITAL", services=(SERVICE,)),
        make.budget("M", "A"),
    )

    def moved(self, change: ChangeRequest) -> set[tuple[str, tuple[str, ...]]]:
        """What is held otherwise than before."""
        before = county(*self.THINGS)
        return set(make.held_on(planned(change, before).after, DAY)) - set(make.held_on(before, DAY))

    def test_a_group_takes_its_services_their_staff_and_the_contracts_that_are_all_theirs(self) -> None:
        assert self.moved(separation(move("G", "A", "ARM"))) == {
            ("G", ("ARM",)),
            ("S1", ("ARM", "A")),
            ("S2", ("ARM", "A")),
            ("W1", ("ARM",)),
            ("C1", ("A", "ARM")),
            ("C3", ("B", "ARM")),
        }

    def test_a_service_takes_what_is_provided_of_it(self) -> None:
        assert self.moved(separation(move(SERVICE, "A", "ARM"))) == {
            ("S1", ("ARM", "A")),
            ("W1", ("ARM",)),
            ("C3", ("B", "ARM")),
        }

    def test_an_arm_takes_its_groups(self) -> None:
        assert {("V", ("ARM",)), ("G", ("ARM",)), ("S2", ("ARM", "A"))} <= self.moved(separation(move("V", "A", "ARM")))

    @pytest.mark.parametrize(
        ("what", "held"),
        [("C2", ("A", "ARM")), ("C4", ("ARM", "HOSPITAL")), ("M", ("ARM",)), ("W2", ("ARM",)), ("S3", ("ARM", "A"))],
    )
    def test_one_thing_goes_by_its_code(self, what: str, held: tuple[str, ...]) -> None:
        assert self.moved(separation(move(what, "A", "ARM"))) == {(what, held)}

    def test_nothing_goes_unnamed(self) -> None:
        assert self.moved(separation()) == set()
        assert self.moved(transfer(move("A ward", "A", "B"))) == set()

    def test_a_transfer_to_one_that_provides_it_already_adds_up(self) -> None:
        shared = make.provision("S", SERVICE, "A", "C"), make.provision("S", SERVICE, "B", "C")
        after = held_after(transfer(move("S", "A", "B")), *shared)
        assert after == {("S", ("B", "C")): (Decimal("20.00"), Decimal("2000.00"), 200)}

    def test_what_is_not_held_cannot_be_given(self) -> None:
        with pytest.raises(Impossible) as refusal:
            planned(transfer(move("M", "B", "A")), county(*self.THINGS))
        assert refusal.value.pointer == "/moves/0/what"
        assert "B does not hold Budget M (M)" in refusal.value.message


class TestDissolution:
    def test_what_is_named_goes_and_what_is_left_ends(self) -> None:
        done = planned(
            dissolution(move("C1", "A", "B")),
            county(make.contract("C1", "A", "HOSPITAL"), make.contract("C2", "A", "HOSPITAL"), make.budget("M", "A")),
        )
        assert make.held_on(done.after, DAY).keys() == {("C1", ("B", "HOSPITAL"))}
        assert {one.holding.item: one.why for one in done.operations if isinstance(one, CloseHolding)} == {
            "C1": EndReason.PASSED_ON,
            "C2": EndReason.LEFT_BEHIND,
            "M": EndReason.LEFT_BEHIND,
        }

    def test_one_that_ends_gives_every_part_it_has(self) -> None:
        assert held_after(dissolution(move("S", "A", "B")), make.provision("S", SERVICE, "A")).keys() == {
            ("S", ("B", "B"))
        }


@pytest.mark.parametrize(
    "change",
    [
        request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-3"),
        request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.DESIGNATION, to_form="care-trust"),
        request(ChangeKind.RENAME, DAY, ["A"], name="Another name"),
        request(ChangeKind.ESTABLISHMENT, DAY, new=(new("N", on=DAY),)),
        transfer(originals=("A", "B")),
    ],
    ids=["level", "designation", "rename", "establishment", "transfer of nothing"],
)
def test_some_changes_move_nothing(change: ChangeRequest) -> None:
    before = county(make.budget("M", "A"), make.contract("C", "A", "B"), make.provision("S", SERVICE, "A"))
    assert list(movements(change, before)) == []


class TestOperations:
    def test_nobody_holds_before_or_after_its_life(self) -> None:
        item, held = make.budget("M", "A")
        before = make.holding(world(body("A", opened=DAY)), (item, replace(held, period=Period(EVE, DAY))))
        with pytest.raises(Impossible, match="not in force"):
            before.after([OpenHolding(replace(held, period=Period(EVE)))])
        closed = make.holding(world(replace(body("A"), closed=DAY)), (item, replace(held, period=Period(OPENED, EVE))))
        with pytest.raises(Impossible, match="closes on 1 April 2009"):
            closed.after([OpenHolding(replace(held, period=Period(EVE)))])

    def test_nothing_is_held_twice_by_the_same(self) -> None:
        item, held = make.budget("M", "A")
        before = county((item, held))
        with pytest.raises(Impossible, match="already hold"):
            before.after([OpenHolding(replace(held, period=Period(LATER)))])
        with pytest.raises(Impossible, match="no longer held as it was"):
            before.after([CloseHolding(held, DAY), CloseHolding(held, DAY)])

    @pytest.mark.parametrize("thing", [make.premises, make.arm])
    def test_what_goes_whole_has_one_holder_at_a_time(self, thing: Any) -> None:
        item, held = thing("M", "A")
        before = county((item, held))
        by_another = replace(held, parties=((PartyRole.ORGANISATION, "B"),))
        with pytest.raises(Impossible, match=r"^A already holds .*M"):
            before.after([OpenHolding(replace(by_another, period=Period(LATER)))])
        assert before.after([CloseHolding(held, DAY), OpenHolding(replace(by_another, period=Period(DAY)))])

    def test_the_state_before_stays_as_it_was(self) -> None:
        before = county(make.budget("M", "A"), make.budget("M", "B"))
        was = make.held_on(before, DAY)
        planned(merger("A", "B"), before)
        assert make.held_on(before, DAY) == was

    def test_a_state_without_a_change_is_the_state_before_it(self) -> None:
        item, held = make.budget("M", "A", "10.00", end=LATER)
        ended = replace(held, period=Period(OPENED, DAY), ended_by=7, due=LATER)
        begun = replace(held, parties=((held.parties[0][0], "N"),), period=Period(DAY, LATER), begun_by=7)
        struck = replace(held, period=Period(LATER), ended_by=7)
        state = Holdings([item], [ended, begun], struck=[struck])
        assert set(state.without({7}).holdings) == {held, replace(struck, ended_by=None)}
        assert set(state.without({8}).holdings) == {ended, begun}
