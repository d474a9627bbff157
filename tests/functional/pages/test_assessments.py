"""Options and assessments as people read, make, judge and keep them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from evaluation.models import Assessment, Judgement

pytestmark = pytest.mark.django_db
Read = Callable[..., BeautifulSoup]
CRITERIA = [
    "professional-and-client-needs",
    "locality-network",
    "key-resources",
    "workforce-motivation",
    "value-for-money",
]


def words(part: Any) -> str:
    return " ".join(part.get_text(" ").split())


def number_of(slug: str) -> int:
    return Assessment.objects.get(slug=slug).pk


@pytest.fixture
def decider(signed_in: Callable[[User], Client], approver: User) -> Client:
    """The pages as an approver sees them."""
    return signed_in(approver)


# --- options --------------------------------------------------------------------------------------------------------


def test_options_stand_side_by_side_with_their_evidence(read: Read) -> None:
    page = read("/options/")
    rows = page.select(".pc-evidence tbody tr")
    assert len(rows) == 5
    assert sum(len(row.select(".pc-statements li")) for row in rows) == 35
    assert "Levels 2 to 4" in words(rows[0].select("td")[0])
    assert words(rows[4]).count("No evidence") == 3
    assert len(page.select(".pc-matrix tbody tr")) == 11
    assert sum(len(part.select("li")) for part in page.select(".pc-arm-form")) == 99
    assert "The rule is ours" in words(page) or "This rule is ours" in words(page)


def test_forms_are_narrowed_by_family_and_attribute(read: Read) -> None:
    narrowed = read("/options/", family="provider-arm-independent", attribute="separate_entity", answer="yes")
    assert len(narrowed.select(".pc-matrix tbody tr")) == 5
    assert "No form is as asked." in words(
        read("/options/", attribute="charity", answer="yes", family="provider-arm-nhs")
    )
    read("/options/", family="castles", status=400)


# --- results --------------------------------------------------------------------------------------------------------


def test_the_reference_assessment_reads_as_the_api_says(read: Read, client: Client) -> None:
    number = number_of("table-3-four-options")
    page = read(f"/assessments/{number}/")
    found = client.get(f"/api/v1/assessments/{number}/results/").json()
    assert [words(each) for each in page.select(".pc-answer p")] == [each["sentence"] for each in found["findings"]]
    values = {words(row.select_one("th").contents[0]): words(row.select("td")[1]) for row in ranking(page)}
    assert values == {each["label"]: f"{each['value']:.1f}" for each in found["options"]}
    assert "a convention of ours" in words(page)
    assert len(page.select("[data-chart]")) == 4


def ranking(page: BeautifulSoup) -> list[Any]:
    return page.select("#part-ranking table")[0].select("tbody tr")


def test_other_weights_answer_without_being_kept(read: Read) -> None:
    number = number_of("table-3-four-options")
    only = {f"w-{slug}": 100 if slug == "value-for-money" else 0 for slug in CRITERIA}
    tried = read(f"/assessments/{number}/", weights="swing", **only)
    assert "Community and primary care" in words(ranking(tried)[0])
    assert "Community and social care" in words(ranking(read(f"/assessments/{number}/"))[0])


def test_the_gains_of_mitigations_are_against_none_whatever_is_in_effect(read: Read) -> None:
    number = number_of("ostlebury-panel")

    def gains(**tried: Any) -> list[str]:
        table = read(f"/assessments/{number}/", **tried).find(id="mitigation-caption").find_parent("table")
        return [words(row) for row in table.select("tbody tr")]

    assert gains() == gains(m=["0", "1"])
    assert any("rank" in row for row in gains())


def test_what_is_tried_stays_while_another_weight_is_swept(read: Read) -> None:
    number = number_of("ostlebury-panel")
    page = read(f"/assessments/{number}/", weights="equal", m=["1"], sweep="key-resources")
    assert page.select_one("form.pc-trial [name=sweep]")["value"] == "key-resources"
    links = [a["href"] for a in page.select("#part-change a") if "sweep=" in a["href"]]
    assert len(links) == 4
    assert all("weights=equal" in href and "m=1" in href for href in links)


def test_mitigations_in_effect_are_shown_and_ones_that_raise_all_alike_said_so(read: Read) -> None:
    number = number_of("table-3-four-options")
    page = read(f"/assessments/{number}/", m=["1"])
    assert page.select_one("#m-1").has_attr("checked")
    assert "Raises all alike: it cannot change a ranking" in words(page.select_one("#part-change"))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"weights": "swing", "w-key-resources": "101"}, "Give a whole number from 0 to 100"),
        ({"weights": "swing", **{f"w-{slug}": "0" for slug in CRITERIA}}, "At least one swing is more than nothing"),
        ({"weights": "magic"}, "Choose how the criteria are weighed"),
    ],
)
def test_weights_that_cannot_be_are_told_and_the_kept_ones_shown(
    read: Read, asked: dict[str, str], message: str
) -> None:
    page = read(f"/assessments/{number_of('five-options')}/", **asked)
    assert message in words(page.select_one(".nhsuk-error-summary"))
    assert len(ranking(page)) == 5


def test_a_panel_shows_how_far_it_agrees(read: Read) -> None:
    page = read(f"/assessments/{number_of('ostlebury-panel')}/", portfolio="illustrative-county")
    assert "4 assessors" in words(page)
    assert "Illustrative" in words(page.select_one(".pc-illustrative"))
    assert "D. Penhale, the council has not given a judgement" in words(page.select_one(".pc-answer"))


def test_the_report_stands_alone_and_matches_the_api_digit_for_digit(client: Client) -> None:
    number = number_of("five-options")
    answer = client.get(f"/assessments/{number}/report/")
    assert "attachment" in answer["Content-Disposition"]
    page = BeautifulSoup(answer.content, "html.parser")
    assert not page.select("script, link, img")
    found = client.get(f"/api/v1/assessments/{number}/results/").json()
    rows = page.select("table")[0].select("tbody tr")
    for row, option in zip(rows, found["options"], strict=True):
        cells = [words(cell) for cell in row.select("td")]
        assert cells[1:7] == [
            str(figure)
            for figure in (
                option["value"],
                option["low"],
                option["high"],
                option["rank_acceptability"][0],
                option["standard_error"][0],
                option["expected_rank"],
            )
        ]
    ranks, central = page.select("table")[1:3]
    for row, option in zip(ranks.select("tbody tr"), found["options"], strict=True):
        assert [words(cell) for cell in row.select("td")] == [str(share) for share in option["rank_acceptability"]]
    for row, option in zip(central.select("tbody tr"), found["options"], strict=True):
        assert [words(cell) for cell in row.select("td")] == [str(each) for each in option["central_weights"].values()]
    assert [words(each) for each in page.select(".answer p")] == [each["sentence"] for each in found["findings"]]
    assert str(found["seed"]) in words(page)
    assert found["input"] in words(page)


def test_results_are_a_table_one_click_away(client: Client) -> None:
    answer = client.get(f"/assessments/{number_of('five-options')}/results.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("option,label,value,low,high,rank")
    assert len(lines) == 6


# --- made, judged, decided ------------------------------------------------------------------------------------------


def made(client: Client) -> int:
    body = {
        "title": "Which way for the county",
        "as_of": "2009-06-01",
        "scope": "all-services",
        "option": ["community-and-social-care", "virtual-integration"],
        "weights": "equal",
    }
    answer = client.post("/assessments/new/", body)
    assert answer.status_code == 302, words(BeautifulSoup(answer.content, "html.parser"))
    return int(re.search(r"/assessments/(\d+)/", answer["Location"])[1])  # type: ignore[index]


def test_an_assessment_is_made_judged_and_decided_on_the_pages(proposer: Client, decider: Client) -> None:
    number = made(proposer)
    page = BeautifulSoup(proposer.get(f"/assessments/{number}/").content, "html.parser")
    assert "Nothing has been judged yet" in words(page)
    proposer.post(f"/assessments/{number}/step/open/")
    form = BeautifulSoup(proposer.get(f"/assessments/{number}/judge/").content, "html.parser")
    assert len(form.select("fieldset.pc-judging")) == 10
    assert "Structural divide" not in words(form)
    judged = {f"community-and-social-care.{slug}.low": "4" for slug in CRITERIA}
    judged |= {f"virtual-integration.{slug}.low": "open" for slug in CRITERIA[:3]}
    judged["virtual-integration.value-for-money.low"], judged["virtual-integration.value-for-money.high"] = "2", "3"
    judged["virtual-integration.value-for-money.rationale"] = "Nobody pays for the hubs."
    assert proposer.post(f"/assessments/{number}/judge/", judged).status_code == 302
    rows = Judgement.objects.filter(assessor__assessment=number)
    assert rows.count() == 9
    assert rows.filter(no_evidence=True).count() == 3
    again = BeautifulSoup(proposer.get(f"/assessments/{number}/judge/").content, "html.parser")
    chosen = again.select_one('[name="virtual-integration.value-for-money.high"] option[selected]')
    assert chosen is not None
    assert chosen["value"] == "3"
    told = words(BeautifulSoup(proposer.get(f"/assessments/{number}/").content, "html.parser"))
    assert "Nothing is known of Virtual integration on workforce motivation" in told
    proposer.post(f"/assessments/{number}/step/close/")
    decider.post(f"/assessments/{number}/step/approve/", {"approve-comment": "Well argued."})
    done = BeautifulSoup(decider.get(f"/assessments/{number}/").content, "html.parser")
    assert "Approved" in words(done.select_one("dl"))
    assert "Well argued." in words(done)
    assert not done.select(f'form[action*="/assessments/{number}/step/approve"]')


def test_judgements_that_cannot_be_are_told_by_their_field(proposer: Client) -> None:
    number = made(proposer)
    proposer.post(f"/assessments/{number}/step/open/")
    wrong = {"virtual-integration.key-resources.low": "4", "virtual-integration.key-resources.high": "2"}
    answer = proposer.post(f"/assessments/{number}/judge/", wrong)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    (link,) = page.select(".nhsuk-error-summary a")
    assert link["href"] == "#virtual-integration.key-resources.low"
    assert page.find(id="virtual-integration.key-resources.low") is not None
    assert not Judgement.objects.filter(assessor__assessment=number).exists()


def test_a_form_that_is_not_whole_says_what_is_missing_and_keeps_what_was_typed(proposer: Client) -> None:
    answer = proposer.post(
        "/assessments/new/", {"title": "", "subject": "nobody", "weights": "swing", "purpose": "Why"}
    )
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    assert words(page.select_one("#purpose")) == "Why"
    assert len(page.select(".nhsuk-error-summary a")) >= 2


def test_an_open_assessment_is_altered_and_a_copy_is_ones_own(proposer: Client) -> None:
    number = made(proposer)
    form = BeautifulSoup(proposer.get(f"/assessments/{number}/edit/").content, "html.parser")
    assert {each["value"] for each in form.select('input[name="option"][checked]')} == {
        "community-and-social-care",
        "virtual-integration",
    }
    body = {"title": "Renamed", "as_of": "2009-06-01", "option": ["provider-unit"], "weights": "none"}
    assert proposer.post(f"/assessments/{number}/edit/", body).status_code == 302
    held = Assessment.objects.get(pk=number)
    assert (held.title, held.weighing, [each.key for each in held.options.all()]) == (
        "Renamed",
        "none",
        ["provider-unit"],
    )
    copied = proposer.post(f"/assessments/{number}/step/copy/")
    assert Assessment.objects.get(copied_from=number).title == "Copy of Renamed"
    assert copied.status_code == 302


def test_a_reader_who_may_not_is_sent_to_sign_in_or_told(
    client: Client, signed_in: Callable[[User], Client], person: Any
) -> None:
    assert client.get("/assessments/new/").status_code == 302
    assert signed_in(person("reader")).get("/assessments/new/").status_code == 403
    assert client.get("/assessments/999999/").status_code == 404


def test_lists_leave_out_invented_assessments_unless_asked_for(read: Read) -> None:
    assert "2 assessments" in words(read("/assessments/"))
    invented = read("/assessments/", portfolio="illustrative-county")
    assert "1 assessment" in words(invented)
    assert "a panel of four" in words(invented)
    assert "No assessment matches your search." in words(read("/assessments/", q="castle"))


# --- weights of one's own -------------------------------------------------------------------------------------------


def test_assessors_give_weights_of_their_own_with_their_judgements(proposer: Client) -> None:
    body = {"title": "Own", "as_of": "2009-06-01", "option": ["provider-unit", "virtual-integration"], "weights": "own"}
    number = int(re.search(r"/assessments/(\d+)/", proposer.post("/assessments/new/", body)["Location"])[1])  # type: ignore[index]
    proposer.post(f"/assessments/{number}/step/open/")
    path = f"/assessments/{number}/judge/"
    judged = {f"provider-unit.{slug}.low": "4" if slug == "key-resources" else "2" for slug in CRITERIA}
    judged |= {f"virtual-integration.{slug}.low": "3" for slug in CRITERIA}
    wrong = judged | {f"points.{slug}": "-1" for slug in CRITERIA}
    answer = proposer.post(path, wrong)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    places = {each["href"] for each in page.select(".nhsuk-error-summary a")}
    assert places == {f"#points.{slug}" for slug in CRITERIA}
    none = proposer.post(path, judged | {f"points.{slug}": "0" for slug in CRITERIA})
    told = BeautifulSoup(none.content, "html.parser")
    assert [each["href"] for each in told.select(".nhsuk-error-summary a")] == ["#points"]
    assert "At least one weight is more than nothing." in words(told.select_one("#points"))
    assert proposer.post(path, judged | {"points.key-resources": "100"}).status_code == 302
    kept = BeautifulSoup(proposer.get(path).content, "html.parser")
    assert kept.select_one('[name="points.key-resources"]')["value"] == "100"
    shown = BeautifulSoup(proposer.get(f"/assessments/{number}/").content, "html.parser")
    assert "Provider unit" in words(ranking(shown)[0])
    consensus = BeautifulSoup(proposer.get(f"{path}?consensus=yes").content, "html.parser")
    assert not consensus.select("#points")


def test_where_the_weights_are_given_for_all_nobody_is_asked_for_theirs(proposer: Client) -> None:
    number = made(proposer)
    proposer.post(f"/assessments/{number}/step/open/")
    assert not BeautifulSoup(proposer.get(f"/assessments/{number}/judge/").content, "html.parser").select("#points")
