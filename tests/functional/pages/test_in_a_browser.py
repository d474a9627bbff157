"""Every page in Chromium, wide and narrow: rules of accessibility, overflow, console; keyboard; without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

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
    "glossary": "/glossary/",
    "about the data": "/about-the-data/",
    "accessibility": "/accessibility/",
    "API guide": "/api-guide/",
    "sign in": "/sign-in/",
    "not found": "/nowhere/",
    "bad date": "/?as_of=yesterday",
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = [1280, 320]


@pytest.fixture
def page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages; a page that logs an error or throws fails its test at the end."""
    contexts, faults = [], []

    def opened(width: int = 1280, *, scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        made = context.new_page()
        made.on("pageerror", lambda error: faults.append(str(error)))
        made.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        return made

    yield opened
    for context in contexts:
        context.close()
    # The status of an error page is logged by the browser itself.
    assert [fault for fault in faults if "the server responded with a status of 4" not in fault] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_fits(served: str, page: Callable[..., Page], path: str, width: int) -> None:
    shown = page(width)
    shown.goto(served + path)
    wide = shown.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{path} is {wide} pixels wide"
    found = Axe().run(shown, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_skip_link_comes_first_and_leads_to_the_content(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(f"{served}/organisations/")
    shown.keyboard.press("Tab")
    expect(shown.locator(":focus")).to_have_text("Skip to main content")
    shown.keyboard.press("Enter")
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.querySelector('main').contains(document.activeElement)")


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
    "path", [PAGES[name] for name in ("home", "organisations", "organisation", "change of hundreds", "forms")]
)
def test_page_says_everything_without_scripts(served: str, page: Callable[..., Page], path: str) -> None:
    plain, scripted = page(scripts=False), page()
    plain.goto(served + path)
    scripted.goto(served + path)
    for part in ("main table", "main h2", "main a"):
        assert plain.locator(part).count() == scripted.locator(part).count(), part


def test_date_form_works_without_scripts_and_keeps_the_filters(served: str, page: Callable[..., Page]) -> None:
    shown = page(scripts=False)
    shown.goto(f"{served}/organisations/?q=birmingham&ordering=-population")
    shown.get_by_label("Date", exact=True).fill("2009-04-01")
    shown.get_by_role("button", name="Show").click()
    expect(shown.locator(".pc-date-bar__statement")).to_have_text("As at 1 April 2009")
    assert "q=birmingham" in shown.url
    assert "ordering=-population" in shown.url
    expect(shown.locator("main tbody tr th").first).to_have_text("South Birmingham Primary Care Trust")


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
    assert "as_of=2013-04-01" in shown.url
    expect(shown.locator(".pc-chart--drawn svg")).to_have_count(2)
    assert Axe().run(shown, options=RULES).violations_count == 0


def test_printed_page_leaves_out_menus_and_keeps_the_date(served: str, page: Callable[..., Page]) -> None:
    shown = page()
    shown.goto(f"{served}/?as_of=2009-04-01")
    shown.emulate_media(media="print")
    for part in (".pc-header__nav", ".pc-date-bar__form", ".pc-stepper"):
        expect(shown.locator(part)).to_be_hidden()
    expect(shown.locator(".pc-date-bar__statement")).to_be_visible()
    expect(shown.locator(".pc-date-bar__scope")).to_have_text("England 2006 to 2015")
    expect(shown.locator(".pc-date-bar__scope")).to_be_visible()
