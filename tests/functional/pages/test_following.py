"""Integration profiles and chosen models on their pages: read by all, recorded by commissioners."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluation.models import Assessment, Choice, ModelReading, ProfilePoint
from organisations.models import Organisation
from tests.factories import evaluation as rows
from tests.functional.pages.filling import words

pytestmark = pytest.mark.django_db
Read = Callable[..., BeautifulSoup]
COUNTY = {"portfolio": "illustrative-county"}
PROFILE = "/organisations/X-PCT2/integration/"


def panel_of_four() -> Assessment:
    return Assessment.objects.get(slug="ostlebury-panel")


def parsed(answer: Any, status: int = 200) -> BeautifulSoup:
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == status, words(page.select_one("main"))
    return page


def table(page: BeautifulSoup, caption: str) -> list[list[str]]:
    found = page.select_one(f"#{caption}").find_parent("table")
    return [[words(cell) for cell in row.select("th, td")] for row in found.select("tbody tr")]


# --- profiles -------------------------------------------------------------------------------------------------------


def test_a_profile_is_of_the_day_shown(read: Read) -> None:
    then = table(read(PROFILE, as_of="2005-01-01"), "now-caption")
    assert then[0][:3] == [
        "Primary care with community services",
        "2",
        "Agreed ways of working in some places Invented. District nurses are attached to half of the practices.",
    ]
    assert then[1][3] == "Agreed by the panel, 1 April 2004"
    assert then[2][1] == "Nothing recorded by this date"
    now = table(read(PROFILE, as_of="2010-01-01"), "now-caption")
    assert [row[1] for row in now] == ["3", "2", "1.5"]
    assert "A. Farrow, nursing: 3 1 April 2009" in now[1][4]
    assert now[2][3] == "Mean of the views; nothing is agreed, 1 April 2009"


def test_charts_say_what_the_tables_say(read: Read) -> None:
    page = read(PROFILE, as_of="2010-01-01")
    radar = json.loads(page.select_one("#chart-radar").string)
    assert radar["series"][0]["values"] == [3, 2, 1.5]
    assert radar["series"][1] == {"name": "When first recorded", "values": [2, 1, 1.5]}
    line = json.loads(page.select_one("#chart-line").string)
    assert line["times"] == ["2004-04-01", "2007-04-01", "2009-04-01", "2010-01-01"]
    assert line["series"][1]["values"] == [1, 2, 2, 2]
    assert line["series"][2]["values"] == [None, None, 1.5, 1.5]


def test_a_body_without_a_profile_says_so_and_an_unknown_one_is_not_found(read: Read) -> None:
    page = read("/organisations/5M1/integration/", as_of="2009-04-01")
    assert "Nothing is recorded by 1 April 2009." in words(page)
    assert not page.select("[data-chart]")
    assert not page.select("main form[method=post]")
    read("/organisations/nobody/integration/", status=404)


def test_a_commissioner_records_a_level_and_says_it_again(proposer: Client) -> None:
    path = "/organisations/5M1/integration/?as_of=2009-04-01"
    form = parsed(proposer.get(path)).select_one("main form[method=post]")
    assert len(form.select('input[type=radio][name="level"]')) == 6
    said = {"axis": "health-with-social", "on": "2009-04-01", "level": "2", "evidence": "A pooled budget."}
    assert proposer.post(path, said).status_code == 302
    assert proposer.post(path, said | {"level": "3"}).status_code == 302
    proposer.post(path, said | {"level": "4", "consensus": "yes"})
    assert list(ProfilePoint.objects.filter(organisation="5M1").order_by("pk").values_list("level", "consensus")) == [
        (3, False),
        (4, True),
    ]
    page = parsed(proposer.get(path))
    assert table(page, "now-caption")[1][1] == "4"
    assert len(table(page, "history-caption")) == 2


def test_what_cannot_be_is_told_by_its_field_and_kept(proposer: Client, client: Client) -> None:
    path = "/organisations/5M1/integration/?as_of=2009-04-01"
    page = parsed(proposer.post(path, {"axis": "", "on": "1970-01-01", "level": "9", "evidence": "Kept"}), 422)
    assert {each["href"] for each in page.select(".nhsuk-error-summary a")} == {"#axis", "#level"}
    assert words(page.select_one("#evidence")) == "Kept"
    early = {"axis": "health-with-social", "on": "1970-01-01", "level": "3"}
    told = parsed(proposer.post(path, early), 422)
    assert [each["href"] for each in told.select(".nhsuk-error-summary a")] == ["#on"]
    assert client.post(path, early)["Location"].startswith("/sign-in/")


def test_a_reader_without_the_role_may_not(signed_in: Callable[[User], Client], person: Callable[..., User]) -> None:
    reader = signed_in(person("reader"))
    assert reader.post(PROFILE, {}).status_code == 403
    assert reader.post(f"/assessments/{panel_of_four().pk}/following/", {"part": "choice"}).status_code == 403


# --- chosen models --------------------------------------------------------------------------------------------------


def test_a_chosen_model_shows_where_it_stands_and_how_it_does(read: Read, client: Client) -> None:
    number = panel_of_four().pk
    page = read(f"/assessments/{number}/following/", **COUNTY)
    assert words(page.select_one('.pc-life [aria-current="step"] strong')) == "Follow-up"
    assert [words(each) for each in page.select(".pc-life__step--done strong")] == ["Chosen", "Baseline"]
    assert "Community and social care , 15 September 2009" in words(page.select_one("dl"))
    first, second = page.select("section.pc-section")
    tiles = {words(tile.dt): [words(each) for each in tile.select("dd")] for tile in first.select(".pc-stat")}
    assert tiles == {
        "Baseline": ["26.4", "30 September 2009"],
        "Latest": ["22.8", "31 March 2010"],
        "Change since the baseline": ["−3.6", "For the better"],
        "Target": ["20", "Not reached yet"],
    }
    assert "Source: Invented. Hospital returns of the trust" in words(first.h3)
    assert len(first.select("tbody tr")) == 3
    chart = json.loads(first.select_one("script").string)
    assert chart["series"] == [
        {"name": "Reading", "values": [26.4, 25.1, 22.8]},
        {"name": "Target", "values": [20, 20, 20]},
    ]
    assert "+53" in words(second)
    verdict = client.get(f"/api/v1/assessments/{number}/results/").json()["findings"][0]["sentence"]
    assert verdict in words(page)
    assert not page.select("main form[method=post]")


@pytest.fixture
def decider(signed_in: Callable[[User], Client], approver: User) -> Client:
    """The pages as an approver sees them who has no part in the assessment."""
    return signed_in(approver)


def closed(owner: User) -> Assessment:
    """A closed assessment of two forms."""
    held = rows.assessment(title="Which form", status="closed", owner_id=owner.pk, owner_name=owner.username)
    rows.option(held, key="provider-unit", label="Provider unit")
    rows.option(held, key="charity", label="Charity")
    return held


def test_an_option_is_chosen_measured_and_read_on_its_page(
    proposer: Client, decider: Client, client: Client, commissioner: User
) -> None:
    held = closed(commissioner)
    path = f"/assessments/{held.pk}/following/"
    link = parsed(decider.get(f"/assessments/{held.pk}/")).find("a", string="Record the choice and follow it")
    assert link["href"] == path
    mine = parsed(proposer.get(path))
    assert "An approver who has no part in the assessment records the choice." in words(mine)
    assert not mine.select("main form[method=post]")
    page = parsed(decider.get(path))
    assert [form.select_one("[name=part]")["value"] for form in page.select("main form[method=post]")] == ["choice"]
    chosen = {
        "part": "choice",
        "choice-option": "charity",
        "choice-on": "2009-07-01",
        "choice-reason": "People trust it.",
    }
    assert proposer.post(path, chosen).status_code == 403
    assert decider.post(path, chosen).status_code == 302
    measure = {"part": "measure", "measure-title": "Falls", "measure-unit": "a year", "measure-better": "lower"}
    assert proposer.post(path, measure | {"measure-target": "10"}).status_code == 302
    number = str(held.measures.get().pk)
    assert held.measures.get().higher_is_better is False
    for stage, on, value in (("baseline", "2009-07-01", "12"), ("outcome", "2010-07-01", "9.5")):
        reading = {"reading-stage": stage, "reading-on": on, "reading-value": value, "reading-measure": number}
        assert proposer.post(path, reading | {"part": "reading"}).status_code == 302
    again = reading | {"part": "reading", "reading-value": "9", "reading-standing": "corrects"}
    told = parsed(proposer.post(path, again), 422)
    assert "Say why the reading is put right." in words(told.select_one("#reading-note-error"))
    assert proposer.post(path, again | {"reading-note": "Counted twice."}).status_code == 302
    assert [str(each.value) for each in held.measures.get().readings.order_by("on")] == ["12.0000", "9.0000"]
    page = parsed(client.get(path))
    assert words(page.select_one('.pc-life [aria-current="step"] strong')) == "Outcome"
    assert "Reached by the latest reading" in words(page)
    assert "Follow the chosen option" in words(parsed(client.get(f"/assessments/{held.pk}/")))
    late = {"choice-option": "provider-unit", "version": str(Assessment.objects.get(pk=held.pk).version)}
    refused = parsed(decider.post(path, chosen | late), 409)
    assert "recorded already" in words(refused.select_one(".nhsuk-error-summary"))
    assert Choice.objects.get(assessment=held).option.key == "charity"


def test_what_cannot_be_followed_is_told_by_its_field(proposer: Client, decider: Client, commissioner: User) -> None:
    held = closed(commissioner)
    path = f"/assessments/{held.pk}/following/"

    def told(body: dict[str, str], client: Client = proposer) -> set[str]:
        page = parsed(client.post(path, body), 422)
        ids = {each["href"].removeprefix("#") for each in page.select(".nhsuk-error-summary a")}
        assert all(page.select(f"[id^='{each}']") for each in ids), ids
        return ids

    choice = {"part": "choice", "choice-on": "never"}
    assert told(choice, decider) == {"choice-option", "choice-on", "choice-reason"}
    wrong = choice | {"choice-option": "castle", "choice-on": "2009-07-01", "choice-reason": "x"}
    assert told(wrong, decider) == {"choice-option"}
    rows.choice(held, held.options.get(key="charity"))
    assert told({"part": "measure", "measure-target": "many"}) == {"measure-title", "measure-unit", "measure-target"}
    measure = rows.measure(held)
    assert told({"part": "reading", "reading-measure": str(measure.pk), "reading-value": "x"}) == {
        "reading-stage",
        "reading-on",
        "reading-value",
    }
    rows.reading(measure)
    again = {"reading-measure": str(measure.pk), "reading-stage": "outcome", "reading-on": "2009-06-01"}
    assert told({"part": "reading", "reading-value": "1", **again}) == {"reading-on"}
    assert ModelReading.objects.filter(measure=measure).count() == 1


def test_an_open_or_shipped_assessment_is_not_followed(proposer: Client, commissioner: User) -> None:
    held = rows.assessment(title="Open", status="open", owner_id=commissioner.pk, owner_name=commissioner.username)
    page = parsed(proposer.get(f"/assessments/{held.pk}/following/"))
    assert "once the assessment is closed" in words(page)
    assert not page.select("main form[method=post]")
    shipped = Assessment.objects.get(slug="five-options").pk
    assert "copy it" in words(parsed(proposer.get(f"/assessments/{shipped}/following/")))


# --- lists and links ------------------------------------------------------------------------------------------------


def test_everything_followed_is_in_one_place(read: Read, client: Client) -> None:
    assert "No model is followed yet" in words(read("/following/"))
    page = read("/following/", as_of="2010-01-01", **COUNTY)
    (model,) = table(page, "models-caption")
    assert model[2:] == ["Community and social care 15 September 2009", "Follow-up 31 March 2010"]
    (profile,) = table(page, "profiles-caption")
    assert profile[0].endswith("X-PCT2")
    assert profile[1:] == ["3 agreed", "2 agreed", "1.5 mean of views"]
    assert client.get("/following/?organisation=5M1")["Location"] == "/organisations/5M1/integration/"
    assert "No organisation has this code" in words(read("/following/", organisation="nobody"))


def test_pages_lead_to_what_is_followed(read: Read) -> None:
    number = panel_of_four().pk
    body = read("/organisations/X-PCT2/", as_of="2010-01-01", **COUNTY)
    section = body.select_one("#assessments-section")
    links = {words(link): link["href"].partition("?")[0] for link in section.find_all_next("a")}
    assert links["Community and social care, followed over time"] == f"/assessments/{number}/following/"
    assert links["Its integration profile over time"] == PROFILE
    for path in ("/options/", "/assessments/"):
        assert read(path).select('main a[href="/following/"]'), path
    assert "Follow the chosen option" in words(read(f"/assessments/{number}/", **COUNTY))


def test_more_rows_cost_no_more_queries(client: Client, queries: Callable[[], CaptureQueriesContext]) -> None:
    held = panel_of_four()
    paths = ["/following/?portfolio=all", PROFILE, f"/assessments/{held.pk}/following/"]

    def spent() -> list[int]:
        found = []
        for path in paths:
            client.get(path)
            with queries() as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    before = spent()
    for body in Organisation.objects.filter(portfolio="illustrative-county")[:15]:
        rows.profile_point(body)
    for number in range(15):
        other = rows.assessment(status="closed")
        rows.choice(other, rows.option(other))
        rows.reading(rows.measure(other))
        rows.reading(rows.measure(held, title=f"Measure {number}"))
        rows.profile_point(Organisation.objects.get(pk="X-PCT2"), assessor=f"person {number}")
    assert spent() == before
    assert max(before) <= 20, before
