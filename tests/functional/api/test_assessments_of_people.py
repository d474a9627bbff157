"""Whose assessments are, over HTTP: who reads, writes and decides, upon which version; and nobody alone decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from evaluation.models import Assessment, Choice
from pcorg.core.accounts.roles import Role
from tests.functional.api.conftest import refused

pytestmark = pytest.mark.django_db
OPTIONS = ["virtual-integration", "present-arrangement"]
JUDGED = {"judgements": [{"option": OPTIONS[0], "criterion": "key-resources", "low": 3, "rationale": "They said so."}]}
CHOSEN = {"option": OPTIONS[0], "on": "2009-07-01", "reason": "It comes first."}
READS = ("", "judgements/", "judgements/?format=csv", "results/", "results/?format=csv", "sensitivity/", "measures/")
Clients = dict[str, APIClient]


@pytest.fixture
def people(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> Clients:
    roles = {"ann": Role.COMMISSIONER, "cat": Role.COMMISSIONER, "eve": Role.APPROVER, "zoe": Role.COMMISSIONER}
    return {name: api_as(person(name, role)) for name, role in roles.items()}


def made(people: Clients, **asked: Any) -> str:
    """The address of an open assessment that ann made and cat judges."""
    body = {"title": "T", "options": OPTIONS, "panel": ["cat"]} | asked
    number = people["ann"].post("/api/v1/assessments/", body, format="json").json()["id"]
    path = f"/api/v1/assessments/{number}/"
    assert people["ann"].post(f"{path}open/", {}, format="json").status_code == 200
    return path


def judged_and_closed(people: Clients, path: str) -> None:
    assert people["cat"].put(f"{path}judgements/", JUDGED, format="json").status_code == 200
    assert people["ann"].post(f"{path}close/", {}, format="json").status_code == 200


def test_strangers_and_others_do_not_find_what_is_open(people: Clients, api: APIClient) -> None:
    path = made(people)
    people["cat"].put(f"{path}judgements/", JUDGED, format="json")
    for client, status in ((people["ann"], 200), (people["cat"], 200), (people["zoe"], 404), (people["eve"], 404)):
        assert {client.get(path + read).status_code for read in READS} == {status}
    assert {api.get(path + read).status_code for read in READS} == {404}
    assert api.post(f"{path}try/", {}, format="json").status_code == 404
    assert api.get("/api/v1/assessments/?portfolio=all&count=exact").json()["count"] == 3
    assert people["cat"].get("/api/v1/assessments/?portfolio=all&count=exact").json()["count"] == 4
    for write, body in (("copy/", {}), ("comments/", {"text": "Well."}), ("judgements/", JUDGED)):
        method = people["zoe"].put if write == "judgements/" else people["zoe"].post
        refused(method(path + write, body, format="json"), 404, "not-found")


def test_owner_and_collaborators_are_told_and_named(people: Clients, api: APIClient) -> None:
    path = made(people)
    ann, zoe = people["ann"], people["zoe"]
    refused(people["cat"].put(f"{path}collaborators/", {"collaborators": ["zoe"]}, format="json"), 403, "not-permitted")
    wrong = ann.put(f"{path}collaborators/", {"collaborators": ["zoe", "nobody"]}, format="json")
    assert [each["pointer"] for each in refused(wrong, 400, "invalid")] == ["/collaborators/1"]
    told = ann.put(f"{path}collaborators/", {"collaborators": ["zoe"]}, format="json").json()
    assert (told["owner"], told["collaborators"]) == ("ann", ["zoe"])
    assert zoe.patch(path, {"title": "Ours"}, format="json").status_code == 200
    refused(people["cat"].patch(path, {"title": "Mine"}, format="json"), 403, "not-permitted")
    wrong = ann.patch(path, {"panel": ["cat", "nobody"]}, format="json")
    assert [each["pointer"] for each in refused(wrong, 400, "invalid")] == ["/panel/1"]
    judged_and_closed(people, path)
    shown = api.get(path).json()
    assert [shown["owner"], shown["created_by"], *shown["collaborators"]] == ["a commissioner"] * 3
    assert [each["name"] for each in shown["panel"]] == ["Assessor 1"]
    everything = "".join(api.get(path + read).content.decode() for read in (*READS[:2], *READS[3:4], *READS[5:]))
    assert not {"ann", "cat", "zoe"} & set(everything.replace('"', " ").split())
    item = api.get("/api/v1/assessments/?portfolio=all").json()["results"][-1]
    assert (item["owner"], item["created_by"]) == ("a commissioner", "a commissioner")


def test_every_write_wants_the_version_that_was_seen(people: Clients) -> None:
    path, ann, cat, eve = made(people), people["ann"], people["cat"], people["eve"]
    blind: list[tuple[APIClient, str, str, Any]] = [
        (ann, "patch", "", {"title": "X"}),
        (cat, "put", "judgements/", JUDGED),
        (ann, "post", "close/", {}),
        (ann, "put", "collaborators/", {"collaborators": []}),
        (ann, "post", "copy/", {}),
    ]
    for client, method, where, body in blind:
        for headers in ({}, {"If-Match": "*"}):
            answer = getattr(client, method)(path + where, body, format="json", headers=headers)
            refused(answer, 428, "precondition-required")
    judged_and_closed(people, path)
    refused(ann.post(f"{path}open/", {"comment": "Again."}, format="json", headers={}), 428, "precondition-required")
    for where, body in (("approve/", {}), ("choose/", CHOSEN)):
        refused(eve.post(path + where, body, format="json", headers={}), 428, "precondition-required")
    for where in ("measures/", "readings/"):
        refused(ann.post(path + where, {}, format="json", headers={}), 428, "precondition-required")
    said = people["zoe"].post(f"{path}comments/", {"text": "Look at the costs."}, format="json", headers={})
    assert said.status_code == 201
    assert ann.get(f"{path}comments/").json()["results"][0]["by"] == "zoe"


def test_opening_again_wants_a_reason(people: Clients) -> None:
    path = made(people)
    judged_and_closed(people, path)
    (fault,) = refused(people["ann"].post(f"{path}open/", {}, format="json"), 400, "invalid")
    assert fault["pointer"] == "/comment"
    for name in ("cat", "eve", "zoe"):
        refused(people[name].post(f"{path}open/", {"comment": "Why not."}, format="json"), 403, "not-permitted")
    told = people["ann"].post(f"{path}open/", {"comment": "The costs are missing."}, format="json").json()
    assert [(each["status"], each["comment"]) for each in told["history"]][-1] == ("open", "The costs are missing.")


def test_a_decision_upon_what_has_changed_since_is_refused(people: Clients) -> None:
    path, eve = made(people), people["eve"]
    judged_and_closed(people, path)
    seen = eve.get(path)["ETag"]
    people["ann"].post(f"{path}open/", {"comment": "One more."}, format="json")
    people["cat"].put(f"{path}judgements/", {"judgements": []}, format="json")
    judged_and_closed(people, path)
    refused(eve.post(f"{path}approve/", {}, format="json", headers={"If-Match": seen}), 412, "stale")
    now = {"If-Match": eve.get(path)["ETag"]}
    assert eve.post(f"{path}approve/", {}, format="json", headers=now).json()["status"] == "approved"


STEPS = ("patch", "panel", "judge", "consensus", "open", "again", "close", "approve", "choose", "copy", "collaborate")


@pytest.mark.both_databases
@pytest.mark.exhaustive
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
def test_no_steps_of_one_person_alone_lead_to_a_decision(
    steps: list[str], approver: User, api_as: Callable[[User], APIClient]
) -> None:
    client = api_as(approver)
    before = Choice.objects.count(), Assessment.objects.filter(status="approved").count()
    asked = {"title": "T", "options": OPTIONS, "weights": {"mode": "equal"}}
    numbers = [client.post("/api/v1/assessments/", asked, format="json").json()["id"]]
    for step in steps:
        path = f"/api/v1/assessments/{numbers[-1]}/"
        bodies: dict[str, tuple[str, str, Any]] = {
            "patch": ("patch", "", {"title": "X"}),
            "panel": ("patch", "", {"panel": [approver.username]}),
            "judge": ("put", "judgements/", JUDGED),
            "consensus": ("put", "judgements/", JUDGED | {"consensus": True}),
            "again": ("post", "open/", {"comment": "Again."}),
            "choose": ("post", "choose/", CHOSEN),
            "copy": ("post", "copy/", {"judgements": True}),
            "collaborate": ("put", "collaborators/", {"collaborators": []}),
        }
        method, where, body = bodies.get(step, ("post", f"{step}/", {}))
        answer = getattr(client, method)(path + where, body, format="json")
        assert answer.status_code < 500
        if step == "copy" and answer.status_code == 201:
            numbers.append(answer.json()["id"])
    assert (Choice.objects.count(), Assessment.objects.filter(status="approved").count()) == before


def test_dispersals_and_plans_have_owners_too(people: Clients, api: APIClient) -> None:
    scope = {"kind": "group", "service_group": "rehabilitation"}
    path = made(people, subject="X-PCT2", as_of="2009-06-01", scope=scope)
    judged_and_closed(people, path)
    number = int(path.rstrip("/").rsplit("/", 1)[1])
    asked = {"title": "G", "organisation": "X-PCT2", "as_of": "2009-06-01", "parts": [{"assessment": number}]}
    made_of = people["ann"].post("/api/v1/dispersals/", asked, format="json").json()
    at = f"/api/v1/dispersals/{made_of['id']}/"
    named = {"collaborators": ["zoe"]}
    refused(people["zoe"].put(f"{at}collaborators/", named, format="json"), 403, "not-permitted")
    refused(people["ann"].put(f"{at}collaborators/", named, format="json", headers={}), 428, "precondition-required")
    seen = people["ann"].get(at)["ETag"]
    told = people["ann"].put(f"{at}collaborators/", named, format="json", headers={"If-Match": seen})
    assert (told.json()["owner"], told.json()["collaborators"]) == ("ann", ["zoe"])
    again = people["ann"].put(f"{at}collaborators/", named, format="json", headers={"If-Match": seen})
    refused(again, 412, "stale")
    assert api.get(at).json()["owner"] == "a commissioner"
