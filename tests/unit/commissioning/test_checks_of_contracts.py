"""The checks that nothing is lost, both ways: contracts with oneself, and what nobody takes over."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.domain.movement import movements
from commissioning.domain.operations import CloseHolding
from commissioning.domain.vocabulary import EndReason
from organisations.domain.planning import plan
from organisations.domain.vocabulary import ChangeKind
from tests.factories import holdings as make
from tests.factories.snapshots import move, request, share
from tests.unit.commissioning.checking import DAY, Case, assert_finds, found, merger, separation, transfer

SERVICE = "district-nurses"
FROM_HOSPITAL = transfer("COMMUNITY", "T", moves=(move(SERVICE, "COMMUNITY", "T"),))
LAPSES = "As moves say, these end, for both parts come to one body, which then does the work itself: "
WITH_ITSELF = "Both parties would be one body, which has no contract with itself: "


def remedy(what: str) -> str:
    return (
        f" Say in moves what becomes of each: it ends where it is named {what}; it goes on where it is named to pass "
        "to a third body."
    )


CONFLICTS = {
    "two that merge": Case(
        merger("T", "U"),
        "block",
        f"{WITH_ITSELF}Contract C (C) between T body, U body, £1,000 a year.{remedy('“C” from U to N')}",
        (make.contract("C", "T", "U"),),
    ),
    "of unknown value": Case(
        merger("T", "U"),
        "block",
        f"{WITH_ITSELF}Contract C (C) between T body, U body.{remedy('“C” from U to N')}",
        (make.contract("C", "T", "U", None),),
    ),
    "into one of them": Case(
        merger("T", "U", into="U"),
        "block",
        f"{WITH_ITSELF}Contract C (C) between T body, U body, £1,000 a year.{remedy('“C” from T to U')}",
        (make.contract("C", "T", "U"),),
    ),
    "a provider hands its services to the commissioner": Case(
        FROM_HOSPITAL,
        "block",
        f"{WITH_ITSELF}Contract C (C) between T body, COMMUNITY body, £1,000 a year."
        f"{remedy('“C” from COMMUNITY to T')}",
        (make.provision("S", SERVICE, "COMMUNITY", "T"), make.contract("C", "T", "COMMUNITY", services=[SERVICE])),
    ),
    "each is named": Case(
        merger("T", "U"),
        "block",
        f"{WITH_ITSELF}Contract C (C) between T body, U body, £1,000 a year; Contract D (D) between U body, T body, "
        f"£2,000 a year.{remedy('“C” from U to N; “D” from T to N')}",
        (make.contract("C", "T", "U"), make.contract("D", "U", "T", "2000.00")),
    ),
    "only a part of it": Case(
        request(
            ChangeKind.RECONFIGURATION,
            DAY,
            ["T", "U"],
            continuing=("T", "U"),
            edges=(share("T", "U", "0.25"),),
        ),
        "block",
        f"{WITH_ITSELF}Contract C (C) between T body, U body, £1,000 a year.{remedy('“C” from T to U')}",
        (make.contract("C", "T", "U"),),
    ),
    "an agreement can be": Case(
        merger("T", "U"),
        "pass",
        "1 contract passes on, and no body would have one with itself.",
        (make.contract("C", "T", "U", agreement=True),),
    ),
    "with somebody else": Case(
        merger("T", "U"),
        "pass",
        "2 contracts pass on, and no body would have one with itself.",
        (make.contract("C", "T", "HOSPITAL"), make.contract("D", "U", "HOSPITAL")),
    ),
    "over before the day": Case(merger("T", "U"), None, things=(make.contract("C", "T", "U", end=DAY),)),
    "no contract moves": Case(FROM_HOSPITAL, None, things=(make.provision("S", SERVICE, "COMMUNITY", "T"),)),
    "named to lapse": Case(
        merger("T", "U", moves=(move("C", "U", "N"),)),
        "pass",
        f"{LAPSES}Contract C (C) between T body, U body, £1,000 a year.",
        (make.contract("C", "T", "U"),),
    ),
    "one lapses and one passes": Case(
        transfer("COMMUNITY", "T", moves=(*FROM_HOSPITAL.moves, move("C", "COMMUNITY", "T"))),
        "pass",
        "1 contract passes on, and no body would have one with itself. "
        f"{LAPSES}Contract C (C) between T body, COMMUNITY body, £1,000 a year.",
        (
            make.provision("S", SERVICE, "COMMUNITY", "T"),
            make.contract("C", "T", "COMMUNITY", services=[SERVICE]),
            make.contract("D", "U", "COMMUNITY", services=[SERVICE]),
        ),
    ),
    "named to a third body": Case(
        merger("T", "U", moves=(move("C", "U", "HOSPITAL"),)),
        "pass",
        "1 contract passes on, and no body would have one with itself.",
        (make.contract("C", "T", "U"),),
    ),
    "one named and one not": Case(
        merger("T", "U", moves=(move("C", "U", "N"),)),
        "block",
        f"{WITH_ITSELF}Contract D (D) between U body, T body, £2,000 a year.{remedy('“D” from T to N')}",
        (make.contract("C", "T", "U"), make.contract("D", "U", "T", "2000.00")),
    ),
}


@pytest.mark.parametrize("case", CONFLICTS.values(), ids=CONFLICTS.keys())
def test_contract_conflict(case: Case) -> None:
    assert_finds("contract-conflict", case)


BLOCKED = {name: case for name, case in CONFLICTS.items() if case.outcome == "block"}


@pytest.mark.parametrize("case", BLOCKED.values(), ids=BLOCKED.keys())
def test_what_the_remedy_says_settles_it(case: Case) -> None:
    """To write what the finding says into moves, word for word, is all it takes."""
    named = re.findall(r"“(\w+)” from (\w+) to (\w+)", case.says)
    moves = (*case.change.moves, *(move(what, giver, receiver) for what, giver, receiver in named))
    settled = replace(case, change=replace(case.change, moves=moves))
    finding = found("contract-conflict", settled)
    assert finding is not None
    assert finding.outcome.value == "pass"
    for what, _, _ in named:
        assert f"({what})" in finding.message
    done = plan(settled.change, settled.county(), [movements])
    closings = [one for one in done.operations if isinstance(one, CloseHolding) and one.why is EndReason.LAPSED]
    assert {one.holding.item for one in closings} >= {what for what, _, _ in named}
    assert {one.effect(done.before)[1]["because"] for one in closings} == {EndReason.LAPSED.label}


@given(st.lists(st.sampled_from([("T", "U"), ("U", "T"), ("T", "HOSPITAL"), ("HOSPITAL", "U")]), max_size=5), st.data())
def test_a_merger_is_blocked_exactly_where_the_merging_have_a_contract(
    between: list[tuple[str, str]], data: st.DataObject
) -> None:
    agreed = data.draw(st.lists(st.booleans(), min_size=len(between), max_size=len(between)))
    pairs = list(zip(between, agreed, strict=True))
    things = [make.contract(f"C{at}", *pair, agreement=only) for at, (pair, only) in enumerate(pairs)]
    finding = found("contract-conflict", Case(merger("T", "U"), None, things=tuple(things)))
    blocked = finding is not None and finding.outcome.value == "block"
    assert blocked == any("HOSPITAL" not in pair and not only for pair, only in pairs)
    assert (finding is None) == (not between)


def dissolution(code: str, *moves: tuple[str, str, str]) -> Case:
    return Case(request(ChangeKind.DISSOLUTION, DAY, [code], moves=tuple(move(*each) for each in moves)), None)


def of(case: Case, outcome: str | None, says: str = "", *things: make.Thing) -> Case:
    return replace(case, outcome=outcome, says=says, things=things)


POOL = (make.pool("Q", "T", hosts=True), make.pool("Q", "COUNCIL", "500.00"))
LEFT = {
    "everything": of(
        dissolution("T"),
        "block",
        "Nobody would take over 1 contract (£1,000 a year), 1 budget (£2,000 a year), 1 pooled budget (£1,000 a year), "
        "1 service provided, 1 staff group, 1 building, 1 provider arm, 1 group of services: Contract C, Budget M, "
        "Pool Q, Service S, Staff W, Building P and 2 more. Say in moves where each goes.",
        make.contract("C", "T", "HOSPITAL"),
        make.budget("M", "T", "2000.00"),
        make.pool("Q", "T"),
        make.provision("S", SERVICE, "T"),
        make.staffing("W", "T"),
        make.premises("P", "T"),
        make.arm("V", "T"),
        make.group("G", "V", "T", SERVICE),
    ),
    "one thing of two": of(
        dissolution("T", ("C", "T", "U")),
        "block",
        "Nobody would take over 1 budget (£1,000 a year): Budget M. Say in moves where each goes.",
        make.contract("C", "T", "HOSPITAL"),
        make.budget("M", "T"),
    ),
    "nothing": of(
        dissolution("T", ("C", "T", "U"), ("M", "T", "U")),
        "pass",
        "All that they held has a home: 1 contract (£1,000 a year), 1 budget (£1,000 a year).",
        make.contract("C", "T", "HOSPITAL"),
        make.budget("M", "T"),
    ),
    "a merger leaves nothing": of(
        Case(merger("T", "U"), None),
        "pass",
        "All that they held has a home: 2 budgets (£3,000 a year).",
        make.budget("M", "T"),
        make.budget("L", "U", "2000.00"),
    ),
    "what begins later counts too": of(
        dissolution("T"),
        "block",
        "Nobody would take over 1 building: Building P. Say in moves where each goes.",
        make.premises("P", "T", start=DAY.replace(year=2005)),
    ),
    "what is over does not": of(dissolution("T"), None, "", make.premises("P", "T", end=DAY)),
    "nobody held anything": of(dissolution("T"), None),
    "a pool without its council": of(
        dissolution("COUNCIL", ("Q", "COUNCIL", "T")),
        "block",
        "Pool Q (Q) would have no council in it: a pooled budget is money of the NHS and a council.",
        *POOL,
    ),
    "a pool with another council": of(
        dissolution("COUNCIL", ("Q", "COUNCIL", "OTHER")),
        "pass",
        "All that they held has a home: 1 pooled budget (£500 a year).",
        *POOL,
    ),
    "a pool that never had one": of(
        dissolution("T", ("Q", "T", "U")),
        "pass",
        "All that they held has a home: 1 pooled budget (£1,000 a year).",
        make.pool("Q", "T"),
    ),
    "a contract covers more than goes": of(
        Case(separation(moves=(move(SERVICE, "T", "ARM"),)), None),
        "advise",
        "Some services go and some stay, and one contract covers both, so that it stays: Contract C. "
        "Name it in moves if it is to go.",
        make.provision("S", SERVICE, "T"),
        make.contract("C", "U", "T", services=[SERVICE, "audiology"]),
    ),
    "a contract covers what goes": of(
        Case(separation(moves=(move(SERVICE, "T", "ARM"),)), None),
        None,
        "",
        make.provision("S", SERVICE, "T"),
        make.contract("C", "U", "T", services=[SERVICE]),
    ),
}


@pytest.mark.parametrize("case", LEFT.values(), ids=LEFT.keys())
def test_nothing_left_behind(case: Case) -> None:
    assert_finds("nothing-left-behind", case)


@given(st.sets(st.sampled_from("CMPS")))
def test_a_dissolution_is_blocked_exactly_while_something_has_no_home(named: set[str]) -> None:
    things = (
        make.contract("C", "T", "HOSPITAL"),
        make.budget("M", "T"),
        make.premises("P", "T"),
        make.provision("S", SERVICE, "T"),
    )
    finding = found(
        "nothing-left-behind",
        of(dissolution("T", *((what, "T", "U") for what in sorted(named))), None, "", *things),
    )
    assert finding is not None
    assert (finding.outcome.value == "pass") == (named == set("CMPS"))
    told = finding.message.partition(": ")[2]
    for what, title in zip("CMPS", ("Contract C", "Budget M", "Building P", "Service S"), strict=True):
        assert (title in told) == (what not in named and named != set("CMPS"))
