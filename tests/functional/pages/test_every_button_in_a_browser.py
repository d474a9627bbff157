"""Every link and the button of every form that asks for a page, in Chromium: no press leads to an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.functional.pages.walking import Walk, by_question, by_route

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]
TRUSTS = "/?portfolio=illustrative-trusts&as_of=2009-04-01"
STARTS = (TRUSTS, "/?portfolio=illustrative-county&as_of=2000-06-01", "/?as_of=2009-04-01", "/")


SEES = {
    "ann": {"decisions", "propose-kind", "assessment-new", "dispersal-new"},
    "bob": {"decisions", "audit", "propose-kind"},
    "dora": {"load", "audit", "account"},
}
"""Routes that are for people of each role."""


def test_everybody_can_press_everything(served: str, page: Callable[..., Page], subtests: pytest.Subtests) -> None:
    """A stranger first; then each role on a page of every route, where forms that the stranger had are left."""
    stranger = Walk(page(), served, by_question)
    stranger.go(STARTS)
    with subtests.test(who="a stranger"):
        assert stranger.faults == []
        seen = {"home", "organisation", "portfolio", "change", "contract", "assessment"}
        assert {route for route, *_ in stranger.visited} >= seen
        pressed = {route for route, *_ in stranger.pressed}
        assert pressed >= {"organisations", "changes", "contracts", "pooled-budgets"}
    for who, sees in SEES.items():
        walk = Walk(page(who=who), served, by_route, pressed=set(stranger.pressed))
        walk.go([TRUSTS])
        with subtests.test(who=who):
            assert walk.faults == []
            assert {route for route, *_ in walk.visited} >= sees
