"""What a test in Chromium asks of every page it opens."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (1280, 320)
"""Of a desk and of a small phone, in pixels."""


def check(shown: Page, *widths: int) -> None:
    """The page fits and breaks no rule of accessibility, at each of the widths."""
    for width in widths:
        shown.set_viewport_size({"width": width, "height": 900})
        wide = shown.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{shown.url} is {wide} pixels wide"
        found = Axe().run(shown, options=RULES)
        assert found.violations_count == 0, found.generate_report()
