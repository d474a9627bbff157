"""Two trusts told in full become one, as a client sees it: every contract and every pound passes, and the preview said
so first."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pcorg.core.audit.checking import chain_faults
from tests.functional.api.office import EVIDENCE, Office

pytestmark = pytest.mark.django_db
Every = Callable[..., list[dict[str, Any]]]
Read = Callable[..., Any]

OLD = ("X-KPCT1", "X-KPCT2")
NEW = "X-KPCT9"
EVE, DAY = "2009-09-30", "2009-10-01"
MERGER: dict[str, Any] = {
    "originals": list(OLD),
    "resulting": {
        "code": NEW,
        "name": "Coast and Hills Primary Care Trust",
        "form": "pct-4",
        "accountable_to": "X-KSHA1",
        "located_in": ["X-KLA1", "X-KLA2"],
        "board": [
            {"constituency": constituency, "seats": seats}
            for constituency, seats in {
                "gp": 3, "nurse": 2, "social-services": 2, "lay": 7, "local-authority": 2, "chief-executive": 1
            }.items()
        ],
    },
    "effective_on": DAY,
    "title": "One trust for the coast and the hills",
    "rationale": "One set of managers, and one buyer for the two hospitals.",
    "evidence": EVIDENCE,
}  # fmt: skip
HELD = {
    "contracts/": ("organisation", ("commissioner", "provider"), "annual_value"),
    "budgets/": ("organisation", ("organisation",), "amount"),
    "provisions/": ("organisation", ("provider", "population_of"), "annual_value"),
    "staffing/": ("organisation", ("organisation",), "wte"),
    "premises/": ("organisation", ("organisation",), None),
    "provider-arms/": ("organisation", ("organisation",), None),
    "portfolio-groups/": ("organisation", ("organisation",), None),
}
"""Lists of what bodies hold: the filter by body, the parts bodies have, and the amount."""
TOTALS = ("contracts", "contract_value", "budget", "pooled", "provisions", "staff_wte", "members")


@pytest.fixture
def held(every: Every) -> Callable[..., list[dict[str, Any]]]:
    """What bodies hold on a day, each thing once."""

    def ask(path: str, *codes: str, on: str) -> list[dict[str, Any]]:
        by = HELD[path][0]
        rows = [
            row
            for code in codes
            for row in every(path, portfolio="illustrative-trusts", as_of=on, page_size=200, **{by: code})
        ]
        return sorted({row["holding"]: row for row in rows}.values(), key=lambda row: str(row["code"]))

    return ask


def summed(rows: list[dict[str, Any]], amount: str) -> Decimal:
    return sum((Decimal(row[amount]) for row in rows if row[amount] is not None), Decimal(0))


def renamed(row: dict[str, Any], parts: tuple[str, ...]) -> dict[str, Any]:
    """A row as it should be afterwards: the new trust in place of the old, from the day of the merger on."""
    heirs = {part: NEW if row[part] in OLD else row[part] for part in parts}
    return {name: value for name, value in {**row, **heirs}.items() if name not in {"holding", "start", "end"}}


def test_the_preview_lists_every_contract_and_pound(office: Office, held: Callable[..., Any]) -> None:
    seen = office.done("mergers/preview/", MERGER)
    assert seen["permitted"]
    assert {name: seen["after"][name] for name in TOTALS} == {name: seen["before"][name] for name in TOTALS}
    assert (seen["before"]["bodies"], seen["after"]["bodies"]) == (2, 1)
    contracts, budgets = (held(path, *OLD, on=EVE) for path in ("contracts/", "budgets/"))
    assert seen["before"]["contracts"] == len(contracts) == 44
    assert Decimal(seen["before"]["contract_value"]) == summed(contracts, "annual_value") == Decimal("430875228.93")
    assert Decimal(seen["before"]["budget"]) == summed(budgets, "amount") == Decimal("567010000.00")
    assert Decimal(seen["before"]["pooled"]) == Decimal("7465000.00")
    ended, begun = (
        {
            (effect[side]["kind"], effect[side]["code"]): effect[side]
            for effect in seen["effects"]
            if effect["operation"] == operation
        }
        for operation, side in (("close-holding", "before"), ("open-holding", "after"))
    )
    assert ended.keys() == begun.keys()
    for path, kind in (("contracts/", "contract"), ("budgets/", "budget"), ("provisions/", "provision")):
        _, parts, amount = HELD[path]
        for row in held(path, *OLD, on=EVE):
            before, after = ended[kind, row["code"]], begun[kind, row["code"]]
            assert before[amount] == after[amount] == row[amount]
            assert {part: before[part] for part in parts} == {part: row[part] for part in parts}
            assert {part: after[part] for part in parts} == {part: renamed(row, parts)[part] for part in parts}


def test_what_is_known_in_part_says_so(office: Office) -> None:
    """A real trust and what is not recorded of it: null, and named; never 0."""
    asked = {
        "kind": "reconfiguration",
        "originals": ["5M1", "5PG"],
        "resulting": [{"code": "5ZZ", "name": "Birmingham", "form": "pct-4", "accountable_to": "Q34"}],
        "edges": [{"original": code, "resulting": "5ZZ", "share": "1"} for code in ("5M1", "5PG")],
        "effective_on": "2009-04-01",
    }
    seen = office.done("changes/preview/", asked)
    assert seen["before"]["councils"] == 1
    assert seen["after"]["councils"] is None
    for side in ("before", "after"):
        unrecorded = {"contracts", "contract_value", "budget", "pooled", "provisions", "staff_wte"}
        assert {name for name in unrecorded if seen[side][name] is not None} == set()
        assert unrecorded <= set(seen[side]["unknown"])
        assert seen[side]["partly_known"] == []
    assert seen["before"]["population"] == seen["after"]["population"]


def test_a_body_without_any_in_a_portfolio_that_records_them_has_none(office: Office) -> None:
    closing = {"kind": "dissolution", "originals": ["X-KP01"], "effective_on": "2009-10-01"}
    before = office.done("changes/preview/", closing)["before"]
    assert before["budget"] == "0.00"
    assert "budget" not in before["unknown"]


def test_effect_moves_all_of_it_and_leaves_nothing(
    office: Office, held: Callable[..., Any], every: Every, read: Read
) -> None:
    before = {path: held(path, *OLD, on=EVE) for path in HELD}
    pools = {row["code"]: row for row in every("pooled-budgets/", portfolio="illustrative-trusts", as_of=EVE)}
    foreseen = office.done("mergers/preview/", MERGER)["after"]
    made = office.carried_through("mergers/", MERGER)
    assert made["status"] == "effected"
    for path, (_, parts, amount) in HELD.items():
        after = held(path, NEW, on=DAY)
        assert [renamed(row, parts) for row in after] == [renamed(row, parts) for row in before[path]], path
        assert {row["start"] for row in after} == {DAY}
        assert held(path, *OLD, on=DAY) == []
        assert [renamed(row, parts) for row in held(path, *OLD, on=EVE)] == [
            renamed(row, parts) for row in before[path]
        ]
        if amount:
            assert summed(after, amount) == summed(before[path], amount)
    joined = {row["code"]: row for row in every("pooled-budgets/", portfolio="illustrative-trusts", as_of=DAY)}
    assert joined.keys() == pools.keys() == {"X-KQ1", "X-KQ2"}
    for code, pool in joined.items():
        assert pool["total"] == pools[code]["total"]
        put_in = {each["partner"]: (each["amount"], each["hosts"]) for each in pool["contributions"]}
        assert put_in == {
            NEW if each["partner"] in OLD else each["partner"]: (each["amount"], each["hosts"])
            for each in pools[code]["contributions"]
        }
    heir = read(f"organisations/{NEW}/", as_of=DAY)
    assert (
        foreseen["members"]
        == len([relationship for relationship in heir["relationships"] if relationship["kind"] == "member-of"])
        == 12
    )
    assert heir["population"]["count"] == foreseen["population"] == 402_000
    assert not list(chain_faults())
