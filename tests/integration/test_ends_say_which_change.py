"""Every fact that a change ends or alters says which change did, and how that is known: not how the fact once was."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F

from organisations.domain.lifecycle import Step
from organisations.models import Change, FormPeriod, NamePeriod, Organisation, Relationship
from organisations.selectors.organisations import detail
from organisations.services.load_portfolio import load_stated
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.policies import Actor
from tests.documents import body, coast, stated

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded")


@pytest.fixture
def shore() -> None:
    """Two trusts recorded in a register and one that is listed with its closing."""
    document = coast()
    for section in ("contracts", "budgets", "pooled_budgets", "provisions", "staffing", "premises", "provider_arms"):
        document.pop(section)
    for section in ("portfolio_groups", "pms_pilots", "recommendation_answers", "changes"):
        document.pop(section)
    document["bodies"].append(body("X-SC", "Third Trust", "pct-4", opened="2001-04-01", closed="2009-04-01"))
    document["bodies"].append(body("X-SP", "A practice", "gp-practice", opened="2001-04-01", member_of=["X-SA"]))
    load_stated(stated=stated(document), by="tests")


def carried_out(**given: Any) -> Change:
    made = propose(spec=proposed(ProposedChange, {"evidence": EVIDENCE} | given), by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    return made


def merged() -> Change:
    return carried_out(
        kind="merger",
        effective_on="2006-10-01",
        originals=["X-SA", "X-SB"],
        resulting=[{"code": "X-SD", "name": "One coast", "form": "pct-4"}],
    )


def ended_by(code: str) -> dict[str, set[int | None]]:
    told = detail(code)
    facts = {name: told[name] for name in ("names", "forms", "relationships", "board_seats")}
    return {
        name: {fact["ended"] and fact["ended"]["change"] for fact in found} for name, found in facts.items() if found
    }


def test_a_closing_that_a_proposal_brought_about_is_a_decision(shore: None) -> None:
    merger = merged()
    told = detail("X-SA")
    assert told["basis"] == "illustrative"
    assert told["closing"] == {"change": merger.pk, "basis": "decision", "source": ""}
    assert ended_by("X-SA") == {"names": {merger.pk}, "forms": {merger.pk}, "relationships": {merger.pk}}
    assert all(fact["ended"]["basis"] == "decision" for fact in (*told["names"], *told["forms"]))


def test_what_the_heir_takes_over_is_known_as_the_change_is(shore: None) -> None:
    merger = merged()
    (practice,) = (
        relationship for relationship in detail("X-SD")["relationships"] if relationship["kind"] == "member-of"
    )
    assert (practice["begun_by"], practice["basis"], practice["note"]) == (
        merger.pk,
        "decision",
        "carried over from X-SA",
    )


def test_a_closing_that_is_listed_is_known_as_the_body_is(shore: None) -> None:
    told = detail("X-SC")
    expected = {"change": None, "basis": "illustrative", "source": "pcorg-illustration"}
    assert told["closing"] == expected
    assert [name["ended"] for name in told["names"]] == [expected]
    assert detail("X-SA")["closing"] is None


def test_a_body_listed_with_its_closing_is_renamed_by_a_proposal_and_named_back(shore: None) -> None:
    renaming = carried_out(kind="rename", organisation="X-SC", name="Third Shore", effective_on="2005-04-01")
    names = [
        (name["name"], str(name["start"]), str(name["end"]), name["ended"]["change"])
        for name in detail("X-SC")["names"]
    ]
    assert names == [
        ("Third Trust", "2001-04-01", "2005-04-01", renaming.pk),
        ("Third Shore", "2005-04-01", "2009-04-01", None),
    ]
    carried_out(kind="correction", effective_on="2005-04-01", corrects=renaming.pk)
    names = [(name["name"], str(name["end"]), name["ended"]["change"]) for name in detail("X-SC")["names"]]
    assert names == [("Third Trust", "2009-04-01", None)]


def test_a_recorded_change_ends_with_its_own_source(shore: None) -> None:
    pct = detail("5QQ")
    reform = Change.objects.get(pk=pct["closing"]["change"])
    assert (reform.kind, reform.recorded) == ("reconfiguration", True)
    assert pct["closing"]["source"] == reform.citation


def test_a_forgotten_merger_ends_its_originals_and_the_later_change_its_heir() -> None:
    reform = detail("5QQ")["closing"]["change"]
    made = carried_out(
        kind="correction",
        effective_on="2011-04-01",
        originals=["5QQ", "5QP"],
        resulting=[{"code": "5ZQ", "name": "Peninsula", "form": "pct-4"}],
    )
    assert detail("5QQ")["closing"]["change"] == made.pk
    assert {change for found in ended_by("5QQ").values() for change in found} == {made.pk}
    assert detail("5ZQ")["closing"]["change"] == reform
    assert {change for found in ended_by("5ZQ").values() for change in found} == {reform}


def test_what_is_undone_is_closed_by_nobody(shore: None) -> None:
    merger = merged()
    undoing = carried_out(kind="correction", effective_on="2006-10-01", corrects=merger.pk)
    for code in ("X-SA", "X-SB"):
        assert detail(code)["closing"] is None
        assert {change for found in ended_by(code).values() for change in found} == {None}
    struck = Organisation.with_struck_out.get(pk="X-SD")
    assert (struck.closed, struck.closed_by_id) == (struck.opened, undoing.pk)


TABLES: list[Callable[[], Any]] = [
    lambda: FormPeriod.objects.filter(end=F("organisation__closed")),
    lambda: NamePeriod.objects.filter(end=F("organisation__closed")),
    lambda: Relationship.objects.filter(kind="accountable-to", end=F("subject__closed")),
]


@pytest.mark.parametrize("rows", TABLES)
def test_in_all_that_is_shipped_whatever_ends_with_its_body_is_ended_by_what_closed_it(rows: Callable[[], Any]) -> None:
    found = rows()
    assert found.exists()
    body_of = "subject" if found.model is Relationship else "organisation"
    assert (
        not found.exclude(ended_by=F(f"{body_of}__closed_by"))
        .exclude(**{"ended_by": None, f"{body_of}__closed_by": None})
        .exists()
    )


def test_the_page_tells_who_closed_it(shore: None, client: Any) -> None:
    merger = merged()
    page = client.get("/organisations/X-SA/", {"portfolio": "small-coast"}).content.decode()
    assert f"change {merger.pk}</a>: Brought about by a change carried out here" in page
    table = client.get("/organisations/X-SA/", {"portfolio": "small-coast", "table": "life"})
    rows = list(csv.DictReader(io.StringIO(table.getvalue().decode("utf-8-sig"))))
    assert {row["ended_by"] for row in rows} == {str(merger.pk)}
