"""From facts to what is stated: lives, memberships, successions, and what is held already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from organisations.domain.vocabulary import OpenedBasis
from organisations.registers.assembly import Assembled, assembled
from organisations.registers.forms import DORMANT
from organisations.registers.held import HeldBody, HeldMembership, RegisterState, plainly
from organisations.registers.oddities import OddKind, Origin
from organisations.registers.overrides import EqualShares, Settled, StatedForm, StatedSuccession
from organisations.registers.records import (
    Facts,
    RegisteredBody,
    RegisteredMembership,
    RegisteredSuccession,
)

COVERS_FROM = date(2013, 4, 1)
HEADER: dict[str, Any] = {"slug": "own", "title": "Own", "illustrative": False}
REFORM = date(2017, 4, 1)


class Register:
    """Facts put together a call at a time, and what they are assembled to."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.held = RegisterState()
        self.settled = Settled()

    def body(self, code: str, opened: date | None = COVERS_FROM, closed: date | None = None, **given: Any) -> Register:
        usual = {"name": f"NHS {code} CCG", "form": "clinical-commissioning-group", "source": "ods-eccg"}
        body = RegisteredBody(code=code, origin=Origin("x.csv", 1), opened=opened, closed=closed, **{**usual, **given})
        self.facts.bodies[code].append(body)
        return self

    def practice(self, code: str, opened: date | None = date(1974, 4, 1), closed: date | None = None) -> Register:
        return self.body(code, opened, closed, form="gp-practice", name=f"SURGERY {code}")

    def member(self, code: str, parent: str, joined: date | None = COVERS_FROM, left: date | None = None) -> Register:
        self.facts.memberships.append(
            RegisteredMembership(code, parent, Origin("x.csv", 1), "ods-epraccur", joined, left)
        )
        return self

    def succession(self, old: str, new: str, on: date | None = REFORM) -> Register:
        self.facts.successions.append(RegisteredSuccession(old, new, on, Origin("s.csv", 1), "ods-succ"))
        return self

    def holding(self, code: str, portfolio: str = "own", **given: Any) -> Register:
        usual = {
            "opened": COVERS_FROM,
            "opened_basis": OpenedBasis.RECORDED,
            "closed": None,
            "name": f"NHS {code} CCG",
            "form": "clinical-commissioning-group",
        }
        body = HeldBody(code=code, portfolio=portfolio, **{**usual, **given})
        self.held = replace(self.held, bodies={**self.held.bodies, code: body})
        return self

    def told(self) -> Assembled:
        return assembled(self.facts, self.held, self.settled, HEADER, covers_from=COVERS_FROM)

    def data(self) -> Any:
        return self.told().text.data

    def odd(self) -> list[OddKind]:
        return [each.kind for each in self.facts.oddities.met]


@pytest.fixture
def register() -> Register:
    return Register()


def spells(data: Any) -> list[tuple[str, str, date, date | None]]:
    return [
        (relationship["subject"], relationship["object"], relationship["start"], relationship.get("end"))
        for relationship in data["relationships"]
    ]


# ---------------------------------------------------------------- bodies


def test_a_new_body_is_stated_with_its_closing(register: Register) -> None:
    (stated,) = register.body("00C", closed=REFORM).data()["bodies"]
    assert (stated["opened"], stated["closed"], stated["basis"]) == (COVERS_FROM, REFORM, "register")


def test_without_an_opening_a_body_is_open_from_the_start_of_coverage(register: Register) -> None:
    (stated,) = register.body("00C", opened=None).data()["bodies"]
    assert "opened" not in stated
    assert register.odd() == [OddKind.NO_OPENING]


@pytest.mark.parametrize(
    ("opened", "closed"),
    [(date(2014, 4, 1), date(2014, 4, 1)), (date(2014, 4, 1), date(2013, 4, 1)), (None, date(2012, 4, 1))],
)
def test_a_body_that_never_lived_is_left_out(register: Register, opened: date | None, closed: date) -> None:
    assert register.body("00C", opened, closed).data()["bodies"] == []
    assert register.odd() == [OddKind.NO_LIFE]


def test_the_same_record_twice_counts_once(register: Register) -> None:
    assert len(register.body("00C").body("00C").data()["bodies"]) == 1
    assert register.odd() == [OddKind.SAME_ROW]


def test_records_that_contradict_each_other_are_left_out(register: Register) -> None:
    assert register.body("00C").body("00C", name="OTHER").data()["bodies"] == []
    assert register.odd() == [OddKind.REPEATED_CODE] * 2


def test_a_code_opened_again_has_its_latest_life(register: Register) -> None:
    register.body("00C", closed=date(2014, 4, 1)).body("00C", date(2015, 4, 1))
    (stated,) = register.data()["bodies"]
    assert (stated["opened"], "closed" in stated) == (date(2015, 4, 1), False)
    assert register.odd() == [OddKind.REOPENED]


def test_bodies_of_one_name_are_kept_apart(register: Register) -> None:
    assert len(register.body("00C", name="REDBRIDGE").body("00D", name="REDBRIDGE").data()["bodies"]) == 2
    assert register.odd() == [OddKind.SHARED_NAME]


def test_a_body_of_another_portfolio_is_only_compared(register: Register) -> None:
    told = register.body("00C", closed=REFORM).holding("00C", "england", name="NHS Darlington").told()
    assert (told.new, told.unchanged, told.differing) == (0, 0, 1)
    assert register.odd() == [OddKind.HELD_ELSEWHERE, OddKind.NAME_DIFFERS, OddKind.CLOSED_DIFFERS]


def test_an_opening_taken_from_coverage_is_not_compared(register: Register) -> None:
    register.holding("00C", opened=date(2013, 1, 1), opened_basis=OpenedBasis.COVERAGE)
    assert register.body("00C").told().unchanged == 1


@pytest.mark.parametrize(
    ("register_name", "held_name"),
    [
        ("NHS GATESHEAD CCG", "NHS Gateshead Clinical Commissioning Group"),
        ("NHS WEST LONDON (K&C & QPP) CCG", "NHS West London (K&C & QPP) Clinical Commissioning Group"),
        ("ST JOHN'S SURGERY", "St John’s Surgery"),
    ],
)
def test_names_are_compared_without_case_and_abbreviations(register_name: str, held_name: str) -> None:
    assert plainly(register_name) == plainly(held_name)


def test_a_closing_since_the_last_edition_is_a_dissolution(register: Register) -> None:
    data = register.practice("A81001", closed=REFORM).holding("A81001", name="SURGERY A81001", opened=date(1974, 4, 1))
    (change,) = data.data()["changes"]
    assert (change["kind"], change["effective_on"], change["originals"]) == ("dissolution", REFORM, ["A81001"])
    assert register.odd() == [OddKind.CLOSED_SINCE]


def test_a_closing_that_would_leave_members_behind_is_only_told(register: Register) -> None:
    register.body("00C", closed=REFORM).holding("00C")
    register.held = replace(register.held, members={"00C": frozenset({"A81001", "A81002"})})
    assert register.data()["changes"] == []
    assert register.odd() == [OddKind.CLOSED_WITH_MEMBERS]


def test_a_location_of_a_board_takes_its_form_in_july_2022(register: Register) -> None:
    register.body("00L", became="sub-icb-location", became_on=date(2022, 7, 1))
    (change,) = register.data()["changes"]
    assert (change["kind"], change["route"], change["to_form"]) == ("transition", "designation", "sub-icb-location")


def test_a_form_is_settled_by_hand(register: Register) -> None:
    register.settled = Settled(forms={"RPG": StatedForm(code="RPG", form="mental-health-trust", reason="Its services")})
    register.body("RPG", form="acute-trust", inferred=True)
    (stated,) = register.data()["bodies"]
    assert (stated["form"], stated["form_basis"]) == ("mental-health-trust", "inferred")
    assert "Its services" in stated["note"]


def test_a_foundation_trust_since_a_day_settled_by_hand(register: Register) -> None:
    since = StatedForm(code="RPG", form="foundation-trust", since=date(2007, 5, 1), reason="Monitor")
    register.settled = Settled(forms={"RPG": since})
    register.body("RPG", opened=date(1994, 4, 1), form="acute-trust", closed=REFORM)
    data = register.data()
    assert [change["kind"] for change in data["changes"]] == ["dissolution", "transition"]
    assert "closed" not in data["bodies"][0]


def test_an_override_that_speaks_of_nothing_is_told(register: Register) -> None:
    register.settled = Settled(forms={"ZZZ": StatedForm(code="ZZZ", form="acute-trust", reason="x")})
    register.told()
    assert register.odd() == [OddKind.UNUSED_OVERRIDE]


# ---------------------------------------------------------------- memberships


@pytest.mark.parametrize(
    ("joined", "left", "start", "end", "kinds"),
    [
        (date(2014, 1, 1), None, date(2014, 1, 1), None, []),
        (date(2009, 10, 1), None, COVERS_FROM, None, [OddKind.SHORTENED]),
        (None, None, COVERS_FROM, None, []),
        (COVERS_FROM, date(2014, 1, 1), COVERS_FROM, date(2014, 1, 1), []),
    ],
)
def test_a_membership_holds_while_both_live(
    register: Register, joined: date | None, left: date | None, start: date, end: date | None, kinds: list[OddKind]
) -> None:
    register.body("00K").practice("A81001").member("A81001", "00K", joined, left)
    assert spells(register.data()) == [("A81001", "00K", start, end)]
    assert register.odd() == kinds


def test_a_membership_ends_when_its_practice_closes(register: Register) -> None:
    register.body("00K").practice("A81001", closed=REFORM).member("A81001", "00K")
    assert spells(register.data()) == [("A81001", "00K", COVERS_FROM, REFORM)]
    assert register.odd() == []


def test_a_membership_ends_when_its_parent_closes_as_an_inference(register: Register) -> None:
    register.body("00K", closed=REFORM).practice("A81001").member("A81001", "00K")
    (relationship,) = register.data()["relationships"]
    assert (relationship["end"], relationship["basis"]) == (REFORM, "inferred")
    assert register.odd() == [OddKind.SHORTENED]


def test_a_membership_of_bodies_that_never_met_is_left_out(register: Register) -> None:
    register.body("00K", opened=REFORM).practice("A81001", closed=date(2014, 1, 1)).member("A81001", "00K")
    assert register.data()["relationships"] == []
    assert register.odd() == [OddKind.NEVER_MET]


def test_unknown_parents_and_members_are_told(register: Register) -> None:
    register.practice("A81001").member("A81001", "7A1").member("A99999", "7A1")
    assert register.data()["relationships"] == []
    assert register.odd() == [OddKind.UNKNOWN_PARENT, OddKind.UNKNOWN_MEMBER]


def test_a_membership_stated_by_two_registers_counts_once(register: Register) -> None:
    register.body("00K").practice("A81001").member("A81001", "00K").member("A81001", "00K")
    assert len(register.data()["relationships"]) == 1
    assert register.odd() == []


def test_memberships_of_the_same_two_do_not_overlap(register: Register) -> None:
    register.body("00K").practice("A81001").member("A81001", "00K").member("A81001", "00K", date(2014, 1, 1))
    assert spells(register.data()) == [("A81001", "00K", COVERS_FROM, None)]
    assert register.odd() == [OddKind.OVERLAPPING]


YEAR = [date(2014, 4, 1), date(2015, 4, 1), date(2016, 4, 1), date(2017, 4, 1)]


def test_a_practice_in_two_groups_at_once_is_reported_and_recorded_as_stated(register: Register) -> None:
    register.body("00K").body("00L").practice("A81001")
    register.member("A81001", "00K", YEAR[0], YEAR[2]).member("A81001", "00L", YEAR[1])
    assert spells(register.data()) == [("A81001", "00K", YEAR[0], YEAR[2]), ("A81001", "00L", YEAR[1], None)]
    assert register.odd() == [OddKind.TWO_GROUPS]


def test_a_practice_in_two_groups_for_a_day_leaves_the_first_when_it_joins_the_second(register: Register) -> None:
    register.body("00K").body("00L").practice("A81001")
    register.member("A81001", "00K", YEAR[0], YEAR[1] + timedelta(days=1)).member("A81001", "00L", YEAR[1])
    data = register.data()
    assert spells(data) == [("A81001", "00K", YEAR[0], YEAR[1]), ("A81001", "00L", YEAR[1], None)]
    assert [relationship["basis"] for relationship in data["relationships"]] == ["inferred", "register"]
    assert register.odd() == [OddKind.TWO_GROUPS_FOR_A_DAY]


def test_a_membership_of_a_single_day_is_reported(register: Register) -> None:
    register.body("00K").practice("A81001").member("A81001", "00K", YEAR[0], YEAR[0] + timedelta(days=1))
    assert len(register.data()["relationships"]) == 1
    assert register.odd() == [OddKind.SINGLE_DAY]


def test_a_practice_that_comes_back_has_each_of_its_memberships(register: Register) -> None:
    register.body("00K").body("00L").practice("A81001")
    for parent, joined, left in zip(["00K", "00L", "00K"], YEAR, [*YEAR[1:3], None], strict=False):
        register.member("A81001", parent, joined, left)
    assert spells(register.data()) == [
        ("A81001", "00K", YEAR[0], YEAR[1]),
        ("A81001", "00L", YEAR[1], YEAR[2]),
        ("A81001", "00K", YEAR[2], None),
    ]
    assert register.odd() == []


def test_where_a_register_says_who_took_a_member_over_nothing_is_carried_beside_it(register: Register) -> None:
    register.body("00A", closed=REFORM).body("00B", closed=REFORM).body("00C", REFORM).body("00D").practice("A81001")
    register.succession("00A", "00C").succession("00B", "00C")
    register.member("A81001", "00A").member("A81001", "00D", REFORM)
    assert spells(register.data()) == [("A81001", "00A", COVERS_FROM, REFORM), ("A81001", "00D", REFORM, None)]
    assert register.odd() == []


def test_a_membership_that_is_held_is_unchanged_and_another_is_told(register: Register) -> None:
    for code in ("A81001", "A81002"):
        register.practice(code).holding(code, name=f"SURGERY {code}", opened=date(1974, 4, 1))
    register.body("00K").body("00L").member("A81001", "00K").member("A81002", "00L", REFORM)
    known = [HeldMembership("00K", COVERS_FROM, None)]
    register.held = replace(register.held, memberships={"A81001": known, "A81002": known})
    told = register.told()
    assert (told.memberships, told.unchanged, told.differing) == (0, 3, 1)
    assert register.odd() == [OddKind.MEMBERSHIP_DIFFERS]


def next_edition(register: Register, *practices: str) -> Register:
    """Practices that are held as members of 00A, which this edition merges with 00B into 00C."""
    for code in ("00A", "00B"):
        register.body(code, closed=REFORM).holding(code)
    register.body("00C", REFORM).succession("00A", "00C").succession("00B", "00C")
    for code in practices:
        register.holding(code, name=f"SURGERY {code}", opened=date(1974, 4, 1))
    held = {code: [HeldMembership("00A", COVERS_FROM, None)] for code in practices}
    register.held = replace(register.held, memberships=held, members={"00A": frozenset(practices)})
    return register


@pytest.mark.parametrize(
    ("parent", "joined", "left", "odd"),
    [
        ("00C", REFORM, None, []),
        ("00A", COVERS_FROM, None, []),
        ("00A", COVERS_FROM, REFORM, []),
        ("00D", REFORM, None, [OddKind.MEMBERSHIP_DIFFERS]),
        ("00A", COVERS_FROM, YEAR[0], [OddKind.MEMBERSHIP_DIFFERS]),
    ],
)
def test_memberships_are_compared_with_the_state_after_the_changes_of_the_run(
    register: Register, parent: str, joined: date, left: date | None, odd: list[OddKind]
) -> None:
    next_edition(register, "A81001").body("00D").practice("A81001").member("A81001", parent, joined, left)
    told = register.told()
    assert register.odd() == odd
    assert (told.memberships, told.differing) == (0, len(odd))


def test_a_practice_that_closes_before_the_merger_of_the_run_is_not_carried(register: Register) -> None:
    next_edition(register, "A81001").practice("A81001", closed=YEAR[2]).member("A81001", "00A")
    assert kinds_of(register.data())[0][:2] == ("dissolution", ["A81001"])
    assert register.odd() == [OddKind.CLOSED_SINCE]


def test_a_body_whose_members_have_all_closed_by_then_is_closed_after_them(register: Register) -> None:
    register.body("00A", closed=REFORM).holding("00A").practice("A81001", closed=REFORM)
    register.holding("A81001", name="SURGERY A81001", opened=date(1974, 4, 1))
    known = {"A81001": [HeldMembership("00A", COVERS_FROM, None)]}
    register.held = replace(register.held, memberships=known, members={"00A": frozenset({"A81001"})})
    register.member("A81001", "00A")
    assert [originals for _, originals, _ in kinds_of(register.data())] == [["A81001"], ["00A"]]
    assert register.odd() == [OddKind.CLOSED_SINCE, OddKind.CLOSED_SINCE]


def test_members_of_a_body_whose_end_is_not_recorded_stay_members(register: Register) -> None:
    register.body("00A", closed=REFORM).holding("00A").practice("A81001").member("A81001", "00A")
    register.holding("A81001", name="SURGERY A81001", opened=date(1974, 4, 1))
    known = {"A81001": [HeldMembership("00A", COVERS_FROM, None)]}
    register.held = replace(register.held, memberships=known, members={"00A": frozenset({"A81001"})})
    assert register.told().new == 0
    assert register.odd() == [OddKind.CLOSED_WITH_MEMBERS]


def test_members_that_the_run_itself_carries_to_a_body_keep_it_from_being_closed(register: Register) -> None:
    next_edition(register, "A81001")
    register.facts.bodies["00C"] = [replace(register.facts.bodies["00C"][0], closed=date(2018, 4, 1))]
    register.body("00F", date(2018, 4, 1)).body("00G", date(2018, 4, 1))
    register.succession("00C", "00F", date(2018, 4, 1)).succession("00C", "00G", date(2018, 4, 1))
    register.settled.equal["00C"] = EqualShares(old="00C", reason="No count")
    register.told()
    assert OddKind.CLOSED_WITH_MEMBERS in register.odd()


def test_a_life_after_the_one_that_is_held_is_reported_as_one(register: Register) -> None:
    register.holding("00A", closed=YEAR[0]).body("00A", YEAR[2])
    told = register.told()
    assert (told.new, told.differing) == (0, 0)
    assert register.odd() == [OddKind.REOPENED_SINCE]


@pytest.mark.parametrize(("note", "odd"), [("", [OddKind.DORMANT]), (f"{DORMANT} By name.", [])])
def test_only_a_practice_that_has_become_dormant_since_is_reported(
    register: Register, note: str, odd: list[OddKind]
) -> None:
    register.body("A81001", remarks=(OddKind.DORMANT,)).holding("A81001", note=note)
    register.told()
    assert register.odd() == odd


# ---------------------------------------------------------------- successions


def kinds_of(data: Any) -> list[tuple[str, list[str], list[str]]]:
    return [
        (change["kind"], change["originals"], [entry["code"] for entry in change.get("resulting", ())])
        for change in data["changes"]
    ]


def test_one_body_followed_by_a_new_one_is_a_transition(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T", REFORM).succession("00F", "13T")
    data = register.data()
    assert kinds_of(data) == [("transition", ["00F"], ["13T"])]
    assert [body["code"] for body in data["bodies"]] == ["00F"]
    assert "closed" not in data["bodies"][0]


def test_several_followed_by_one_is_a_merger(register: Register) -> None:
    register.body("00F", closed=REFORM).body("00G", closed=REFORM).body("13T", REFORM)
    register.succession("00F", "13T").succession("00G", "13T")
    assert kinds_of(register.data()) == [("merger", ["00F", "00G"], ["13T"])]


def test_a_body_taken_over_by_one_that_was_there_is_a_merger(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T").succession("00F", "13T")
    assert kinds_of(register.data()) == [("merger", ["00F", "13T"], ["13T"])]


def test_a_merger_carries_open_memberships_over(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T", REFORM).succession("00F", "13T")
    register.practice("A81001").member("A81001", "00F")
    assert spells(register.data()) == [("A81001", "00F", COVERS_FROM, None)]


def test_members_are_not_carried_to_a_body_that_ends_with_nobody_to_follow(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T", REFORM, date(2020, 4, 1)).succession("00F", "13T")
    register.practice("A81001").member("A81001", "00F")
    data = register.data()
    assert spells(data) == [("A81001", "00F", COVERS_FROM, REFORM)]
    assert [change["kind"] for change in data["changes"]] == ["dissolution", "transition"]


def test_stated_from_both_ends_a_day_apart_counts_once_on_the_later_day(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T", REFORM)
    register.succession("00F", "13T", date(2017, 3, 31)).succession("00F", "13T", REFORM)
    assert [change["effective_on"] for change in register.data()["changes"]] == [REFORM]
    assert register.odd() == [OddKind.BOTH_ENDS, OddKind.DAY_APART]


def test_a_succession_dated_by_the_last_day_is_put_on_the_next(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T", REFORM).succession("00F", "13T", date(2017, 3, 31))
    assert [change["effective_on"] for change in register.data()["changes"]] == [REFORM]
    assert register.odd() == [OddKind.DAY_APART]


def test_a_body_that_succeeds_itself_is_told(register: Register) -> None:
    assert register.body("00F", closed=REFORM).succession("00F", "00F").data()["changes"] == []
    assert register.odd() == [OddKind.SELF_SUCCESSION]


def test_a_circle_is_told_and_what_leads_into_it_is_kept(register: Register) -> None:
    for code in ("00A", "00B", "00C"):
        register.body(code, closed=REFORM)
    register.body("00D", closed=date(2015, 4, 1))
    register.succession("00A", "00B").succession("00B", "00C").succession("00C", "00A")
    register.succession("00D", "00A", date(2015, 4, 1))
    assert [(change["kind"], change["originals"]) for change in register.data()["changes"]] == [
        ("dissolution", ["00A"]),
        ("merger", ["00D", "00A"]),
    ]
    assert register.odd() == [OddKind.CYCLE] * 3


@pytest.mark.parametrize(
    ("prepare", "kind"),
    [
        (lambda r: r.body("00F", closed=REFORM).succession("00F", "13T"), OddKind.UNKNOWN_PARTY),
        (lambda r: r.body("00F").body("13T", REFORM).succession("00F", "13T"), OddKind.PREDECESSOR_GOES_ON),
        (
            lambda r: r.body("00F", closed=REFORM).body("13T", date(2018, 4, 1)).succession("00F", "13T"),
            OddKind.GAP,
        ),
        (
            lambda r: r.body("00F", closed=REFORM).body("13T", closed=date(2016, 4, 1)).succession("00F", "13T"),
            OddKind.SUCCESSOR_NOT_THERE,
        ),
        (
            lambda r: r.body("00F", closed=REFORM).body("13T", REFORM).succession("00F", "13T", None),
            OddKind.UNDATED_SUCCESSION,
        ),
        (
            lambda r: r.body("00F", closed=REFORM).holding("13T", "england").succession("00F", "13T"),
            OddKind.OTHER_PORTFOLIO,
        ),
        (
            lambda r: r.holding("00F", closed=REFORM).body("13T", REFORM).succession("00F", "13T"),
            OddKind.LATE_SUCCESSION,
        ),
        (
            lambda r: (
                r.body("00F", closed=REFORM)
                .body("13T", REFORM)
                .succession("00F", "13T")
                .succession("00F", "13T", date(2018, 4, 1))
            ),
            OddKind.SEVERAL_DATES,
        ),
    ],
)
def test_what_stands_against_a_succession_is_told(register: Register, prepare: Any, kind: OddKind) -> None:
    assert prepare(register).data()["changes"] == []
    assert register.odd() == [kind]


def divided(register: Register) -> Register:
    register.body("00F", closed=REFORM).body("13T", REFORM).body("13U", REFORM)
    return register.succession("00F", "13T").succession("00F", "13U")


def test_shares_are_never_invented(register: Register) -> None:
    data = divided(register).data()
    assert data["changes"] == []
    assert data["bodies"][0]["closed"] == REFORM
    assert register.odd() == [OddKind.NO_SHARES] * 2


def shares(data: Any) -> list[tuple[str, Decimal, str]]:
    (change,) = data["changes"]
    assert change["kind"] == "split"
    return [(edge["resulting"], edge["share"], edge["basis"]) for edge in change["edges"]]


def test_shares_from_a_table_are_scaled_to_one(register: Register) -> None:
    register.settled.shares = {("00F", "13T"): Decimal("0.72"), ("00F", "13U"): Decimal("0.24")}
    assert shares(divided(register).data()) == [
        ("13T", Decimal("0.75"), "postcodes"),
        ("13U", Decimal("0.25"), "postcodes"),
    ]


def test_a_table_that_covers_too_little_gives_no_shares(register: Register) -> None:
    register.settled.shares = {("00F", "13T"): Decimal("0.5"), ("00F", "13U"): Decimal("0.24")}
    assert divided(register).data()["changes"] == []


def test_equal_shares_are_an_estimate_that_somebody_asked_for(register: Register) -> None:
    register.settled.equal = {"00F": EqualShares(old="00F", reason="No count survives")}
    assert shares(divided(register).data()) == [
        ("13T", Decimal("0.5"), "estimate"),
        ("13U", Decimal("0.5"), "estimate"),
    ]


def test_shares_settled_by_hand(register: Register) -> None:
    for new, share in (("13T", "0.7"), ("13U", "0.3")):
        register.settled.successions["00F", new] = StatedSuccession(
            old="00F", new=new, on=REFORM, share=Decimal(share), reason="Annual report"
        )
    assert shares(divided(register).data()) == [
        ("13T", Decimal("0.7"), "estimate"),
        ("13U", Decimal("0.3"), "estimate"),
    ]


def test_where_one_successor_cannot_be_recorded_none_is(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T", REFORM).succession("00F", "13T").succession("00F", "99Z")
    assert register.data()["changes"] == []
    assert register.odd() == [OddKind.UNKNOWN_PARTY, OddKind.PARTIAL]


def test_an_ambiguity_left_out_by_hand(register: Register) -> None:
    register.settled.successions["00F", "99Z"] = StatedSuccession(old="00F", new="99Z", leave_out=True, reason="Slip")
    register.body("00F", closed=REFORM).body("13T", REFORM).succession("00F", "13T").succession("00F", "99Z")
    assert kinds_of(register.data()) == [("transition", ["00F"], ["13T"])]


def test_a_succession_missing_from_the_register_is_added_by_hand(register: Register) -> None:
    register.settled.successions["RYK", "TAJ"] = StatedSuccession(old="RYK", new="TAJ", on=REFORM, reason="Merged")
    register.body("RYK").body("TAJ")
    data = register.data()
    assert kinds_of(data) == [("merger", ["RYK", "TAJ"], ["TAJ"])]
    assert (data["changes"][0]["basis"], data["changes"][0]["note"]) == (
        "inferred",
        "Merged; the register does not close RYK; taken to close on 2017-04-01",
    )
    assert OddKind.DATE_MOVED in register.odd()


CLOSED, OPENED = date(2017, 4, 1), date(2017, 7, 1)


@pytest.mark.parametrize(
    ("on", "moved"),
    [
        (CLOSED, ["opens 13T on 2017-07-01; taken to open on 2017-04-01"]),
        (OPENED, ["closes 00F on 2017-04-01; taken to close on 2017-07-01"]),
        (date(2017, 5, 1), ["closes 00F on 2017-04-01", "opens 13T on 2017-07-01"]),
    ],
)
def test_a_succession_across_a_gap_is_settled_and_every_date_it_moves_is_reported_and_noted(
    register: Register, on: date, moved: list[str]
) -> None:
    register.body("00F", closed=CLOSED).body("13T", OPENED).succession("00F", "13T", OPENED)
    register.settled.successions["00F", "13T"] = StatedSuccession(old="00F", new="13T", on=on, reason="One board")
    (change,) = register.data()["changes"]
    assert (change["kind"], change["effective_on"]) == ("transition", on)
    reported = [odd.particulars for odd in register.facts.oddities.met if odd.kind is OddKind.DATE_MOVED]
    assert len(reported) == len(moved)
    for words, told in zip(moved, reported, strict=True):
        assert words in told
        assert words in change["note"]
    assert change["note"].startswith("One board")


def test_a_date_that_was_moved_by_hand_is_no_difference_in_the_next_edition(register: Register) -> None:
    register.settled.successions["00F", "13T"] = StatedSuccession(old="00F", new="13T", on=OPENED, reason="One board")
    register.body("00F", closed=CLOSED).body("13T", OPENED).succession("00F", "13T", OPENED)
    register.holding("00F", closed=OPENED).holding("13T", opened=OPENED)
    register.held = replace(register.held, lineage=frozenset({("00F", "13T")}))
    assert (register.told().new, register.told().differing) == (0, 0)


def test_what_is_held_is_not_moved_by_an_override(register: Register) -> None:
    register.settled.successions["00F", "13T"] = StatedSuccession(old="00F", new="13T", on=CLOSED, reason="One board")
    register.body("00F", closed=CLOSED).holding("13T", opened=OPENED)
    assert register.data()["changes"] == []
    assert OddKind.SUCCESSOR_NOT_THERE in register.odd()


def test_a_body_ends_once(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T", REFORM).body("13U", date(2015, 4, 1)).succession("00F", "13T")
    register.settled.successions["00F", "13U"] = StatedSuccession(
        old="00F", new="13U", on=date(2015, 4, 1), reason="Mistaken"
    )
    assert kinds_of(register.data()) == [("transition", ["00F"], ["13U"])]
    assert OddKind.ENDS_TWICE in register.odd()


def test_many_to_many_is_a_reconfiguration_of_the_bodies_that_hang_together(register: Register) -> None:
    for code in ("00A", "00B", "00C"):
        register.body(code, closed=REFORM)
    register.body("13T", REFORM).body("13U", REFORM).body("13V", REFORM)
    register.succession("00A", "13T").succession("00A", "13U").succession("00B", "13U").succession("00C", "13V")
    register.settled.shares = {("00A", "13T"): Decimal("0.6"), ("00A", "13U"): Decimal("0.4")}
    assert kinds_of(register.data()) == [
        ("reconfiguration", ["00A", "00B"], ["13T", "13U"]),
        ("transition", ["00C"], ["13V"]),
    ]


def test_a_recorded_succession_is_unchanged(register: Register) -> None:
    register.body("00F", closed=REFORM).body("13T", REFORM).succession("00F", "13T")
    register.holding("00F", closed=REFORM).holding("13T", opened=REFORM)
    register.held = replace(register.held, lineage=frozenset({("00F", "13T")}))
    told = register.told()
    assert (told.new, told.unchanged) == (0, 3)
    assert register.odd() == []
