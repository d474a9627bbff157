"""Integrity: what no change may do. Every problem is found, each with its code and where in the request it lies."""

from __future__ import annotations

from datetime import date

import pytest

from organisations.domain.changes import ChangeRequest
from organisations.domain.integrity import CARDINALITY, problems_of
from organisations.domain.vocabulary import ChangeKind, Route
from tests.factories.snapshots import body, move, new, request, share, world

DAY = date(2002, 4, 1)
ESTABLISHMENT, TRANSITION, MERGER = ChangeKind.ESTABLISHMENT, ChangeKind.TRANSITION, ChangeKind.MERGER
SPLIT, SEPARATION, TRANSFER = ChangeKind.SPLIT, ChangeKind.SEPARATION, ChangeKind.TRANSFER
RECONFIGURATION, RENAME = ChangeKind.RECONFIGURATION, ChangeKind.RENAME
DISSOLUTION, CORRECTION = ChangeKind.DISSOLUTION, ChangeKind.CORRECTION

WORLD = world(
    body("A"),
    body("B"),
    body("C", "pcg-2"),
    body("OLD", closed=date(2001, 4, 1)),
    body("LATER", opened=date(2005, 4, 1)),
    body("FRESH", opened=DAY),
    body("ELSEWHERE", portfolio="another"),
)
HALVES = (share("A", "N", "0.5"), share("A", "M", "0.5"))

FINE = {
    "establishment": request(ESTABLISHMENT, DAY, new=(new("N", on=DAY),)),
    "level": request(TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-4"),
    "designation": request(TRANSITION, DAY, ["A"], route=Route.DESIGNATION, to_form="care-trust"),
    "succession": request(TRANSITION, DAY, ["C"], route=Route.SUCCESSION, new=(new("N", on=DAY),)),
    "merger to a new body": request(MERGER, DAY, ["A", "B"], new=(new("N", on=DAY),)),
    "merger into one that continues": request(MERGER, DAY, ["A", "B"], continuing=("A",)),
    "split": request(SPLIT, DAY, ["A"], new=(new("N", on=DAY), new("M", on=DAY)), edges=HALVES),
    "split of one that continues": request(
        SPLIT, DAY, ["A"], continuing=("A",), new=(new("N", on=DAY),), edges=(share("A", "N", "0.3"),)
    ),
    "separation": request(SEPARATION, DAY, ["A"], new=(new("N", "community-interest-company", on=DAY),)),
    "transfer": request(TRANSFER, DAY, ["A", "B"], edges=(share("A", "B", "0.1"),), moves=(move("W", "A", "B"),)),
    "reconfiguration": request(
        RECONFIGURATION,
        DAY,
        ["A", "B"],
        new=(new("N", on=DAY), new("M", on=DAY)),
        edges=(*HALVES, share("B", "M")),
    ),
    "rename": request(RENAME, DAY, ["A"], name="Another name"),
    "dissolution": request(DISSOLUTION, DAY, ["A"], moves=(move("W", "A", "B"),)),
    "correction": request(CORRECTION, DAY, ["A"], name="The right name"),
}


@pytest.mark.parametrize("change", FINE.values(), ids=FINE)
def test_nothing_is_wrong_with_what_is_allowed(change: ChangeRequest) -> None:
    assert problems_of(change, WORLD) == []


def test_every_kind_has_its_numbers_of_bodies() -> None:
    assert CARDINALITY.keys() == set(ChangeKind)
    assert {change.kind for change in FINE.values()} == set(ChangeKind)


N, M = new("N", on=DAY), new("M", on=DAY)
WRONG = {
    # how many
    "an establishment takes nothing in": (request(ESTABLISHMENT, DAY, ["A"], new=(N,)), "invalid", "/originals"),
    "an establishment opens one": (request(ESTABLISHMENT, DAY, new=(N, M)), "invalid", "/resulting"),
    "a merger takes two": (request(MERGER, DAY, ["A"], new=(N,)), "invalid", "/originals"),
    "a merger ends in one": (
        request(MERGER, DAY, ["A", "B"], new=(N,), continuing=("A",), edges=(share("B", "N"),)),
        "invalid",
        "/resulting",
    ),
    "a split makes two": (request(SPLIT, DAY, ["A"], new=(N,), edges=(share("A", "N"),)), "invalid", "/resulting"),
    "a separation takes one": (request(SEPARATION, DAY, ["A", "B"], new=(N,)), "invalid", "/originals"),
    "a transfer takes two": (request(TRANSFER, DAY, ["A"]), "invalid", "/originals"),
    "a transfer opens none": (request(TRANSFER, DAY, ["A", "B"], new=(N,)), "invalid", "/resulting"),
    "a rename concerns one": (request(RENAME, DAY, ["A", "B"], name="X"), "invalid", "/originals"),
    "a dissolution leaves none": (request(DISSOLUTION, DAY, ["A"], new=(N,)), "invalid", "/resulting"),
    "a correction names a body": (request(CORRECTION, DAY), "invalid", "/originals"),
    # routes
    "a transition says its route": (request(TRANSITION, DAY, ["A"], to_form="pct-4"), "invalid", "/route"),
    "a transition is not by merger": (
        request(TRANSITION, DAY, ["A"], route=Route.MERGER, new=(N,)),
        "invalid",
        "/route",
    ),
    "by level no body opens": (
        request(TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-4", new=(N,)),
        "invalid",
        "/resulting",
    ),
    "by succession one opens": (request(TRANSITION, DAY, ["A"], route=Route.SUCCESSION), "invalid", "/resulting"),
    "by level the form is said": (request(TRANSITION, DAY, ["A"], route=Route.LEVEL), "invalid", "/to_form"),
    "the form exists": (request(TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-9"), "invalid", "/to_form"),
    "the form is another": (
        request(TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-3"),
        "invalid",
        "/originals/0",
    ),
    "a rename says the name": (request(RENAME, DAY, ["A"], name=""), "invalid", "/name"),
    # who goes in
    "an original exists": (request(MERGER, DAY, ["A", "NIX"], new=(N,)), "unknown-organisation", "/originals/1"),
    "an original is not over": (request(MERGER, DAY, ["A", "OLD"], new=(N,)), "not-in-force", "/originals/1"),
    "an original has begun": (request(MERGER, DAY, ["LATER", "A"], new=(N,)), "not-in-force", "/originals/0"),
    "an original does not end as it opens": (
        request(MERGER, DAY, ["A", "FRESH"], new=(N,)),
        "conflict",
        "/originals/1",
    ),
    "an original is of this portfolio": (
        request(MERGER, DAY, ["A", "ELSEWHERE"], new=(N,)),
        "conflict",
        "/originals/1",
    ),
    "an original is named once": (request(MERGER, DAY, ["A", "B", "A"], new=(N,)), "invalid", "/originals/0"),
    # who comes out
    "a code is not used again": (
        request(MERGER, DAY, ["A", "B"], new=(new("C", on=DAY),)),
        "code-in-use",
        "/resulting/0/code",
    ),
    "nor that of a body long gone": (
        request(MERGER, DAY, ["A", "B"], new=(new("OLD", on=DAY),)),
        "code-in-use",
        "/resulting/0/code",
    ),
    "who continues went in": (
        request(SPLIT, DAY, ["A"], continuing=("B",), new=(N,), edges=(share("A", "N"),)),
        "code-in-use",
        "/resulting/0/code",
    ),
    "new bodies differ": (request(SPLIT, DAY, ["A"], new=(N, N), edges=(share("A", "N"),)), "invalid", "/resulting"),
    "a new body's form exists": (
        request(ESTABLISHMENT, DAY, new=(new("N", "pct-9", on=DAY),)),
        "invalid",
        "/resulting/0/form",
    ),
    "those that continue are counted first": (
        request(
            SPLIT, DAY, ["A"], continuing=("A",), new=(new("N", "pct-9", on=DAY),), edges=(share("A", "N", "0.5"),)
        ),
        "invalid",
        "/resulting/1/form",
    ),
    # shares
    "shares of one that ends come to one": (
        request(SPLIT, DAY, ["A"], new=(N, M), edges=(share("A", "N", "0.5"), share("A", "M", "0.4"))),
        "invalid",
        "/originals/0",
    ),
    "they are stated where several come out": (request(SPLIT, DAY, ["A"], new=(N, M)), "invalid", "/originals/0"),
    "even where but one is new": (
        request(RECONFIGURATION, DAY, ["A", "B"], continuing=("A",), new=(N,)),
        "invalid",
        "/originals/1",
    ),
    "one that continues gives no more than it has": (
        request(TRANSFER, DAY, ["A", "B", "C"], edges=(share("A", "B", "0.6"), share("A", "C", "0.6"))),
        "invalid",
        "/originals/0",
    ),
    "a share leaves an original": (
        request(TRANSFER, DAY, ["A", "B"], edges=(share("C", "B", "0.1"),)),
        "invalid",
        "/edges/0/original",
    ),
    "a share comes to one that results": (
        request(TRANSFER, DAY, ["A", "B"], edges=(share("A", "C", "0.1"),)),
        "invalid",
        "/edges/0/resulting",
    ),
    "a share is not to itself": (
        request(TRANSFER, DAY, ["A", "B"], edges=(share("A", "A", "0.1"),)),
        "invalid",
        "/edges/0",
    ),
    "a share is not below nothing": (
        request(TRANSFER, DAY, ["A", "B"], edges=(share("A", "B", "-0.1"),)),
        "invalid",
        "/edges/0/share",
    ),
    "a share is stated once": (
        request(TRANSFER, DAY, ["A", "B"], edges=(share("A", "B", "0.1"), share("A", "B", "0.2"))),
        "invalid",
        "/edges/1",
    ),
    "a dissolution hands on nobody": (
        request(DISSOLUTION, DAY, ["A"], edges=(share("A", "B"),)),
        "invalid",
        "/edges/0/resulting",
    ),
    # moves
    "a giver is an original": (
        request(TRANSFER, DAY, ["A", "B"], moves=(move("W", "C", "B"),)),
        "invalid",
        "/moves/0/from",
    ),
    "a receiver exists": (
        request(TRANSFER, DAY, ["A", "B"], moves=(move("W", "A", "B"), move("V", "A", "NIX"))),
        "unknown-organisation",
        "/moves/1/to",
    ),
    "a receiver is in force": (
        request(DISSOLUTION, DAY, ["A"], moves=(move("W", "A", "OLD"),)),
        "unknown-organisation",
        "/moves/0/to",
    ),
}


@pytest.mark.parametrize(("change", "code", "pointer"), WRONG.values(), ids=WRONG)
def test_one_problem_and_where(change: ChangeRequest, code: str, pointer: str) -> None:
    assert [(problem.code, problem.pointer) for problem in problems_of(change, WORLD)] == [(code, pointer)]


def test_a_share_above_one_is_wrong_in_itself_and_in_the_sum() -> None:
    change = request(TRANSFER, DAY, ["A", "B"], edges=(share("A", "B", "1.1"),))
    assert {problem.pointer for problem in problems_of(change, WORLD)} == {"/edges/0/share", "/originals/0"}


def test_a_merger_into_nothing_is_wrong_in_number_and_in_shares() -> None:
    assert [problem.pointer for problem in problems_of(request(MERGER, DAY, ["A", "B"]), WORLD)] == [
        "/resulting",
        "/originals/0",
        "/originals/1",
    ]


def test_all_problems_are_told_at_once() -> None:
    change = request(
        RECONFIGURATION,
        DAY,
        ["NIX", "OLD", "A"],
        continuing=("B",),
        new=(new("C", "pct-9", on=DAY),),
        edges=(share("A", "C", "0.5"), share("Z", "C")),
        moves=(move("W", "B", "NIX"),),
    )
    assert {(problem.code, problem.pointer) for problem in problems_of(change, WORLD)} == {
        ("unknown-organisation", "/originals/0"),
        ("not-in-force", "/originals/1"),
        ("code-in-use", "/resulting/0/code"),
        ("code-in-use", "/resulting/1/code"),
        ("invalid", "/resulting/1/form"),
        ("invalid", "/originals/0"),
        ("invalid", "/originals/1"),
        ("invalid", "/originals/2"),
        ("invalid", "/edges/1/original"),
        ("invalid", "/moves/0/from"),
        ("unknown-organisation", "/moves/0/to"),
    }


def test_messages_name_the_body_and_its_life() -> None:
    (problem,) = problems_of(request(DISSOLUTION, DAY, ["OLD"]), WORLD)
    assert problem.message == (
        "OLD body (OLD) is not in force on 1 April 2002: it opened on 1 April 1999 and closed on 1 April 2001."
    )
