"""Several changes on one day, in loads, previews and effects, and taken back again: people are conserved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q, QuerySet

from organisations.domain.lifecycle import Step
from organisations.domain.snapshot import PopulationCount
from organisations.models import Change, Organisation, Population
from organisations.selectors.documents import PortfolioDocument, as_data, yaml_of
from organisations.selectors.organisations import detail, listing
from organisations.services import outcomes
from organisations.services.load_portfolio import load_portfolio
from organisations.services.previews import Preview, preview
from organisations.services.proposals import decide, propose
from organisations.services.snapshots import snapshot_of
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.audit.memory import one_version
from pcorg.core.policies import Actor
from tests.oracles.state import differences, empty, state

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
DAY = "2021-04-01"
DALE = Q(organisation__portfolio="dale")
KNOWN = {"basis": "illustrative", "source": "pcorg-illustration"}
PEOPLE = {"X-TOWN": 250_000, "X-DALE": 1_000_000, "X-CITY": 600_000, "X-MOOR": 70_001}


def body(code: str, people: int | None) -> dict[str, Any]:
    counts = [] if people is None else [{"count": people, "on": "2020-01-01", "basis": "registered"}]
    return {"code": code, "name": code, "form": "clinical-commissioning-group", "populations": counts, **KNOWN}


def document(*changes: dict[str, Any], people: dict[str, int | None] | None = None) -> dict[str, Any]:
    counts: dict[str, int | None] = {**PEOPLE, **(people or {})}
    return {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": "dale",
            "title": "Dale",
            "illustrative": True,
            "covers": {"from": "2013-04-01", "to": "2025-12-31"},
        },
        "bodies": [body(code, count) for code, count in counts.items()],
        "changes": [
            {"reference": f"c{number}", "title": f"Change {number}", "effective_on": DAY, **KNOWN, **change}
            for number, change in enumerate(changes, start=1)
        ],
    }


def gives(giver: str, taker: str, part: str) -> dict[str, Any]:
    return {
        "kind": "reconfiguration",
        "originals": [giver, taker],
        "resulting": [{"code": giver}, {"code": taker}],
        "edges": [{"original": giver, "resulting": taker, "share": part}],
    }


def absorbs(heir: str, other: str) -> dict[str, Any]:
    return {"kind": "merger", "originals": [heir, other], "resulting": [{"code": heir}]}


def merges(one: str, other: str, heir: str) -> dict[str, Any]:
    new = {"code": heir, "name": heir, "form": "clinical-commissioning-group"}
    return {"kind": "merger", "originals": [one, other], "resulting": [new]}


def loaded(tmp_path: Path, given: dict[str, Any]) -> None:
    path = tmp_path / "dale.yaml"
    path.write_text(yaml_of(given))
    load_portfolio(path=path, by="ann")


def people(*codes: str) -> list[int | None]:
    rows = Organisation.objects.filter(pk__in=codes).with_population(None)
    counts = dict(rows.values_list("code", "people"))
    return [counts[code] for code in codes]


def effected(given: dict[str, Any]) -> Change:
    """A change proposed, approved and carried out; what the preview says is what comes of it, and is said of it
    ever after."""
    made, seen = carried_through(given)
    assert aftermath_of(made) == (seen.before.population.amount, seen.after.population.amount)
    return made


def carried_through(given: dict[str, Any]) -> tuple[Change, Preview]:
    asked = proposed(ProposedChange, {"effective_on": DAY, "evidence": EVIDENCE, **given})
    seen = preview(spec=asked)
    made = propose(spec=asked, by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    return made, seen


EVIDENCE = dict.fromkeys(("consultation-held", "board-composition"), "recorded")


def aftermath_of(change: Change) -> tuple[Any, Any]:
    sides = {role: list(change.parties.filter(role=role).values_list("organisation", flat=True)) for role in ROLES}
    with one_version():
        before, after = outcomes.totals_around(change, sides["original"], sides["resulting"])
    return before.population.amount, after.population.amount


ROLES = ("original", "resulting")


class TestInALoad:
    def test_a_part_leaves_and_the_rest_merges(self, tmp_path: Path) -> None:
        loaded(tmp_path, document(gives("X-TOWN", "X-DALE", "0.14"), merges("X-TOWN", "X-CITY", "X-NEW")))
        assert people("X-NEW", "X-DALE", "X-TOWN") == [815_000, 1_035_000, 250_000]
        assert [aftermath_of(change) for change in in_order()] == [
            (1_250_000, 1_250_000),
            (815_000, 815_000),
        ]

    def test_a_chain_of_mergers_in_the_order_in_which_they_are_stated(self, tmp_path: Path) -> None:
        chain = [absorbs("X-TOWN", "X-DALE"), absorbs("X-TOWN", "X-CITY"), merges("X-TOWN", "X-MOOR", "X-ALL")]
        loaded(tmp_path, document(*chain))
        assert people("X-ALL") == [sum(PEOPLE.values())]
        assert list(in_order().values_list("reference", flat=True)) == ["c1", "c2", "c3"]
        assert [before for before, _ in map(aftermath_of, in_order())] == [
            1_250_000,
            1_850_000,
            sum(PEOPLE.values()),
        ]

    def test_a_document_given_back_loads_to_the_same(self, tmp_path: Path) -> None:
        empty()
        chain = [gives("X-TOWN", "X-DALE", "0.14"), absorbs("X-TOWN", "X-CITY"), merges("X-TOWN", "X-MOOR", "X-NEW")]
        loaded(tmp_path, document(*chain))
        effected({**absorbs("X-DALE", "X-NEW"), "effective_on": "2022-01-01"})
        before, given = state(), as_data(PortfolioDocument("dale"))
        assert "computed" not in str(given)
        empty()
        loaded(tmp_path, given)
        assert differences(before, state()) == []


class TestEffected:
    def test_one_after_another_on_one_day(self, tmp_path: Path) -> None:
        loaded(tmp_path, document())
        effected(gives("X-TOWN", "X-DALE", "0.14"))
        effected(gives("X-DALE", "X-MOOR", "0.1"))
        effected(merges("X-TOWN", "X-CITY", "X-NEW"))
        assert people("X-NEW", "X-DALE", "X-MOOR") == [815_000, 931_500, 173_501]

    def test_as_they_would_be_loaded(self, tmp_path: Path) -> None:
        chain = [gives("X-TOWN", "X-DALE", "0.333333"), absorbs("X-TOWN", "X-CITY"), absorbs("X-TOWN", "X-MOOR")]
        empty()
        loaded(tmp_path, document())
        for change in chain:
            effected(change)
        carried_out = list(standing())
        empty()
        loaded(tmp_path, document(*chain))
        assert list(standing()) == carried_out

    def test_what_is_undone_gives_back_the_moment_before(self, tmp_path: Path) -> None:
        loaded(tmp_path, document())
        start = counts()
        first = effected(gives("X-TOWN", "X-DALE", "0.14"))
        between = counts()
        second = effected(absorbs("X-TOWN", "X-CITY"))
        third = effected(merges("X-TOWN", "X-DALE", "X-NEW"))
        assert people("X-NEW") == [1_850_000]
        undone(third)
        undone(second)
        assert counts() == between
        undone(first)
        assert counts() == start
        assert not Population.with_struck_out.filter(DALE).exclude(superseded_by=None).exists()


def standing() -> QuerySet[Population, tuple]:
    rows = Population.objects.filter(DALE).order_by("organisation", "on")
    return rows.values_list("organisation", "on", "count", "oldest_on", "at_least")


def in_order() -> QuerySet[Change]:
    return Change.objects.filter(portfolio="dale").order_by("sequence")


def counts() -> dict[str, list[PopulationCount]]:
    return {code: list(held.counts) for code, held in snapshot_of(list(PEOPLE)).bodies.items()}


def undone(change: Change) -> None:
    carried_through(
        {"kind": "correction", "corrects": change.pk, "effective_on": DAY, "originals": [], "resulting": []}
    )


class TestShown:
    def test_a_computed_count_with_its_parts_and_the_day_of_the_oldest(self, tmp_path: Path) -> None:
        loaded(tmp_path, document(merges("X-TOWN", "X-CITY", "X-NEW")))
        shown = detail("X-NEW")["population"]
        assert (shown["count"], str(shown["on"]), shown["basis"]) == (850_000, "2020-01-01", "computed")
        assert (str(shown["standing_from"]), shown["at_least"]) == (DAY, False)
        assert [(part["code"], part["count"], part["share"], part["basis"]) for part in shown["parts"]] == [
            ("X-TOWN", 250_000, "1", "registered"),
            ("X-CITY", 600_000, "1", "registered"),
        ]
        (row,) = listing(None, portfolio="dale").filter(code="X-NEW")
        assert (row.people, str(row.people_on), row.people_basis) == (850_000, "2020-01-01", "computed")
        assert [part["code"] for part in row.people_parts] == ["X-TOWN", "X-CITY"]

    def test_an_unknown_original_leaves_it_known_in_part(self, tmp_path: Path) -> None:
        loaded(tmp_path, document(absorbs("X-TOWN", "X-FEN"), people={"X-FEN": None}))
        shown = detail("X-TOWN")["population"]
        assert (shown["count"], shown["at_least"], shown["basis"]) == (250_000, True, "computed")
        assert shown["parts"][1] == {
            "code": "X-FEN",
            "share": "1",
            "count": None,
            "on": None,
            "basis": None,
            "at_least": False,
        }
