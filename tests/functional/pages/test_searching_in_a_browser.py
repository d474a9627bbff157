"""Searches as people make them in Chromium: the form of the page is filled in and its own button pressed, so that every
field goes along, filled in or blank."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.functional.pages.browsing import follow

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]
TRUSTS = "portfolio=illustrative-trusts&as_of=2009-06-01"


@pytest.fixture
def opened(served: str, page: Callable[..., Page]) -> Callable[..., Page]:
    """A page of the served product: `opened("/changes/", who="ann")`."""

    def at(path: str, *, who: str = "") -> Page:
        shown = page(who=who)
        shown.goto(served + path)
        return shown

    return at


def find(shown: Page, button: str, **fields: str) -> None:
    """Fill in fields by their names, choose from lists by what they say, and press the button."""
    for name, text in fields.items():
        field = shown.locator(f"main [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)
    follow(shown.locator("main").get_by_role("button", name=button, exact=True))
    expect(shown.locator(".nhsuk-error-summary")).to_have_count(0)


def test_organisations_are_found_by_name_form_and_size(opened: Callable[..., Page]) -> None:
    shown = opened("/organisations/?as_of=2009-04-01")
    find(shown, "Find organisations", q="birmingham", form="Primary care trust, level 4")
    expect(shown.locator("main tbody tr")).to_have_count(3)
    shown.get_by_text("Level, size, council and dates").click()
    find(shown, "Find organisations", population_min="400000", level="Level 4")
    expect(shown.locator("main tbody tr")).to_have_count(1)
    expect(shown.locator(".pc-filters__chip")).to_have_count(4)
    expect(shown.locator("#population_min")).to_have_value("400000")


def test_all_organisations_are_found_where_nothing_is_filled_in(opened: Callable[..., Page]) -> None:
    shown = opened("/organisations/?as_of=2009-04-01")
    caption = shown.locator("#organisations-caption").text_content()
    find(shown, "Find organisations")
    assert shown.locator("#organisations-caption").text_content() == caption
    expect(shown.locator(".pc-filters__chip")).to_have_count(0)


def test_what_is_typed_wrongly_leads_to_its_field(opened: Callable[..., Page]) -> None:
    shown = opened("/changes/")
    shown.locator("#organisation").fill("nobody")
    follow(shown.get_by_role("button", name="Find changes"))
    shown.get_by_role("link", name="No organisation has the code nobody").click()
    expect(shown.locator("#organisation")).to_be_focused()
    expect(shown.locator("#organisation")).to_have_value("nobody")


def test_changes_are_found_by_kind_and_date(opened: Callable[..., Page]) -> None:
    shown = opened("/changes/")
    find(shown, "Find changes", kind="Merger", effective_after="2006-10-01", effective_before="2012-12-31")
    expect(shown.locator("main tbody tr")).to_have_count(1)
    find(shown, "Find changes", kind="All kinds", organisation="5M1", effective_before="")
    expect(shown.locator("main tbody tr")).to_have_count(1)


def test_contracts_are_found_by_sector_and_value(opened: Callable[..., Page]) -> None:
    shown = opened(f"/contracts/?{TRUSTS}")
    before = shown.locator("main tbody tr").count()
    find(shown, "Find contracts", sector="Community health services")
    between = shown.locator("main tbody tr").count()
    assert 0 < between < before
    find(shown, "Find contracts", q="no such contract")
    expect(shown.locator("main")).to_contain_text("No contract in force on 1 June 2009")


def test_pooled_budgets_are_found_by_partner(opened: Callable[..., Page]) -> None:
    shown = opened(f"/pooled-budgets/?{TRUSTS}")
    find(shown, "Find pooled budgets", partner="Selwyke County Council")
    expect(shown.locator("main h2")).to_have_count(1)
    expect(shown.locator("main h2")).to_contain_text("Selwyke learning disability pool")


def test_assessments_and_provider_arms_are_found(opened: Callable[..., Page]) -> None:
    shown = opened("/assessments/?portfolio=illustrative-county")
    find(shown, "Show", status="Open for judgements")
    shown.goto(shown.url.split("/assessments/")[0] + f"/provider-arms/?{TRUSTS}")
    find(shown, "Show", separation="Any")
    assert shown.locator("main tbody tr").count() > 0


def test_a_commissioner_finds_decisions_and_an_approver_the_audit_trail(opened: Callable[..., Page]) -> None:
    shown = opened("/decisions/?pile=open", who="ann")
    find(shown, "Find proposals", kind="Merger")
    trail = opened("/audit/", who="bob")
    find(trail, "Find entries", since="2000-01-01", until="2199-12-31")
    assert trail.locator("main tbody tr").count() > 0


@pytest.mark.parametrize("page_of", ["contracts", "pooled-budgets", "commissioning", "pilots"])
def test_where_nothing_is_held_the_page_leads_to_a_portfolio_that_holds_some(
    opened: Callable[..., Page], page_of: str
) -> None:
    shown = opened(f"/{page_of}/?as_of=2009-04-01")
    links = shown.locator("main p", has_text="Portfolios with").get_by_role("link")
    for place in range(links.count()):
        follow(links.nth(place))
        expect(shown.locator("main")).not_to_contain_text("is recorded")
        assert shown.locator("main tbody tr, main .pc-stat").count() > 0
        shown.go_back()
    assert links.count() > 0
