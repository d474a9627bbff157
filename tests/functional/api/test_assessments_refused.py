"""What an assessment does not take: every fault at once, each with its place, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from evaluation.models import Assessment
from pcorg.core.accounts.roles import Role
from tests.functional.api.conftest import refused

pytestmark = pytest.mark.django_db
CRITERIA = [
    "professional-and-client-needs",
    "locality-network",
    "key-resources",
    "workforce-motivation",
    "value-for-money",
]
OPEN = ["virtual-integration", "present-arrangement"]


@pytest.fixture
def ann(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> APIClient:
    return api_as(person("ann", Role.COMMISSIONER))


def an_open_one(ann: APIClient, **given: Any) -> str:
    made = ann.post("/api/v1/assessments/", {"title": "T", "options": OPEN} | given, format="json").json()["id"]
    assert ann.post(f"/api/v1/assessments/{made}/open/", {}, format="json").status_code == 200
    return f"/api/v1/assessments/{made}"


def pointers(faults: list[dict[str, str]]) -> list[str]:
    return [fault["pointer"] for fault in faults]


def shipped() -> str:
    return f"/api/v1/assessments/{Assessment.objects.get(slug='five-options').pk}"


@pytest.mark.parametrize("key", ["scenario-3", "scenario"])
def test_a_scenario_is_no_option_and_the_reason_says_what_to_give(ann: APIClient, key: str) -> None:
    asked = {"title": "T", "options": ["virtual-integration", key]}
    (fault,) = refused(ann.post("/api/v1/assessments/", asked, format="json"), 400, "invalid")
    assert fault["pointer"] == "/options/1"
    assert fault["detail"] == "A scenario cannot be an option. Give the changes it is made of, each as change-NUMBER."


def test_the_page_refuses_a_scenario_with_the_same_reason(
    signed_in: Callable[[User], Client], commissioner: User
) -> None:
    body = {"title": "T", "as_of": "2009-06-01", "option": ["virtual-integration", "scenario-3"], "weights": "none"}
    answer = signed_in(commissioner).post("/assessments/new/", body)
    assert answer.status_code == 422
    assert "A scenario cannot be an option." in answer.content.decode()


def test_every_fault_of_an_assessment_is_told_at_once(ann: APIClient) -> None:
    asked = {
        "title": "T",
        "subject": "ZZZ",
        "options": ["castle", "virtual-integration", "virtual-integration"],
        "weights": {"mode": "ranking", "places": {"beauty": 1}},
        "change": 99_999_999,
        "panel": ["a", "a"],
        "scope": {"kind": "service"},
    }
    faults = refused(ann.post("/api/v1/assessments/", asked, format="json"), 400, "invalid")
    assert set(pointers(faults)) >= {
        "/subject",
        "/options/0",
        "/options/2",
        "/weights/places/beauty",
        "/weights/places/key-resources",
        "/change",
        "/panel/1",
        "/scope/service",
    }


@pytest.mark.parametrize(
    ("weights", "places"),
    [
        ({"mode": "swing", "points": dict.fromkeys(CRITERIA, 0)}, ["/weights/points"]),
        ({"mode": "swing", "points": dict.fromkeys(CRITERIA, -1)}, [f"/weights/points/{each}" for each in CRITERIA]),
        ({"mode": "swing", "points": {CRITERIA[0]: 1}}, [f"/weights/points/{each}" for each in CRITERIA[1:]]),
        ({"mode": "ranking", "places": dict.fromkeys(CRITERIA, 0)}, [f"/weights/places/{each}" for each in CRITERIA]),
        ({"mode": "bounds", "bounds": {key: {"high": 0.1} for key in CRITERIA}}, ["/weights/bounds"]),
        ({"mode": "magic"}, ["/weights/mode"]),
        ({"mode": "none", "points": dict.fromkeys(CRITERIA, 1)}, ["/weights/points"]),
    ],
)
def test_weights_that_cannot_be_are_not_tried(api: APIClient, weights: dict[str, Any], places: list[str]) -> None:
    faults = refused(api.post(f"{shipped()}/try/", {"weights": weights}, format="json"), 400, "invalid")
    assert sorted(pointers(faults)) == sorted(places)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", '"many"', "null"])
def test_a_weight_that_is_no_number_is_refused(api: APIClient, number: str) -> None:
    points = ",".join(f'"{each}": {number}' for each in CRITERIA)
    body = f'{{"weights": {{"mode": "swing", "points": {{{points}}}}}}}'
    answer = api.post(f"{shipped()}/try/", body, content_type="application/json")
    assert answer.status_code == 400, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"


def test_a_million_and_one_draws_are_refused_wherever_they_are_asked_for(api: APIClient) -> None:
    for path in ("results/", "sensitivity/"):
        answer = api.get(f"{shipped()}/{path}?draws=1000001&seed=-1")
        assert len(refused(answer, 400, "invalid")) == 2
    tried = api.post(f"{shipped()}/try/", {"draws": 1_000_001, "seed": 2**31, "mitigations": [-1]}, format="json")
    assert pointers(refused(tried, 400, "invalid")) == ["/mitigations/0", "/draws", "/seed"]


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ({"low": 0, "high": 6}, ["/judgements/0/low", "/judgements/0/high"]),
        ({"low": 2.5}, ["/judgements/0/low"]),
        ({"low": "four"}, ["/judgements/0/low"]),
        ({"low": 4, "high": 2}, ["/judgements/0/low"]),
        ({}, ["/judgements/0/low"]),
        ({"low": 3, "no_evidence": True}, ["/judgements/0/low"]),
        ({"low": 3, "option": "castle"}, ["/judgements/0/option"]),
        ({"low": 3, "criterion": "beauty"}, ["/judgements/0/criterion"]),
        ({"low": 3, "score": 3}, ["/judgements/0/score"]),
    ],
)
def test_a_judgement_that_cannot_be_is_refused(ann: APIClient, said: dict[str, Any], places: list[str]) -> None:
    path = an_open_one(ann)
    one = {"option": OPEN[0], "criterion": CRITERIA[0]} | said
    answer = ann.put(f"{path}/judgements/", {"judgements": [one]}, format="json")
    assert pointers(refused(answer, 400, "invalid")) == places


def test_a_judgement_given_twice_or_a_thousand_too_many_is_refused(ann: APIClient) -> None:
    path = an_open_one(ann)
    one = {"option": OPEN[0], "criterion": CRITERIA[0], "low": 3}
    twice = ann.put(f"{path}/judgements/", {"judgements": [one, one]}, format="json")
    assert pointers(refused(twice, 400, "invalid")) == ["/judgements/1"]
    many = ann.put(f"{path}/judgements/", {"judgements": [one] * 1_001}, format="json")
    assert pointers(refused(many, 400, "invalid")) == ["/judgements"]


def test_a_closed_assessment_takes_no_judgement_weight_or_option(ann: APIClient) -> None:
    path = an_open_one(ann)
    one = {"judgements": [{"option": OPEN[0], "criterion": CRITERIA[0], "low": 3}]}
    assert ann.put(f"{path}/judgements/", one, format="json").status_code == 200
    assert ann.post(f"{path}/close/", {}, format="json").status_code == 200
    for method, to, body in (
        ("put", "/judgements/", one),
        ("patch", "/", {"options": ["provider-unit"]}),
        ("patch", "/", {"weights": {"mode": "equal"}}),
        ("post", "/close/", {}),
    ):
        refused(getattr(ann, method)(path + to, body, format="json"), 409, "not-allowed-in-status")
    assert len(ann.get(f"{path}/judgements/").json()["results"]) == 1


def test_an_option_that_is_no_key_is_told_in_its_place(ann: APIClient) -> None:
    asked = {"title": "T", "options": ["Virtual Integration", {"name": "x"}, 7]}
    faults = refused(ann.post("/api/v1/assessments/", asked, format="json"), 400, "invalid")
    assert pointers(faults) == ["/options/0/key", "/options/1/key", "/options/1/name", "/options/2"]


def test_judgements_in_the_name_of_another_are_refused(ann: APIClient) -> None:
    path = an_open_one(ann)
    judged = {"option": OPEN[0], "criterion": CRITERIA[0], "low": 2, "high": 3}
    given = [judged | {"assessor": "ann"}, judged | {"criterion": CRITERIA[1], "assessor": "bob"}]
    (fault,) = refused(ann.put(f"{path}/judgements/", {"judgements": given}, format="json"), 400, "invalid")
    assert fault["pointer"] == "/judgements/1/assessor"
    assert fault["detail"] == "These are judgements of ann; leave this out."


def test_names_longer_than_any_user_has_are_refused(ann: APIClient, person: Callable[..., User]) -> None:
    person("p" * 150)
    plan = {"criterion": CRITERIA[0], "text": "x", "transform": "raise-by", "amount": 1, "owner": "o" * 151}
    asked = {"title": "T", "options": OPEN, "panel": ["p" * 151], "mitigations": [plan]}
    faults = refused(ann.post("/api/v1/assessments/", asked, format="json"), 400, "invalid")
    assert pointers(faults) == ["/mitigations/0/owner", "/panel/0"]
    assert (
        ann.post("/api/v1/assessments/", asked | {"panel": ["p" * 150], "mitigations": []}, format="json").status_code
        == 201
    )


def test_the_last_option_that_a_mitigation_is_for_does_not_go(ann: APIClient) -> None:
    plan = {
        "criterion": CRITERIA[0],
        "text": "Share records",
        "transform": "raise-by",
        "amount": 1,
        "options": OPEN[:1],
    }
    path = an_open_one(ann, mitigations=[plan])
    other = {"options": ["community-and-social-care", OPEN[1]]}
    (fault,) = refused(ann.patch(f"{path}/", other, format="json"), 400, "conflict")
    assert fault["pointer"] == "/options"
    assert fault["detail"] == "“Share records” is planned for options that go; take that mitigation away first."
    assert ann.patch(f"{path}/", other | {"mitigations": []}, format="json").status_code == 200


def test_an_altered_day_lies_in_the_life_of_the_subject(ann: APIClient) -> None:
    path = an_open_one(ann, subject="X-PCT2", as_of="2009-06-01")
    (fault,) = refused(ann.patch(f"{path}/", {"as_of": "1970-01-01"}, format="json"), 400, "not-in-force")
    assert fault["pointer"] == "/as_of"
    assert fault["detail"] == "X-PCT2 is not in force on 1 January 1970."


def test_faults_of_range_are_told_with_all_the_others(ann: APIClient) -> None:
    wrong = {"title": "T", "options": ["castle"], "weights": {"mode": "swing", "points": dict.fromkeys(CRITERIA, -1)}}
    faults = refused(ann.post("/api/v1/assessments/", wrong, format="json"), 400, "invalid")
    assert set(pointers(faults)) == {"/options/0", *(f"/weights/points/{each}" for each in CRITERIA)}
    first = {"option": OPEN[0], "criterion": CRITERIA[0]}
    rows = [{**first, "low": 9, "high": 9}, {**first, "low": 2}, {"option": "castle", "criterion": "x", "low": 3}]
    answer = ann.put(f"{an_open_one(ann)}/judgements/", {"judgements": rows}, format="json")
    assert pointers(refused(answer, 400, "invalid")) == [
        "/judgements/0/low",
        "/judgements/0/high",
        "/judgements/1",
        "/judgements/2/option",
        "/judgements/2/criterion",
    ]


@pytest.mark.parametrize(
    ("weights", "place"),
    [
        (
            {
                "mode": "bounds",
                "ratios": [
                    {"more": CRITERIA[0], "less": CRITERIA[1], "times": 2},
                    {"more": CRITERIA[1], "less": CRITERIA[0], "times": 2},
                ],
            },
            "/weights/bounds",
        ),
        ({"mode": "bounds", "bounds": {CRITERIA[0]: {"low": 0.6, "high": 0.4}}}, f"/weights/bounds/{CRITERIA[0]}/low"),
    ],
)
def test_bounds_that_admit_no_weights_are_refused_when_they_are_given(
    ann: APIClient, weights: dict[str, Any], place: str
) -> None:
    asked = {"title": "T", "options": OPEN, "weights": weights}
    assert pointers(refused(ann.post("/api/v1/assessments/", asked, format="json"), 400, "invalid")) == [place]


def test_mitigations_that_are_not_planned_are_refused(api: APIClient) -> None:
    for path in ("results/", "sensitivity/"):
        (fault,) = refused(api.get(f"{shipped()}/{path}?mitigations=0,7"), 400, "invalid")
        assert fault["parameter"] == "mitigations"
        assert fault["detail"] == "The assessment plans no mitigation at position 7. It has those at 0, 1, 2, 3."
    tried = api.post(
        f"{shipped()}/try/", {"mitigations": [0, 7], "weights": {"mode": "swing", "points": {}}}, format="json"
    )
    assert pointers(refused(tried, 400, "invalid"))[0] == "/mitigations/1"
    assert len(tried.json()["errors"]) == 6


def test_a_consensus_has_no_weights_of_its_own(ann: APIClient) -> None:
    path = an_open_one(ann, weights={"mode": "own"})
    body = {"consensus": True, "weights": {"mode": "equal"}, "judgements": []}
    assert pointers(refused(ann.put(f"{path}/judgements/", body, format="json"), 400, "invalid")) == ["/weights"]


def test_a_stale_state_is_refused_by_every_write(
    ann: APIClient, approver: User, api_as: Callable[[User], APIClient]
) -> None:
    bob = api_as(approver)
    path = an_open_one(ann)
    number, fresh = path.rsplit("/", 1)[1], ann.get(f"{path}/")["ETag"]
    stale = f'"{number}.1"'
    one = {"judgements": [{"option": OPEN[0], "criterion": CRITERIA[0], "low": 3}]}
    refused(ann.put(f"{path}/judgements/", one, format="json", HTTP_IF_MATCH=stale), 412, "stale")
    assert fresh.startswith(f'"{number}.2-')
    assert ann.get(f"{path}/", HTTP_IF_NONE_MATCH=fresh).status_code == 304
    assert ann.put(f"{path}/judgements/", one, format="json", HTTP_IF_MATCH=fresh).status_code == 200
    refused(ann.post(f"{path}/close/", {}, format="json", HTTP_IF_MATCH=fresh), 412, "stale")
    assert ann.post(f"{path}/close/", {}, format="json").status_code == 200
    chosen = {"option": OPEN[0], "on": "2009-07-01", "reason": "Why not."}
    measure = {"title": "Days in hospital", "unit": "days"}
    reading = {"measure": 1, "stage": "baseline", "on": "2009-07-01", "value": "1"}
    for step, body in (("measures", measure), ("readings", reading), ("copy", {}), ("open", {"comment": "Again."})):
        refused(ann.post(f"{path}/{step}/", body, format="json", HTTP_IF_MATCH=fresh), 412, "stale")
    for step, body in (("choose", chosen), ("approve", {})):
        refused(bob.post(f"{path}/{step}/", body, format="json", HTTP_IF_MATCH=fresh), 412, "stale")
    named = {"collaborators": []}
    refused(ann.put(f"{path}/collaborators/", named, format="json", HTTP_IF_MATCH=fresh), 412, "stale")
    now = bob.get(f"{path}/")["ETag"]
    assert bob.post(f"{path}/choose/", chosen, format="json", HTTP_IF_MATCH=now).status_code == 200
    refused(bob.post(f"{path}/choose/", chosen, format="json", HTTP_IF_MATCH=now), 412, "stale")


def test_a_draft_takes_no_judgements_and_says_that_it_is_one(ann: APIClient) -> None:
    made = ann.post("/api/v1/assessments/", {"title": "T", "options": OPEN}, format="json").json()["id"]
    answer = ann.put(f"/api/v1/assessments/{made}/judgements/", {"judgements": []}, format="json")
    refused(answer, 409, "not-allowed-in-status")
    assert answer.json()["detail"] == "The assessment is a draft; that is not possible now."
