"""The planner, the benchmark and provider arms in Chromium: accessibility, width, dragging, keyboard, no scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.functional.pages.browsing import WIDTHS, check, press

pytestmark = pytest.mark.browser

COAST = "portfolio=illustrative-trusts&as_of=2009-10-01"
PLANNER = f"/organisations/X-KPCT1/provider-arm/?{COAST}"
PAGES = {
    "planner": PLANNER,
    "nothing to plan": "/organisations/5M1/provider-arm/?as_of=2009-04-01",
    "provider arms": f"/provider-arms/?{COAST}",
    "no provider arms": "/provider-arms/",
    "benchmark": f"/benchmark/?trust=X-KPCT1&{COAST}",
    "benchmark, refused": f"/benchmark/?trust=X-KPCT1&add=trust&{COAST}",
    "no benchmark": "/benchmark/",
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_fits(served: str, page: Callable[..., Page], path: str) -> None:
    shown = page()
    shown.goto(served + path)
    check(shown, *WIDTHS)


@pytest.mark.exhaustive
def test_a_form_with_errors_is_accessible(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(served + PLANNER)
    shown.get_by_label("Title of the plan").fill("")
    shown.locator("#groups-1-code").fill("no code")
    shown.locator("#preview").get_by_role("button", name="Preview").click()
    shown.get_by_role("link", name="Give the plan a title").click()
    expect(shown.locator("#title")).to_be_focused()
    check(shown, *WIDTHS)


def test_a_card_is_dragged_to_another_group_and_the_preview_follows(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.set_viewport_size({"width": 1280, "height": 4000})  # both ends of the way in view: nothing scrolls under it
    shown.goto(served + PLANNER)
    expect(shown.get_by_role("button", name="Move the cards")).to_be_hidden()
    group = shown.locator('[data-column="3"]')
    before = int(group.locator("[data-count]").inner_text())
    by_its_name = {"x": 12, "y": 12}  # the select in the middle of a card takes the mouse for itself
    shown.locator('[data-name="Chiropody"]').drag_to(group.locator("[data-cards]"), source_position=by_its_name)
    expect(group.locator('[data-name="Chiropody"]')).to_be_visible()
    expect(group.locator("[data-count]")).to_have_text(str(before + 1))
    expect(shown.locator("#service-chiropody")).to_have_value("3")
    expect(shown.locator("[data-announce]")).to_have_text("Chiropody: Health and wellbeing")
    expect(shown.locator("#part-preview")).to_contain_text("6 services go with it")
    check(shown, 1280)


def test_a_card_moves_by_keyboard_and_keeps_the_focus(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(served + PLANNER)
    select = shown.get_by_label("Group of Dental services")
    select.focus()
    shown.keyboard.type("Reh")
    shown.keyboard.press("Enter")
    expect(shown.locator('[data-column="2"] [data-name="Dental services"]')).to_be_visible()
    expect(select).to_be_focused()
    expect(shown.locator("[data-announce]")).to_have_text("Dental services: Rehabilitation")


def test_a_groups_new_name_stands_everywhere(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(served + PLANNER)
    shown.locator("#groups-2-title").fill("Getting people moving")
    expect(shown.locator('[data-heading-of="2"]')).to_have_text("Getting people moving")
    expect(shown.locator('#service-chiropody option[value="2"]')).to_have_text("Getting people moving")
    expect(shown.locator("#part-preview")).to_contain_text("Getting people moving")


def test_a_form_chosen_brings_its_suggestions(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(served + PLANNER)
    shown.locator("#groups-2-form").focus()
    shown.locator("#groups-2-form").select_option("cooperative-society")
    expect(shown.locator("#groups-2-on")).to_have_value("2011-10-01")
    expect(shown.locator("#part-sides thead")).to_contain_text("operative")
    expect(shown.locator("#part-preview .pc-path__step")).to_have_count(4)
    expect(shown.locator("#groups-2-form")).to_be_focused()


@pytest.mark.exhaustive
def test_a_plan_is_made_kept_and_proposed_by_keyboard_without_scripts(served: str, page: Callable[..., Page]) -> None:
    def button(name: str) -> Locator:
        return shown.locator("main").get_by_role("button", name=name, exact=True).first

    shown = page(scripts=False, who="ann")
    shown.goto(served + PLANNER)
    shown.get_by_label("Group of Chiropody").focus()
    shown.keyboard.type("Health")
    press(button("Move the cards"))
    expect(shown.locator('[data-column="3"] [data-name="Chiropody"]')).to_be_visible()
    shown.locator("#groups-0-form").focus()
    shown.keyboard.type("Stays")
    shown.get_by_label("Title of the plan").fill("By keyboard alone")
    press(button("Keep this plan"))
    expect(shown.locator(".nhsuk-notification-banner")).to_contain_text("The plan is kept")
    kept = shown.url
    press(button("Propose every step"))
    expect(shown.locator(".nhsuk-notification-banner")).to_contain_text("2 steps are proposed")
    expect(shown.locator(".pc-path .nhsuk-tag")).to_have_text(["Proposed", "Proposed"])
    for width in (1280, 320):
        scripted = page(width)
        scripted.goto(kept)
        check(scripted, width)


@pytest.mark.exhaustive
def test_an_unproposed_plan_is_accessible(served: str, page: Callable[..., Page]) -> None:
    shown = page(who="ann")
    shown.goto(served + PLANNER)
    shown.get_by_label("Title of the plan").fill("To be looked at")
    shown.get_by_role("button", name="Keep this plan").click()
    expect(shown.get_by_role("button", name="Propose every step")).to_be_visible()
    check(shown, *WIDTHS)


@pytest.mark.exhaustive
def test_the_benchmark_draws_a_chart_for_each_table(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(served + PAGES["benchmark"])
    expect(shown.locator(".pc-chart--drawn svg")).to_have_count(5)
    plain = page(scripts=False)
    plain.goto(served + PAGES["benchmark"])
    assert plain.locator("main table").all_inner_texts() == shown.locator("main table").all_inner_texts()
