"""Organisations listed with their closing, and relationships stated with an end, live like any other until then.

X-LA  Old name 2002 ─── 2008 ─── 2012 closed: no change explains that
                        New name
X-LP  member of X-LA from 2002, stated until 2010, while X-LA merges into X-LC in 2006
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from organisations.domain.lifecycle import Step
from organisations.models import BoardSeat, Change, FormPeriod, NamePeriod, Organisation, Relationship
from organisations.selectors.documents import PortfolioDocument, as_yaml
from organisations.services.load_portfolio import load_content, load_stated
from organisations.services.previews import preview
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.policies import Actor
from tests.documents import KNOWN, body, stated
from tests.oracles.state import differences, empty, state

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded")
TRUST = "pct-3"
Rows = list[tuple[str, str, str | None]]


def document(*changes: dict[str, Any], relationships: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    board = [{"constituency": "gp", "seats": 7}]
    return {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": "listed",
            "title": "Listed",
            "illustrative": True,
            "covers": {"from": "2000-04-01", "to": "2013-03-31"},
        },
        "bodies": [
            body("X-LH", "Health Authority", "health-authority"),
            body("X-LG", "Another Authority", "health-authority"),
            body(
                "X-LA", "Old name", TRUST, opened="2002-04-01", closed="2012-04-01", accountable_to="X-LH", board=board
            ),
            body("X-LB", "Neighbour", TRUST, opened="2002-04-01", accountable_to="X-LH"),
            body("X-LD", "Third", TRUST, opened="2002-04-01", accountable_to="X-LH"),
            body("X-LP", "Surgery", "gp-practice", opened="2002-04-01"),
        ],
        "relationships": [relationship | KNOWN for relationship in relationships or []],
        "changes": [change | KNOWN for change in changes],
    }


def change(kind: str, on: str, *originals: str, **more: Any) -> dict[str, Any]:
    return {
        "reference": f"{kind}-{on}",
        "kind": kind,
        "effective_on": on,
        "title": kind,
        "originals": list(originals),
        **more,
    }


def load(told: dict[str, Any]) -> None:
    load_stated(stated=stated(told), by="tests")


def carried_out(**given: Any) -> Change:
    made = propose(spec=proposed(ProposedChange, {"evidence": EVIDENCE} | given), by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    return made


def days(rows: Any, value: str) -> Rows:
    told = rows.order_by("start", "pk").values_list(value, "start", "end")
    return [(what, str(start), None if end is None else str(end)) for what, start, end in told]


def names(code: str = "X-LA") -> Rows:
    return days(NamePeriod.objects.filter(organisation=code), "name")


def relationships(kind: str, **ends: str) -> Rows:
    return days(Relationship.objects.filter(kind=kind, **ends), "object")


RENAMED = change("rename", "2008-04-01", "X-LA", name="New name")
RAISED = change("transition", "2008-04-01", "X-LA", route="level", to_form="pct-4")
ABSORBED = change("merger", "2008-04-01", "X-LA", "X-LB", resulting=[{"code": "X-LA"}])
MEMBER = {"kind": "member-of", "subject": "X-LP", "object": "X-LB", "start": "2002-04-01", "end": "2010-04-01"}


def _renamed() -> None:
    load(document(RENAMED))
    assert names() == [("Old name", "2002-04-01", "2008-04-01"), ("New name", "2008-04-01", "2012-04-01")]


def _raised() -> None:
    load(document(RAISED))
    assert days(FormPeriod.objects.filter(organisation="X-LA"), "form") == [
        ("pct-3", "2002-04-01", "2008-04-01"),
        ("pct-4", "2008-04-01", "2012-04-01"),
    ]
    assert days(BoardSeat.objects.filter(organisation="X-LA"), "constituency") == [("gp", "2002-04-01", "2012-04-01")]


def _absorbing() -> None:
    load(document(ABSORBED, relationships=[MEMBER | {"end": None}]))
    assert relationships("member-of", subject="X-LP") == [
        ("X-LB", "2002-04-01", "2008-04-01"),
        ("X-LA", "2008-04-01", "2012-04-01"),
    ]


def _merged_before_a_stated_end() -> None:
    made = [{"code": "X-LC", "name": "Joined", "form": TRUST}]
    load(document(change("merger", "2006-04-01", "X-LB", "X-LD", resulting=made), relationships=[MEMBER]))
    assert relationships("member-of", subject="X-LP") == [
        ("X-LB", "2002-04-01", "2006-04-01"),
        ("X-LC", "2006-04-01", "2010-04-01"),
    ]


def _moved_before_a_stated_end() -> None:
    moves = [{"what": "X-LP", "from": "X-LB", "to": "X-LD"}]
    load(document(change("transfer", "2006-04-01", "X-LB", "X-LD", moves=moves), relationships=[MEMBER]))
    assert relationships("member-of", subject="X-LP") == [
        ("X-LB", "2002-04-01", "2006-04-01"),
        ("X-LD", "2006-04-01", "2010-04-01"),
    ]


def _dissolved_before_a_stated_end() -> None:
    relationship = {
        "kind": "commissioned-by",
        "subject": "X-LP",
        "object": "X-LB",
        "start": "2002-04-01",
        "end": "2010-04-01",
    }
    load(document(change("dissolution", "2006-04-01", "X-LB"), relationships=[relationship]))
    assert relationships("commissioned-by", subject="X-LP") == [("X-LB", "2002-04-01", "2006-04-01")]


def _proposed() -> None:
    load(document())
    carried_out(kind="rename", effective_on="2008-04-01", organisation="X-LA", name="New name")
    assert names() == [("Old name", "2002-04-01", "2008-04-01"), ("New name", "2008-04-01", "2012-04-01")]


def _proposed_and_undone() -> None:
    load(document(relationships=[MEMBER]))
    merger = carried_out(
        kind="merger",
        effective_on="2006-04-01",
        title="Joined",
        originals=["X-LB", "X-LD"],
        resulting=[{"code": "X-LC", "name": "Joined", "form": TRUST}],
    )
    assert relationships("member-of", subject="X-LP")[-1] == ("X-LC", "2006-04-01", "2010-04-01")
    carried_out(kind="correction", effective_on="2006-04-01", corrects=merger.pk, title="It never was")
    assert relationships("member-of", subject="X-LP") == [("X-LB", "2002-04-01", "2010-04-01")]


WAYS: list[Callable[[], None]] = [
    _renamed,
    _raised,
    _absorbing,
    _merged_before_a_stated_end,
    _moved_before_a_stated_end,
    _dissolved_before_a_stated_end,
    _proposed,
    _proposed_and_undone,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_it_lives_until_then_and_comes_back_the_same(way: Callable[[], None]) -> None:
    empty()
    way()
    assert str(Organisation.objects.get(pk="X-LA").closed) == "2012-04-01"
    assert Organisation.objects.get(pk="X-LA").closed_by is None
    before, text = state(), "".join(as_yaml(PortfolioDocument("listed")))
    empty()
    load_content(content=text.encode(), name="listed.yaml", by="tests")
    assert differences(before, state()) == []
    assert "".join(as_yaml(PortfolioDocument("listed"))) == text


def test_a_forgotten_name_is_loaded_before_one_that_is_known() -> None:
    load(document(RENAMED))
    longer = document(change("rename", "2005-04-01", "X-LA", name="Middle name"), RENAMED)
    load(longer)
    expected = [
        ("Old name", "2002-04-01", "2005-04-01"),
        ("Middle name", "2005-04-01", "2008-04-01"),
        ("New name", "2008-04-01", "2012-04-01"),
    ]
    assert names() == expected


def test_a_preview_under_later_history_keeps_the_stated_closing() -> None:
    """A later change is undone for the preview; the closing that no change brought about stays."""
    load(document(RENAMED))
    asked = {"kind": "rename", "effective_on": "2005-04-01", "organisation": "X-LA", "name": "Middle"}
    seen = preview(spec=ProposedChange.model_validate(asked))
    assert seen.hypothetical
    assert str(seen.plan.after.bodies["X-LA"].closed) == "2012-04-01"
    assert str(seen.plan.after.bodies["X-LA"].names[-1].period.end) == "2012-04-01"
