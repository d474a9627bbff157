"""The work of a change grows with what it moves, not with its square: a thing may have a thousand holders."""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from datetime import date

import pytest

from commissioning.domain import checks, totals
from commissioning.domain.holdings import Holdings
from commissioning.domain.movement import movements
from commissioning.domain.operations import held_in
from commissioning.domain.revisions import ReviveHolding
from organisations.domain.changes import ChangeRequest
from organisations.domain.integrity import problems_of
from organisations.domain.planning import Plan, plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind
from tests.factories import holdings as make
from tests.factories.snapshots import body, new, request, share, world

DAY = date(2009, 4, 1)
LATER = date(2011, 4, 1)


def trusts(number: int) -> list[str]:
    return [f"T{each:04}" for each in range(number)]


def county(number: int) -> Snapshot:
    """So many trusts. Each has a budget and services of its own, a part in the one contract with the hospital, in the
    services that the hospital provides, and in the one pool with the council."""
    codes = trusts(number)
    others = [body("HOSPITAL", "community-trust"), body("COUNCIL", "local-authority")]
    bodies = [body(code, "pct-4", people=100_000) for code in codes]
    things = [make.pool("Q", "COUNCIL", hosts=True)]
    for code in codes:
        things += [
            make.budget(f"M-{code}", code),
            make.provision(f"S-{code}", "district-nurses", code),
            make.provision("S", "physiotherapy", "HOSPITAL", code),
            make.contract("C", code, "HOSPITAL", services=["physiotherapy"]),
            make.pool("Q", code),
        ]
    return make.holding(world(*bodies, *others), *things)


def merger(number: int) -> ChangeRequest:
    return request(ChangeKind.MERGER, DAY, trusts(number), new=(new("N", "pct-4", on=DAY),))


def reconfiguration(number: int) -> ChangeRequest:
    """Each trust goes to two of half as many new ones."""
    codes = trusts(number)
    heirs = [f"N{each:04}" for each in range(number // 2)]
    edges = tuple(
        share(code, heirs[(each // 2 + more) % len(heirs)], part)
        for each, code in enumerate(codes)
        for more, part in enumerate(("0.6", "0.4"))
    )
    fresh = tuple(new(code, "pct-4", on=DAY) for code in heirs)
    return request(ChangeKind.RECONFIGURATION, DAY, codes, new=fresh, edges=edges)


def worked_out(change: ChangeRequest, before: Snapshot) -> Plan:
    """A change worked out, checked and added up, as a preview does."""
    assert not problems_of(change, before)
    done = plan(change, before, [movements])
    checks.findings_of(done)
    totals.totals(dict.fromkeys(change.resulting, "somewhere"), held_in(done.after), DAY)
    return done


def calls(work: Callable[[], object]) -> int:
    """How many functions are called to do it."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("change", [merger, reconfiguration])
def test_four_times_the_bodies_take_four_times_the_work(change: Callable[[int], ChangeRequest]) -> None:
    few, many = (calls(lambda: worked_out(change(number), county(number))) for number in (40, 160))  # noqa: B023
    assert many < 5 * few


def test_as_many_holdings_that_never_began_are_revived_as_were_struck_out() -> None:
    few, many = (calls(lambda: revived(number)) for number in (40, 160))  # noqa: B023
    assert many < 5 * few


def revived(number: int) -> Snapshot:
    """So many budgets that a change struck out before they began, to go on again."""
    things = [make.budget(f"M{each}", "T", start=LATER, ended_by=7) for each in range(number)]
    struck = Holdings([item for item, _ in things], struck=[one for _, one in things])
    before = make.holding(world(body("T", "pct-4")))
    state = Snapshot(bodies=before.bodies, forms=before.forms, parts={"commissioning": struck})
    after = state.after([ReviveHolding(one) for _, one in things])
    assert len(list(held_in(after).holdings)) == number
    assert not held_in(after).struck
    assert len(held_in(state).struck) == number
    return after
