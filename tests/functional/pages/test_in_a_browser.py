"""Every page in Chromium, wide and narrow: rules of accessibility, overflow, console; keyboard; without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.functional.pages.browsing import WIDTHS, check
from tests.functional.pages.conftest import PASSWORD

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/?as_of=2009-04-01",
    "home, invented": "/?portfolio=illustrative-county",
    "home, outside coverage": "/?as_of=1990-01-01",
    "organisations": "/organisations/?as_of=2009-04-01",
    "organisations, narrowed": "/organisations/?as_of=2009-04-01&q=birmingham&population_min=100000",
    "organisations, refused": "/organisations/?accountable_to=nobody",
    "organisation": "/organisations/5M1/?as_of=2009-04-01",
    "compare": "/compare/?as_of=2009-04-01&code=5M1&code=5PG&code=TAK&code=zz",
    "changes": "/changes/",
    "changes, invented": "/changes/?portfolio=illustrative-county",
    "change of one": "/changes/2/",
    "change of hundreds": "/changes/5/",
    "forms": "/forms/",
    "forms of a family": "/forms/?family=pilots",
    "form": "/forms/pct-4/",
    "services": "/services/",
    "options": "/options/",
    "assessments": "/assessments/",
    "assessment": "/assessments/1/",
    "assessment of a panel": "/assessments/3/?portfolio=illustrative-county&weights=equal&m=0",
    "assessment, refused": "/assessments/2/?weights=magic",
    "followed over time": "/following/?portfolio=illustrative-county&as_of=2010-01-01",
    "followed, refused": "/following/?organisation=nobody",
    "model chosen": "/assessments/3/following/?portfolio=illustrative-county",
    "integration profile": "/organisations/X-PCT2/integration/?as_of=2010-01-01",
    "commissioning": "/commissioning/?portfolio=illustrative-trusts&as_of=2009-06-01",
    "contracts": "/contracts/?portfolio=illustrative-trusts&as_of=2009-06-01&sector=community",
    "contracts, refused": "/contracts/?commissioner=nobody",
    "contracts, none": "/contracts/",
    "contract": "/contracts/X-KC110/?as_of=2009-06-01",
    "pooled budgets": "/pooled-budgets/?portfolio=illustrative-trusts&as_of=2009-06-01",
    "pilots": "/pilots/?portfolio=illustrative-trusts&as_of=2000-04-01",
    "portfolio": "/organisations/X-KPCT1/portfolio/?as_of=2009-06-01",
    "portfolio, nothing recorded": "/organisations/5M1/portfolio/?as_of=2009-04-01",
    "organisation with everything": "/organisations/X-KPCT1/?as_of=2009-06-01",
    "glossary": "/glossary/",
    "about the data": "/about-the-data/",
    "accessibility": "/accessibility/",
    "API guide": "/api-guide/",
    "sign in": "/sign-in/",
    "not found": "/nowhere/",
    "assessments compared": "/assessments/compare/?id=1&id=2&id=99",
    "bad date": "/?as_of=yesterday",
}


FIRST = {"home", "organisation", "change of one", "contracts", "assessment", "sign in"}
"""Pages that are looked at whenever tests run; the others by `make test-all`."""


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=name, marks=() if name in FIRST else pytest.mark.exhaustive)
        for name, path in PAGES.items()
    ],
)
def test_page_is_accessible_and_fits(served: str, page: Callable[..., Page], path: str) -> None:
    shown = page()
    shown.goto(served + path)
    check(shown, *WIDTHS)


@pytest.mark.parametrize("part", ["h1", "main p", "main a", "button", "select", "footer"])
def test_words_are_set_in_the_typeface_of_the_pages(served: str, page: Callable[..., Page], part: str) -> None:
    shown = page()
    shown.goto(f"{served}/organisations/")
    family = shown.locator(part).first.evaluate("element => getComputedStyle(element).fontFamily")
    assert family == "arial, sans-serif"


def test_skip_link_comes_first_and_leads_to_the_content(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(f"{served}/organisations/")
    shown.keyboard.press("Tab")
    expect(shown.locator(":focus")).to_have_text("Skip to main content")
    shown.keyboard.press("Enter")
    expect(shown).to_have_url(re.compile("#"))
    shown.keyboard.press("Tab")
    expect(shown.locator("main :focus")).to_have_count(1)


def test_nothing_focused_hides_under_the_date_bar(served: str, page: Callable[..., Page]) -> None:
    """WCAG 2.2, 2.4.11."""
    shown = page()
    shown.goto(f"{served}/changes/?portfolio=illustrative-county")
    shown.locator("main table a").last.focus()
    for _ in range(25):
        shown.keyboard.press("Shift+Tab")
        top = shown.evaluate("document.activeElement.getBoundingClientRect().bottom")
        bar = shown.evaluate("document.querySelector('.pc-date-bar').getBoundingClientRect().bottom")
        assert top > bar


@pytest.mark.parametrize(
    "path",
    [
        PAGES[name]
        for name in ("home", "organisations", "organisation", "change of hundreds", "forms", "contracts", "portfolio")
    ],
)
def test_page_says_everything_without_scripts(served: str, page: Callable[..., Page], path: str) -> None:
    plain, scripted = page(scripts=False), page()
    plain.goto(served + path)
    scripted.goto(served + path)
    for part in ("main table", "main h2", "main a"):
        expect(scripted.locator(part)).to_have_count(plain.locator(part).count())


def test_date_form_works_without_scripts_and_keeps_the_filters(served: str, page: Callable[..., Page]) -> None:
    shown = page(scripts=False)
    shown.goto(f"{served}/organisations/?q=birmingham&ordering=-population")
    shown.get_by_label("Date", exact=True).fill("2009-04-01")
    shown.get_by_role("button", name="Show").click()
    expect(shown.locator(".pc-date-bar__statement")).to_have_text("As at 1 April 2009")
    expect(shown).to_have_url(re.compile("q=birmingham.*ordering=-population"))
    expect(shown.locator("main tbody tr th").first).to_have_text("South Birmingham Primary Care Trust")


def test_the_day_of_the_data_is_chosen_on_the_page(served: str, page: Callable[..., Page]) -> None:
    shown = page(scripts=False)
    shown.goto(f"{served}/organisations/5P3/?as_of=2014-01-01")
    caption = shown.locator("#stand-ins-caption")
    expect(caption).to_contain_text("it had on 31 March 2010")
    shown.get_by_label("Day of your data").fill("2009-04-01")
    shown.get_by_role("button", name="Show shares").click()
    expect(caption).to_contain_text("it had on 1 April 2009")
    expect(shown.locator("#stand-ins")).to_contain_text("everyone in Hertfordshire Primary Care Trust is treated alike")
    with_scripts = page()
    with_scripts.goto(shown.url)
    check(with_scripts, *WIDTHS)
    shown.get_by_label("Day of your data").fill("")
    shown.get_by_role("button", name="Show shares").click()
    expect(caption).to_contain_text("it had on 31 March 2010")


def test_ticked_organisations_are_compared(served: str, page: Callable[..., Page]) -> None:
    shown = page(scripts=False)
    shown.goto(f"{served}/organisations/?q=birmingham&as_of=2009-04-01&family=primary-care-groups-and-trusts")
    for name in ("South Birmingham", "Birmingham East and North"):
        shown.get_by_label(f"Compare {name} Primary Care Trust").check()
    shown.get_by_role("button", name="Compare those ticked").click()
    expect(shown.locator("thead th[scope=col]")).to_have_count(2)


def test_charts_are_drawn_with_a_description_beside_their_tables(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(f"{served}/?as_of=2009-04-01")
    expect(shown.locator(".pc-chart--drawn svg")).to_have_count(2)
    described = shown.locator(".pc-chart").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert all(described)


def test_a_chart_not_yet_drawn_again_does_not_widen_the_page(served: str, page: Callable[..., Page]) -> None:
    """Between a window's being narrowed and the drawing of its charts anew, and on paper."""
    shown = page()
    shown.add_init_script("window.ResizeObserver = class { observe() {} disconnect() {} }")
    shown.set_viewport_size({"width": 1280, "height": 900})
    shown.goto(f"{served}/?as_of=2009-04-01")
    expect(shown.locator(".pc-chart--drawn svg")).to_have_count(2)
    check(shown, 320)


def test_the_years_play_and_pause(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(f"{served}/?as_of=2012-04-01")
    statement = shown.locator(".pc-date-bar__statement")
    shown.get_by_role("button", name="Play the years").click()
    expect(statement).to_have_text("As at 1 April 2013")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Primary care on 1 April 2013")
    expect(shown.locator("#summary")).to_contain_text("211 clinical commissioning groups")
    shown.get_by_role("button", name="Pause").click()
    expect(shown.get_by_role("button", name="Play the years")).to_be_focused()
    expect(shown).to_have_url(re.compile("as_of=2013-04-01"))
    expect(shown.locator(".pc-chart--drawn svg")).to_have_count(2)
    check(shown, 1280)


def test_printed_page_leaves_out_menus_and_keeps_the_date(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(f"{served}/?as_of=2009-04-01")
    shown.emulate_media(media="print")
    for part in (".pc-header__nav", ".pc-date-bar__form", ".pc-stepper"):
        expect(shown.locator(part)).to_be_hidden()
    expect(shown.locator(".pc-date-bar__statement")).to_be_visible()
    expect(shown.locator(".pc-date-bar__scope")).to_have_text("England 2006 to 2015")
    expect(shown.locator(".pc-date-bar__scope")).to_be_visible()


def test_what_is_folded_is_printed_and_so_is_the_answer_of_an_assessment(
    served: str, page: Callable[..., Page]
) -> None:
    shown = page()
    shown.goto(f"{served}/organisations/X-KPCT1/?as_of=2009-06-01")
    expect(shown.locator("#contracts-table")).to_be_hidden()
    shown.emulate_media(media="print")
    expect(shown.locator("#contracts-table")).to_be_visible()
    shown.goto(f"{served}/assessments/1/")
    expect(shown.locator("[data-verdict]")).to_be_visible()


@pytest.mark.parametrize(
    "path", [PAGES[name] for name in ("organisation with everything", "changes", "assessment of a panel", "options")]
)
def test_tables_do_not_scroll_sideways_on_a_phone(served: str, page: Callable[..., Page], path: str) -> None:
    shown = page(320)
    shown.goto(served + path)
    wide = "boxes => boxes.filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1).length"
    assert shown.locator(".pc-table-wrap").count() > 0
    assert shown.locator(".pc-table-wrap").evaluate_all(wide) == 0


def test_weights_answer_at_once_where_scripts_run(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(f"{served}/assessments/1/")
    shown.locator("#w-value-for-money").fill("100")
    for criterion in ("professional-and-client-needs", "locality-network", "key-resources", "workforce-motivation"):
        shown.locator(f"#w-{criterion}").fill("0")
    expect(shown.locator("#weights-swing")).to_be_checked()
    expect(shown.locator("[data-verdict]")).to_contain_text(
        "Community and primary care comes first in 100", timeout=15_000
    )
    assert shown.url == f"{served}/assessments/1/"


def test_a_recommendation_is_answered_by_keyboard_and_without_scripts(served: str, page: Callable[..., Page]) -> None:
    shown = page(scripts=False)
    shown.goto(f"{served}/sign-in/")
    shown.get_by_label("User name").fill("ann")
    shown.locator("#password").fill(PASSWORD)
    shown.keyboard.press("Enter")
    expect(shown.get_by_role("link", name="Account of ann")).to_be_visible()
    shown.goto(f"{served}/organisations/X-KPCT1/portfolio/?as_of=2009-06-01")
    shown.get_by_role("link", name="Answer anew r3").focus()
    shown.keyboard.press("Enter")
    expect(shown.get_by_label("Recommendation", exact=True)).to_have_value("r3")
    shown.get_by_label("Met", exact=True).focus()
    shown.keyboard.press("Space")
    shown.get_by_role("button", name="Record the answer").focus()
    shown.keyboard.press("Enter")
    expect(shown.get_by_role("link", name="Say by what evidence it is met.")).to_be_visible()
    shown.get_by_label("Evidence", exact=True).fill("Board paper 7")
    shown.get_by_label("Day of the answer").fill("2009-06-02")
    shown.get_by_role("button", name="Record the answer").click()
    expect(shown.get_by_text("Your answer is recorded: met.")).to_be_visible()
