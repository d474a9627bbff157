"""What the tables hold before a change and what they hold after it is effected, added up without the product's help."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q

from commissioning.models import HOLDINGS, ContractHolding
from organisations.domain.lifecycle import Step
from organisations.models import Change
from organisations.services.outcomes import effects_of_change
from organisations.services.previews import preview
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange
from pcorg.core.policies import Actor
from tests.factories import commissioning as make

pytestmark = pytest.mark.django_db
ANN, BOB = Actor("ann", commissions=True), Actor("bob", commissions=True, approves=True)
DAY = date(2009, 4, 1)
EVE = DAY - timedelta(days=1)
A, B, HOSPITAL = "X-APCT", "X-BPCT", "X-AAT"
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded")

Sums = dict[tuple[str, str], Decimal]


def asked(kind: str, **given: Any) -> ProposedChange:
    return ProposedChange.model_validate({"kind": kind, "effective_on": str(DAY), "evidence": EVIDENCE} | given)


def new(code: str, form: str = "pct-4") -> dict[str, str]:
    return {"code": code, "name": f"Body {code}", "form": form}


def move(what: str, giver: str, receiver: str) -> dict[str, str]:
    return {"what": what, "from": giver, "to": receiver}


def effect(change: ProposedChange) -> Change:
    made = propose(spec=change, by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    return made


@dataclass(frozen=True)
class Ledger:
    """What stands in the tables on a day: every quantity of every thing, and how many hold each thing."""

    sums: Sums
    holders: Counter[tuple[str, str]]


def ledger(on: date) -> Ledger:
    """Row by row, from the tables alone."""
    sums: Sums = {}
    holders: Counter[tuple[str, str]] = Counter()
    for model in HOLDINGS:
        rows = model._default_manager.filter(Q(end=None) | Q(end__gt=on), start__lte=on)
        for row in rows.values("item", *model.amounts):
            holders[model.kind.value, row["item"]] += 1
            for name in model.amounts:
                sums[row["item"], name] = sums.get((row["item"], name), Decimal(0)) + (row[name] or 0)
    return Ledger(sums, holders)


SHARES = [("X-N1", "0.333333"), ("X-N2", "0.333333"), ("X-N3", "0.333334")]
CHANGES = {
    "merger into a new body": asked("merger", originals=[A, B], resulting=[new("X-N")]),
    "merger into one of them": asked("merger", originals=[A, B], resulting=[{"code": A}]),
    "split": asked(
        "split",
        originals=[A],
        resulting=[new(code) for code, _ in SHARES],
        edges=[{"original": A, "resulting": code, "share": share} for code, share in SHARES],
    ),
    "split with named items": asked(
        "split",
        originals=[A],
        resulting=[new("X-N1"), new("X-N2")],
        edges=[{"original": A, "resulting": code, "share": "0.5"} for code in ("X-N1", "X-N2")],
        moves=[move("X-AG1", A, "X-N2"), move("X-AM1", A, "X-N1")],
    ),
    "separation": asked(
        "separation",
        originals=[A],
        resulting=[{"code": A}, new("X-ARM", "community-interest-company")],
        moves=[move("X-AG1", A, "X-ARM"), move("X-AC2", A, "X-ARM")],
    ),
    "transfer": asked(
        "transfer", originals=[HOSPITAL, A], moves=[move("X-AS3", HOSPITAL, A), move("X-AM1", A, HOSPITAL)]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_tables_add_up_to_the_same_before_and_after(change: ProposedChange) -> None:
    first = make.trust_with_everything("X-A")
    second = make.trust_with_everything("X-B", of=first.portfolio)
    make.contribution(first.pool, second.trust, amount=Decimal("0.01"))
    before, planned = ledger(DAY), preview(spec=change)
    made = effect(change)
    after = ledger(DAY)
    assert after.sums == before.sums
    assert after.holders.keys() == before.holders.keys()
    assert ledger(EVE).sums == before.sums
    assert sum(model._default_manager.filter(begun_by=made).count() for model in HOLDINGS) > 0
    assert planned.after.contributed == planned.before.contributed


class TestContractThatLapses:
    """A hospital hands a service to the trust that buys it under a contract of nothing else, or two trusts with a
    contract between them merge: the contract is named in moves, and ends."""

    def lapsing(self) -> ProposedChange:
        first = make.trust_with_everything("X-A")
        moves = [move(first.services[3].pk, HOSPITAL, A), move("X-AC1", HOSPITAL, A)]
        return asked("transfer", originals=[HOSPITAL, A], moves=moves)

    def test_preview_and_record_say_that_and_why_it_ends(self) -> None:
        change = self.lapsing()
        seen = preview(spec=change)
        assert not seen.blocks
        (line,) = [one for one in seen.effects() if one.operation == "close-holding" and one.before["code"] == "X-AC1"]
        assert line.after == {
            "until": DAY,
            "because": "It lapses: both parts come to one body, as the change says, and the work becomes its own",
        }
        (found,) = [finding for finding in seen.findings if finding.code == "contract-conflict"]
        assert found.outcome == "pass"
        assert "(X-AC1) between Body X-APCT, Body X-AAT, £48,250,000 a year" in found.message
        for name, lost in (("contracts", 1), ("contract_value", Decimal("48250000.00"))):
            before, after = seen.before.contributed[name], seen.after.contributed[name]
            assert before.amount - after.amount == lost

    def test_only_the_contract_ends(self) -> None:
        change = self.lapsing()
        before = ledger(DAY)
        made = effect(change)
        after = ledger(DAY)
        assert before.sums.keys() - after.sums.keys() == {("X-AC1", "annual_value")}
        assert all(before.sums[key] == value for key, value in after.sums.items())
        row = ContractHolding.objects.get(item="X-AC1")
        assert (row.end, row.due_end, row.ended_by) == (DAY, None, made)
        (told,) = [each for each in effects_of_change(made) if each.before.get("code") == "X-AC1"]
        assert told.after["because"].startswith("It lapses")
        others = [each for each in effects_of_change(made) if each.operation == "close-holding"]
        assert len([each for each in others if "because" not in each.after]) == len(others) - 1 > 0

    def test_undone_it_is_there_again(self) -> None:
        change = self.lapsing()
        before = ledger(DAY)
        made = effect(change)
        effect(asked("correction", corrects=made.pk))
        assert ledger(DAY) == before

    def test_two_that_merge(self) -> None:
        first = make.trust_with_everything("X-A")
        second = make.trust_with_everything("X-B", of=first.portfolio)
        make.contract(first.trust, second.trust, code="X-C9")
        effect(asked("merger", originals=[A, B], resulting=[new("X-N")], moves=[move("X-C9", B, "X-N")]))
        assert ContractHolding.objects.get(item="X-C9").end == DAY
