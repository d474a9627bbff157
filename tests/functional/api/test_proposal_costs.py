"""What looking at a change and carrying it out costs: queries grow by batches of rows, never by the body."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from commissioning.models import HOLDINGS
from organisations.services.load_portfolio import load_portfolio
from pcorg.core.audit.memory import forget
from tests import proposed_history
from tests.functional.api.office import Office

pytestmark = pytest.mark.django_db
ROWS_AT_ONCE = 100
"""SQLite takes so many of our rows in one statement, PostgreSQL more."""
WHAT_BODIES_HOLD = len(HOLDINGS) + 4
"""Statements that read what a batch of bodies holds: one for each kind of thing, two for services, two for pilots."""


def county(trusts: int) -> dict[str, Any]:
    """So many trusts, each with a council and a neighbour, all answering to one authority."""
    slug = f"county-of-{trusts}"
    codes = [f"X-{trusts}-{number:04}" for number in range(trusts)]
    council = {"form": "local-authority"}
    bodies = [{"code": f"X-{trusts}-HA", "name": "Authority", "form": "strategic-health-authority"}]
    bodies += [{"code": f"{code}-LA", "name": f"Council of {code}", **council} for code in codes]
    bodies += [
        {
            "code": code, "name": f"Trust {code}", "form": "pct-4", "accountable_to": f"X-{trusts}-HA",
            "located_in": [f"{code}-LA"], "populations": [{"count": 300_000, "on": "2010-01-01", "basis": "estimate"}],
        }
        for code in codes
    ]  # fmt: skip
    neighbours = [
        {"kind": "neighbour-of", "subject": one, "object": other, "basis": "illustrative", "source": "pcorg-model"}
        for one, other in zip(codes[::2], codes[1::2], strict=True)
    ]
    known = {"basis": "illustrative", "source": "pcorg-model"}
    return {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": slug, "title": slug, "illustrative": True, "covers": {"from": "2010-01-01", "to": "2014-01-01"},
        },
        "bodies": [body | known for body in bodies],
        "relationships": neighbours,
    }  # fmt: skip


def reconfiguration(trusts: int) -> dict[str, Any]:
    """Each trust shared out between two of as many new groups."""
    codes = [f"X-{trusts}-{number:04}" for number in range(trusts)]
    heirs = [f"{code}-G" for code in codes]
    edges = [
        {"original": code, "resulting": heir, "share": share}
        for number, code in enumerate(codes)
        for heir, share in ((heirs[number], "0.75"), (heirs[number - 1], "0.25"))
    ]
    form = "clinical-commissioning-group"
    return {
        "kind": "reconfiguration",
        "effective_on": "2013-04-01",
        "originals": codes,
        "resulting": [{"code": heir, "name": heir, "form": form, "located_in": [f"{heir[:-2]}-LA"]} for heir in heirs],
        "edges": edges,
    }


@pytest.fixture
def cost(office: Office, queries: Callable[[], CaptureQueriesContext], tmp_path: Path) -> Callable[[int], list[int]]:
    """Queries of preview and effect of a reconfiguration of so many trusts."""

    def ask(trusts: int) -> list[int]:
        path = tmp_path / "county.yaml"
        path.write_text(proposed_history.plain(county(trusts)))
        load_portfolio(path=path, by="tests")
        asked = reconfiguration(trusts)
        office.done("changes/preview/", asked)
        forget()  # what is remembered of forms and rules outlives a load
        with queries() as looking:
            seen = office.done("changes/preview/", asked)
        looked = len(looking)
        assert seen["permitted"]
        assert seen["before"]["population"] == seen["after"]["population"] == trusts * 300_000
        made = office.proposed("changes/", asked)
        office.done(f"changes/{made['id']}/approve/", by=office.approver)
        with queries() as effecting:
            office.done(f"changes/{made['id']}/effect/", by=office.approver)
        return [looked, len(effecting)]

    return ask


@pytest.mark.both_databases
@pytest.mark.exhaustive
def test_queries_grow_by_batches_of_rows(cost: Callable[[int], list[int]]) -> None:
    small, large = cost(20), cost(320)
    more = 300 / ROWS_AT_ONCE
    looked, carried_out = (then - now for now, then in zip(small, large, strict=True))
    # Of each kind of row so many statements a batch: to read it; and to lock, read again, write and seal it.
    assert looked <= 5 * more + WHAT_BODIES_HOLD
    assert carried_out <= 25 * more


def test_ten_bodies_or_thirty_cost_the_same(cost: Callable[[int], list[int]]) -> None:
    assert cost(10) == cost(30)
