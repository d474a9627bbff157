"""Proposals and decisions that are refused: each says why, with every fault, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from organisations.models import Change
from pcorg.core.accounts.roles import Role
from tests.functional.api.conftest import refused
from tests.functional.api.office import NEWCASTLE, Office, change, merger, new
from tests.functional.api.test_description import conforms

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]


SUCCESSOR = {"organisation": "01A", "to_form": "integrated-care-board", "effective_on": "2022-07-01"}
INVALID: list[tuple[str, Any, str, set[tuple[str, str]]]] = [
    ("mergers/", {}, "invalid", {("/originals", "invalid"), ("/resulting", "invalid"), ("/effective_on", "invalid")}),
    ("mergers/", [], "invalid", {("", "invalid")}),
    ("mergers/", merger(originals="01A"), "invalid", {("/originals", "invalid")}),
    ("mergers/", merger(originals=["01A", "01A"]), "invalid", {("/originals/0", "invalid")}),
    ("mergers/", merger(originals=["01A", "NOPE"]), "unknown-organisation", {("/originals/1", "unknown-organisation")}),
    ("mergers/", merger(originals=["01A"]), "invalid", {("/originals", "invalid")}),
    ("mergers/", merger(effective_on="2015-99-01"), "invalid", {("/effective_on", "invalid")}),
    ("mergers/", merger(effective_on=20150301), "invalid", {("/effective_on", "invalid")}),
    ("mergers/", merger(originals=["5M1", "01A"]), "not-in-force", {("/originals/0", "not-in-force")}),
    ("mergers/", merger(resulting=new("5M1")), "code-in-use", {("/resulting/code", "code-in-use")}),
    ("mergers/", merger(resulting=new("13T", "pct-9")), "invalid", {("/resulting/form", "invalid")}),
    ("mergers/", merger(resulting={"code": "01A"}), "code-in-use", {("/resulting/code", "code-in-use")}),
    ("mergers/", merger(colour="red"), "invalid", {("/colour", "invalid")}),
    ("mergers/", merger(evidence={"no-such-check": "x"}), "invalid", {("/evidence/no-such-check", "invalid")}),
    ("mergers/", merger(title="x\ny"), "invalid", {("/title", "invalid")}),
    ("mergers/", merger(legal_instrument="x" * 201), "invalid", {("/legal_instrument", "invalid")}),
    ("mergers/", merger(rationale="a\x00b"), "invalid", {("/rationale", "invalid")}),
    (
        "mergers/",
        merger(resulting=new("13T", source="nowhere 1")),
        "invalid",
        {("/resulting/source", "invalid")},
    ),
    (
        "mergers/",
        merger(originals=["NOPE", "5M1"], resulting=new("5M1", "pct-9")),
        "invalid",
        {
            ("/originals/0", "unknown-organisation"), ("/originals/1", "not-in-force"),
            ("/resulting/code", "code-in-use"), ("/resulting/form", "invalid"),
        },
    ),
    (
        "transitions/",
        {"organisation": "NOPE", "to_form": "pct-3", "effective_on": "2009-04-01"},
        "unknown-organisation",
        {("/organisation", "unknown-organisation")},
    ),
    ("transitions/", SUCCESSOR | {"successor": {"code": "5M1", "name": "N"}}, "code-in-use",
     {("/successor/code", "code-in-use")}),
    ("transitions/", SUCCESSOR | {"to_form": "pct-9", "successor": {"code": "QZX", "name": "N"}}, "invalid",
     {("/to_form", "invalid")}),
    ("transitions/", {name: told for name, told in SUCCESSOR.items() if name != "successor"}, "invalid",
     {("/successor", "invalid")}),
    ("transitions/", SUCCESSOR | {"successor": {"code": "not a code", "name": ""}}, "invalid",
     {("/successor/code", "invalid"), ("/successor/name", "invalid")}),
    ("changes/", change("no-such-kind"), "invalid", {("/kind", "invalid")}),
    ("changes/", change("rename", organisation="NOPE", name="N"), "unknown-organisation",
     {("/organisation", "unknown-organisation")}),
    ("changes/", change("establishment", portfolio="nowhere", resulting=[new("13Z")]), "invalid",
     {("/portfolio", "invalid")}),
    ("changes/", change("correction", portfolio="england-2006-2015", organisation="00F", corrects=10**9,
                        set={"name": "N"}), "invalid",
     {("/corrects", "invalid")}),
    ("changes/", change("rename", organisation="00F", name="N", relationships=[
        {"kind": "neighbour-of", "subject": "00F", "object": "00G", "end": "2015-03-01"},
        {"kind": "neighbour-of", "subject": "00F", "object": "00G", "start": "2015-04-01", "end": "2015-03-02"},
    ]), "invalid", {("/relationships/0/end", "invalid"), ("/relationships/1/end", "invalid")}),
    # The engine counts the body that continues first; the pointer is where the client has the new one.
    ("changes/", change("separation", originals=["X-PCT1"], effective_on="2010-03-01",
                        resulting=[new("X-PCT2", "social-enterprise"), {"code": "X-PCT1"}]), "invalid",
     {("/resulting/0/code", "code-in-use"), ("/resulting/0/form", "invalid")}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "code", "wanted"), INVALID, ids=[str(sorted(one[3]))[:60] for one in INVALID])
def test_what_is_not_valid_is_refused_with_every_fault(
    office: Office, path: str, body: Any, code: str, wanted: set[tuple[str, str]]
) -> None:
    before = Change.objects.count()
    for address in (path, f"{path}preview/"):
        response = office.post(address, body)
        found = refused(response, 400, code)
        assert {(fault["pointer"], fault["code"]) for fault in found} == wanted
        conforms(f"/api/v1/{address}", "post", response)
    assert Change.objects.count() == before


def test_a_body_of_another_portfolio_is_a_conflict(office: Office) -> None:
    refused(office.post("mergers/", merger(originals=["01A", "01E", "X-AT2"])), 409, "conflict")


def undoing(number: int, on: str) -> dict[str, Any]:
    """A correction that strikes out a change."""
    return {"kind": "correction", "corrects": number, "effective_on": on}


def test_a_correction_that_history_rules_out_is_a_conflict(office: Office) -> None:
    rested_on = Change.objects.filter(portfolio="illustrative-county").earliest("effective_on", "sequence")
    only_proposed = office.proposed("mergers/", merger())
    unlike = change("correction", originals=["5P3", "5QQ"], resulting=[new("5ZQ", "pct-4")], effective_on="2008-11-01")
    impossible = [
        (unlike, "blocked-by-check", "/originals"),
        (undoing(rested_on.pk, str(rested_on.effective_on)), "blocked-by-check", "/corrects"),
        (undoing(only_proposed["id"], "2015-03-01"), "conflict", "/corrects"),
        (
            change("correction", organisation="5QQ", set={"name": "N"}, effective_on="2006-10-01"),
            "conflict",
            "/organisation",
        ),
    ]
    for body, code, pointer in impossible:
        for address in ("changes/preview/", "changes/"):
            response = office.post(address, body)
            (fault,) = refused(response, 409, code)
            assert (fault["code"], fault["pointer"]) == (code, pointer)
            conforms(f"/api/v1/{address}", "post", response)


def test_every_check_that_blocks_is_told(office: Office) -> None:
    asked = change(
        "transition", route="succession", originals=["5M1"], effective_on="1998-04-01", resulting=[new("5ZZ", "pcg-1")]
    )
    refused(office.post("changes/", asked), 400, "not-in-force")
    asked = {"organisation": "X-PCG7", "to_form": "pct-4", "effective_on": "1999-10-01",
             "successor": {"code": "X-PCT9", "name": "Too soon"}}  # fmt: skip
    blocks = {fault["code"] for fault in refused(office.post("transitions/", asked), 409, "blocked-by-check")}
    assert {"later-history", "form-dates"} <= blocks
    blocking = {
        check["code"]
        for check in office.done("transitions/preview/", asked)["checks"]
        if check["outcome"] == "block" and check["code"] not in {"consultation-held", "board-composition"}
    }
    assert blocks == blocking


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"evidence": {"no-such-check": "x"}}, "/evidence/no-such-check"),
        ({"consultation": {"opens": "2014-09-01", "closes": "2014-06-01"}}, "/consultation/closes"),
        ({"consultation": {"responses_for": -1}}, "/consultation/responses_for"),
        ({"rationale": 7}, "/rationale"),
        ({"effective_on": "2015-03-02"}, "/effective_on"),
    ],
)
def test_what_cannot_be_added_is_refused(office: Office, body: dict[str, Any], pointer: str) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    response = office.commissioner.patch(f"/api/v1/changes/{made['id']}/", body, format="json")
    assert [fault["pointer"] for fault in refused(response, 400, "invalid")] == [pointer]


def test_steps_in_the_wrong_order_are_refused(office: Office) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    refused(office.post(f"mergers/{made['id']}/effect/", by=office.approver), 409, "not-allowed-in-status")
    refused(office.post(f"mergers/{made['id']}/propose/"), 409, "not-allowed-in-status")
    office.done(f"mergers/{made['id']}/reject/", {"comment": "Too soon."}, by=office.approver)
    for step in ("consult", "approve", "effect", "reject", "withdraw"):
        refused(office.post(f"mergers/{made['id']}/{step}/", by=office.approver), 409, "not-allowed-in-status")
    refused(office.anyone.get(f"/api/v1/changes/{made['id']}/preview/"), 409, "not-allowed-in-status")


def test_history_cannot_be_decided_upon(office: Office, read: Read) -> None:
    recorded = read("changes/", recorded="true")["results"][0]["id"]
    refused(office.post(f"changes/{recorded}/effect/", by=office.approver), 409, "not-allowed-in-status")
    refused(office.anyone.get(f"/api/v1/changes/{recorded}/preview/"), 409, "not-allowed-in-status")


@pytest.mark.parametrize("overrides", [{"form-path": "I insist."}, {"no-such-check": "x"}, {"relations": ""}])
def test_only_an_advisory_is_overridden_and_only_with_a_reason(office: Office, overrides: dict[str, str]) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    response = office.post(f"mergers/{made['id']}/approve/", {"overrides": overrides}, by=office.approver)
    [fault] = refused(response, 400, "invalid")
    assert fault["pointer"] == f"/overrides/{next(iter(overrides))}"


def test_who_may_do_what(
    office: Office, administrator: User, person: Callable[..., User], api_as: Callable[[User], APIClient]
) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    steps = ("consult", "approve", "effect", "reject", "withdraw")
    for step in steps:
        response = office.post(f"mergers/{made['id']}/{step}/", by=office.anyone)
        refused(response, 401, "not-authenticated")
        assert response["WWW-Authenticate"] == "Token"
        for other in (administrator, person(f"nobody-{step}")):
            refused(office.post(f"mergers/{made['id']}/{step}/", by=api_as(other)), 403, "not-permitted")
    for step in ("approve", "effect", "reject"):
        refused(office.post(f"mergers/{made['id']}/{step}/"), 403, "not-permitted")
    for client in (office.anyone, api_as(administrator)):
        assert office.post("mergers/", NEWCASTLE, by=client).status_code in {401, 403}
        assert client.patch(f"/api/v1/changes/{made['id']}/", {}, format="json").status_code in {401, 403}
    assert Change.objects.get(pk=made["id"]).status == "proposed"


def test_nobody_decides_upon_a_proposal_of_their_own(
    office: Office, person: Callable[..., User], api_as: Callable[[User], APIClient]
) -> None:
    made = office.done("mergers/", NEWCASTLE, by=office.approver, status=201)
    assert made["allowed_actions"] == ["consult", "withdraw"]
    for step in ("approve", "reject"):
        refused(office.post(f"mergers/{made['id']}/{step}/", by=office.approver), 403, "own-proposal")
    other = api_as(person("carol", Role.APPROVER))
    office.done(f"mergers/{made['id']}/approve/", by=other)
    refused(office.post(f"mergers/{made['id']}/effect/", by=office.approver), 403, "own-proposal")
    assert office.done(f"mergers/{made['id']}/effect/", by=other)["status"] == "effected"


@pytest.mark.parametrize("key", ["999999", "abc", "9" * 30, "-1", "٣"])
def test_a_change_that_is_not_there(office: Office, key: str) -> None:
    refused(office.post(f"changes/{key}/approve/", by=office.approver), 404, "not-found")
    refused(office.anyone.get(f"/api/v1/changes/{key}/preview/"), 404, "not-found")


@pytest.mark.parametrize(
    "body", ["{", "[1", '"\ud83d"', "nonsense"], ids=["object", "list", "half a character", "word"]
)
def test_a_body_that_is_not_json(office: Office, body: str) -> None:
    response = office.commissioner.post(
        "/api/v1/mergers/", body.encode("utf-8", "surrogatepass"), content_type="application/json"
    )
    refused(response, 400, "invalid")
    response = office.commissioner.post("/api/v1/mergers/", b"a=1", content_type="application/x-www-form-urlencoded")
    refused(response, 415, "unsupported-media-type")


def test_a_request_has_bounds(office: Office) -> None:
    response = office.post("mergers/preview/", merger(originals=["00F"] * 2001), by=office.anyone)
    [fault] = refused(response, 400, "invalid")
    assert (fault["pointer"], fault["detail"]) == ("/originals", "At most 2,000 entries.")
