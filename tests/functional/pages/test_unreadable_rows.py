"""A stored row that this version of the product cannot read breaks neither list nor page, and hides no other row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from evaluation.models import Assessment
from organisations.domain.lifecycle import Step
from organisations.models import Change
from organisations.services.proposals import decide, propose
from organisations.specs.change import UNREADABLE, ProposedMerger, proposed
from pcorg.core.audit import memory
from pcorg.core.policies import Actor
from tests.functional.api.office import NEWCASTLE

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]
ANN = Actor("a-commissioner", commissions=True)
BOB = Actor("an-approver", commissions=True, approves=True)
KEPT = [
    {},
    {"kind": "takeover", "effective_on": "2015-03-01"},
    {"kind": "merger", "effective_on": "9999-12-31", "originals": ["00F"]},
    {"kind": "merger", "originals": 5, "resulting": "13T", "effective_on": "2015-03-01"},
    [],
    "merger",
]
"""What another version may have kept of a proposal."""


@pytest.fixture(params=KEPT, ids=str)
def unreadable(db: None, request: pytest.FixtureRequest) -> Change:
    """A proposal of which this version cannot read what it asks for."""
    made = propose(spec=proposed(ProposedMerger, NEWCASTLE).as_change(), by=ANN)
    Change.objects.filter(pk=made.pk).update(particulars=request.param)
    memory.forget()
    return made


def test_pages_show_it_and_what_is_beside_it(
    unreadable: Change, signed_in: Callable[[User], Client], approver: User
) -> None:
    client, number = signed_in(approver), unreadable.pk
    for path in ("/changes/", "/decisions/?pile=open", "/", f"/changes/{number}/"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert unreadable.title in answer.content.decode(), path
    assert UNREADABLE in client.get(f"/changes/{number}/").content.decode()
    assert "The two Hertfordshire trusts become one" in client.get("/changes/").content.decode()
    assert client.get(f"/changes/propose/merger/?again={number}").status_code == 200
    answer = client.post(f"/changes/{number}/step/approve/", {"version": unreadable.version})
    assert answer.status_code == 409
    assert UNREADABLE in answer.content.decode()


def test_the_api_lists_and_describes_it(unreadable: Change, api: APIClient) -> None:
    number = unreadable.pk
    listed = api.get("/api/v1/changes/?page_size=1000").json()["results"]
    assert number in {each["id"] for each in listed}
    assert len(listed) > 5
    assert str(number).encode() in b"".join(api.get("/api/v1/changes/?format=csv").streaming_content)
    document = api.get(f"/api/v1/changes/{number}/").json()
    assert (document["originals"], document["edges"]) == (["00F", "00G", "00H"], [])
    refused = api.get(f"/api/v1/changes/{number}/preview/")
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["detail"] == UNREADABLE


def test_it_is_withdrawn_and_stands_in_the_way_of_no_other(unreadable: Change) -> None:
    other = propose(spec=proposed(ProposedMerger, NEWCASTLE).as_change(), by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        decide(change_id=other.pk, step=step, by=BOB)
    unreadable.refresh_from_db()
    assert UNREADABLE in unreadable.flag
    assert (
        decide(change_id=unreadable.pk, step=Step.WITHDRAW, by=ANN, comment="It cannot be read.").status == "withdrawn"
    )


@pytest.mark.parametrize("kept", [{"points": {"key-resources": "many"}}, {"bounds": [1]}, {"colour": "red"}])
def test_saved_weights_that_cannot_be_read_are_said_so(
    kept: dict[str, Any], client: Client, signed_in: Callable[[User], Client], commissioner: User
) -> None:
    held = Assessment.objects.get(slug="ostlebury-panel")
    Assessment.objects.filter(pk=held.pk).update(weights=kept, weighing="swing", status="open")
    memory.forget()
    assert client.get("/assessments/?portfolio=illustrative-county").status_code == 200
    assert "The saved weights cannot be read any more" in client.get(f"/assessments/{held.pk}/").content.decode()
    assert client.get("/assessments/compare/", {"id": held.pk}).status_code == 200
    ann = signed_in(commissioner)
    assert {ann.get(f"/assessments/{held.pk}/{page}/").status_code for page in ("edit", "judge", "terms")} == {200}
