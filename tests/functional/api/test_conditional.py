"""Conditional reads, HEAD and OPTIONS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from rest_framework.test import APIClient

from pcorg.core.audit.kinds import DataKind
from pcorg.core.audit.trail import record
from tests.functional.api.conftest import Get, refused

pytestmark = pytest.mark.django_db
PATHS = ["organisations/", "organisations/5QJ/", "organisations/5QJ/lineage/", "configuration/", "changes/", "forms/",
         "organisations/?format=csv", "schema/", ""]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_still_stands_is_not_sent_again(get: Get, path: str) -> None:
    first = get(path)
    assert first["ETag"].startswith('W/"')
    again = get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert {"Accept", "Authorization", "Cookie"} <= {part.strip() for part in first["Vary"].split(",")}


def test_the_tag_changes_with_the_data(get: Get) -> None:
    before = get("organisations/")
    with transaction.atomic():
        record(actor="test", action="test", subject="test")
    after = get("organisations/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


def test_the_tag_is_of_one_address_and_one_form_of_answer(get: Get) -> None:
    tags = {
        get("organisations/")["ETag"],
        get("organisations/", page_size=5)["ETag"],
        get("organisations/", headers={"Accept": "text/csv"})["ETag"],
        get("forms/")["ETag"],
    }
    assert len(tags) == 4


def test_the_moment_of_the_last_write(get: Get) -> None:
    moment = get("organisations/")["Last-Modified"]
    assert get("organisations/", headers={"If-Modified-Since": moment}).status_code == 304
    old = get("organisations/", headers={"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"})
    assert old.status_code == 200


def test_weak_tags_never_satisfy_if_match(get: Get) -> None:
    tag = get("organisations/5QJ/")["ETag"]
    refused(get("organisations/5QJ/", headers={"If-Match": tag}), 412, "stale")


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_like_get_without_a_body(api: APIClient, path: str) -> None:
    head, full = api.head(f"/api/v1/{path}"), api.get(f"/api/v1/{path}")
    assert head.status_code == 200
    assert head["ETag"] == full["ETag"]
    assert head["Content-Type"] == full["Content-Type"]
    assert not (b"".join(head.streaming_content) if head.streaming else head.content)


def test_options_says_what_an_address_takes(api: APIClient) -> None:
    told = api.options("/api/v1/organisations/").json()
    assert told["methods"] == ["GET", "HEAD", "OPTIONS"]
    assert {"as_of", "portfolio", "cursor"} <= {parameter["name"] for parameter in told["parameters"]}
    assert "text/csv" in told["renders"]
    assert "POST" in api.options("/api/v1/organisations/resolve/").json()["methods"]


@pytest.fixture
def comment(commissioner: User, api_as: Callable[[User], APIClient]) -> Callable[[], None]:
    """Says something of a proposal."""
    asked = {"kind": "rename", "organisation": "5QJ", "name": "Other", "effective_on": "2010-01-01"}
    by = api_as(commissioner)
    made = by.post("/api/v1/changes/?draft=true", asked, format="json")
    assert made.status_code == 201, made.content

    def say() -> None:
        said = by.post(f"/api/v1/changes/{made.json()['id']}/comments/", {"text": "So it is."}, format="json")
        assert said.status_code == 201, said.content

    return say


def test_a_comment_leaves_the_tags_of_reference_records_alone(get: Get, comment: Callable[[], None]) -> None:
    of_reference = ["forms/", "forms/pct-4/", "checks/", "services/", "criteria/", "transition-rules/"]
    before = {path: get(path)["ETag"] for path in [*of_reference, "changes/"]}
    comment()
    after = {path: get(path)["ETag"] for path in before}
    assert [path for path in before if after[path] != before[path]] == ["changes/"]


def test_what_alters_reference_records_alters_their_tags(get: Get) -> None:
    before = get("forms/")["ETag"]
    with transaction.atomic():
        record(actor="test", action="test", subject="test", altered=frozenset({DataKind.ASSESSMENTS}))
    assert get("forms/")["ETag"] == before
    with transaction.atomic():
        record(actor="test", action="test", subject="test", altered=frozenset({DataKind.REFERENCE}))
    assert get("forms/")["ETag"] != before


def test_a_tag_is_of_one_build_of_the_code(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    before = get("forms/")["ETag"]
    monkeypatch.setattr("pcorg.core.api.conditional.BUILD", "another")
    assert get("forms/")["ETag"] != before


def test_an_answer_is_no_older_than_the_code_that_made_it(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    held = get("forms/")["Last-Modified"]
    monkeypatch.setattr("pcorg.core.api.conditional.BUILT_AT", datetime.now(UTC) + timedelta(hours=1))
    assert get("forms/", headers={"If-Modified-Since": held}).status_code == 200


@pytest.mark.parametrize("header", [{"If-None-Match": "*"}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}])
@pytest.mark.parametrize(
    ("path", "status"),
    [("forms/pct-4/", 304), ("forms/", 304), ("forms/nothing/", 404), ("organisations/NONE/", 404),
     ("changes/999999/", 404), ("assessments/999999/", 404), ("forms/?page_size=0", 400)],
)  # fmt: skip
def test_nothing_has_no_state_to_be_held(get: Get, path: str, status: int, header: dict[str, str]) -> None:
    assert get(path, headers=header).status_code == status
