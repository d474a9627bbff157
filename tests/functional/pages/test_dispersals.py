"""Which form for which group: assessments put together, overridden with a reason, and handed over to be proposed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commissioning.models import ArmPlan
from evaluation.models import Dispersal, Framework
from organisations.models import Change
from tests.factories import evaluation as rows
from tests.functional.pages.filling import Sheet, words

pytestmark = pytest.mark.django_db
Read = Callable[..., BeautifulSoup]
CIC, UNIT = "community-interest-company", "provider-unit"
CRITERIA = [
    "professional-and-client-needs",
    "locality-network",
    "key-resources",
    "workforce-motivation",
    "value-for-money",
]
TRUST = "X-KPCT1"
DAY = "2009-06-01"


def parsed(answer: Any, status: int = 200) -> BeautifulSoup:
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == status, words(page.select_one("main"))
    return page


def judged(client: Client, group: str, cic: str, unit: str, subject: str = TRUST) -> int:
    """An assessment of a group of services, made and judged on the pages."""
    body = {
        "title": f"Form for {group}",
        "subject": subject,
        "as_of": DAY,
        "scope": "group",
        "service_group": group,
        "option": [CIC, UNIT],
        "weights": "equal",
    }
    answer = client.post("/assessments/new/", body)
    number = int(re.search(r"/assessments/(\d+)/", answer["Location"])[1])  # type: ignore[index]
    client.post(f"/assessments/{number}/step/open/")
    levels = {f"{CIC}.{slug}.low": cic for slug in CRITERIA} | {f"{UNIT}.{slug}.low": unit for slug in CRITERIA}
    client.post(f"/assessments/{number}/judge/", levels)
    client.post(f"/assessments/{number}/step/close/")
    return number


def put_together(client: Client, parts: list[int], subject: str = TRUST, **more: str) -> Dispersal:
    body = {"title": "Group by group", "organisation": subject, "as_of": DAY, "part": parts, **more}
    answer = client.post("/dispersals/new/", body)
    assert answer.status_code == 302, words(parsed(answer, answer.status_code).select_one("main"))
    return Dispersal.objects.get(pk=int(re.search(r"/dispersals/(\d+)/", answer["Location"])[1]))  # type: ignore[index]


def groups(page: BeautifulSoup) -> list[list[str]]:
    return [[words(cell) for cell in row.select("td")] for row in page.select("table")[0].select("tbody tr")]


@pytest.fixture
def two(proposer: Client) -> tuple[int, int]:
    """Rehabilitation, for which a company is best, and end of life, for which the trust's own unit is."""
    return judged(proposer, "rehabilitation", "5", "3"), judged(proposer, "end-of-life", "2", "3")


def test_one_form_for_all_is_overridden_with_a_reason_and_its_cost_is_shown(
    proposer: Client, read: Read, two: tuple[int, int]
) -> None:
    form = parsed(proposer.get(f"/dispersals/new/?organisation={TRUST}"))
    offered = [each["value"] for each in form.select(f'select[name="override-{two[1]}"] option')]
    assert offered == ["", CIC, UNIT]
    chosen = {f"override-{two[1]}": CIC, f"reason-{two[1]}": "One body is easier to run."}
    made = put_together(proposer, list(two), **chosen)
    page = read(f"/dispersals/{made.pk}/")
    rehabilitation, end_of_life = groups(page)
    assert rehabilitation[0] == rehabilitation[2] == "Community interest company"
    assert end_of_life[0] == "Provider unit of a primary care trust"
    assert end_of_life[2] == "Community interest company One body is easier to run."
    assert (rehabilitation[3], end_of_life[3]) == ("0.0", "25.0")
    assert all("£" in row[4] for row in (rehabilitation, end_of_life))
    document = proposer.get(f"/api/v1/dispersals/{made.pk}/").json()
    told = [[words(cell) for cell in row.select("th, td")] for row in page.select("table")[1].select("tbody tr")]
    assert told == [
        [each["label"], f"{each['loss']:.1f}", *(f"{loss:.1f}" for loss in each["by_group"])]
        for each in document["one_for_all"]
    ]
    assert document["weighed_by_spend"] is True


def test_an_override_without_a_reason_or_of_no_option_is_told_by_its_field(
    proposer: Client, two: tuple[int, int]
) -> None:
    body = {"title": "", "organisation": "nobody", "as_of": DAY, "part": two, f"override-{two[0]}": UNIT}
    page = parsed(proposer.post("/dispersals/new/", body | {f"override-{two[1]}": "castle"}), 422)
    assert {each["href"] for each in page.select(".nhsuk-error-summary a")} == {"#title"}
    page = parsed(proposer.post("/dispersals/new/", body | {"title": "T", f"override-{two[1]}": "castle"}), 422)
    places = {each["href"] for each in page.select(".nhsuk-error-summary a")}
    assert places == {"#organisation", f"#reason-{two[0]}", f"#override-{two[1]}", f"#reason-{two[1]}"}
    assert all(page.select_one(f'[id="{each[1:]}"]') for each in places)
    assert page.select_one(f"#override-{two[0]} option[selected]")["value"] == UNIT
    assert not Dispersal.objects.exists()


def test_the_changes_are_handed_to_the_planner_and_proposed(proposer: Client, two: tuple[int, int]) -> None:
    made = put_together(proposer, list(two))
    page = parsed(proposer.get(f"/dispersals/{made.pk}/"))
    form = page.select_one(f'form[action="/dispersals/{made.pk}/plan/"]')
    assert form is not None
    answer = proposer.post(form["action"])
    plan = ArmPlan.objects.get()
    assert urlsplit(answer["Location"]).path == f"/organisations/{TRUST}/provider-arm/"
    assert parse_qs(urlsplit(answer["Location"]).query)["plan"] == [str(plan.pk)]
    goes, stays = plan.groups.order_by("position")
    assert (goes.form_id, stays.form_id) == (CIC, UNIT)
    assert {each.group_id for each in goes.services.all()} == {"rehabilitation"}
    assert goes.services.count() == 4
    assert f"(assessment {two[0]}): Community interest company comes first in 100 per cent" in plan.rationale
    sheet = Sheet(proposer, answer["Location"], "main form#planner, main form[method=post]")
    held = sheet.values
    held |= {"groups-0-on": "2010-06-01", "groups-0-code": "X-NEW1", "groups-0-name": "Rehabilitation for all"}
    held |= {"groups-1-on": "2010-06-01", "groups-1-code": "X-NEW2", "groups-1-name": "End of life unit"}
    kept = proposer.post(sheet.form["action"], held | {"keep": "yes"})
    assert kept.status_code == 302, words(parsed(kept, kept.status_code).select_one(".nhsuk-error-summary"))
    plan.refresh_from_db()
    sent = proposer.post(f"/organisations/{TRUST}/provider-arm/{plan.pk}/propose/", {"version": str(plan.version)})
    assert sent.status_code == 302, words(parsed(sent, sent.status_code).select_one("main"))
    change = Change.objects.get(pk=plan.groups.get(form=CIC).change_id)
    assert (change.kind, change.status) == ("separation", "proposed")


def test_one_separation_is_proposed_from_its_link(proposer: Client, two: tuple[int, int]) -> None:
    made = put_together(proposer, list(two))
    page = parsed(proposer.get(f"/dispersals/{made.pk}/?portfolio=illustrative-trusts"))
    link = next(each for each in page.select("main a") if "Propose the separation" in words(each))
    sheet = Sheet(proposer, f"{link['href']}&effective_on=2009-06-01")
    assert sheet.values["originals-0"] == TRUST
    assert "comes first in 100 per cent of weightings." in sheet.values["rationale"]
    assert sheet.page.select_one(f'[name="resulting-0-form"] option[value="{CIC}"][selected]')
    sheet.press("preview", resulting__0__code="X-NEW1", resulting__0__name="Rehabilitation for all")
    assert "Rehabilitation for all" in words(sheet.page.select_one("#preview"))
    assert sheet.answer.status_code == 200, sheet.errors


def test_where_everything_stays_there_is_nothing_to_propose(proposer: Client) -> None:
    five = Framework.objects.get(pk="five-criteria")
    held = rows.assessment(five, title="Which way", status="closed", subject_id="X-PCT2")
    rows.option(held, key="present-arrangement", label="As it is")
    made = put_together(proposer, [held.pk], "X-PCT2")
    assert "there is nothing to propose" in words(parsed(proposer.get(f"/dispersals/{made.pk}/")))


def test_services_that_the_trust_does_not_provide_leave_a_group_empty_in_the_plan(proposer: Client) -> None:
    """The planner says what is wanting before the steps can be proposed."""
    made = put_together(proposer, [judged(proposer, "rehabilitation", "5", "3", "X-PCT2")], "X-PCT2")
    answer = proposer.post(f"/dispersals/{made.pk}/plan/")
    assert answer.status_code == 302
    plan = ArmPlan.objects.get()
    assert plan.groups.get().services.count() == 0
    page = parsed(proposer.get(f"/organisations/X-PCT2/provider-arm/{plan.pk}/"))
    assert "has no service: add one or remove the group." in words(page)


def test_a_plan_that_cannot_be_kept_is_told_and_nothing_is_kept(proposer: Client, two: tuple[int, int]) -> None:
    made = put_together(proposer, list(two))
    Dispersal.objects.filter(pk=made.pk).update(as_of="1970-01-01")
    page = parsed(proposer.post(f"/dispersals/{made.pk}/plan/"), 422)
    assert "is not in force on 1 January 1970" in words(page.select_one(".nhsuk-error-summary"))
    assert not ArmPlan.objects.exists()


def test_only_commissioners_hand_over_and_anybody_reads(
    client: Client, proposer: Client, signed_in: Callable[[User], Client], person: Any, two: tuple[int, int]
) -> None:
    made = put_together(proposer, list(two))
    assert not parsed(client.get(f"/dispersals/{made.pk}/")).select("main form[method=post]")
    assert client.post(f"/dispersals/{made.pk}/plan/").status_code == 302
    assert signed_in(person("reader")).post(f"/dispersals/{made.pk}/plan/").status_code == 403
    table = b"".join(client.get(f"/dispersals/{made.pk}/groups.csv").streaming_content).decode()
    found = list(csv.DictReader(io.StringIO(table)))
    assert [(row["title"], row["option"], row["best"]) for row in found][:2] == [
        ("Form for rehabilitation", CIC, CIC),
        ("Form for rehabilitation", UNIT, CIC),
    ]
    assert client.get("/dispersals/999999/").status_code == 404
    body = parsed(client.get(f"/organisations/{TRUST}/?as_of={DAY}"))
    assert "Group by group" in words(body)


def test_more_assessments_offered_cost_no_more_queries(
    proposer: Client, two: tuple[int, int], queries: Callable[[], CaptureQueriesContext]
) -> None:
    def spent() -> int:
        with queries() as seen:
            proposer.get("/dispersals/new/")
        return len(seen)

    spent()
    before = spent()
    for _ in range(6):
        judged(proposer, "rehabilitation", "4", "2")
    spent()  # what is remembered of the data is read anew after a write
    assert spent() == before
