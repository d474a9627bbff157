"""Any sequence of allowed changes keeps what must always hold.

Hypothesis plays history: it starts from a county and makes one allowed change after another, some of them on one day.
After every change the state is held against the invariants.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from organisations.domain.changes import ChangeRequest, Move, NewBody
from organisations.domain.integrity import problems_of
from organisations.domain.lineage import Edge, LineageGraph
from organisations.domain.operations import Impossible
from organisations.domain.planning import plan
from organisations.domain.snapshot import Body, DatedRelationship, Snapshot
from organisations.domain.totals import totals_around
from organisations.domain.vocabulary import ChangeKind, RelationshipKind, Route
from tests.factories.snapshots import answers, new, request, share
from tests.invariants import INVARIANTS
from tests.oracles.configurations import forms_on
from tests.oracles.numbers import numbered
from tests.strategies import divisions, shares_to, worlds

TINY = Decimal("1e-15")
GROUPS_AND_TRUSTS = {"pcg-1", "pcg-2", "pct-3", "pct-4", "care-trust"}
DAY = timedelta(days=1)
CONSERVING = set(ChangeKind) - {ChangeKind.ESTABLISHMENT, ChangeKind.DISSOLUTION}


class History(RuleBasedStateMachine):
    """A county and what happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Snapshot()
        self.today = date(2000, 4, 1)
        self.made = 0
        self.dissolved: set[str] = set()
        self.used: list[str] = []
        self.lineage: list[Edge] = []

    @initialize(county=worlds())
    def begin(self, county: Snapshot) -> None:
        self.state = county

    # --- what can happen ---------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 500))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule()
    def establishment(self) -> None:
        self.effect(request(ChangeKind.ESTABLISHMENT, self.today, new=(self.fresh(),)))

    @rule(data=st.data())
    def level(self, data: st.DataObject) -> None:
        (code,) = self.some(data, 1, 1)
        other = data.draw(st.sampled_from(sorted(GROUPS_AND_TRUSTS - {self.form(code)})))
        self.effect(request(ChangeKind.TRANSITION, self.today, [code], route=Route.LEVEL, to_form=other))

    @rule(data=st.data())
    def succession(self, data: st.DataObject) -> None:
        (code,) = self.some(data, 1, 1)
        self.effect(request(ChangeKind.TRANSITION, self.today, [code], route=Route.SUCCESSION, new=(self.fresh(),)))

    @rule(data=st.data(), continues=st.booleans())
    def merger(self, data: st.DataObject, continues: bool) -> None:
        codes = self.some(data, 2, 3)
        if continues:
            self.effect(request(ChangeKind.MERGER, self.today, codes, continuing=(codes[0],)))
        else:
            self.effect(request(ChangeKind.MERGER, self.today, codes, new=(self.fresh(),)))

    @rule(data=st.data(), continues=st.booleans())
    def split(self, data: st.DataObject, continues: bool) -> None:
        (code,) = self.some(data, 1, 1)
        heirs = [self.fresh()] if continues else [self.fresh(), self.fresh()]
        codes = [heir.code for heir in heirs]
        edges = data.draw(shares_to([code], codes, all_of_it=not continues))
        self.effect(
            request(
                ChangeKind.SPLIT,
                self.today,
                [code],
                continuing=(code,) if continues else (),
                new=tuple(heirs),
                edges=tuple(edges),
                moves=self.moves(data, [code], [*codes, *([code] if continues else [])]),
            )
        )

    @rule(data=st.data())
    def separation(self, data: st.DataObject) -> None:
        (code,) = self.some(data, 1, 1)
        arm = self.fresh("community-interest-company")
        self.effect(request(ChangeKind.SEPARATION, self.today, [code], new=(arm,)))

    @rule(data=st.data())
    def transfer(self, data: st.DataObject) -> None:
        giver, taker = self.some(data, 2, 2)
        part = data.draw(divisions(2))[0]
        self.effect(
            request(
                ChangeKind.TRANSFER,
                self.today,
                [giver, taker],
                edges=(share(giver, taker, part),),
                moves=self.moves(data, [giver], [taker]),
            )
        )

    @rule(data=st.data(), continues=st.booleans())
    def reconfiguration(self, data: st.DataObject, continues: bool) -> None:
        originals = self.some(data, 2, 3)
        heirs = [self.fresh(), self.fresh()]
        continuing = originals[:1] if continues else []
        results = [*continuing, *(heir.code for heir in heirs)]
        edges = data.draw(shares_to(originals[len(continuing) :], results, all_of_it=True))
        edges += data.draw(shares_to(continuing, results, all_of_it=False))
        self.effect(
            request(
                ChangeKind.RECONFIGURATION,
                self.today,
                originals,
                continuing=tuple(continuing),
                new=tuple(heirs),
                edges=tuple(edges),
                moves=self.moves(data, originals, results),
            )
        )

    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        (code,) = self.some(data, 1, 1)
        self.made += 1
        self.effect(request(ChangeKind.RENAME, self.today, [code], name=f"Name {self.made}"))

    @precondition(lambda self: self.state.bodies["HT"].alive_on(self.today))
    @rule()
    def the_hospital_that_is_listed_with_its_closing_is_renamed(self) -> None:
        if not self.touched_today(self.state.bodies["HT"]):
            self.made += 1
            self.effect(request(ChangeKind.RENAME, self.today, ["HT"], name=f"Name {self.made}"))

    @rule(data=st.data())
    def dissolution(self, data: st.DataObject) -> None:
        going, staying = self.some(data, 2, 2)
        self.dissolved.add(going)
        self.effect(request(ChangeKind.DISSOLUTION, self.today, [going], moves=self.moves(data, [going], [staying])))

    @precondition(lambda self: self.used)
    @rule(data=st.data())
    def a_code_cannot_be_used_again(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(self.used))
        change = request(ChangeKind.ESTABLISHMENT, self.today, new=(new(code, on=self.today),))
        assert [problem.code for problem in problems_of(change, self.state)] == ["code-in-use"]

    # --- helpers -----------------------------------------------------------------------------------------------------

    def form(self, code: str) -> str | None:
        return self.state.bodies[code].form_on(self.today)

    def some(self, data: st.DataObject, least: int, most: int) -> list[str]:
        """Living groups and trusts. Where there are too few, more are established first."""
        while len(alive := self.ready()) < least:
            self.establishment()
            self.today += DAY
        return data.draw(st.lists(st.sampled_from(alive), min_size=least, max_size=most, unique=True))

    def ready(self) -> list[str]:
        """Groups and trusts that have not been touched today, so that nothing need refuse a change of them."""
        return [
            code
            for code, body in self.state.bodies.items()
            if self.form(code) in GROUPS_AND_TRUSTS and body.alive_on(self.today) and not self.touched_today(body)
        ]

    def touched_today(self, body: Body) -> bool:
        spells = [*body.forms, *body.names, *body.seats]
        return any(spell.period.start == self.today for spell in spells) or any(
            count.on == self.today for count in body.counts
        )

    def fresh(self, form: str = "pct-3") -> NewBody:
        self.made += 1
        code = f"N{self.made}"
        return new(code, form, on=self.today, relationships=(answers(code, "HA", self.today),))

    def moves(self, data: st.DataObject, givers: list[str], takers: list[str]) -> tuple[Move, ...]:
        """A home for every member of the givers."""
        members = [
            (relationship.subject, giver)
            for giver in givers
            for relationship in self.state.relationships_of(giver, on=self.today)
            if relationship.kind is RelationshipKind.MEMBER_OF and relationship.object == giver
        ]
        drawn = [(member, giver, data.draw(st.sampled_from(takers))) for member, giver in members]
        return tuple(Move(*one) for one in drawn if one[1] != one[2])

    def effect(self, change: ChangeRequest) -> None:
        """Make the change and hold before against after."""
        assert problems_of(change, self.state) == []
        before, after = self.state, plan(change, self.state).after
        eve = self.today - DAY
        assert _as_it_was(after, eve) == _as_it_was(before, eve)
        assert forms_on(after, eve) == forms_on(before, eve)
        _nobody_is_lost(change, before, after)
        self.becomes(change, after)

    def becomes(self, change: ChangeRequest, after: Snapshot) -> None:
        """Take the new state for the present one. The lineage is put in the order in which things happened."""
        drawn = after.edges[len(self.state.edges) :]
        self.lineage += [replace(edge, sequence=len(self.lineage)) for edge in drawn]
        self.used += [body.code for body in change.new]
        self.state = after.remembering(change.remembered(len(after.history)))

    # --- what must always hold ---------------------------------------------------------------------------------------

    @invariant()
    def what_must_hold_of_any_state(self) -> None:
        for holds in INVARIANTS:
            holds(self.state)

    @invariant()
    def every_practice_has_one_home(self) -> None:
        for code in self.state.bodies:
            if code.startswith("P-"):
                assert len(self.state.relationships_of(code, on=self.today)) == 1

    @invariant()
    def all_of_a_closed_body_went_somewhere(self) -> None:
        lineage = LineageGraph.of(self.lineage)
        for code, body in self.state.bodies.items():
            by_a_change = body.closed_by is not None and body.closed != body.opened
            if by_a_change and code not in self.dissolved:
                heirs = lineage.stand_ins(code)
                assert abs(sum(held.share for held in heirs) - 1) < TINY
                assert code not in {held.code for held in heirs}


class SameDay(History):
    """The same with bodies changed more than once on a day. Such a change may be refused, never half made."""

    @rule()
    def time_passes(self) -> None:
        self.today += DAY

    def touched_today(self, body: Body) -> bool:
        return False

    def effect(self, change: ChangeRequest) -> None:
        if problems_of(change, self.state):
            return
        eve = self.today - DAY
        before = self.state
        try:
            after = plan(change, before).after
        except Impossible as refusal:
            if refusal.code != "conflict":
                raise
            return
        assert _as_it_was(after, eve) == _as_it_was(before, eve)
        _nobody_is_lost(change, before, after)
        self.becomes(change, after)


class Undoing(History):
    """The same with the latest change undone now and then: the state is then as it was before that change."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[int, ChangeRequest, Snapshot, list[Edge]]] = []
        self.numbers = 0

    def becomes(self, change: ChangeRequest, after: Snapshot) -> None:
        before, drawn = self.state, list(self.lineage)
        super().becomes(change, after)
        self.numbers += 1
        past = replace(change.remembered(self.numbers), change=self.numbers)
        self.state = numbered(before, after, self.numbers).remembering(past)
        self.done.append((self.numbers, change, before, drawn))

    @precondition(lambda self: self.done)
    @rule()
    def the_latest_change_is_undone(self) -> None:
        number, change, before, drawn = self.done.pop()
        codes = tuple(dict.fromkeys((*change.originals, *change.resulting)))
        undoing = request(ChangeKind.CORRECTION, change.effective_on, codes, corrects=str(number))
        assert problems_of(undoing, self.state) == []
        after = plan(undoing, self.state).after
        bodies, relationships, edges = _standing(after)
        was_bodies, earlier_relationships, was_edges = _standing(before)
        for code in bodies | was_bodies:
            assert bodies.get(code) == was_bodies.get(code)
        assert relationships ^ earlier_relationships == set()
        assert edges ^ was_edges == set()
        self.numbers += 1
        self.state = replace(numbered(after, after, self.numbers), history=before.history)
        self.lineage = drawn
        self.dissolved -= set(change.closing)


class UndoingSameDay(Undoing, SameDay):
    """Both."""


def _standing(state: Snapshot) -> tuple[dict[str, Body], set[DatedRelationship], set[Edge]]:
    """What a state says of what exists: bodies that were struck out, and all that was struck out of others, are left
    out."""
    bodies = {
        code: replace(
            body,
            forms=tuple(sorted(body.forms, key=lambda spell: spell.period.start)),
            seats=tuple(sorted(body.seats, key=lambda seat: (seat.period.start, seat.constituency))),
            counts=tuple(sorted(body.counts, key=lambda count: count.on)),
        )
        for code, body in state.bodies.items()
        if body.closed != body.opened
    }
    return bodies, set(state.relationships), set(state.edges)


def _nobody_is_lost(change: ChangeRequest, before: Snapshot, after: Snapshot) -> None:
    """The people known of before a change are known of after it, whatever came before it that day."""
    if change.kind in CONSERVING:
        was, now = totals_around(change.originals, change.resulting, change.effective_on, without=before, with_it=after)
        assert (now.population.amount or 0) == (was.population.amount or 0)
        assert _counted(after, change.effective_on) == _counted(before, change.effective_on)


def _counted(state: Snapshot, on: date) -> int:
    """All people known of at a moment of a day."""
    found = (state.count_now(code, on) for code, body in state.bodies.items() if body.alive_on(on))
    return sum(count.count for count in found if count is not None)


def _as_it_was(snapshot: Snapshot, on: date) -> dict[str, tuple]:
    """Everything that held on a day, but for ends that came later."""
    return {
        code: (
            body.opened,
            body.form_on(on),
            body.name_on(on),
            {(seat.constituency, seat.seats, seat.period.start) for seat in body.seats_on(on)},
            [count for count in body.counts if count.on <= on],
            {
                (relationship.key, relationship.share, relationship.period.start)
                for relationship in snapshot.relationships_of(code, on=on)
            },
        )
        for code, body in snapshot.bodies.items()
        if body.alive_on(on)
    }


# Making a failing history shorter takes minutes; it is told as it was found.
PLAY = settings(stateful_step_count=20, phases=[Phase.generate])
TestHistory = History.TestCase
TestHistory.settings = PLAY
TestSameDay = SameDay.TestCase
TestSameDay.settings = PLAY
TestUndoing = Undoing.TestCase
TestUndoing.settings = PLAY
TestUndoingSameDay = UndoingSameDay.TestCase
TestUndoingSameDay.settings = PLAY
