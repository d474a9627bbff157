"""What a change does to what bodies hold, as its page tells it: counted and added up, each holding in a line below."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from organisations.domain.lifecycle import Step
from organisations.models import Change
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedMerger, proposed
from organisations.web.presenters.proposing import body_effects
from pcorg.core.policies import Actor
from tests.functional.pages.filling import words

pytestmark = pytest.mark.django_db
ANN, BOB = Actor("ann", commissions=True), Actor("bob", commissions=True, approves=True)
MERGER = {
    "originals": ["X-KPCT1", "X-KPCT2"],
    "resulting": {"code": "X-KPCT9", "name": "Coast and Hills Primary Care Trust", "form": "pct-4"},
    "effective_on": "2009-10-01",
    "rationale": "One set of managers.",
    "evidence": {
        "consultation-held": "Three months.",
        "management-capacity": "One team.",
        "board-composition": "Stated.",
    },
}


@pytest.fixture
def merger() -> Change:
    return propose(spec=proposed(ProposedMerger, MERGER).as_change(), by=ANN)


def told(page: BeautifulSoup, code: str) -> dict[str, list[str]]:
    """What is told of a body: each sentence, with the lines of its list."""
    body = next(each for each in page.select(".pc-effects__body") if words(each.select_one(".pc-code")) == code)
    return {
        words(deed.select_one("summary") or deed): [words(line) for line in deed.select("li")]
        for deed in body.select(".pc-effects__deed")
    }


HOSPITAL = (
    "Hospital care under the national tariff (X-KC101): {} with Selwyke Bay Hospitals NHS Trust; £108,450,000.00 a year"
)


@pytest.mark.parametrize("carried_out", [False, True])
def test_holdings_are_counted_and_each_has_a_line(
    merger: Change, read: Callable[..., BeautifulSoup], *, carried_out: bool
) -> None:
    if carried_out:
        for step in (Step.APPROVE, Step.EFFECT):
            decide(change_id=merger.pk, step=step, by=BOB)
    page = read(f"/changes/{merger.pk}/")
    ended, begun = told(page, "X-KPCT1"), told(page, "X-KPCT9")
    assert HOSPITAL.format("Selwyke Coast Primary Care Trust") in " ".join(
        ended["No longer holds 27 contracts (£255,980,349.79 a year)."]
    )
    contracts = begun["Comes to hold 44 contracts (£430,875,228.93 a year)."]
    assert len(contracts) == 44
    assert any(line.startswith(HOSPITAL.format("Coast and Hills Primary Care Trust")) for line in contracts)
    assert "Comes to hold 12 budgets (£567,010,000.00 a year)." in begun
    assert not [line for line in (*ended, *begun) if "holding" in line]


def test_totals_are_in_the_words_and_units_of_what_they_count(
    merger: Change, read: Callable[..., BeautifulSoup]
) -> None:
    rows = {
        words(row.select_one("th, td")): words(row) for row in read(f"/changes/{merger.pk}/").select(".pc-totals tr")
    }
    assert "£430,875,228.93" in rows["Contracts, pounds a year"]
    assert "1,629.20" in rows["Staff, whole-time equivalent"]
    assert "£" not in rows["Staff, whole-time equivalent"]


def test_of_very_many_the_first_have_a_line(
    merger: Change, read: Callable[..., BeautifulSoup], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_effects, "MOST_LISTED", 10)
    contracts = told(read(f"/changes/{merger.pk}/"), "X-KPCT9")["Comes to hold 44 contracts (£430,875,228.93 a year)."]
    assert len(contracts) == 11
    assert contracts[-1] == "and 34 others, which the preview in the API lists"
