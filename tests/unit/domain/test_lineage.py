"""Where bodies came from and what became of them.

The small graphs are drawn above the tests that use them; time runs from left to right.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.domain.lineage import Edge, HeldShare, LineageGraph
from tests.factories.snapshots import edge
from tests.oracles.shares import fates
from tests.strategies import FEW_DAYS, digraphs, successions

TINY = Decimal("1e-15")


def graph(*edges: Edge) -> LineageGraph:
    return LineageGraph.of(edges)


def shares(holdings: tuple[HeldShare, ...]) -> dict[str, str]:
    return {held.code: format(held.share.normalize(), "f") for held in holdings}


#   2010          2013
#   5P3 ─1─▶ 5QV ─┬─0.56─▶ 06K
#   5P4 ─1─▶ 5QV  └─0.44─▶ 06N
HERTFORDSHIRE = graph(
    edge("5P3", "5QV", "1", "2010"),
    edge("5P4", "5QV", "1", "2010"),
    edge("5QV", "06K", "0.56", "2013"),
    edge("5QV", "06N", "0.44", "2013"),
)

#   2001            2002            2006
#   A ─┬─0.6─▶ B ─────0.5───▶ D ──1──▶ F
#      │         └────0.5───▶ E ──1──▶ F
#      └─0.4─▶ C ─────1─────▶ E
DIAMOND = graph(
    edge("A", "B", "0.6", "2001"),
    edge("A", "C", "0.4", "2001"),
    edge("B", "D", "0.5", "2002"),
    edge("B", "E", "0.5", "2002"),
    edge("C", "E", "1", "2002"),
    edge("D", "F", "1", "2006"),
    edge("E", "F", "1", "2006"),
)


class TestShares:
    def test_multiply_along_a_path(self) -> None:
        assert shares(HERTFORDSHIRE.stand_ins("5P3")) == {"06K": "0.56", "06N": "0.44"}

    def test_add_over_paths(self) -> None:
        assert shares(DIAMOND.stand_ins("A", on=date(2005, 1, 1))) == {"E": "0.7", "D": "0.3"}
        assert shares(DIAMOND.stand_ins("A")) == {"F": "1"}

    def test_largest_first_then_by_code(self) -> None:
        even = graph(edge("A", "C", "0.5", "2001"), edge("A", "B", "0.5", "2001"))
        assert [held.code for held in even.stand_ins("A")] == ["B", "C"]
        assert [held.code for held in DIAMOND.stand_ins("A", on=date(2005, 1, 1))] == ["E", "D"]

    def test_each_tells_the_weightiest_way_it_came(self) -> None:
        # E took 0.4 of A through C and 0.3 through B.
        (most, _) = DIAMOND.stand_ins("A", on=date(2005, 1, 1))
        assert most.path == ("A", "C", "E")

    def test_a_body_without_a_change_stands_for_itself(self) -> None:
        assert HERTFORDSHIRE.stand_ins("06K") == (HeldShare("06K", Decimal(1), ("06K",)),)
        assert HERTFORDSHIRE.stand_ins("no-such-body") == (HeldShare("no-such-body", Decimal(1), ("no-such-body",)),)

    @pytest.mark.parametrize(
        ("on", "wanted"),
        [
            ("2010-03-31", {"5P3": "1"}),
            ("2010-04-01", {"5QV": "1"}),
            ("2013-03-31", {"5QV": "1"}),
            ("2013-04-01", {"06K": "0.56", "06N": "0.44"}),
        ],
    )
    def test_on_a_day_count_what_has_happened_by_it(self, on: str, wanted: dict[str, str]) -> None:
        assert shares(HERTFORDSHIRE.stand_ins("5P3", on=date.fromisoformat(on))) == wanted

    def test_an_original_that_lives_on_keeps_the_rest(self) -> None:
        #   2006
        #   A ─0.2─▶ B      A goes on with 0.8, and hands on a quarter of that in 2008
        #   A ─0.25─▶ C
        parted = graph(edge("A", "B", "0.2", "2006"), edge("A", "C", "0.25", "2008"))
        assert shares(parted.stand_ins("A")) == {"A": "0.6", "B": "0.2", "C": "0.2"}

    def test_one_that_takes_services_and_no_people_stands_with_nothing(self) -> None:
        separated = graph(edge("PCT", "CIC", "0", "2010"))
        assert shares(separated.stand_ins("PCT")) == {"PCT": "1", "CIC": "0"}

    @given(successions())
    def test_of_every_body_add_up_to_one(self, edges: list[Edge]) -> None:
        known = LineageGraph.of(edges)
        for code in {code for e in edges for code in (e.original, e.resulting)}:
            assert abs(sum(held.share for held in known.stand_ins(code)) - 1) < TINY

    @given(digraphs(), st.none() | st.sampled_from(FEW_DAYS))
    def test_are_those_of_writing_out_every_path(self, edges: list[Edge], on: date | None) -> None:
        known = LineageGraph.of(edges)
        for code in "ABCDE":
            found = {held.code: held.share for held in known.stand_ins(code, on=on)}
            wanted = fates(code, edges, on)
            assert found.keys() == wanted.keys()
            assert all(abs(found[body] - wanted[body]) < TINY for body in wanted)


class TestTime:
    def test_what_arrives_later_never_leaves_by_an_earlier_edge(self) -> None:
        #   2006          2013
        #   B ─0.5─▶ C    A ─1─▶ B       of A nothing came to C
        known = graph(edge("B", "C", "0.5", "2006"), edge("A", "B", "1", "2013"))
        assert shares(known.stand_ins("A")) == {"B": "1"}
        assert shares(known.stand_ins("B")) == {"B": "0.5", "C": "0.5"}

    def test_edges_of_one_change_apply_together(self) -> None:
        #   one change of 2006: A ─1─▶ B and B ─1─▶ C      A's people stay with B
        known = graph(edge("A", "B", "1", "2006"), edge("B", "C", "1", "2006"))
        assert shares(known.stand_ins("A")) == {"B": "1"}

    def test_changes_of_one_day_apply_in_their_order(self) -> None:
        first_in = graph(edge("A", "B", "1", "2006", 1), edge("B", "C", "0.5", "2006", 2))
        first_out = graph(edge("A", "B", "1", "2006", 2), edge("B", "C", "0.5", "2006", 1))
        assert shares(first_in.stand_ins("A")) == {"B": "0.5", "C": "0.5"}
        assert shares(first_out.stand_ins("A")) == {"B": "1"}

    def test_people_may_go_and_come_back(self) -> None:
        #   2002          2006
        #   A ─0.4─▶ B ──1──▶ A
        known = graph(edge("A", "B", "0.4", "2002"), edge("B", "A", "1", "2006"))
        assert shares(known.stand_ins("A")) == {"A": "1"}


class TestLoops:
    def test_a_body_that_succeeds_itself_is_left_out(self) -> None:
        known = graph(edge("A", "A", "1", "2006"), edge("A", "B", "1", "2007"))
        assert shares(known.stand_ins("A")) == {"B": "1"}
        assert known.successors("A").codes == ("A", "B")

    def test_walks_and_sweeps_of_a_ring_end(self) -> None:
        #   A ─▶ B ─▶ C ─▶ A, all on one day
        ring = graph(edge("A", "B", "1", "2006"), edge("B", "C", "1", "2006"), edge("C", "A", "1", "2006"))
        assert ring.successors("A").codes == ("A", "B", "C")
        assert ring.predecessors("A").codes == ("A", "C", "B")
        assert shares(ring.stand_ins("A")) == {"B": "1"}
        assert ring.origins("A")[0].share == 1

    @given(digraphs())
    def test_any_edges_at_all_come_to_an_end(self, edges: list[Edge]) -> None:
        known = LineageGraph.of(edges)
        for code in "ABCDE":
            for walk in (known.successors(code), known.predecessors(code)):
                assert walk.codes[0] == code
                assert len(set(walk.codes)) == len(walk.codes)
                assert len(set(walk.edges)) == len(walk.edges)
            known.origins(code)


class TestWalks:
    def test_every_code_once_nearest_first_with_the_edges_between(self) -> None:
        walk = DIAMOND.successors("A")
        assert walk.root == "A"
        assert walk.codes == ("A", "B", "C", "D", "E", "F")
        assert len(walk.edges) == 7

    @pytest.mark.parametrize(
        ("depth", "codes"),
        [(0, ("A",)), (1, ("A", "B", "C")), (2, ("A", "B", "C", "D", "E")), (9, ("A", "B", "C", "D", "E", "F"))],
    )
    def test_no_deeper_than_asked(self, depth: int, codes: tuple[str, ...]) -> None:
        assert DIAMOND.successors("A", depth=depth).codes == codes

    def test_no_later_than_asked(self) -> None:
        assert DIAMOND.successors("A", until=date(2002, 3, 31)).codes == ("A", "B", "C")
        assert DIAMOND.successors("A", until=date(2001, 3, 31)).codes == ("A",)

    def test_backwards_are_the_same_edges(self) -> None:
        walk = DIAMOND.predecessors("F")
        assert set(walk.codes) == set("ABCDEF")
        assert set(walk.edges) == set(DIAMOND.successors("A").edges)
        assert DIAMOND.predecessors("F", depth=1).codes == ("F", "D", "E")

    def test_of_an_unknown_body_holds_it_alone(self) -> None:
        assert DIAMOND.successors("Z").codes == ("Z",)
        assert DIAMOND.successors("Z").edges == ()


class TestOrigins:
    def test_are_the_earliest_bodies_with_what_came_of_each(self) -> None:
        assert shares(HERTFORDSHIRE.origins("06K")) == {"5P3": "0.56", "5P4": "0.56"}
        assert shares(DIAMOND.origins("E")) == {"A": "0.7"}

    def test_tell_the_way(self) -> None:
        assert HERTFORDSHIRE.origins("06N")[0].path == ("5P3", "5QV", "06N")

    def test_of_a_first_body_there_are_none(self) -> None:
        assert HERTFORDSHIRE.origins("5P3") == ()

    def test_on_a_day_count_what_has_happened_by_it(self) -> None:
        assert HERTFORDSHIRE.origins("06K", on=date(2012, 1, 1)) == ()
        assert shares(HERTFORDSHIRE.origins("5QV", on=date(2012, 1, 1))) == {"5P3": "1", "5P4": "1"}

    def test_of_a_day_are_of_what_the_body_has_then(self) -> None:
        known = graph(edge("A", "B", "1", "2002"), edge("B", "C", "0.5", "2006"))
        assert shares(known.origins("B", on=date(2005, 1, 1))) == {"A": "1"}
        assert shares(known.origins("B")) == {"A": "0.5"}

    def test_leave_out_what_joined_after_it_was_handed_on(self) -> None:
        #   2013                2015
        #   T ─0.3─▶ G          X ─1─▶ T      X is not behind G; T is
        known = graph(edge("T", "G", "0.3", "2013"), edge("X", "T", "1", "2015"))
        assert shares(known.origins("G")) == {"T": "0.3"}

    @given(successions())
    def test_hold_what_they_hold_seen_from_the_other_end(self, edges: list[Edge]) -> None:
        known = LineageGraph.of(edges)
        ends = {e.resulting for e in edges} - {e.original for e in edges}
        for end in ends:
            origins = known.origins(end)
            assert {held.code for held in origins} == {
                code for code in known.predecessors(end).codes if code != end and not known.predecessors(code).edges
            }
            for held in origins:
                forwards = {other.code: other.share for other in known.stand_ins(held.code)}
                assert abs(held.share - forwards[end]) < TINY
