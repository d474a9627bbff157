"""An assessment from its making to the model that is followed, in Chromium with the keyboard's fields, wide and narrow:
every page of it fits, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.pages.browsing import WIDTHS, check, follow
from tests.functional.pages.conftest import PASSWORD

pytestmark = pytest.mark.browser


def signed_in(served: str, browser: Browser, name: str) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{served}/sign-in/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    follow(page.locator("main button[type=submit]"))
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def ann(served: str, browser: Browser) -> Iterator[Page]:
    """A page of a commissioner who has signed in."""
    yield from signed_in(served, browser, "ann")


@pytest.fixture
def bob(served: str, browser: Browser) -> Iterator[Page]:
    """A page of an approver who has signed in."""
    yield from signed_in(served, browser, "bob")


def sound(page: Page) -> None:
    """Fits wide and narrow, and axe finds nothing."""
    check(page, *WIDTHS)


@pytest.mark.exhaustive
def test_whoever_judged_is_told_why_they_do_not_decide(served: str, ann: Page, bob: Page) -> None:
    ann.goto(f"{served}/assessments/new/")
    ann.get_by_label("Title").fill("Judged by bob")
    ann.get_by_label("Virtual integration").check()
    ann.get_by_label("Provider unit").check()
    ann.get_by_label("Who judges: user names, one to a line").fill("bob")
    follow(ann.get_by_role("button", name="Save"))
    expect(ann.get_by_role("link", name="Judge", exact=True)).to_have_count(0)
    bob.goto(ann.url)
    follow(ann.get_by_role("button", name="Open for judgements"))
    bob.reload()
    follow(bob.get_by_role("link", name="Judge", exact=True))
    bob.locator("select[name$='.low']").first.select_option("4")
    follow(bob.get_by_role("button", name="Save your judgements"))
    ann.reload()
    ann.get_by_label("Comment", exact=True).fill("Mind the costs.")
    follow(ann.get_by_role("button", name="Add the comment"))
    follow(ann.get_by_role("button", name="Close"))
    follow(ann.get_by_role("button", name="Open it again"))
    expect(ann.locator(".nhsuk-error-summary")).to_contain_text("Say why it is opened again.")
    sound(ann)
    ann.goto(ann.url.partition("step/")[0])
    bob.reload()
    told = "You judged its options, so that somebody else decides upon it."
    expect(bob.locator("#why-not")).to_have_text(told)
    expect(bob.get_by_role("button", name="Approve")).to_have_count(0)
    sound(bob)


@pytest.mark.exhaustive
def test_assessed_chosen_followed_and_put_together(served: str, ann: Page, bob: Page) -> None:
    ann.goto(f"{served}/assessments/new/?portfolio=illustrative-trusts&as_of=2009-06-01")
    sound(ann)
    ann.get_by_label("Title").fill("Which form for rehabilitation")
    ann.get_by_label("Organisation, by its code").fill("X-KPCT1")
    ann.get_by_label("A group of services").check()
    ann.get_by_label("The group", exact=True).select_option("rehabilitation")
    ann.get_by_label("Community interest company").check()
    ann.get_by_label("Provider unit").check()
    follow(ann.get_by_role("button", name="Save"))
    follow(ann.get_by_role("button", name="Open for judgements"))
    sound(ann)
    number = ann.url.partition("/assessments/")[2].partition("/")[0]

    follow(ann.get_by_role("link", name="Judge"))
    sound(ann)
    for select in ann.locator("select[name$='.low']").all():
        select.select_option("4" if "community" in (select.get_attribute("name") or "") else "2")
    follow(ann.get_by_role("button", name="Save your judgements"))
    expect(ann.locator("[data-verdict]")).to_contain_text("That is robust.")
    sound(ann)
    follow(ann.get_by_role("link", name="Alter"))
    sound(ann)
    ann.go_back()
    follow(ann.get_by_role("link", name="Success factors and mitigations"))
    sound(ann)
    ann.go_back()
    follow(ann.get_by_role("button", name="Close"))

    bob.goto(ann.url)
    follow(bob.get_by_role("link", name="Record the choice and follow it"))
    sound(bob)
    bob.get_by_label("Community interest company").check()
    bob.get_by_label("Why").fill("It comes first.")
    follow(bob.get_by_role("button", name="Record the choice"))
    ann.goto(f"{served}/assessments/{number}/following/")
    ann.get_by_label("What is measured").fill("Weeks to wait")
    ann.get_by_label("In which unit").fill("weeks")
    ann.get_by_label("Target, if one is set").fill("6")
    follow(ann.get_by_role("button", name="Add the measure"))
    for day, stage, value in (("2009-07-01", "Baseline", "11"), ("2010-01-01", "Follow-up", "8")):
        ann.get_by_text("Add a reading", exact=True).click()
        ann.get_by_label(stage, exact=True).check()
        ann.get_by_label("On", exact=True).fill(day)
        ann.get_by_label("Value").fill(value)
        follow(ann.get_by_role("button", name="Add the reading"))
    expect(ann.locator(".pc-chart--drawn svg")).to_have_count(1)
    sound(ann)

    ann.goto(f"{served}/dispersals/new/?organisation=X-KPCT1&as_of=2009-06-01")
    ann.get_by_label("Title").fill("Group by group")
    ann.locator(f"#part-{number}").check()
    ann.locator("details:has(#reason-" + number + ") summary").click()
    ann.locator(f"#override-{number}").select_option("provider-unit")
    sound(ann)
    follow(ann.get_by_role("button", name="Put together"))
    expect(ann.locator(".nhsuk-error-summary")).to_contain_text("Say why.")
    sound(ann)
    ann.locator(f"#reason-{number}").fill("The staff asked to stay.")
    follow(ann.get_by_role("button", name="Put together"))
    expect(ann.locator("main")).to_contain_text("The staff asked to stay.")
    sound(ann)
    ann.get_by_role("button", name="Hand over to the planner").click()
    expect(ann.locator("body")).to_contain_text("Give each group its date, code and name")

    ann.goto(f"{served}/organisations/X-KPCT1/integration/?as_of=2009-06-01")
    ann.get_by_label("Axis").select_option("health-with-social")
    ann.get_by_label("3: Joint teams or pathways for some groups of people").check()
    follow(ann.get_by_role("button", name="Record"))
    expect(ann.locator("body")).to_contain_text("The level is recorded.")
    sound(ann)
