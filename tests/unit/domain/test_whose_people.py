"""Whose people are where: what stands for a body, what lies behind one, and how each share is known.

Forwards and backwards are one: over all bodies of a day the shares of any original add up to its whole.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from organisations.domain.lineage import Edge, LineageGraph, LineageShare
from organisations.domain.vocabulary import ShareEvidence
from tests.factories.snapshots import edge
from tests.oracles import people
from tests.strategies import FIRST, History, histories

TINY = Decimal("1e-12")
FOUNDERS = "ABCD"
SOME_DAYS = st.integers(0, 20).map(lambda number: FIRST + timedelta(days=number))


def graph(history: History) -> LineageGraph:
    return LineageGraph.of(history.edges, opened=history.opened)


def told(known: LineageGraph, code: str, **asked: date) -> dict[str, str]:
    """The shares of a body with how each is known: `0.5`, or `0.5 through B`."""
    return {
        held.code: f"{held.share.quantize(Decimal('1e-9')).normalize():f}"
        + (f" through {' '.join(held.composed_through)}" if held.composed_through else "")
        for held in known.stand_ins(code, **asked)
    }


def behind(known: LineageGraph, code: str, **asked: date) -> dict[str, str]:
    return {held.code: f"{held.share.normalize():f}" for held in known.origins(code, **asked)}


def lineage(*edges: Edge, opened: dict[str, str] | None = None, links: tuple[LineageShare, ...] = ()) -> LineageGraph:
    days = {code: date.fromisoformat(day) for code, day in (opened or {}).items()}
    return LineageGraph.of(edges, opened=days, links=links)


class TestProperties:
    @given(histories(), st.none() | SOME_DAYS)
    def test_shares_are_those_of_moving_people_about(self, history: History, on: date | None) -> None:
        held = people.parcels(FOUNDERS, history.edges, on=on)
        known = graph(history)
        for code in FOUNDERS:
            found = {one.code: one.share for one in known.stand_ins(code, on=on)}
            wanted = people.shares(held, code)
            assert found.keys() == wanted.keys()
            assert all(abs(found[body] - wanted[body]) < TINY for body in wanted)

    @given(histories())
    def test_whoever_mixed_with_others_is_said_to_have(self, history: History) -> None:
        held = people.parcels(FOUNDERS, history.edges)
        known = graph(history)
        for code in FOUNDERS:
            for one in known.stand_ins(code):
                if one.share:
                    wanted = people.composed(held, code, one.code)
                    assert bool(one.composed_through) == bool(wanted)
                    assert set(one.composed_through) <= wanted

    @given(histories(), SOME_DAYS, st.none() | SOME_DAYS)
    def test_data_of_a_day_follow_those_who_were_there_then(
        self, history: History, since: date, on: date | None
    ) -> None:
        known = graph(history)
        there = {parcel.body for parcel in people.parcels(FOUNDERS, history.edges, on=since)}
        held = people.parcels(there, history.edges, after=since, on=on)
        for code in there:
            found = {one.code: one for one in known.stand_ins(code, since=since, on=on)}
            wanted = people.shares(held, code)
            assert found.keys() == wanted.keys()
            assert all(abs(found[body].share - wanted[body]) < TINY for body in wanted)

    @given(histories(taking_back=True), st.none() | SOME_DAYS)
    def test_people_taken_back_are_those_who_came(self, history: History, on: date | None) -> None:
        held = people.parcels(FOUNDERS, history.edges, on=on)
        known = graph(history)
        for code in FOUNDERS:
            found = {one.code: one.share for one in known.stand_ins(code, on=on) if one.share}
            wanted = {body: share for body, share in people.shares(held, code).items() if share}
            assert found.keys() == wanted.keys()
            assert all(abs(found[body] - wanted[body]) < TINY for body in wanted)

    @given(histories(taking_back=True), st.none() | SOME_DAYS)
    def test_backwards_is_forwards(self, history: History, on: date | None) -> None:
        """What bodies claim of an original, with what it kept itself, is the whole of it."""
        known = graph(history)
        day = on or FIRST + timedelta(days=99)
        claimed = dict.fromkeys(FOUNDERS, Decimal(0))
        for body in history.opened:
            ended = body not in history.alive and any(
                one.original == body and one.effective_on <= day for one in history.edges
            )
            if ended and body not in {one.code for code in FOUNDERS for one in known.stand_ins(code, on=on)}:
                continue
            for origin in known.origins(body, on=on):
                assert origin.code in FOUNDERS
                forwards = {one.code: one for one in known.stand_ins(origin.code, on=on)}
                assert forwards[body].share == origin.share
                assert forwards[body].composed_through == origin.composed_through
                claimed[origin.code] += origin.share
        for code in FOUNDERS:
            kept = {one.code: one.share for one in known.stand_ins(code, on=on)}.get(code, Decimal(0))
            assert abs(claimed[code] + kept - 1) < TINY


class TestOrigins:
    # 2000            2005            2010
    # A ──────────────────────▶ A ─1─▶ C
    # B ───────────1─▶ A
    ABSORBED = lineage(
        edge("B", "A", "1", "2005"),
        edge("A", "C", "1", "2010"),
        opened={"A": "2000-01-01", "B": "2000-01-01", "C": "2010-04-01"},
    )

    def test_a_body_that_took_in_another_is_an_origin_beside_it(self) -> None:
        assert behind(self.ABSORBED, "C") == {"A": "1", "B": "1"}

    def test_one_does_not_name_itself(self) -> None:
        assert behind(self.ABSORBED, "A", on=date(2007, 1, 1)) == {"B": "1"}

    def test_one_that_ended_has_the_origins_it_had_at_its_end(self) -> None:
        assert behind(self.ABSORBED, "A") == {"B": "1"}
        assert behind(self.ABSORBED, "A", on=date(2015, 1, 1)) == {"B": "1"}

    def test_what_a_body_gave_away_is_claimed_by_whoever_took_it(self) -> None:
        known = lineage(edge("A", "B", "1", "2002"), edge("B", "C", "0.4", "2006"))
        assert behind(known, "B") == {"A": "0.6"}
        assert behind(known, "C") == {"A": "0.4"}

    def test_a_body_established_and_joined_on_one_day_had_people_of_its_own(self) -> None:
        edges = [edge("B", "A", "1", "2005", 2), edge("A", "C", "1", "2010")]
        days = {"A": date(2005, 4, 1), "B": date(2000, 4, 1), "C": date(2010, 4, 1)}
        known = LineageGraph.of(edges, opened=days, established={"A"})
        assert behind(known, "C") == {"A": "1", "B": "1"}
        assert behind(LineageGraph.of(edges, opened=days), "C") == {"B": "1"}


class TestDayOfTheData:
    # 2005: R1 gives 0.3 to R2          2010: R1 ─1─▶ R3
    KNOWN = lineage(
        edge("R1", "R2", "0.3", "2005"),
        edge("R1", "R3", "1", "2010"),
        opened={"R1": "2000-01-01", "R2": "2000-01-01", "R3": "2010-04-01"},
    )

    def test_what_was_given_away_before_is_not_given_again(self) -> None:
        assert told(self.KNOWN, "R1", since=date(2008, 1, 1), on=date(2010, 4, 1)) == {"R3": "1"}

    def test_without_it_those_are_followed_with_whom_the_body_opened(self) -> None:
        assert told(self.KNOWN, "R1", on=date(2010, 4, 1)) == {"R3": "0.7", "R2": "0.3"}

    def test_data_of_the_day_of_a_change_are_of_the_body_after_it(self) -> None:
        assert told(self.KNOWN, "R1", since=date(2005, 4, 1)) == {"R3": "1"}
        assert told(self.KNOWN, "R1", since=date(2005, 3, 31)) == {"R3": "0.7", "R2": "0.3"}


class TestHowItIsKnown:
    # 2010          2013
    # 5P3 ─1─▶ 5QV ─┬─0.6─▶ 06K      2015: 06K ─1─▶ K
    # 5P4 ─1─▶ 5QV  └─0.4─▶ 06N
    MERGED = lineage(
        edge("5P3", "5QV", "1", "2010"),
        edge("5P4", "5QV", "1", "2010"),
        edge("5QV", "06K", "0.6", "2013"),
        edge("5QV", "06N", "0.4", "2013"),
        edge("06K", "K", "1", "2015"),
    )

    def test_one_change_states_it(self) -> None:
        assert told(self.MERGED, "5P3", on=date(2011, 1, 1)) == {"5QV": "1"}
        assert told(self.MERGED, "5QV", on=date(2014, 1, 1)) == {"06K": "0.6", "06N": "0.4"}

    def test_a_chain_in_which_nobody_else_joined_states_it(self) -> None:
        assert told(self.MERGED, "5QV") == {"K": "0.6", "06N": "0.4"}

    def test_through_a_body_in_which_people_had_mixed_it_is_composed(self) -> None:
        assert told(self.MERGED, "5P3") == {"K": "0.6 through 5QV", "06N": "0.4 through 5QV"}
        held = {one.code: one.basis for one in self.MERGED.stand_ins("5P3")}
        assert set(held.values()) == {ShareEvidence.COMPOSED}
        assert {one.basis for one in self.MERGED.stand_ins("5QV")} == {ShareEvidence.STATED}

    def test_a_body_that_took_in_others_and_then_parted_stands_so_for_its_own_people_too(self) -> None:
        known = lineage(
            edge("B", "A", "1", "2005"),
            edge("A", "C", "0.2", "2010"),
            opened={"A": "2000-01-01", "B": "2000-01-01", "C": "2010-04-01"},
        )
        assert told(known, "A") == {"A": "0.8 through A", "C": "0.2 through A"}
        assert told(known, "B") == {"A": "0.8 through A", "C": "0.2 through A"}
        assert told(known, "A", since=date(2007, 1, 1)) == {"A": "0.8", "C": "0.2"}

    def test_one_that_took_in_others_and_then_got_a_new_code_goes_there_whole(self) -> None:
        assert told(TestOrigins.ABSORBED, "A") == {"C": "1"}
        assert told(TestOrigins.ABSORBED, "B") == {"C": "1 through A"}

    def test_who_brought_nobody_mixes_with_nobody(self) -> None:
        # A part that took services and no people joins another body: nobody came with it.
        known = lineage(
            edge("PCT", "CIC", "0", "2010"),
            edge("T", "N", "1", "2011"),
            edge("CIC", "N", "1", "2011"),
            edge("N", "P", "0.5", "2013"),
            edge("N", "Q", "0.5", "2013"),
        )
        assert told(known, "T") == {"P": "0.5", "Q": "0.5"}


class TestTakenBack:
    OPENED = {"E1": "2000-01-01", "E2": "2000-01-01", "E2B": "2010-04-01", "E1B": "2010-04-01"}
    JOINED = edge("E2", "E1", "1", "2005")

    def back(self, *more: Edge, **stated: str) -> LineageGraph:
        shares = {name: Decimal(part) for name, part in stated.items()}
        left = Edge("E1", "E2B", Decimal("0.2"), date(2010, 4, 1), of=("E2",), **shares)
        return lineage(self.JOINED, left, *more, opened=self.OPENED)

    def test_the_people_of_the_old_body_return_to_the_new_one(self) -> None:
        known = self.back()
        assert told(known, "E2") == {"E2B": "1"}
        assert told(known, "E1") == {"E1": "1"}
        assert behind(known, "E2B") == {"E2": "1"}

    def test_the_rest_go_whole_where_the_body_ends(self) -> None:
        known = self.back(edge("E1", "E1B", "0.8", "2010"))
        assert told(known, "E2") == {"E2B": "1"}
        assert told(known, "E1") == {"E1B": "1"}

    def test_of_the_people_of_a_day_between_the_stated_share_goes(self) -> None:
        assert told(self.back(), "E1", since=date(2007, 1, 1)) == {"E1": "0.8", "E2B": "0.2"}

    def test_some_of_them_and_some_others(self) -> None:
        known = self.back(of_share="0.75", others_share="0.0625")
        assert told(known, "E2") == {"E2B": "0.75", "E1": "0.25"}
        assert told(known, "E1") == {"E1": "0.9375 through E1", "E2B": "0.0625 through E1"} or told(known, "E1") == {
            "E1": "0.9375",
            "E2B": "0.0625",
        }

    def test_those_who_had_gone_before_are_not_taken_back(self) -> None:
        known = self.back(edge("E1", "Z", "0.5", "2007"))
        assert told(known, "E2") == {"E2B": "0.5 through E1", "Z": "0.5 through E1"}
        assert told(known, "E1") == {"E1": "0.5 through E1", "Z": "0.5 through E1"}

    def test_people_who_came_by_way_of_another_body_are_taken_back_too(self) -> None:
        known = lineage(
            edge("E2", "M", "1", "2003"),
            edge("M", "E1", "1", "2005"),
            Edge("E1", "E2B", Decimal("0.2"), date(2010, 4, 1), of=("E2",)),
            opened=self.OPENED | {"M": "2000-01-01"},
        )
        assert told(known, "E2") == {"E2B": "1 through M"}
        assert told(known, "M") == {"E1": "1"}


class TestStatedLinks:
    # 2011           2013
    # QQ ─1─▶ Z ─┬─0.7─▶ P         each of them wholly one group: QQ P, QP N
    # QP ─1─▶ Z  └─0.3─▶ N
    EDGES = (
        edge("QQ", "Z", "1", "2011"),
        edge("QP", "Z", "1", "2011"),
        edge("Z", "P", "0.7", "2013"),
        edge("Z", "N", "0.3", "2013"),
        edge("P", "PP", "1", "2015"),
    )

    def known(self, *stated: tuple[str, str, str], more: tuple[Edge, ...] = (), instead_of: str = "") -> LineageGraph:
        on = date(2013, 4, 1)
        links = tuple(
            LineageShare(one, other, Decimal(share), on, instead_of=instead_of) for one, other, share in stated
        )
        return lineage(*self.EDGES, *more, links=links)

    def test_outrank_what_is_composed(self) -> None:
        known = self.known(("QQ", "P", "1"), ("QP", "N", "1"))
        assert told(known, "QQ", on=date(2014, 1, 1)) == {"P": "1"}
        assert told(known, "QP") == {"N": "1"}
        assert told(known, "QQ", on=date(2012, 1, 1)) == {"Z": "1"}
        assert behind(known, "N") == {"QP": "1"}

    def test_tell_the_way_that_people_went(self) -> None:
        (held,) = self.known(("QQ", "P", "1")).stand_ins("QQ", on=date(2014, 1, 1))
        assert held.path == ("QQ", "Z", "P")
        elsewhere = lineage(*self.EDGES, links=(LineageShare("QQ", "PP", Decimal(1), date(2013, 4, 1)),))
        (held,) = elsewhere.stand_ins("QQ", on=date(2014, 1, 1))
        assert held.path == ("QQ", "PP")

    def test_hold_for_what_comes_after(self) -> None:
        corrected = self.known(("QQ", "P", "1"), ("QP", "N", "1"), instead_of="Z")
        assert told(corrected, "QQ") == {"PP": "1"}
        assert told(corrected, "QP") == {"N": "1"}
        assert told(self.known(("QQ", "P", "1")), "QQ") == {"PP": "1 through P"}

    def test_hold_for_those_who_came_by_the_original(self) -> None:
        known = self.known(("QQ", "P", "1"), more=(edge("OLD", "QQ", "1", "2006"),))
        assert told(known, "OLD", on=date(2014, 1, 1)) == {"P": "1"}

    def test_not_for_those_who_had_left_it_before(self) -> None:
        known = self.known(("QQ", "P", "1"), more=(edge("QQ", "R", "0.2", "2008"),))
        assert told(known, "QQ", on=date(2014, 1, 1)) == {"P": "0.8", "R": "0.2"}

    def test_leave_what_they_do_not_state_where_it_is(self) -> None:
        assert told(self.known(("QQ", "P", "0.9")), "QQ", on=date(2014, 1, 1)) == {"P": "0.9", "N": "0.1 through Z"}

    def test_the_rest_of_a_part_that_is_nowhere_else_is_not_given_away(self) -> None:
        known = lineage(edge("A", "B", "1", "2011"), links=(LineageShare("A", "B", Decimal("0.9"), date(2013, 4, 1)),))
        assert told(known, "A") == {"B": "0.9", "A": "0.1"}
