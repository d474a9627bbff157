"""Loading a portfolio in Chromium: accessibility, width, without scripts, and the progress that is told with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from organisations.portfolios.formats import document_from, layouts
from organisations.portfolios.workbook import filing
from tests.databases import FIXTURES
from tests.functional.api.test_portfolios import KNOWN, VALLEY
from tests.functional.pages.browsing import WIDTHS, check, follow

pytestmark = pytest.mark.browser


def valley(slug: str, **altered: Any) -> dict[str, Any]:
    """The little valley as a portfolio of its own, whose codes no other has."""
    text = json.dumps(VALLEY | altered).replace("X-V", f"X-{slug}-").replace("little-valley", slug)
    data: dict[str, Any] = json.loads(text)
    return data


def workbook(data: dict[str, Any]) -> dict[str, Any]:
    """A file as a browser sends it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "valley.xlsx", "mimeType": kind, "buffer": filing.as_xlsx(data, layouts(), {})}


def choose(shown: Page, data: dict[str, Any]) -> None:
    shown.locator('input[type="file"]').set_input_files(workbook(data))
    shown.get_by_role("button", name="Check the file").click()


def test_a_file_with_faults_is_put_right_and_loaded(served: str, page: Callable[..., Page]) -> None:
    shown = page(who="dora")
    shown.goto(f"{served}/load/")
    check(shown, *WIDTHS)
    shown.get_by_role("button", name="Check the file").click()
    expect(shown.get_by_role("alert")).to_contain_text("Choose a file to check")
    check(shown, *WIDTHS)

    bodies = [VALLEY["bodies"][0] | {"form": "pcg-9"}, VALLEY["bodies"][1] | {"note": "=1+1", "source": "me"}]
    choose(shown, valley("one", bodies=bodies))
    expect(shown.locator("h1")).to_contain_text("2 faults")
    row = shown.locator(".pc-faults tbody tr")
    expect(row.nth(0)).to_contain_text("bodies, row 2")
    expect(row.nth(0)).to_contain_text("There is no form called pcg-9. The nearest names are pcg-1 and pcg-2.")
    expect(row.nth(1)).to_contain_text("There is no source called me. The sources are ")
    check(shown, *WIDTHS)

    shown.get_by_role("button", name="Check the file again").click()
    choose(shown, valley("one"))
    expect(shown.locator("h1")).to_contain_text("Little valley")
    expect(shown.get_by_role("listitem").filter(has_text="X-one-1").first).to_contain_text("Upper Valley Group")
    check(shown, *WIDTHS)
    shown.get_by_role("button", name="Load this portfolio").click()
    expect(shown.locator(".nhsuk-notification-banner")).to_contain_text("Little valley is loaded: 4 new records")
    check(shown, *WIDTHS)

    shown.goto(f"{served}/load/")
    choose(shown, valley("one", portfolio=VALLEY["portfolio"] | {"title": "Lesser valley"}))
    expect(shown.locator("main")).to_contain_text("Little valley becomes Lesser valley")
    check(shown, *WIDTHS)
    with shown.expect_download() as begun:
        shown.get_by_role("link", name="CSV").click()
    assert begun.value.suggested_filename == "review.csv"


@pytest.mark.exhaustive
def test_everything_works_without_scripts(served: str, page: Callable[..., Page]) -> None:
    shown = page(who="dora", scripts=False)
    shown.goto(f"{served}/load/")
    choose(shown, valley("two"))
    expect(shown.locator("h1")).to_contain_text("Little valley")
    shown.get_by_role("button", name="Load this portfolio").click()
    expect(shown.locator(".nhsuk-notification-banner")).to_contain_text("is loaded")


def test_a_script_tells_how_far_the_work_has_come(served: str, page: Callable[..., Page]) -> None:
    shown = page(who="dora")
    shown.goto(f"{served}/load/")
    shown.evaluate(
        """() => {
          new MutationObserver(() => {
            const words = document.querySelector(".pc-progress [role=status]");
            if (words) sessionStorage.setItem("said", `${sessionStorage.getItem("said") ?? ""}|${words.textContent}`);
          }).observe(document.body, { childList: true, subtree: true, characterData: true });
        }"""
    )
    county = document_from((FIXTURES / "portfolios/illustrative-county.yaml").read_bytes(), name="county").data
    text = json.dumps(county, default=str).replace('"X-', '"X-3').replace("illustrative-county", "third-county")
    choose(shown, json.loads(text))
    expect(shown.locator("h1")).to_contain_text("Illustrative county")
    said = shown.evaluate('sessionStorage.getItem("said")').split("|")
    assert "Sending the file …" in said
    assert any(each.startswith("Replaying: 7") for each in said)


@pytest.mark.exhaustive
def test_what_is_downloaded_loads_again_without_anything_new(
    served: str, page: Callable[..., Page], tmp_path: Path
) -> None:
    shown = page(who="dora")
    shown.goto(f"{served}/load/")
    row = shown.locator("tr", has_text="Illustrative county")
    with shown.expect_download() as begun:
        row.get_by_role("link", name="XLSX").first.click()
    kept = tmp_path / begun.value.suggested_filename
    begun.value.save_as(kept)
    assert kept.name == "illustrative-county.xlsx"
    shown.locator('input[type="file"]').set_input_files(kept)
    shown.get_by_role("button", name="Check the file").click()
    expect(shown.locator("main")).to_contain_text("There is nothing new in this file")
    check(shown, *WIDTHS)


def test_a_file_that_alters_history_is_confirmed_by_somebody_else(served: str, page: Callable[..., Page]) -> None:
    own, others = page(who="dora"), page(who="bob")
    own.goto(f"{served}/load/")
    choose(own, valley("high"))
    own.get_by_role("button", name="Load this portfolio").click()
    expect(own.locator(".nhsuk-notification-banner")).to_contain_text("Little valley is loaded")
    renamed = {"reference": "high-renamed", "kind": "rename", "effective_on": "2001-04-01", "title": "A better name"}
    change = {**renamed, "originals": ["X-high-1"], "name": "High Valley Group", **KNOWN}
    own.goto(f"{served}/load/")
    choose(own, valley("high", changes=[change]))
    expect(own.locator("h1")).to_contain_text("Little valley")
    check(own, *WIDTHS)
    own.get_by_role("button", name="Ask for confirmation").click()
    expect(own.locator("h1")).to_contain_text("File to be confirmed")
    expect(own.get_by_role("button", name="Confirm and load")).to_have_count(0)
    check(own, *WIDTHS)

    others.goto(f"{served}/decisions/")
    check(others, *WIDTHS)
    follow(others.get_by_role("link", name="Little valley"))
    expect(others.locator("main")).to_contain_text("A better name")
    check(others, *WIDTHS)
    follow(others.get_by_role("button", name="Refuse the file"))
    expect(others.get_by_role("alert")).to_contain_text("why")
    check(others, *WIDTHS)
    follow(others.get_by_role("button", name="Confirm and load"))
    expect(others.locator("main")).to_contain_text("Confirmed and loaded by bob")
    check(others, *WIDTHS)
    others.goto(f"{served}/organisations/X-high-1/?portfolio=high&as_of=2001-04-01")
    expect(others.locator("h1")).to_contain_text("High Valley Group")

    choose_again = valley(
        "high",
        changes=[
            change,
            {**change, "reference": "high-again", "effective_on": "2002-04-01", "name": "Highest Valley Group"},
        ],
    )
    own.goto(f"{served}/load/")
    choose(own, choose_again)
    own.get_by_role("button", name="Ask for confirmation").click()
    expect(own.locator("h1")).to_contain_text("File to be confirmed")
    follow(own.get_by_role("button", name="Withdraw the file"))
    expect(own.locator("main")).to_contain_text("Withdrawn by dora")
