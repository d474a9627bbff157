"""Whatever races or is killed, what bodies hold has one holder at each moment and is never half moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import FIXTURES, Content
from tests.faults.sandbox import HOW, ROUNDS, Run, answer, dies_without_trace, opened

pytestmark = pytest.mark.faults
OF = "holding_operations"
EVE, DAY, LATER = "2009-03-31", "2009-04-01", "2012-04-01"
THINGS = 13
"""How many things a trust of these tests has a part in."""
POOLS = "pooled-budget"
"""The one kind of thing here in which two bodies have a part at once: the trust and its council."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Run]:
    """A database with the reference records and no bodies."""
    with opened(Content.REFERENCE) as run:
        yield run


@pytest.fixture(scope="module")
def prepared(sandbox: Run) -> dict[str, Any]:
    """Rival mergers, one pair more than there are races, and an arm plan."""
    given: dict[str, Any] = answer(sandbox, "prepare", str(ROUNDS + 1), of=OF)
    return given


def held_whole(sandbox: Run, pair: dict[str, Any], taker: int | None) -> None:
    """Every thing is held by as many as before on each day, all of them in force then; and from the day of the change
    on nobody holds a part who merged, but the heir of the merger that was carried out has one."""
    found = answer(sandbox, "held", pair["stem"], of=OF)
    things = found[EVE]["things"]
    assert len(things) == 3 * THINGS
    for day in (EVE, DAY, LATER):
        assert not found[day]["gone"], day
        assert found[day]["things"].keys() == things.keys(), day
        for thing, holdings in found[day]["things"].items():
            assert len(holdings) == (2 if thing.startswith(POOLS) else 1), (day, thing, holdings)
    for day in (DAY, LATER):
        bodies = {code for each in found[day]["things"].values() for parties in each for code in parties}
        if taker is None:
            assert bodies >= set(pair["trusts"])
            assert not bodies & set(pair["heirs"])
            continue
        loser = pair["trusts"][2 if taker == 0 else 0]
        assert bodies & {*pair["trusts"], *pair["heirs"]} == {loser, pair["heirs"][taker]}


def test_of_two_mergers_that_want_one_trust_exactly_one_takes_all_it_holds(
    sandbox: Run, prepared: dict[str, Any]
) -> None:
    for pair in prepared["rivals"][:ROUNDS]:
        held_whole(sandbox, pair, None)
        first, second = map(str, pair["changes"])
        seen = answer(sandbox, "race", HOW, first, second, pair["stem"], of=OF)
        assert seen["ended"].count("effected") == 1, seen
        assert set(seen["ended"]) - {"effected"} <= {"conflict", "not-in-force"}, seen
        assert not seen["torn"], seen
        assert seen["looks"] > 0
        held_whole(sandbox, pair, seen["ended"].index("effected"))
        assert not answer(sandbox, "state")["faults"]


def test_killed_while_it_moves_holdings_it_leaves_no_trace(sandbox: Run, prepared: dict[str, Any]) -> None:
    pair = prepared["rivals"][ROUNDS]
    change = str(pair["changes"][0])
    dies_without_trace(sandbox, "effect", change, at=(1, 4, 8, 13), of=OF)
    held_whole(sandbox, pair, None)
    assert answer(sandbox, "effect", change, of=OF) == "effected"
    held_whole(sandbox, pair, 0)
    assert not answer(sandbox, "state")["faults"]


@pytest.mark.parametrize(("portfolio", "records"), [("illustrative-trusts", 400), ("england-2006-2015", 1400)])
def test_killed_while_it_loads_it_leaves_nothing(sandbox: Run, portfolio: str, records: int) -> None:
    path = str(FIXTURES / "portfolios" / f"{portfolio}.yaml")
    dies_without_trace(sandbox, "load", path, at=(1, 12, 40), of=OF)
    assert answer(sandbox, "load", path, of=OF) > records
    assert answer(sandbox, "load", path, of=OF) == 0
    assert not answer(sandbox, "state")["faults"]


def test_killed_while_it_proposes_the_steps_of_a_plan_none_is_proposed(sandbox: Run, prepared: dict[str, Any]) -> None:
    plan = str(prepared["plan"])
    dies_without_trace(sandbox, "plan", plan, at=(1, 6, 12), of=OF)
    changes = answer(sandbox, "plan", plan, of=OF)
    assert len(set(changes)) == 2
    assert None not in changes
    assert not answer(sandbox, "state")["faults"]
