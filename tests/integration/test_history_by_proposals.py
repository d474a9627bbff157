"""Any sequence of changes proposed, approved and carried out, against a plain model of what should come of it.

Several of them may take effect on one day. The model knows only codes, forms, people and who is alive. Preview says
what effect will do; effect does it; the model agrees; the day before the first change never changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisations.contributors import measures
from organisations.domain.lifecycle import Step
from organisations.domain.totals import totals_of
from organisations.models import Organisation
from organisations.selectors import lineage
from organisations.services.load_portfolio import load_portfolio
from organisations.services.previews import preview
from organisations.services.proposals import decide, propose
from organisations.services.snapshots import snapshot_of
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.policies import Actor
from pcorg.core.refusals import Refusal, Unacceptable
from tests.invariants import INVARIANTS

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.exhaustive]
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
START = date(2001, 4, 1)
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded")
GROUPS = ["X-G1", "X-G2", "X-G3", "X-G4"]
VALE = """
schema: pcorg-portfolio/1
portfolio: {slug: vale, title: Vale, illustrative: true, covers: {from: 1999-04-01, to: 2010-03-31}}
bodies:
  - {code: X-H, name: Vale Health Authority, form: health-authority, basis: illustrative, source: pcorg-illustration}
""" + "".join(
    f"  - {{code: {code}, name: Group {code}, form: pcg-2, accountable_to: X-H, basis: illustrative, "
    f"source: pcorg-illustration, "
    f"populations: [{{count: {60_001 + 7_003 * number}, on: 1999-04-01, basis: registered}}]}}\n"
    for number, code in enumerate(GROUPS)
)


@dataclass
class Model:
    """What should be so."""

    people: dict[str, int]
    forms: dict[str, str]
    day: date = START
    made: int = 0
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.total = sum(self.people.values())

    def fresh(self) -> str:
        self.made += 1
        return f"X-N{self.made}"


Asked = tuple[dict[str, Any], Callable[[], None]]


def merge(model: Model, picks: list[int]) -> Asked | None:
    alive = sorted(model.people)
    first, second = alive[picks[0] % len(alive)], alive[picks[1] % len(alive)]
    if first == second:
        return None
    code, form = model.fresh(), model.forms[first]

    def so() -> None:
        model.people[code] = model.people.pop(first) + model.people.pop(second)
        del model.forms[first], model.forms[second]
        model.forms[code] = form

    asked = {"kind": "merger", "originals": [first, second], "resulting": [{"code": code, "name": code, "form": form}]}
    return asked, so


def absorb(model: Model, picks: list[int]) -> Asked | None:
    alive = sorted(model.people)
    first, second = alive[picks[0] % len(alive)], alive[picks[1] % len(alive)]
    if first == second:
        return None

    def so() -> None:
        model.people[first] += model.people.pop(second)
        del model.forms[second]

    return {"kind": "merger", "originals": [first, second], "resulting": [{"code": first}]}, so


def divide(model: Model, picks: list[int]) -> Asked | None:
    alive = sorted(model.people)
    whole = alive[picks[0] % len(alive)]
    one, two, form = model.fresh(), model.fresh(), model.forms[whole]

    def so() -> None:
        people = model.people.pop(whole)
        del model.forms[whole]
        fresh = Organisation.objects.in_bulk([one, two])
        counts = [fresh[code].populations.get().count for code in (one, two)]
        assert sum(counts) == people
        assert abs(counts[0] - people * 0.37) <= 1
        model.people |= dict(zip((one, two), counts, strict=True))
        model.forms |= {one: form, two: form}

    return {
        "kind": "split",
        "originals": [whole],
        "resulting": [{"code": code, "name": code, "form": form} for code in (one, two)],
        "edges": [
            {"original": whole, "resulting": one, "share": "0.37"},
            {"original": whole, "resulting": two, "share": "0.63"},
        ],
    }, so


def succeed(model: Model, picks: list[int]) -> Asked | None:
    groups = sorted(code for code, form in model.forms.items() if form == "pcg-2")
    if not groups:
        return None
    group, code = groups[picks[0] % len(groups)], model.fresh()

    def so() -> None:
        model.people[code] = model.people.pop(group)
        model.forms.pop(group)
        model.forms[code] = "pct-3"

    new = {"code": code, "name": code, "form": "pct-3"}
    return {"kind": "transition", "route": "succession", "originals": [group], "resulting": [new]}, so


def rise(model: Model, picks: list[int]) -> Asked | None:
    trusts = sorted(code for code, form in model.forms.items() if form == "pct-3")
    if not trusts:
        return None
    trust = trusts[picks[0] % len(trusts)]
    asked = {"kind": "transition", "route": "level", "originals": [trust], "to_form": "pct-4"}
    return asked, lambda: model.forms.update({trust: "pct-4"})


DEEDS = (merge, absorb, divide, succeed, rise)


def carry_through(asked: ProposedChange) -> bool:
    """Take a change all the way; False where the rules block it, which then leaves everything as it was."""
    try:
        seen = preview(spec=asked)
    except Unacceptable:
        return False
    try:
        made = propose(spec=asked, by=ANN)
        for step in (Step.APPROVE, Step.EFFECT):
            made = decide(change_id=made.pk, step=step, by=BOB)
    except Refusal as refused:
        if refused.code != "blocked-by-check":
            raise
        assert not seen.permitted
        return False
    assert seen.permitted
    resulting = seen.plan.request.resulting if seen.plan.request else ()
    assert totals_of(resulting, snapshot_of(resulting), asked.effective_on, measures()) == seen.after
    return True


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    deeds=st.lists(
        st.tuples(
            st.sampled_from(DEEDS),
            st.lists(st.integers(0, 50), min_size=2, max_size=2),
            st.sampled_from([0, 0, 1, 200]),
        ),
        min_size=1,
        max_size=7,
    )
)
def test_any_sequence_of_changes_does_what_the_model_says(tmp_path: Path, deeds: list[Any]) -> None:
    path = tmp_path / "vale.yaml"
    path.write_text(VALE)
    with transaction.atomic():
        load_portfolio(path=path, by="tests")
        model = Model({code: 60_001 + 7_003 * n for n, code in enumerate(GROUPS)}, dict.fromkeys(GROUPS, "pcg-2"))
        eve = START - timedelta(days=1)
        before = totals_of(GROUPS, snapshot_of(GROUPS), eve)
        for deed, picks, days in deeds:
            model.day += timedelta(days=days)
            told = deed(model, picks)
            if told is None:
                continue
            given, so = told
            asked = proposed(ProposedChange, given | {"effective_on": model.day.isoformat(), "evidence": EVIDENCE})
            if carry_through(asked):
                so()
            held = Organisation.objects.of_portfolio("vale").as_of(model.day).with_population(model.day)
            found = {row["code"]: (row["form"], row["people"]) for row in held.values("code", "form", "people")}
            found.pop("X-H")
            assert found == {code: (model.forms[code], model.people[code]) for code in model.people}
            assert sum(model.people.values()) == model.total
        codes = list(Organisation.objects.filter(portfolio="vale").values_list("pk", flat=True))
        state = snapshot_of(codes)
        for holds in INVARIANTS:
            holds(state)
        assert totals_of(GROUPS, state, eve) == before
        graph = lineage.graph()
        for code in GROUPS:
            assert sum(held.share for held in graph.stand_ins(code)) == 1
        transaction.set_rollback(True)
