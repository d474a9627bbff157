"""A write sent twice with one key is carried out once; a write upon a state that is gone is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from rest_framework.test import APIClient

from organisations.models import Change
from pcorg.core.accounts.roles import Role
from pcorg.core.idempotency.keys import LIFE
from pcorg.core.idempotency.models import KeptAnswer
from tests.functional.api.conftest import Get, refused
from tests.functional.api.office import NEWCASTLE, Office

pytestmark = pytest.mark.django_db


WHY = {"comment": "Not this year."}


def proposals() -> int:
    return Change.objects.filter(recorded=False).count()


def test_the_same_key_gives_the_same_answer_and_one_change(office: Office) -> None:
    first = office.post("mergers/", NEWCASTLE, Idempotency_Key="one")
    again = office.post("mergers/", dict(reversed(NEWCASTLE.items())), Idempotency_Key="one")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (first["ETag"], first["Location"]) == (again["ETag"], again["Location"])
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert proposals() == 1


def test_a_step_is_taken_once(office: Office) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    address = f"mergers/{made['id']}/consult/"
    first = office.post(address, Idempotency_Key="one")
    again = office.post(address, Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    refused(office.post(address), 409, "not-allowed-in-status")


def test_a_comment_is_made_once(office: Office) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    for _ in range(2):
        office.post(f"changes/{made['id']}/comments/", {"text": "Why now?"}, Idempotency_Key="one")
    assert Change.objects.get(pk=made["id"]).comments.count() == 1


@pytest.mark.parametrize(
    ("path", "body"), [("mergers/", NEWCASTLE | {"rationale": "Another."}), ("mergers/?draft=true", NEWCASTLE)]
)
def test_a_key_with_another_request_is_refused(office: Office, path: str, body: dict[str, Any]) -> None:
    office.post("mergers/", NEWCASTLE, Idempotency_Key="one")
    refused(office.post(path, body, Idempotency_Key="one"), 409, "conflict")
    assert proposals() == 1


def test_a_key_belongs_to_its_user(office: Office) -> None:
    office.post("mergers/", NEWCASTLE, Idempotency_Key="one")
    other = office.post("mergers/", NEWCASTLE, by=office.approver, Idempotency_Key="one")
    assert other.json()["proposed_by"] == "an-approver"
    assert proposals() == 2


def test_a_refused_write_leaves_its_key_free(office: Office) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    address = f"mergers/{made['id']}/effect/"
    refused(office.post(address, by=office.approver, Idempotency_Key="one"), 409, "not-allowed-in-status")
    assert not KeptAnswer.objects.exists()
    office.done(f"mergers/{made['id']}/approve/", by=office.approver)
    assert office.post(address, by=office.approver, Idempotency_Key="one").json()["status"] == "effected"
    assert office.post(address, by=office.approver, Idempotency_Key="one").status_code == 200


def test_a_failure_of_ours_leaves_neither_change_nor_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisations.selectors.changes.comments_on", lambda number, by: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        office.post("mergers/", NEWCASTLE, Idempotency_Key="one")
    assert not KeptAnswer.objects.exists()
    assert proposals() == 0


def test_an_answer_is_forgotten_after_a_day(office: Office) -> None:
    office.post("mergers/", NEWCASTLE, Idempotency_Key="one")
    office.post("mergers/", NEWCASTLE, Idempotency_Key="two")
    kept = KeptAnswer.objects.get(key="one")
    assert timedelta(0) < kept.expires - timezone.now() <= LIFE == timedelta(hours=24)
    KeptAnswer.objects.update(expires=timezone.now())
    response = office.post("mergers/", NEWCASTLE | {"rationale": "Anew."}, Idempotency_Key="one")
    assert response.status_code == 201
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["one"]


@pytest.mark.parametrize("key", ["", "x" * 256, "é"])
def test_a_malformed_key_is_refused(office: Office, key: str) -> None:
    refused(office.post("mergers/", NEWCASTLE, Idempotency_Key=key), 400, "invalid")
    assert proposals() == 0


def test_if_match_takes_the_state_the_client_has_read(office: Office) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    address = f"/api/v1/mergers/{made['id']}/"
    seen = office.approver.get(address)
    assert not seen["ETag"].startswith("W/")
    assert office.post(f"mergers/{made['id']}/consult/", If_Match=seen["ETag"]).status_code == 200
    for tag in (seen["ETag"], '"nonsense"', "nonsense", f"W/{office.approver.get(address)['ETag']}", ""):
        refused(office.post(f"mergers/{made['id']}/approve/", by=office.approver, If_Match=tag), 412, "stale")
        response = office.commissioner.patch(address, {"rationale": "x"}, format="json", headers={"If-Match": tag})
        refused(response, 412, "stale")
    now = office.approver.get(f"/api/v1/changes/{made['id']}/")["ETag"]
    several = f"{seen['ETag']}, {now}"
    response = office.post(f"mergers/{made['id']}/approve/", by=office.approver, If_Match=several)
    assert response.status_code == 200


def test_a_step_says_which_version_was_seen(office: Office) -> None:
    """Every step and edit of a change wants `If-Match`; `*` tells of no version. A comment is upon none."""
    made = office.proposed("mergers/", NEWCASTLE)
    address = f"/api/v1/mergers/{made['id']}/"
    for given in ({}, {"If-Match": "*"}, {"If-Match": " * "}):
        for step in ("consult", "withdraw"):
            response = office.commissioner.post(f"{address}{step}/", {"comment": "x"}, format="json", headers=given)
            refused(response, 428, "precondition-required")
        response = office.commissioner.patch(address, {"rationale": "x"}, format="json", headers=given)
        refused(response, 428, "precondition-required")
        body = {"collaborators": []}
        response = office.commissioner.put(f"{address}collaborators/", body, format="json", headers=given)
        refused(response, 428, "precondition-required")
        refused(office.approver.post(f"{address}approve/", headers=given), 428, "precondition-required")
        said = office.approver.post(f"{address}comments/", {"text": "Hm."}, format="json", headers=given)
        assert said.status_code == 201
    assert Change.objects.get(pk=made["id"]).version == 1
    refused(office.commissioner.post("/api/v1/mergers/999999/consult/", headers={}), 404, "not-found")


def test_the_answer_of_a_write_carries_the_tag_for_the_next(office: Office) -> None:
    response = office.post("mergers/", NEWCASTLE)
    made = response.json()
    assert office.commissioner.get(f"/api/v1/changes/{made['id']}/")["ETag"] == response["ETag"]
    response = office.post(f"mergers/{made['id']}/consult/", If_Match=response["ETag"])
    assert office.post(f"mergers/{made['id']}/withdraw/", WHY, If_Match=response["ETag"]).status_code == 200


def test_a_comment_makes_nobodys_state_stale(office: Office) -> None:
    response = office.post("mergers/", NEWCASTLE)
    made = response.json()
    office.post(f"changes/{made['id']}/comments/", {"text": "Why now?"})
    again = office.commissioner.get(f"/api/v1/changes/{made['id']}/", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 200
    assert office.post(f"mergers/{made['id']}/consult/", If_Match=response["ETag"]).status_code == 200


def test_a_change_answers_each_reader_with_what_that_one_may_do(office: Office, get: Get, approver: User) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    address = f"/api/v1/changes/{made['id']}/"
    answers = [client.get(address) for client in (office.anyone, office.commissioner, office.approver)]
    assert [answer.json()["allowed_actions"] for answer in answers] == [
        [], ["consult", "withdraw"], ["consult", "approve", "reject"],
    ]  # fmt: skip
    assert len({answer["ETag"] for answer in answers}) == 3
    assert {"Authorization", "Cookie"} <= {name.strip() for name in answers[0]["Vary"].split(",")}
    assert [answer["Cache-Control"] for answer in answers] == ["no-cache", "no-store", "no-store"]
    assert office.approver.get(address, headers={"If-None-Match": answers[2]["ETag"]}).status_code == 304
    approver.groups.set(Group.objects.filter(name=Role.COMMISSIONER.value))
    now = office.approver.get(address, headers={"If-None-Match": answers[2]["ETag"]})
    assert (now.status_code, now.json()["allowed_actions"]) == (200, [])


def test_the_audit_trail_over_http(
    office: Office, administrator: User, api_as: Callable[[User], APIClient], every: Callable
) -> None:
    made = office.carried_through("mergers/", NEWCASTLE)
    subject = f"change {made['id']}"
    rows = office.approver.get("/api/v1/audit/", {"subject": subject}).json()["results"]
    assert [(row["actor"], row["action"]) for row in rows] == [
        ("an-approver", "effect-change"), ("an-approver", "approve-change"), ("a-commissioner", "propose-change"),
    ]  # fmt: skip
    assert rows[0]["previous"] == rows[1]["digest"]
    client = api_as(administrator)
    assert {row["actor"] for row in client.get("/api/v1/audit/?actor=an-approver").json()["results"]} == {"an-approver"}
    page = client.get("/api/v1/audit/?page_size=2&action=record-change&ordering=sequence").json()
    following = client.get(page["next"]).json()
    numbers = [row["sequence"] for row in page["results"] + following["results"]]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 4
    table = b"".join(client.get("/api/v1/audit/?format=csv&action=record-change").streaming_content).decode()
    assert table.splitlines()[0] == "sequence,at,actor,action,subject,particulars,previous,digest"
    assert '""reference"":' in table.splitlines()[1]
    refused(office.anyone.get("/api/v1/audit/"), 401, "not-authenticated")
    refused(office.commissioner.get("/api/v1/audit/"), 403, "not-permitted")
    refused(client.get("/api/v1/audit/?colour=red"), 400, "unknown-parameter")
    refused(client.post("/api/v1/audit/", {}, format="json"), 405, "method-not-allowed")
