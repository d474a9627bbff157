"""What is not recorded is unknown and never nought, in sums and in the totals of bodies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.domain.operations import held_in
from commissioning.domain.totals import totals
from commissioning.domain.vocabulary import HoldingKind
from organisations.domain.totals import UNKNOWN, Knowledge, Total, total_of, totals_of
from organisations.domain.vocabulary import RelationshipKind
from tests.factories import holdings as held
from tests.factories.snapshots import body, member, relationship, world

DAY = date(2010, 4, 1)
FIGURES = st.lists(st.none() | st.integers(0, 10**6))


@given(FIGURES, st.booleans())
def test_a_sum_is_known_only_where_every_figure_is(figures: list[int | None], complete: bool) -> None:
    found = total_of(figures, complete=complete)
    known = [figure for figure in figures if figure is not None]
    missing = None in figures or not complete
    assert (found.amount is None) == (missing and not known)
    assert found.amount in {None, sum(known)}
    assert (found.knowledge is Knowledge.KNOWN) == (not missing)


@given(FIGURES, FIGURES)
def test_adding_to_a_sum_never_makes_it_better_known(some: list[int | None], more: list[int | None]) -> None:
    if not total_of(some).complete:
        assert not total_of(some + more).complete


def test_nothing_is_nought_only_where_everything_is_recorded() -> None:
    assert total_of([], Decimal("0.00")) == Total(Decimal("0.00"))
    assert total_of([], complete=False) == UNKNOWN
    with pytest.raises(ValueError, match="not complete"):
        Total(None)


def test_a_body_that_lies_in_no_council_lies_in_one_that_is_not_recorded() -> None:
    lies = relationship(RelationshipKind.LOCATED_IN, "A", "LA")
    state = world(body("A"), body("B"), body("LA", "local-authority"), relationships=[lies])
    assert totals_of(["A"], state, DAY).councils == Total(1)
    assert totals_of(["A", "B"], state, DAY).councils == Total(1, complete=False)
    assert totals_of(["B"], state, DAY).councils == UNKNOWN
    assert totals_of(["LA"], state, DAY).councils == Total(0)
    assert totals_of([], state, DAY).councils == Total(0)


def test_members_are_unknown_where_none_was_ever_recorded() -> None:
    left = relationship(RelationshipKind.MEMBER_OF, "Q", "C", end=date(2005, 4, 1))
    bodies = [body(code) for code in ("A", "B", "C")] + [body(code, "gp-practice") for code in ("P", "Q")]
    state = world(*bodies, relationships=[member("P", "A"), left])
    assert totals_of(["A"], state, DAY).members == Total(1)
    assert totals_of(["C"], state, DAY).members == Total(0)
    assert totals_of(["B"], state, DAY).members == UNKNOWN


def test_people_not_counted_are_not_nought() -> None:
    state = world(body("A", people=100), body("B"))
    assert totals_of(["B"], state, DAY).population == UNKNOWN
    assert totals_of(["A", "B"], state, DAY).population == Total(100, complete=False)
    assert totals_of(["A"], state, DAY).population == Total(100)


@pytest.mark.parametrize(
    ("recorded", "portfolios", "wanted"),
    [
        ({"here"}, {"A": "here"}, Total(1)),
        ({"here"}, {"B": "here"}, Total(0)),
        ({"here"}, {"C": "elsewhere"}, UNKNOWN),
        ({"here"}, {"A": "here", "C": "elsewhere"}, Total(1, complete=False)),
        (set(), {"A": "here"}, Total(1, complete=False)),
    ],
    ids=["holds one", "has none", "not recorded", "one recorded, one not", "held through another portfolio"],
)
def test_what_bodies_hold_is_known_where_their_portfolios_record_it(
    recorded: set[str], portfolios: dict[str, str], wanted: Total
) -> None:
    kinds = {(slug, HoldingKind.CONTRACT) for slug in recorded}
    state = held.holding(world(), held.contract("K", "A", "Z"), recorded=kinds)
    found = totals(portfolios, held_in(state), DAY)
    assert found["contracts"] == wanted
    assert found["contract_value"].knowledge is wanted.knowledge
    assert found["budget"] == found["staff_wte"] == found["pooled"] == UNKNOWN
