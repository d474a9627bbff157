"""What a test in Chromium asks of every page it opens."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
"""What axe holds a page against. Of the rules that hold it lists no elements: on a long page that took seconds."""
WIDTHS = (1280, 320)
"""Of a desk and of a small phone, in pixels."""


def check(shown: Page, *widths: int) -> None:
    """The page fits and breaks no rule of accessibility, at each of the widths."""
    shown.wait_for_load_state()
    for width in widths:
        shown.set_viewport_size({"width": width, "height": 900})
        wide = shown.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{shown.url} is {wide} pixels wide"
        found = Axe().run(shown, options=RULES)
        assert found.violations_count == 0, found.generate_report()


def follow(control: Locator) -> None:
    """Press a link, or a button that sends a form, and wait until the page it leads to is loaded."""
    with control.page.expect_navigation():
        control.click()


def press(control: Locator) -> None:
    """The same by keyboard: focus the link or button, and Enter."""
    control.focus()
    with control.page.expect_navigation():
        control.page.keyboard.press("Enter")
