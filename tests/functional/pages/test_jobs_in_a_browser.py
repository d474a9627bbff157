"""Jobs in Chromium: followed with scripts and without, cancelled, and their result; accessibility and width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.functional.pages.browsing import WIDTHS, check
from tests.functional.pages.test_loading_in_a_browser import valley, workbook

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]


def simulation(shown: Page, served: str, seed: int) -> Any:
    """Ask for a long simulation as the signed-in person; the job."""
    answer = shown.request.get(f"{served}/api/v1/assessments/1/sensitivity/?draws=1000000&seed={seed}&later=true")
    assert answer.status == 202, answer.text()
    return answer.json()


def test_a_file_checked_in_the_background_is_followed_to_its_result(served: str, page: Callable[..., Page]) -> None:
    shown = page(who="dora")
    shown.goto(f"{served}/load/")
    shown.locator('input[type="file"]').set_input_files(workbook(valley("nine")))
    shown.get_by_label("Check it in the background, as a job").check()
    check(shown, *WIDTHS)
    shown.get_by_role("button", name="Check the file").click()
    expect(shown.locator("h1")).to_contain_text("Check valley.xlsx")
    expect(shown.locator("main")).to_contain_text("has no faults")  # the script reads on until the job is done
    check(shown, *WIDTHS)
    shown.get_by_role("link", name="Show the result").click()
    expect(shown.locator("main")).to_contain_text("Nothing is loaded yet")


def test_a_job_that_waits_is_cancelled_without_scripts(served: str, page: Callable[..., Page]) -> None:
    shown, scripted = page(who="ann", scripts=False), page(who="ann")
    first, second = (simulation(shown, served, seed) for seed in (1, 2))
    shown.goto(f"{served}/jobs/")
    shown.get_by_role("link", name="Sensitivity of assessment 1").first.click()
    expect(shown.locator("h1")).to_contain_text(f"Job {second['id']}")
    expect(shown.locator("main")).to_contain_text("Waiting for a worker")
    scripted.goto(f"{served}/jobs/{second['id']}/")
    check(scripted, *WIDTHS)
    shown.get_by_role("button", name="Cancel the job").click()
    expect(shown.locator("main")).to_contain_text("The job was cancelled. Nothing was changed.")
    shown.goto(f"{served}/jobs/{first['id']}/")
    for _ in range(200):
        if shown.get_by_text("is worked out").count():
            break
        shown.get_by_role("link", name="Show how far it is now").click()
    expect(shown.locator("main")).to_contain_text("The sensitivity of assessment 1 is worked out.")
    for path in ("/jobs/", f"/jobs/{first['id']}/", f"/jobs/{second['id']}/"):
        scripted.goto(f"{served}{path}")
        check(scripted, *WIDTHS)


def test_a_change_of_state_is_read_out(served: str, page: Callable[..., Page]) -> None:
    shown = page(who="ann")
    job = simulation(shown, served, 3)
    shown.goto(f"{served}/jobs/{job['id']}/")
    expect(shown.locator("main")).to_contain_text("is worked out")
    assert shown.locator("[data-job]").count() == 0
