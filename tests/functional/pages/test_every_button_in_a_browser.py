"""Every link and the button of every form that asks for a page, in Chromium: no press leads to an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.functional.pages.walking import Walk, by_question, by_route

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]
TRUSTS = "/?portfolio=illustrative-trusts&as_of=2009-04-01"
STARTS = (TRUSTS, "/?portfolio=illustrative-county&as_of=2000-06-01", "/?as_of=2009-04-01", "/")


def test_a_stranger_can_press_everything(served: str, page: Callable[..., Page]) -> None:
    walk = Walk(page(), served, by_question)
    walk.go(STARTS)
    assert walk.faults == []
    assert {route for route, *_ in walk.visited} >= {
        "home",
        "organisation",
        "portfolio",
        "change",
        "contract",
        "assessment",
    }
    assert {route for route, *_ in walk.pressed} >= {"organisations", "changes", "contracts", "pooled-budgets"}


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("ann", {"decisions", "propose-kind", "assessment-new", "dispersal-new"}),
        ("bob", {"decisions", "audit", "propose-kind"}),
        ("dora", {"load", "audit", "account"}),
    ],
)
def test_each_role_can_press_everything(served: str, page: Callable[..., Page], who: str, sees: set[str]) -> None:
    walk = Walk(page(who=who), served, by_route)
    walk.go([TRUSTS])
    assert walk.faults == []
    assert {route for route, *_ in walk.visited} >= sees
