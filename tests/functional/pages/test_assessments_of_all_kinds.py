"""Pages of assessments where not all is plain: other frameworks, flags, ties, what is tried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from evaluation.models import Assessment, Evidence, Judgement
from tests.factories import evaluation as make

pytestmark = pytest.mark.django_db
Read = Callable[..., BeautifulSoup]
OPTIONS = ["community-and-social-care", "virtual-integration"]


def words(part: Any) -> str:
    return " ".join(part.get_text(" ").split())


def page_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


@pytest.fixture
def three() -> list[str]:
    """Criteria of a framework of its own."""
    other = make.framework(slug="access", label="Access", position=9)
    return [
        make.criterion(other, slug=slug, label=label, position=place).slug
        for place, (slug, label) in enumerate([("near", "Near"), ("fair", "Fair"), ("fast", "Fast")])
    ]


def open_one(client: Client, **given: Any) -> int:
    body = {"title": "Which way", "as_of": "2009-06-01", "option": OPTIONS, "weights": "none"} | given
    answer = client.post("/assessments/new/", body)
    assert answer.status_code == 302, words(page_of(answer))
    number = int(Assessment.objects.latest("pk").pk)
    assert client.post(f"/assessments/{number}/step/open/").status_code == 302
    return number


# --- other frameworks -----------------------------------------------------------------------------------------------


def test_another_framework_is_chosen_weighed_judged_and_altered(proposer: Client, three: list[str]) -> None:
    form = page_of(proposer.get("/assessments/new/"))
    assert [each["value"] for each in form.select("#framework option")] == ["five-criteria", "access"]
    assert form.select_one("#points-near") is None
    form = page_of(proposer.get("/assessments/new/", {"framework": "access"}))
    assert [words(each) for each in form.select(".pc-weights legend")] == ["Near", "Fair", "Fast"]
    points = {f"points-{slug}": str(point) for slug, point in zip(three, (100, 50, 50), strict=True)}
    number = open_one(proposer, framework="access", weights="swing", **points)
    held = Assessment.objects.get(pk=number)
    assert (held.framework_id, held.weights["points"]) == ("access", {"near": 100, "fair": 50, "fast": 50})
    judged = {f"{option}.{slug}.low": level for option, level in zip(OPTIONS, "25", strict=True) for slug in three}
    assert proposer.post(f"/assessments/{number}/judge/", judged).status_code == 302
    shown = page_of(proposer.get(f"/assessments/{number}/"))
    assert "Virtual integration comes first in 100 per cent of weightings. That is robust." in words(shown)
    assert "near 50 per cent" in words(shown.select_one(".pc-answer"))
    assert len(shown.select(".pc-weight")) == 3
    altered = {"title": "Which way", "as_of": "2009-06-01", "option": OPTIONS, "weights": "ranking"}
    places = {"places-near": "1", "places-fair": "2", "places-fast": "2"}
    assert proposer.post(f"/assessments/{number}/edit/", altered | places).status_code == 302
    assert Assessment.objects.get(pk=number).weights["places"] == {"near": 1, "fair": 2, "fast": 2}


def test_a_framework_that_is_none_is_told(proposer: Client, three: list[str]) -> None:
    body = {"title": "T", "option": OPTIONS, "framework": "beauty", "weights": "none"}
    answer = proposer.post("/assessments/new/", body)
    assert answer.status_code == 422
    assert "There is no framework beauty." in words(page_of(answer).select_one(".nhsuk-error-summary"))


def test_options_are_shown_by_the_criteria_of_another_framework(read: Read, client: Client, three: list[str]) -> None:
    shown = read("/options/", framework="access")
    assert "5 options on 3 criteria" in words(shown)
    assert "5 options on 5 criteria" in words(read("/options/"))
    assert client.get("/options/", {"framework": "beauty"}).status_code == 400


def test_one_criterion_alone_has_no_weights_to_change(proposer: Client) -> None:
    make.criterion(make.framework(slug="one", label="One", position=9), slug="only", label="Only")
    number = open_one(proposer, framework="one")
    proposer.post(f"/assessments/{number}/judge/", {f"{OPTIONS[0]}.only.low": "4", f"{OPTIONS[1]}.only.low": "2"})
    shown = page_of(proposer.get(f"/assessments/{number}/"))
    assert "Other weights" not in words(shown)
    assert "Community and social care comes first in 100 per cent of weightings." in words(shown)
    assert proposer.get(f"/assessments/{number}/report/").status_code == 200


def test_weights_kept_before_a_criterion_was_added_say_so(proposer: Client, three: list[str]) -> None:
    points = {f"points-{slug}": "1" for slug in three}
    number = open_one(proposer, framework="access", weights="swing", **points)
    proposer.post(f"/assessments/{number}/judge/", {f"{OPTIONS[0]}.near.low": "4"})
    make.criterion(Assessment.objects.get(pk=number).framework, slug="calm", label="Calm", position=8)
    for path in (f"/assessments/{number}/", f"/assessments/{number}/report/", "/assessments/?portfolio=all"):
        assert proposer.get(path).status_code == 200
    assert "Nothing is said of the weight of calm." in words(page_of(proposer.get(f"/assessments/{number}/")))
    assert proposer.get(f"/api/v1/assessments/{number}/results/").status_code == 400


# --- judging --------------------------------------------------------------------------------------------------------


def test_what_programs_say_of_a_judgement_stays_when_it_is_saved_on_the_page(
    proposer: Client, api_as: Callable[[User], Any], commissioner: User
) -> None:
    number = open_one(proposer)
    evidence = Evidence.objects.filter(option=OPTIONS[0]).earliest("pk").pk
    rows = [
        {"option": OPTIONS[0], "criterion": "key-resources", "low": 2, "varies": True, "evidence": [evidence]},
        {"option": OPTIONS[1], "criterion": "key-resources", "not_applicable": True, "rationale": "No building."},
    ]
    body = {"judgements": rows}
    path = f"/api/v1/assessments/{number}/judgements/"
    assert api_as(commissioner).put(path, body, format="json").status_code == 200
    form = page_of(proposer.get(f"/assessments/{number}/judge/"))
    typed = {each["name"]: each.get_text() for each in form.select("textarea") if each.get_text()}
    typed |= {each["name"]: each["value"] for each in form.select("fieldset input[checked]")}
    for each in form.select("select"):
        typed[str(each["name"])] = next((str(one["value"]) for one in each.select("option[selected]")), "")
    assert proposer.post(f"/assessments/{number}/judge/", typed).status_code == 302
    first, second = Judgement.objects.filter(assessor__assessment=number).order_by("option__position")
    assert (first.low, first.high, first.varies, [each.pk for each in first.evidence.all()]) == (2, 2, True, [evidence])
    assert (second.not_applicable, second.no_evidence, second.rationale) == (True, False, "No building.")


def test_a_reason_without_a_level_is_told_and_not_lost(proposer: Client) -> None:
    number = open_one(proposer)
    name = f"{OPTIONS[0]}.key-resources"
    answer = proposer.post(f"/assessments/{number}/judge/", {f"{name}.rationale": "They have the estate."})
    assert answer.status_code == 422
    shown = page_of(answer)
    assert "Give the levels, or say that there is no evidence." in words(shown.select_one(".nhsuk-error-summary"))
    assert words(shown.find(id=f"{name}.rationale")) == "They have the estate."


# --- trying out -----------------------------------------------------------------------------------------------------


def shown_effects(page: BeautifulSoup) -> list[str]:
    return [words(row) for row in page.select('[aria-labelledby="mitigation-caption"] tbody tr')]


def test_mitigations_are_held_against_none_whatever_is_in_effect(read: Read) -> None:
    number = Assessment.objects.get(slug="five-options").pk
    plain, under = read(f"/assessments/{number}/"), read(f"/assessments/{number}/", m=["0", "2"])
    assert len(shown_effects(plain)) == 5
    assert shown_effects(under) == shown_effects(plain)
    assert words(under.select_one("#part-ranking")) != words(plain.select_one("#part-ranking"))


def test_what_is_tried_stays_tried_when_another_sweep_is_asked_for(read: Read) -> None:
    number = Assessment.objects.get(slug="five-options").pk
    tried = read(f"/assessments/{number}/", weights="swing", m=["2"], **{"w-value-for-money": "33"})
    assert "tried out, not kept" in words(tried.select_one("#part-tried"))
    link = tried.select_one("#part-change a")
    assert link is not None
    again = read(str(link["href"]).partition("#")[0])
    assert words(again.select_one("#part-ranking")) == words(tried.select_one("#part-ranking"))
    assert again.select_one("#m-2").has_attr("checked")
    assert again.select_one("#w-value-for-money")["value"] == "33"
    assert {each["step"] for each in again.select('.pc-weight input[type="number"]')} == {"1"}


@pytest.mark.parametrize("figure", ["²", "٣", "-1", "99999"])
def test_figures_of_all_sorts_in_an_address_break_nothing(proposer: Client, figure: str) -> None:
    number = Assessment.objects.get(slug="five-options").pk
    assert proposer.get(f"/assessments/{number}/", {"m": figure, "w-key-resources": figure}).status_code == 200
    assert proposer.get("/assessments/new/", {"option": f"change-{figure}", "change": figure}).status_code == 200
    assert proposer.get("/assessments/compare/", {"id": figure}).status_code == 200


def test_a_mistake_in_what_is_tried_is_told_where_the_results_are(read: Read) -> None:
    number = Assessment.objects.get(slug="five-options").pk
    wrong = read(f"/assessments/{number}/", weights="swing", **{"w-key-resources": "101"})
    assert words(wrong.select_one("#part-tried[data-live]")) == (
        "Give a whole number from 0 to 100. The results below are those with what is kept."
    )
    assert words(read(f"/assessments/{number}/").select_one("#part-tried")) == ""


# --- the report -----------------------------------------------------------------------------------------------------


def test_the_report_of_a_panel_has_all_its_figures_as_the_api_gives_them(client: Client) -> None:
    number = Assessment.objects.get(slug="ostlebury-panel").pk
    shown = page_of(client.get(f"/assessments/{number}/report/"))
    api = f"/api/v1/assessments/{number}"
    found, change = client.get(f"{api}/results/").json(), client.get(f"{api}/sensitivity/").json()
    tables = {words(table.select_one("caption")): table.select("tbody tr") for table in shown.select("table")}
    switching = next(rows for caption, rows in tables.items() if caption.startswith("Weights, from 0 to 1"))
    assert [[words(cell) for cell in row.select("td.n")] for row in switching] == [
        [str(found["weights"][each["criterion"]]), str(each["weight"])] for each in change["switching"]
    ]
    alphas = next(rows for caption, rows in tables.items() if caption.startswith("Krippendorff"))
    assert [words(row.select_one("td")) for row in alphas] == [
        str(each) for each in found["agreement"]["alpha"].values()
    ]
    assert f"judged in full: {found['agreement']['concordance']['w']} (" in words(shown)


def test_the_report_tells_what_was_left_out_and_what_does_not_apply(
    proposer: Client, api_as: Callable[[User], Any], commissioner: User
) -> None:
    number = open_one(proposer)
    api, path = api_as(commissioner), f"/api/v1/assessments/{number}/"
    third = {"key": "provider-unit", "passes_gate": False, "gate_reason": "No board would sign."}
    assert api.patch(path, {"options": [*OPTIONS, third]}, format="json").status_code == 200
    rows = [
        {"option": OPTIONS[0], "criterion": "key-resources", "low": 2, "varies": True},
        {"option": OPTIONS[1], "criterion": "key-resources", "not_applicable": True},
    ]
    assert api.put(f"{path}judgements/", {"judgements": rows}, format="json").status_code == 200
    told = words(page_of(proposer.get(f"/assessments/{number}/report/")))
    assert "No board would sign." in told
    assert "Does not apply." in told
    assert "It will vary." in told
