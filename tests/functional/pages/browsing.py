"""What a test in Chromium asks of every page it opens."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
"""What axe holds a page against. Of the rules that hold it lists no elements: on a long page that took seconds."""
CONTRAST = "color-contrast"
"""The rule that takes more than half of axe's time. No colour hangs on the width, so that an element is held against it
once, at the first width at which it shows."""
WIDTHS = (1280, 320)
"""Of a desk and of a small phone, in pixels."""
NEWLY_SHOWN = """
() => {
  const seen = (window.seenByAxe ??= new WeakSet());
  const shown = [...document.body.querySelectorAll("*")].filter(each => !seen.has(each) && each.checkVisibility());
  for (const each of shown) seen.add(each);
  for (const each of document.querySelectorAll("[data-newly-shown]")) each.removeAttribute("data-newly-shown");
  for (const each of shown) each.setAttribute("data-newly-shown", "");
  return shown.length;
}
"""
"""Marks the elements that did not show when it last ran; gives how many there are."""


def check(shown: Page, *widths: int) -> None:
    """The page fits and breaks no rule of accessibility, at each of the widths."""
    shown.wait_for_load_state()
    for width in widths:
        shown.set_viewport_size({"width": width, "height": 900})
        wide = shown.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{shown.url} is {wide} pixels wide"
        _hold(shown, None, RULES | {"rules": {CONTRAST: {"enabled": False}}})
        if shown.evaluate(NEWLY_SHOWN):
            _hold(shown, "[data-newly-shown]", RULES | {"runOnly": [CONTRAST]})


def _hold(shown: Page, context: str | None, rules: dict[str, Any]) -> None:
    found = Axe().run(shown, context=context, options=rules)
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
