"""What a change request says of itself: who comes out, who ends, which shares it leaves to be understood."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from organisations.domain.vocabulary import ChangeKind, Route, ShareBasis
from tests.factories.snapshots import move, new, request, share

DAY = date(2002, 4, 1)
N, M = new("N", on=DAY), new("M", on=DAY)


def test_a_change_of_the_same_body_ends_nothing() -> None:
    for change in (
        request(ChangeKind.RENAME, DAY, ["A"], name="X"),
        request(ChangeKind.CORRECTION, DAY, ["A"], name="X"),
        request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.LEVEL, to_form="pct-4"),
        request(ChangeKind.TRANSFER, DAY, ["A", "B"]),
    ):
        assert change.resulting == change.originals
        assert change.closing == ()
        assert change.shares() == ()


def test_a_succession_ends_the_body_and_passes_on_the_whole() -> None:
    change = request(ChangeKind.TRANSITION, DAY, ["A"], route=Route.SUCCESSION, new=(N,))
    assert (change.resulting, change.closing) == (("N",), ("A",))
    assert change.shares() == (share("A", "N"),)


def test_a_merger_passes_on_the_whole_of_each_that_ends() -> None:
    to_new = request(ChangeKind.MERGER, DAY, ["A", "B"], new=(N,))
    assert (to_new.resulting, to_new.closing) == (("N",), ("A", "B"))
    assert to_new.shares() == (share("A", "N"), share("B", "N"))
    continuing = request(ChangeKind.MERGER, DAY, ["A", "B", "C"], continuing=("B",))
    assert (continuing.resulting, continuing.closing) == (("B",), ("A", "C"))
    assert continuing.shares() == (share("A", "B"), share("C", "B"))


def test_a_separation_passes_on_no_people_unless_it_says_so() -> None:
    change = request(ChangeKind.SEPARATION, DAY, ["A"], new=(N,))
    assert (change.resulting, change.closing) == (("A", "N"), ())
    (edge,) = change.shares()
    assert (edge.share, edge.basis) == (Decimal(0), ShareBasis.NAMED_ITEMS)


def test_where_several_come_out_shares_are_not_guessed() -> None:
    assert request(ChangeKind.SPLIT, DAY, ["A"], new=(N, M)).shares() == ()
    assert request(ChangeKind.RECONFIGURATION, DAY, ["A", "B"], new=(N, M)).shares() == ()
    # B, which ends, may go to A, which continues, to N, or to both.
    assert request(ChangeKind.RECONFIGURATION, DAY, ["A", "B"], continuing=("A",), new=(N,)).shares() == ()


def test_a_reconfiguration_into_one_body_leaves_one_reading() -> None:
    assert request(ChangeKind.RECONFIGURATION, DAY, ["A", "B"], new=(N,)).shares() == (share("A", "N"), share("B", "N"))


def test_stated_shares_stand() -> None:
    stated = (share("A", "N", "0.7"),)
    assert request(ChangeKind.SEPARATION, DAY, ["A"], new=(N,), edges=stated).shares() == stated


def test_touched_bodies_are_those_that_exist_already_each_once() -> None:
    change = request(
        ChangeKind.SPLIT, DAY, ["A"], continuing=("A",), new=(N,), moves=(move("W", "A", "N"), move("V", "A", "D"))
    )
    assert change.touched == ("A", "D")
