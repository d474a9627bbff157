"""A history of changes, several on one day, loses no people, no money and no members, whatever their order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from commissioning.domain import totals
from commissioning.domain.movement import movements
from commissioning.domain.operations import held_in
from organisations.domain.changes import ChangeRequest
from organisations.domain.replay import Contributed, Recorded, replay
from organisations.domain.snapshot import Snapshot
from organisations.domain.totals import Totals, before_and_after, totals_of
from organisations.domain.vocabulary import ChangeKind
from tests.factories import holdings as make
from tests.factories.snapshots import PORTFOLIO, body, member, new, request, share, world

DAYS = [date(2001, 4, 1), date(2001, 10, 1), date(2002, 4, 1)]
BODIES = list("ABCDE")
PRACTICES = [f"P{code}" for code in BODIES]

people = st.none() | st.integers(0, 100_000)
pennies = st.integers(0, 10_000_00).map(lambda pence: Decimal(pence) / 100)
shares = st.integers(0, 1_000_000).map(lambda millionths: Decimal(millionths) / 1_000_000)


@st.composite
def counties(draw: st.DrawFn) -> Snapshot:
    """Bodies with people, a practice and a budget each."""
    bodies = [body(code, people=draw(people)) for code in BODIES]
    practices = [body(code, "gp-practice") for code in PRACTICES]
    relationships = [member(practice, code) for practice, code in zip(PRACTICES, BODIES, strict=True)]
    budgets = [make.budget(f"M{code}", code, draw(pennies)) for code in BODIES]
    return make.holding(world(*bodies, *practices, relationships=relationships), *budgets)


Drawn = tuple[str, list[int], Decimal, int]
drawn = st.tuples(
    st.sampled_from(["gives", "absorbs", "merges"]),
    st.lists(st.integers(0, 99), min_size=2, max_size=2),
    shares,
    st.sampled_from([0, 0, 1]),
)


class Story:
    """Changes of drawn kinds among the bodies that there are, each of which leaves them as the next finds them."""

    def __init__(self) -> None:
        self.open, self.day, self.made = list(BODIES), 0, 0
        self.opened_today: list[str] = []

    def told(self, each: Drawn) -> ChangeRequest | None:
        kind, picks, part, pause = each
        if pause and self.day + 1 < len(DAYS):
            self.day, self.opened_today = self.day + 1, []
        one, other = (self.open[pick % len(self.open)] for pick in picks)
        if one == other or (kind != "gives" and {one, other} & {*self.opened_today}):
            return None
        tell: Callable[..., ChangeRequest] = getattr(self, kind)
        return tell(one, other, part)

    def gives(self, one: str, other: str, part: Decimal) -> ChangeRequest:
        edges = (share(one, other, str(part)),)
        return self._change(ChangeKind.RECONFIGURATION, one, other, continuing=(one, other), edges=edges)

    def absorbs(self, one: str, other: str, _: Decimal) -> ChangeRequest:
        self.open.remove(other)
        return self._change(ChangeKind.MERGER, one, other, continuing=(one,))

    def merges(self, one: str, other: str, _: Decimal) -> ChangeRequest:
        self.made += 1
        heir = f"N{self.made}"
        self.open = [code for code in self.open if code not in {one, other}] + [heir]
        self.opened_today.append(heir)
        return self._change(ChangeKind.MERGER, one, other, new=(new(heir, on=DAYS[self.day]),))

    def _change(self, kind: ChangeKind, one: str, other: str, **more: Any) -> ChangeRequest:
        return request(kind, DAYS[self.day], [one, other], **more)


def measure(codes: Any, state: Snapshot, on: date) -> dict[str, Any]:
    return totals.totals(dict.fromkeys(codes, PORTFOLIO), held_in(state), on)


@given(counties(), st.lists(drawn, max_size=12))
def test_nothing_is_lost_over_any_number_of_changes_on_a_day(before: Snapshot, given_: list[Drawn]) -> None:
    story = Story()
    requests = [change for change in map(story.told, given_) if change is not None]
    done = replay((), (), requests, before, portfolio=PORTFOLIO, contributed=Contributed([movements]))
    assert done.problems == {}
    for step in done.steps:
        assert isinstance(step, Recorded)
        was, now = before_and_after(step.plan, [measure])
        assert held_by(now) == held_by(was)
    last = totals_of(story.open, done.last, DAYS[story.day], [measure])
    assert held_by(last) == held_by(totals_of(BODIES, before, DAYS[0], [measure]))


def held_by(found: Totals) -> list[Any]:
    """What is known of people, members and money."""
    return [total.amount or 0 for total in (found.population, found.members, found.contributed["budget"])]


def test_a_part_of_the_budget_leaves_and_the_rest_merges() -> None:
    county = make.holding(world(body("A"), body("B"), body("C")), make.budget("M", "A", "1000000.00"))
    part = request(
        ChangeKind.RECONFIGURATION, DAYS[0], ["A", "B"], continuing=("A", "B"), edges=(share("A", "B", "0.14"),)
    )
    rest = request(ChangeKind.MERGER, DAYS[0], ["A", "C"], new=(new("N", on=DAYS[0]),))
    last = replay((), (), [part, rest], county, portfolio=PORTFOLIO, contributed=Contributed([movements])).last
    assert make.held_on(last, DAYS[0]) == {
        ("M", ("B",)): (Decimal("140000.00"),),
        ("M", ("N",)): (Decimal("860000.00"),),
    }
