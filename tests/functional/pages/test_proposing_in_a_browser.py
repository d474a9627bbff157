"""Proposing and deciding in Chromium: accessibility, width, keyboard, without scripts, and the live preview."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.functional.pages.browsing import WIDTHS, check, follow, press

pytestmark = pytest.mark.browser

MERGER = (
    "/changes/propose/merger/?effective_on=2015-03-01&originals-0=00J&originals-1=00K"
    "&resulting-0-code=13T&resulting-0-name=Durham&resulting-0-form=clinical-commissioning-group"
)
RECONFIGURATION = (
    "/changes/propose/reconfiguration/?portfolio=illustrative-county&effective_on=2000-11-01&originals-0=X-PCG8"
    "&originals-1=X-PCG9&resulting-0-code=X-N1&resulting-0-form=pcg-1&resulting-1-code=X-N2&resulting-1-form=pcg-1"
)
PAGES = {
    "kinds": ("/changes/propose/", "", ""),
    "pilots": ("/pilots/?portfolio=illustrative-county&as_of=2000-04-01", "", ""),
    "no pilots": ("/pilots/", "", ""),
    "empty form": ("/changes/propose/correction/", "ann", ""),
    "preview": (MERGER, "ann", "preview"),
    "many to many, with errors": (RECONFIGURATION, "ann", "preview"),
    "ambiguous name": ("/changes/propose/merger/?originals-0=newcastle", "ann", "preview"),
    "piles": ("/decisions/", "bob", ""),
    "audit trail": ("/audit/", "bob", ""),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize(("path", "who", "button"), PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_fits(served: str, page: Callable[..., Page], path: str, who: str, button: str) -> None:
    shown = page(who=who)
    shown.goto(served + path)
    if button:
        follow(shown.locator(f"button[name={button}]"))
    check(shown, *WIDTHS)


def test_the_preview_follows_the_form_and_leaves_the_field_in_use_alone(served: str, page: Callable[..., Page]) -> None:
    shown = page(who="ann")
    shown.goto(f"{served}/changes/propose/merger/?effective_on=2015-03-01")
    shown.get_by_label("Organisation 1", exact=True).fill("00J")
    shown.get_by_label("Organisation 2", exact=True).fill("hartlepool")
    expect(shown.locator("#originals-0-means")).to_contain_text("North Durham")
    shown.get_by_label("NHS Hartlepool and Stockton-on-Tees").check()
    shown.get_by_label("Form", exact=True).select_option("clinical-commissioning-group")
    preview = shown.locator("#part-preview")
    expect(preview).to_contain_text("Enter the code of the new body")
    expect(preview).not_to_contain_text("choose one")
    expect(preview.locator(".pc-totals")).to_be_visible()
    shown.get_by_label("Code", exact=True).fill("13T")
    shown.get_by_label("Name", exact=True).fill("Durham together")
    expect(preview).to_contain_text("It can be proposed")
    expect(preview).to_contain_text("Durham together")
    expect(shown.get_by_label("Name", exact=True)).to_be_focused()
    check(shown, 1280)


def test_a_change_is_proposed_decided_and_carried_out_by_keyboard_without_scripts(
    served: str, page: Callable[..., Page]
) -> None:
    def button(shown: Page, name: str) -> Locator:
        return shown.locator("main").get_by_role("button", name=name, exact=True)

    ann = page(who="ann", scripts=False)
    ann.goto(f"{served}/changes/propose/rename/?portfolio=illustrative-county&effective_on=2010-03-01")
    ann.get_by_label("Organisation", exact=True).focus()
    ann.keyboard.type("harlowick west")
    press(button(ann, "Find organisation"))
    if ann.get_by_role("radio").count():
        ann.get_by_role("radio").first.focus()
        ann.keyboard.press("Space")
    ann.get_by_label("New name").fill("Harlowick Riverside")
    press(button(ann, "Preview"))
    expect(ann.locator("#part-preview")).to_contain_text("Is called Harlowick Riverside")
    press(button(ann, "Propose this change"))
    expect(ann.locator(".nhsuk-notification-banner")).to_contain_text("The change is proposed")
    path = ann.url
    for width in (1280, 320):
        shown = page(width, who="bob")
        shown.goto(path)
        check(shown, width)
    bob = page(who="bob", scripts=False)
    bob.goto(path)
    bob.locator("#step-approve summary").focus()
    bob.keyboard.press("Enter")
    press(button(bob, "Approve"))
    follow(bob.get_by_role("link", name="Carry out…").or_(bob.get_by_role("button", name="Carry out…")))
    for width in (1280, 320):
        shown = page(width, who="bob")
        shown.goto(bob.url)
        check(shown, width)
    press(button(bob, "Carry out this change"))
    expect(bob.locator("main")).to_contain_text("What it did")
    expect(bob.locator("main")).to_contain_text("Is called Harlowick Riverside")


def test_a_printed_change_leaves_out_its_forms(served: str, page: Callable[..., Page]) -> None:
    shown = page(who="ann")
    shown.goto(served + MERGER)
    follow(shown.locator("button[name=preview]"))
    shown.emulate_media(media="print")
    expect(shown.locator(".pc-propose__form")).to_be_hidden()
    expect(shown.locator(".pc-totals")).to_be_visible()
