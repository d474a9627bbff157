"""Assessments as a client makes, judges and reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from evaluation.method.scale import Interval, Polarity, Said, coded
from evaluation.models import Assessment, Evidence, Judgement
from evaluation.services.load_assessments import load_assessments
from organisations.models import Change
from pcorg.core.accounts.roles import Role

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
CRITERIA = [
    "professional-and-client-needs",
    "locality-network",
    "key-resources",
    "workforce-motivation",
    "value-for-money",
]
ASKED = {
    "title": "Two ways for Ostlebury",
    "subject": "X-PCT2",
    "as_of": "2009-06-01",
    "options": ["community-and-social-care", "virtual-integration"],
    "weights": {"mode": "swing", "points": dict.fromkeys(CRITERIA, 50)},
}


@pytest.fixture
def ann(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> APIClient:
    return api_as(person("ann", Role.COMMISSIONER))


@pytest.fixture
def bob(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> APIClient:
    return api_as(person("bob", Role.APPROVER))


@pytest.fixture
def eve(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> APIClient:
    """An approver who has no part in what the others make."""
    return api_as(person("eve", Role.APPROVER))


def shipped(slug: str) -> int:
    return Assessment.objects.get(slug=slug).pk


def sent(client: APIClient, method: str, path: str, body: Any, status: int) -> Any:
    response = getattr(client, method)(f"/api/v1/{path}", body, format="json")
    assert response.status_code == status, response.content
    return response.json()


def whole(option: str, low: int, high: int) -> list[dict[str, Any]]:
    return [{"option": option, "criterion": each, "low": low, "high": high} for each in CRITERIA]


# --- reference ------------------------------------------------------------------------------------------------------


def test_reference_records_are_all_there(every: Read) -> None:
    assert [each["slug"] for each in every("criteria/", framework="five-criteria")] == CRITERIA
    assert len(every("integration-options/")) == 5
    evidence = every("evidence/")
    table = [each for each in evidence if each["option"] != "virtual-integration"]
    assert len(table) == 30
    assert len({(each["option"], each["criterion"]) for each in table}) == 20
    assert [each["text"] for each in evidence if each["ambiguous"]] == ["Rests on how strong local leaders are."]
    assert all(each["source"].startswith("kings-fund-2009 line") for each in evidence)
    assert len(every("evidence/", polarity="contingent")) == 4
    assert {each["criterion"] for each in every("mitigations/")} == set(CRITERIA)


def test_no_option_of_the_table_is_without_a_weakness(every: Read) -> None:
    weak = {each["option"] for each in every("evidence/", polarity="weakness")}
    assert weak == {each["slug"] for each in every("integration-options/")} - {"virtual-integration"}


# --- the reference assessments --------------------------------------------------------------------------------------


def test_the_reference_assessment_is_coded_from_the_evidence_alone() -> None:
    for slug in ("table-3-four-options", "five-options"):
        judged = Judgement.objects.filter(assessor__assessment__slug=slug).select_related("option")
        assert judged.count() == {"table-3-four-options": 20, "five-options": 25}[slug]
        for judgement in judged:
            said = Evidence.objects.filter(option=judgement.option.key, criterion=judgement.criterion_id)
            by_rule = coded(Said(Polarity(each.polarity), each.qualified) for each in said)
            expected = by_rule if said else Interval.unknown()
            assert (judgement.low, judgement.high) == (expected.low, expected.high)
            assert judgement.no_evidence is not bool(said)
            assert set(judgement.evidence.all()) == set(said)


def test_the_reference_assessment_says_that_none_dominates_and_when_each_comes_first(read: Read) -> None:
    found = read(f"assessments/{shipped('table-3-four-options')}/results/")
    assert "None dominates" in found["statement"]
    assert "There is no robust preference." in found["statement"]
    first_under = [each for each in found["findings"] if each["code"] == "first-under"]
    assert {each["figures"]["option"] for each in first_under} == {each["option"] for each in found["options"]}
    assert all("where more weight lies on" in each["sentence"] for each in first_under)
    assert found["dominated"] == []
    assert found["never_first"] == []
    assert "ours" in read(f"assessments/{shipped('table-3-four-options')}/judgements/")["results"][0]["rationale"]
    assert "our convention" in found["convention"]["note"]


def test_the_answer_says_what_would_change_it(read: Read) -> None:
    path = f"assessments/{shipped('table-3-four-options')}"
    (said,) = [each for each in read(f"{path}/results/")["findings"] if each["code"] == "would-change"]
    assert "would draw level at a weight of" in said["sentence"]
    weight, judgement = said["figures"]["weight"], said["figures"]["judgement"]
    swept = read(f"{path}/sensitivity/")
    nearest = min(swept["switching"], key=lambda each: abs(each["weight"] - 0.2))
    assert (said["figures"]["option"], weight["first"]) == (nearest["first"], nearest["other"])
    assert (weight["criterion"], weight["now"], weight["then"]) == (nearest["criterion"], 0.2, nearest["weight"])
    assert judgement == swept["judgements"][0]


def test_where_the_lines_are_drawn_is_said(read: Read, settings: Any) -> None:
    settings.ROBUST_FROM, settings.LEANING_FROM = 0.9, 0.4
    found = read(f"assessments/{shipped('table-3-four-options')}/results/")
    assert (found["convention"]["robust_from"], found["convention"]["leaning_from"]) == (0.9, 0.4)
    assert found["findings"][0]["figures"]["verdict"] == "leaning"


def test_shares_add_up_and_the_seed_settles_every_figure(read: Read) -> None:
    path = f"assessments/{shipped('five-options')}/results/"
    found = read(path, draws=5_000, seed=7)
    assert found == read(path, draws=5_000, seed=7)
    assert found["options"] != read(path, draws=5_000, seed=8)["options"]
    assert (found["draws"], found["seed"]) == (5_000, 7)
    for option in found["options"]:
        assert sum(option["rank_acceptability"]) == pytest.approx(1, abs=1e-5)
        assert option["low"] <= option["value"] <= option["high"]
        assert sum(option["contributions"].values()) == pytest.approx(option["value"], abs=1e-4)
    for rank in range(5):
        assert sum(option["rank_acceptability"][rank] for option in found["options"]) == pytest.approx(1, abs=1e-5)


def test_weights_by_criterion_and_judgements_as_a_list_are_understood(ann: APIClient) -> None:
    points = dict(zip(CRITERIA, (100, 50, 25, 25, 0), strict=True))
    made = sent(ann, "post", "assessments/", ASKED | {"weights": points}, 201)
    assert made["weights"] == {"mode": "swing", "points": points}
    path = f"assessments/{made['id']}"
    sent(ann, "post", f"{path}/open/", {}, 200)
    given = [each | {"assessor": "ann"} for each in whole("virtual-integration", 2, 3)]
    kept = sent(ann, "put", f"{path}/judgements/", given, 200)["results"]
    assert [(each["assessor"], each["low"], each["high"]) for each in kept] == [("ann", 2, 3)] * 5
    tried = sent(ann, "post", f"{path}/try/", {"weights": dict.fromkeys(CRITERIA, 1)}, 200)
    assert set(tried["weights"].values()) == {0.2}


def test_options_that_are_level_share_their_rank_and_are_named_together(ann: APIClient) -> None:
    path = f"assessments/{sent(ann, 'post', 'assessments/', ASKED, 201)['id']}"
    sent(ann, "post", f"{path}/open/", {}, 200)
    judged = [
        {"option": option, "criterion": criterion, "low": level, "high": level}
        for option, levels in (("community-and-social-care", (5, 1, 3, 3, 3)), ("virtual-integration", (3, 3, 2, 4, 3)))
        for criterion, level in zip(CRITERIA, levels, strict=True)
    ]
    sent(ann, "put", f"{path}/judgements/", {"judgements": judged}, 200)
    found = sent(ann, "get", f"{path}/results/", None, 200)
    assert [each["rank"] for each in found["options"]] == [1, 1]
    first = found["findings"][0]
    assert first["figures"]["verdict"] == "no-robust-preference"
    assert first["figures"]["level"] == ["community-and-social-care", "virtual-integration"]
    assert "nothing tells them apart" in first["sentence"]


def test_mitigations_in_effect_never_lower_a_value(read: Read) -> None:
    path = f"assessments/{shipped('five-options')}/results/"
    plain, better = read(path), read(path, mitigations="0,2")
    assert better["mitigations"] == [0, 2]
    for before, after in zip(plain["options"], better["options"], strict=True):
        assert after["value"] >= before["value"]


def test_what_would_change_the_answer(read: Read) -> None:
    found = read(f"assessments/{shipped('ostlebury-panel')}/sensitivity/")
    assert len(found["sweeps"]) == 5
    assert all(0 < each["weight"] < 1 for each in found["switching"])
    assert [each["assessor"] for each in found["without_assessor"]] == [
        "A. Farrow, nursing",
        "B. Lindqvist, finance",
        "C. Okoro, general practice",
        "D. Penhale, the council",
    ]
    assert len(found["mitigations"]) == 5  # four alone, and all together
    assert all(set(each["ranks"].values()) <= {1, 2, 3, 4, 5} for each in found["mitigations"])
    assert isinstance(found["ordinal"]["agree"], bool)


def test_what_would_change_the_answer_with_mitigations_in_effect(read: Read) -> None:
    path = f"assessments/{shipped('ostlebury-panel')}"
    plain, held = read(f"{path}/sensitivity/"), read(f"{path}/sensitivity/", mitigations="0,2")
    assert (plain["in_effect"], held["in_effect"]) == ([], [0, 2])
    assert held["unmitigated"] == plain["unmitigated"]
    assert held["mitigations"] == plain["mitigations"]
    results = read(f"{path}/results/", mitigations="0,2")
    now = {each["option"]: each["value"] for each in results["options"]}
    swept = next(each for each in held["sweeps"] if each["criterion"] == "value-for-money")
    assert swept["weight_now"] == results["weights"]["value-for-money"]
    assert held["ordinal"]["equal_steps"] == {
        each["option"]: each["rank_acceptability"][0] for each in results["options"]
    }
    assert plain["unmitigated"]["values"] != now


def test_a_panel_shows_its_disagreement_and_its_gap(read: Read) -> None:
    found = read(f"assessments/{shipped('ostlebury-panel')}/results/")
    assert found["gaps"] == {
        "D. Penhale, the council": [{"option": "virtual-integration", "criterion": "workforce-motivation"}]
    }
    assert "D. Penhale, the council has not given a judgement" in found["statement"]
    assert all(-1 <= each <= 1 for each in found["agreement"]["alpha"].values())
    assert 0 < found["agreement"]["concordance"]["w"] < 1


# --- an assessment from beginning to end ----------------------------------------------------------------------------


def test_an_assessment_is_made_judged_closed_and_approved(
    ann: APIClient, bob: APIClient, eve: APIClient, read: Read
) -> None:
    made = sent(ann, "post", "assessments/", ASKED | {"panel": ["ann", "bob"]}, 201)
    path = f"assessments/{made['id']}"
    assert made["status"] == "draft"
    assert made["allowed_actions"] == ["copy", "alter", "open"]
    sent(ann, "post", f"{path}/open/", {}, 200)
    low = whole("community-and-social-care", 4, 4)
    sent(ann, "put", f"{path}/judgements/", {"judgements": low + whole("virtual-integration", 2, 3)}, 200)
    sent(bob, "put", f"{path}/judgements/", {"judgements": low}, 200)
    found = sent(ann, "get", f"{path}/results/", None, 200)
    assert [each["value"] for each in found["options"]] == [75, 43.75]
    assert found["options"][0]["rank_acceptability"][0] > 0.8
    judged = sent(bob, "get", f"{path}/judgements/", None, 200)["results"]
    assert {each["assessor"] for each in judged} == {"ann", "bob"}
    sent(ann, "post", f"{path}/close/", {"comment": "All have judged."}, 200)
    sent(ann, "put", f"{path}/judgements/", {"judgements": low}, 409)
    assert sent(ann, "post", f"{path}/approve/", {}, 403)["code"] == "not-permitted"
    assert sent(bob, "post", f"{path}/approve/", {}, 403)["code"] == "own-proposal"
    approved = sent(eve, "post", f"{path}/approve/", {}, 200)
    assert [each["status"] for each in approved["history"]] == ["draft", "open", "closed", "approved"]
    assert approved["allowed_actions"] == ["copy", "choose"]
    for method, to, body in (
        ("patch", "/", {"title": "Other"}),
        ("post", "/open/", {}),
        ("put", "/judgements/", {"judgements": []}),
    ):
        assert sent(bob, method, path + to, body, 409)["code"] == "not-allowed-in-status"
    copied = sent(ann, "post", f"{path}/copy/", {"judgements": True}, 201)
    assert copied["copied_from"] == made["id"]
    again = sent(ann, "get", f"assessments/{copied['id']}/results/", None, 200)
    assert again["options"] == read(f"{path}/results/", portfolio="all")["options"]


def test_nobody_approves_their_own(bob: APIClient) -> None:
    made = sent(bob, "post", "assessments/", ASKED, 201)
    path = f"assessments/{made['id']}"
    sent(bob, "post", f"{path}/open/", {}, 200)
    assert sent(bob, "post", f"{path}/close/", {}, 409)["detail"] == "Nothing has been judged yet."
    sent(bob, "put", f"{path}/judgements/", {"judgements": whole("virtual-integration", 3, 3)}, 200)
    sent(bob, "post", f"{path}/close/", {}, 200)
    refused = sent(bob, "post", f"{path}/approve/", {}, 403)
    assert refused["code"] == "own-proposal"
    assert refused["detail"] == "You made it, so that somebody else decides upon it."


def test_a_change_of_weights_is_tried_without_being_kept(api: APIClient, read: Read) -> None:
    path = f"assessments/{shipped('table-3-four-options')}"
    before = read(f"{path}/results/")
    only = {"mode": "swing", "points": {each: 100 if each == "value-for-money" else 0 for each in CRITERIA}}
    tried = sent(api, "post", f"{path}/try/", {"weights": only}, 200)
    assert max(tried["options"], key=lambda each: each["value"])["option"] == "community-and-primary-care"
    assert read(f"{path}/results/") == before


def test_an_altered_assessment_keeps_what_stays(ann: APIClient, bob: APIClient) -> None:
    made = sent(ann, "post", "assessments/", ASKED | {"weights": {"mode": "own"}, "panel": ["ann", "bob"]}, 201)
    path = f"assessments/{made['id']}"
    sent(ann, "post", f"{path}/open/", {}, 200)
    points = {"mode": "swing", "points": dict.fromkeys(CRITERIA, 1)}
    sent(ann, "put", f"{path}/judgements/", {"weights": points, "judgements": whole("virtual-integration", 1, 5)}, 200)
    other = ["provider-unit", {"key": "virtual-integration", "label": "Networks"}]
    told = sent(ann, "patch", f"{path}/", {"options": other}, 200)
    assert [each["key"] for each in told["options"]] == ["provider-unit", "virtual-integration"]
    assert [each["label"] for each in told["options"]][1] == "Networks"
    assert len(sent(ann, "get", f"{path}/judgements/", None, 200)["results"]) == 5
    discounted = {"key": "provider-unit", "passes_gate": False, "gate_reason": "The trust may not provide any more."}
    sent(ann, "patch", f"{path}/", {"options": [discounted, "virtual-integration"]}, 200)
    found = sent(bob, "get", f"{path}/results/", None, 200)
    assert [each["option"] for each in found["options"]] == ["virtual-integration"]


def test_if_match_protects_what_another_has_altered(ann: APIClient) -> None:
    made = sent(ann, "post", "assessments/", ASKED, 201)
    path = f"/api/v1/assessments/{made['id']}/"
    tag = ann.patch(path, {"title": "First"}, format="json")["ETag"]
    assert ann.patch(path, {"title": "Second"}, format="json", headers={"If-Match": tag}).status_code == 200
    assert ann.patch(path, {"title": "Third"}, format="json", headers={"If-Match": tag}).status_code == 412


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "pointers"),
    [
        ({"options": ["virtual-integration", "castles"]}, ["/options/1"]),
        ({"options": ["virtual-integration", "virtual-integration"]}, ["/options/1"]),
        ({"options": []}, ["/options"]),
        ({"options": ["virtual-integration"] * 100_000}, ["/options"]),
        ({"options": ["change-99999999"]}, ["/options/0"]),
        ({"weights": {"mode": "swing", "points": dict.fromkeys(CRITERIA, 0)}}, ["/weights/points"]),
        (
            {"weights": {"mode": "swing", "points": {**dict.fromkeys(CRITERIA, 1), "key-resources": -1}}},
            ["/weights/points/key-resources"],
        ),
        (
            {"weights": {"mode": "swing", "points": {"beauty": 3}}},
            ["/weights/points/beauty", *[f"/weights/points/{each}" for each in CRITERIA]],
        ),
        (
            {"weights": {"mode": "bounds", "bounds": {"key-resources": {"low": 0.9, "high": 0.2}}}},
            ["/weights/bounds/key-resources/low"],
        ),
        ({"subject": "ZZZ"}, ["/subject"]),
        ({"as_of": "1970-01-01"}, ["/as_of"]),
        ({"scope": {"kind": "group"}}, ["/scope/service_group"]),
        ({"framework": "none"}, ["/framework"]),
        ({"panel": ["ann", "ann"]}, ["/panel/1"]),
        ({"change": 4_000_000_000}, ["/change"]),
        (
            {
                "mitigations": [
                    {"criterion": "beauty", "text": "x", "transform": "narrow", "amount": 2, "options": ["no"]}
                ]
            },
            ["/mitigations/0/criterion", "/mitigations/0/options/0", "/mitigations/0/amount"],
        ),
        ({"castle": 1}, ["/castle"]),
    ],
)
def test_an_assessment_that_cannot_be_is_refused_whole(
    ann: APIClient, wrong: dict[str, Any], pointers: list[str]
) -> None:
    held = Assessment.objects.count()
    refused = sent(ann, "post", "assessments/", ASKED | wrong, 400)
    assert refused["status"] == 400
    assert sorted(each["pointer"] for each in refused["errors"]) == sorted(pointers)
    assert Assessment.objects.count() == held


def test_a_million_options_are_refused_before_they_are_looked_at(ann: APIClient) -> None:
    refused = sent(ann, "post", "assessments/", ASKED | {"options": ["virtual-integration"] * 1_000_000}, 413)
    assert refused["code"] == "too-large"


def test_judgements_that_cannot_be_are_refused_all_at_once(ann: APIClient) -> None:
    made = sent(ann, "post", "assessments/", ASKED, 201)
    path = f"assessments/{made['id']}"
    one = {"option": "virtual-integration", "criterion": "key-resources"}
    assert (
        sent(ann, "put", f"{path}/judgements/", {"judgements": [{**one, "low": 3}]}, 409)["code"]
        == "not-allowed-in-status"
    )
    sent(ann, "post", f"{path}/open/", {}, 200)
    outside = sent(ann, "put", f"{path}/judgements/", {"judgements": [{**one, "low": 0, "high": 6}]}, 400)
    assert [each["pointer"] for each in outside["errors"]] == ["/judgements/0/low", "/judgements/0/high"]
    wrong = [
        {**one, "low": 4, "high": 2},
        {**one, "low": 3, "high": 3},
        {"option": "castles", "criterion": "beauty", "low": 1, "high": 1},
        {"option": "virtual-integration", "criterion": "value-for-money"},
        {"option": "virtual-integration", "criterion": "locality-network", "low": 2, "no_evidence": True},
        {"option": "virtual-integration", "criterion": "workforce-motivation", "low": 2, "evidence": [9_999_999]},
    ]
    refused = sent(ann, "put", f"{path}/judgements/", {"judgements": wrong}, 400)
    assert [each["pointer"] for each in refused["errors"]] == [
        "/judgements/0/low",
        "/judgements/1",
        "/judgements/2/option",
        "/judgements/2/criterion",
        "/judgements/3/low",
        "/judgements/4/low",
        "/judgements/5/evidence/0",
    ]
    assert not Judgement.objects.filter(assessor__assessment=made["id"]).exists()


def test_only_those_invited_judge(
    ann: APIClient, bob: APIClient, person: Callable[..., User], api_as: Callable[[User], APIClient]
) -> None:
    made = sent(ann, "post", "assessments/", ASKED | {"panel": ["bob"]}, 201)
    path = f"assessments/{made['id']}"
    sent(ann, "post", f"{path}/open/", {}, 200)
    body = {"judgements": whole("virtual-integration", 3, 3)}
    sent(bob, "put", f"{path}/judgements/", body, 200)
    sent(ann, "put", f"{path}/judgements/", body, 403)
    sent(api_as(person("eve", Role.COMMISSIONER)), "put", f"{path}/judgements/", body, 404)
    sent(api_as(person("mallory")), "put", f"{path}/judgements/", body, 403)


def test_whoever_makes_it_judges_alone_unless_others_are_named_and_what_was_judged_stays(
    ann: APIClient, bob: APIClient, eve: APIClient
) -> None:
    made = sent(ann, "post", "assessments/", ASKED, 201)
    assert [each["name"] for each in made["panel"]] == ["ann"]
    path = f"assessments/{made['id']}"
    sent(ann, "post", f"{path}/open/", {}, 200)
    body = {"judgements": whole("virtual-integration", 3, 3)}
    sent(bob, "put", f"{path}/judgements/", body, 404)
    sent(ann, "patch", f"{path}/", {"panel": ["bob", "eve"]}, 200)
    sent(bob, "put", f"{path}/judgements/", body, 200)
    told = sent(ann, "patch", f"{path}/", {"panel": ["eve"]}, 200)
    assert [(each["name"], each["invited"]) for each in told["panel"]] == [("bob", False), ("eve", True)]
    sent(bob, "put", f"{path}/judgements/", body, 403)


def test_anybody_reads_and_nobody_unknown_writes(api: APIClient) -> None:
    assert api.post("/api/v1/assessments/", ASKED, format="json").status_code == 401
    assert api.get("/api/v1/assessments/999999/results/").status_code == 404
    path = f"/api/v1/assessments/{shipped('five-options')}/results/"
    for query, status in (
        ("draws=0", 400),
        ("draws=1000001", 400),
        ("seed=-1", 400),
        ("mitigations=a", 400),
        ("castle=1", 400),
        ("draws=100", 200),
    ):
        assert api.get(f"{path}?{query}").status_code == status, query


def test_a_reference_assessment_is_copied_and_not_altered(bob: APIClient) -> None:
    path = f"assessments/{shipped('five-options')}"
    sent(bob, "patch", f"{path}/", {"title": "Mine"}, 409)
    sent(bob, "post", f"{path}/copy/", {"title": "Mine", "judgements": True}, 201)


def test_illustrative_assessments_are_left_out_of_lists_unless_asked_for(every: Read) -> None:
    assert {each["title"] for each in every("assessments/")} == {
        "The four integration options, as the evidence reads",
        "The five integration options, virtual integration among them",
    }
    assert len(every("assessments/", portfolio="illustrative-county")) == 1
    assert len(every("assessments/", portfolio="all", subject="X-PCT2")) == 1
    assert len(every("assessments/", portfolio="all", option="virtual-integration")) == 2


def test_two_rival_mergers_are_appraised_and_nobody_is_asked_to_decide(read: Read) -> None:
    path = Path(__file__).resolve().parents[3] / "fixtures" / "assessments" / "rival-mergers.yaml"
    assert load_assessments(path=path, by="tests").created == 1
    assert load_assessments(path=path, by="tests").unchanged == 1
    found = read(f"assessments/{shipped('fennacre-rival-mergers')}/results/")
    assert len(found["options"]) == 3
    assert "comes first in" in found["statement"]
    assert set(Change.objects.filter(recorded=False).values_list("status", flat=True)) == {"withdrawn"}


def test_those_invited_who_have_not_judged_are_named(
    ann: APIClient, bob: APIClient, person: Callable[..., User]
) -> None:
    person("cat"), person("dan")
    made = sent(ann, "post", "assessments/", ASKED | {"panel": ["bob", "cat", "dan"]}, 201)
    path = f"assessments/{made['id']}"
    sent(ann, "post", f"{path}/open/", {}, 200)
    sent(bob, "put", f"{path}/judgements/", {"judgements": whole("virtual-integration", 3, 3)}, 200)
    found = sent(ann, "get", f"{path}/results/", None, 200)
    assert found["silent"] == ["cat", "dan"]
    assert "cat and dan were invited and have not judged anything yet: left out of these results." in found["statement"]


def test_mitigations_are_held_against_none(read: Read) -> None:
    path = f"assessments/{shipped('five-options')}"
    found = read(f"{path}/sensitivity/")
    values = {option["option"]: option["value"] for option in read(f"{path}/results/")["options"]}
    assert found["unmitigated"]["values"] == values
    alone = {option["option"]: option for option in read(f"{path}/results/", mitigations="2")["options"]}
    assert found["mitigations"][2]["values"] == {key: option["value"] for key, option in alone.items()}
    assert found["mitigations"][2]["ranks"] == {key: option["rank"] for key, option in alone.items()}
    under = read(f"{path}/sensitivity/", mitigations="2")
    assert (under["unmitigated"], under["mitigations"]) == (found["unmitigated"], found["mitigations"])
    assert (found["in_effect"], under["in_effect"]) == ([], [2])
    assert under["sweeps"] != found["sweeps"]
