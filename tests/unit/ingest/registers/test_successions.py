"""Circles among successions, held against a slow and obvious look at every way round."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from organisations.registers.oddities import Oddities, OddKind, Origin
from organisations.registers.overrides import Settled
from organisations.registers.records import RegisteredSuccession
from organisations.registers.successions import in_order

ON = date(2017, 4, 1)
CODES = st.sampled_from("ABCDEFG")
PAIRS = st.sets(st.tuples(CODES, CODES).filter(lambda pair: pair[0] != pair[1]), max_size=14)


def leads(start: str, goal: str, pairs: set[tuple[str, str]]) -> bool:
    """Whether the pairs lead from one body to another, by growing what is reached until nothing is added."""
    reached = {start}
    while True:
        more = {new for old, new in pairs if old in reached} - reached
        if not more:
            return goal in reached
        reached |= more


@given(PAIRS)
def test_exactly_what_lies_on_a_circle_is_left_out(pairs: set[tuple[str, str]]) -> None:
    oddities = Oddities()
    stated = [RegisteredSuccession(old, new, ON, Origin("s.csv", 1), "ods-succ") for old, new in sorted(pairs)]
    kept = {each.pair for each in in_order(stated, Settled(), oddities)}
    assert kept == {(old, new) for old, new in pairs if not leads(new, old, pairs)}
    assert {odd.kind for odd in oddities.met} <= {OddKind.CYCLE}
    assert len(oddities.met) == len(pairs) - len(kept)
