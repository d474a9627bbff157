"""The page of a change that a correction has undone or re-based says so, and keeps what it said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from organisations.domain.lifecycle import Step
from organisations.models import Change
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.policies import Actor
from tests.functional.pages.filling import words

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)


def carried_through(**given: object) -> Change:
    made = propose(spec=proposed(ProposedChange, {"effective_on": "2015-03-01"} | given), by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    return made


def test_an_undone_change_says_so_and_shows_what_no_longer_counts(read: Callable[..., BeautifulSoup]) -> None:
    merger = carried_through(
        kind="merger",
        originals=["00F", "00G"],
        resulting=[{"code": "13T", "name": "Tyne", "form": "clinical-commissioning-group"}],
    )
    undoing = carried_through(kind="correction", corrects=merger.pk)
    page = read(f"/changes/{merger.pk}/")
    assert "It no longer counts" in page.main.get_text()
    assert page.find("a", href=lambda href: href and href.startswith(f"/changes/{undoing.pk}/"))
    caption = page.find(id="superseded-caption")
    assert caption is not None
    assert "2 superseded shares" in caption.get_text()
    assert "Tyne" in page.main.get_text()
    assert "All its people pass to Tyne." in words(page.select_one(".pc-effects"))
    corrected = read(f"/changes/{undoing.pk}/")
    assert f"Change {merger.pk} is struck out." in words(corrected.select_one(".pc-effects"))
    assert page.find("a", href=lambda href: href and href.startswith("/organisations/13T")) is None
    gone = read("/organisations/13T/?as_of=2015-03-15", status=404)
    assert f"correction {undoing.pk} struck it out" in gone.main.get_text()
    assert "13T" not in read("/organisations/?as_of=2015-03-15&q=Tyne").main.get_text()
