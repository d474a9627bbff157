"""Assessments of a proposed change: made from its page, attached to it, and shown there with their answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluation.models import Assessment
from organisations.models import Change
from pcorg.core.accounts.roles import Role
from tests.factories import evaluation as rows
from tests.functional.pages.filling import words
from tests.functional.pages.test_decisions import merger

pytestmark = pytest.mark.django_db
CRITERIA = [
    "professional-and-client-needs",
    "locality-network",
    "key-resources",
    "workforce-motivation",
    "value-for-money",
]


@pytest.fixture
def ann(signed_in: Callable[[User], Client], person: Callable[..., User]) -> Client:
    return signed_in(person("ann", Role.COMMISSIONER))


def seen(client: Client, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser")


def section(page: BeautifulSoup) -> str:
    heading = page.select_one("#assessments-section")
    return words(heading.find_next_sibling()) if heading else ""


def appraised(ann: Client, change: Change) -> int:
    """An assessment made from the page of a change, as its link fills the form in, and judged."""
    link = seen(ann, f"/changes/{change.pk}/").find("a", string="Make an assessment of this change")
    form = seen(ann, link["href"])
    ticked = [each["value"] for each in form.select('input[name="option"][checked]')]
    assert ticked == [f"change-{change.pk}", "present-arrangement"]
    number = form.select_one('[name="change"]')["value"]
    assert number == str(change.pk)
    body = {"title": "Is it worth it?", "as_of": "2014-06-01", "option": ticked, "change": number, "weights": "equal"}
    made = ann.post("/assessments/new/", body)["Location"]
    at = int(re.search(r"/assessments/(\d+)/", made)[1])  # type: ignore[index]
    ann.post(f"/assessments/{at}/step/open/")
    judged = {f"{key}.{slug}.low": level for key, level in zip(ticked, "42", strict=True) for slug in CRITERIA}
    ann.post(f"/assessments/{at}/judge/", judged)
    return at


def test_a_change_shows_its_assessments_with_their_verdict(ann: Client, client: Client) -> None:
    change = merger()
    assert section(seen(ann, f"/changes/{change.pk}/")) == "No assessment is attached to it."
    number = appraised(ann, change)
    assert "open for judgements" in section(seen(ann, f"/changes/{change.pk}/"))
    assert section(seen(client, f"/changes/{change.pk}/")) == "No assessment is attached to it."
    ann.post(f"/assessments/{number}/step/close/")
    told = section(seen(client, f"/changes/{change.pk}/"))
    verdict = client.get(f"/api/v1/assessments/{number}/results/").json()["findings"][0]["sentence"]
    assert "Is it worth it? Attached; closed" in told
    assert verdict in told
    assert "That is robust." in verdict
    back = seen(client, f"/assessments/{number}/").select_one(f'dd a[href="/changes/{change.pk}/"]')
    assert words(back) == change.title
    listed = client.get(f"/api/v1/assessments/?change={change.pk}").json()["results"]
    assert [each["id"] for each in listed] == [number]
    assert client.get("/api/v1/assessments/?change=castle").status_code == 400


def test_an_assessment_in_which_it_is_an_option_is_shown_too_and_one_not_judged_says_so(
    ann: Client, client: Client
) -> None:
    change = merger()
    held = rows.assessment(title="Three ways", status="closed")
    rows.option(held, key=f"change-{change.pk}", kind="change", change=change)
    assert section(seen(client, f"/changes/{change.pk}/")) == (
        "Three ways One of its options; closed Nothing has been judged yet."
    )


def test_an_assessment_is_attached_and_taken_off_again(ann: Client) -> None:
    change = merger()
    number = appraised(ann, change)
    form = seen(ann, f"/assessments/{number}/edit/")
    ticked = [each["value"] for each in form.select('input[name="option"][checked]')]
    body = {"title": "Is it worth it?", "as_of": "2014-06-01", "option": ticked, "weights": "equal", "change": "x"}
    answer = ann.post(f"/assessments/{number}/edit/", body)
    assert answer.status_code == 422
    assert ann.post(f"/assessments/{number}/edit/", body | {"change": "99999999"}).status_code == 422
    assert ann.post(f"/assessments/{number}/edit/", body | {"change": ""}).status_code == 302
    assert Assessment.objects.get(pk=number).change_id is None
    assert "One of its options" in section(seen(ann, f"/changes/{change.pk}/"))


def test_altering_keeps_the_bounds_shown_and_the_gates_and_labels_that_are_not(ann: Client) -> None:
    number = appraised(ann, merger())
    held = Assessment.objects.get(pk=number)
    held.options.filter(key="present-arrangement").update(
        passes_gate=False, gate_reason="It cannot go on.", label="Now"
    )
    held.weighing, held.weights = "bounds", {"bounds": {"key-resources": {"low": 0.3, "high": 0.5}}}
    held.save()
    form = seen(ann, f"/assessments/{number}/edit/")
    assert form.select_one('[name="weights"][checked]')["value"] == "bounds"
    ticked = [each["value"] for each in form.select('input[name="option"][checked]')]
    shown = {name: form.select_one(f"#{name}")["value"] for name in ("low-key-resources", "high-key-resources")}
    body = {"title": "Renamed", "as_of": "2014-06-01", "option": ticked, "weights": "bounds"} | shown
    assert ann.post(f"/assessments/{number}/edit/", body).status_code == 302
    held.refresh_from_db()
    now = held.options.get(key="present-arrangement")
    assert (held.title, held.weighing, now.label, now.gate_reason) == ("Renamed", "bounds", "Now", "It cannot go on.")
    assert held.weights["bounds"]["key-resources"] == {"low": 0.3, "high": 0.5}


def test_a_recorded_change_without_assessments_has_no_such_section(client: Client) -> None:
    number = Change.objects.get(reference="2010-hertfordshire").pk
    assert seen(client, f"/changes/{number}/").select_one("#assessments-section") is None


def test_verdicts_are_worked_out_once(
    client: Client, ann: Client, queries: Callable[[], CaptureQueriesContext]
) -> None:
    change = merger()
    appraised(ann, change)
    client.get(f"/changes/{change.pk}/")
    with queries() as again:
        client.get(f"/changes/{change.pk}/")
    assert not [each for each in again if "evaluation_judgement" in each["sql"]]
