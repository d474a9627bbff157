"""Changes over HTTP, from first look to effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from organisations.api import change_examples
from organisations.models import Change, Organisation
from pcorg.core.audit.checking import chain_faults
from pcorg.core.audit.models import AuditEntry
from tests.functional.api.conftest import refused
from tests.functional.api.office import EVIDENCE, NEWCASTLE, Office, change, merger, new
from tests.functional.api.test_description import conforms

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]


def test_a_preview_is_open_to_all_and_changes_nothing(office: Office, read: Read) -> None:
    before = (Organisation.objects.count(), Change.objects.count(), AuditEntry.objects.count())
    response = office.post("mergers/preview/", NEWCASTLE, by=office.anyone)
    assert response.status_code == 200
    conforms("/api/v1/mergers/preview/", "post", response)
    seen = response.json()
    assert seen["permitted"]
    assert not seen["hypothetical"]
    assert seen["before"] == {
        "bodies": 3, "population": 493_497, "population_unknown": 0, "councils": None, "members": None,
        "contracts": None, "contract_value": None, "budget": None, "pooled": None, "provisions": None,
        "staff_wte": None, "partly_known": [],
        "unknown": ["councils", "members", "contracts", "budget", "contract_value", "pooled", "provisions",
                    "staff_wte"],
    }  # fmt: skip
    assert seen["after"] == seen["before"] | {"bodies": 1}
    assert {"operation": "close-organisation", "subject": "00F"}.items() <= next(
        effect for effect in seen["effects"] if effect["subject"] == "00F" and "closed" in effect["after"]
    ).items()
    assert all(check["source"] and check["message"] for check in seen["checks"])
    assert (Organisation.objects.count(), Change.objects.count(), AuditEntry.objects.count()) == before


def test_a_preview_under_later_history_shows_what_would_have_been(office: Office) -> None:
    late = merger(originals=["5QQ", "5QP"], resulting=new("5ZQ", "pct-4"), effective_on="2011-04-01")
    seen = office.done("mergers/preview/", late)
    assert (seen["permitted"], seen["hypothetical"]) == (False, True)
    assert [check["code"] for check in seen["checks"] if check["outcome"] == "block"] == ["later-history"]
    assert seen["after"]["population"] == seen["before"]["population"]
    [block] = refused(office.post("mergers/", late), 409, "blocked-by-check")
    assert block["code"] == "later-history"
    assert "1 April 2013" in block["detail"]


def test_a_merger_from_proposal_to_effect(office: Office, read: Read) -> None:
    response = office.post("mergers/", NEWCASTLE)
    assert response.status_code == 201
    conforms("/api/v1/mergers/", "post", response)
    made = response.json()
    assert response["Location"] == made["url"]
    assert (made["status"], made["proposed_by"], made["recorded"]) == ("proposed", "a-commissioner", False)
    assert (made["originals"], made["resulting"]) == (["00F", "00G", "00H"], ["13T"])
    assert made["edges"][0] == {
        "original": "00F", "resulting": "13T", "share": "1", "basis": "population", "note": "",
        "of": [], "of_share": "1", "others_share": "0",
    }  # fmt: skip
    assert made["names"]["13T"] == "Newcastle Gateshead"
    assert made["allowed_actions"] == ["consult", "withdraw"]
    consultation = {"opens": "2014-06-01", "closes": "2014-09-01", "responses_for": 40, "responses_against": 3}
    made = office.done(f"mergers/{made['id']}/consult/", {"consultation": consultation, "comment": "Begun."})
    assert made["consultation"] == consultation | {"summary": ""}
    made = office.done(
        f"mergers/{made['id']}/approve/",
        {"overrides": {"development-time": "Work together began in 2013."}},
        by=office.approver,
    )
    assert made["allowed_actions"] == ["effect", "reject"]
    [overridden] = [finding for finding in made["findings"] if finding["overridden_by"]]
    assert (overridden["code"], overridden["override_reason"]) == ("development-time", "Work together began in 2013.")
    expected = read(f"changes/{made['id']}/preview/")["after"]
    response = office.post(f"mergers/{made['id']}/effect/", by=office.approver)
    conforms("/api/v1/mergers/{id}/effect/", "post", response)
    made = response.json()
    assert [step["status"] for step in made["history"]] == ["proposed", "consulting", "approved", "effected"]
    assert [step["by"] for step in made["history"]] == ["a-commissioner"] * 2 + ["an-approver"] * 2
    assert made["history"][1]["comment"] == "Begun."
    assert made["allowed_actions"] == []
    assert read("organisations/13T/", as_of="2015-03-01")["population"]["count"] == expected["population"]
    assert read("organisations/00F/")["closed"] == "2015-03-01"
    assert read(f"changes/{made['id']}/")["resulting"] == ["13T"]
    assert not list(chain_faults())


def test_transitions_take_the_route_the_rules_declare(office: Office, read: Read) -> None:
    asked = {"to_form": "foundation-trust", "effective_on": "2006-01-01", "evidence": EVIDENCE}
    made = office.carried_through("transitions/", {"organisation": "X-AT2", **asked})
    assert (made["kind"], made["route"], made["originals"], made["resulting"]) == (
        "transition", "designation", ["X-AT2"], ["X-AT2"],
    )  # fmt: skip
    assert made["portfolio"] == "illustrative-county"
    assert made["illustrative"]
    assert read("organisations/X-AT2/", as_of="2006-01-01")["form"]["slug"] == "foundation-trust"
    assert read("organisations/X-AT2/", as_of="2005-12-31")["form"]["slug"] == "acute-trust"


def test_a_succession_opens_the_successor_in_the_form_it_leads_to(office: Office, read: Read) -> None:
    asked = {
        "organisation": "00F",
        "to_form": "integrated-care-board",
        "effective_on": "2022-07-01",
        "successor": {"code": "QZZ", "name": "North board"},
        "evidence": EVIDENCE,
    }
    made = office.carried_through("transitions/", asked)
    assert made["route"] == "succession"
    assert read("organisations/QZZ/")["form"]["slug"] == "integrated-care-board"
    assert read("organisations/00F/")["closed"] == "2022-07-01"


EVERY_KIND = [
    change("establishment", portfolio="england-2006-2015", resulting=[new("13Z")]),
    change("transition", route="succession", originals=["01C"], effective_on="2022-07-01",
           resulting=[new("QZY", "integrated-care-board")]),
    change("merger", originals=["00F", "00G"], resulting=[{"code": "00F"}]),
    change("split", originals=["03N"], resulting=[new("13A"), new("13B")],
           edges=[{"original": "03N", "resulting": "13A", "share": "0.6"},
                  {"original": "03N", "resulting": "13B", "share": 0.4}]),
    change("separation", portfolio="illustrative-county", originals=["X-PCT1"], effective_on="2010-03-01",
           resulting=[{"code": "X-PCT1"}, new("X-CIC9", "community-interest-company")],
           moves=[{"what": "Podiatry", "from": "X-PCT1", "to": "X-CIC9"}]),
    change("transfer", originals=["01A", "01E"],
           edges=[{"original": "01A", "resulting": "01E", "share": "0.05", "basis": "named-items"}],
           moves=[{"what": "Two wards on the boundary", "from": "01A", "to": "01E"}]),
    change("reconfiguration", originals=["00J", "00K"], resulting=[new("13C"), new("13D")],
           edges=[{"original": "00J", "resulting": "13C", "share": "0.7"},
                  {"original": "00J", "resulting": "13D", "share": "0.3"},
                  {"original": "00K", "resulting": "13D", "share": "1"}]),
    change("rename", organisation="00L", name="Northumbria CCG"),
    change("dissolution", originals=["X-ICO1"], effective_on="2010-03-01"),
]  # fmt: skip


@pytest.mark.parametrize("asked", EVERY_KIND, ids=[asked["kind"] for asked in EVERY_KIND])
def test_every_kind_is_proposed_and_carried_out(office: Office, read: Read, asked: dict[str, Any]) -> None:
    seen = office.done("changes/preview/", asked)
    assert seen["permitted"], [check for check in seen["checks"] if check["outcome"] == "block"]
    made = office.proposed("changes/", asked)
    awaited = {name: made[name] for name in ("originals", "resulting", "edges", "moves")}
    made = office.done(f"changes/{made['id']}/approve/", by=office.approver)
    made = office.done(f"changes/{made['id']}/effect/", by=office.approver)
    assert made["status"] == "effected"
    assert {name: made[name] for name in awaited} == awaited
    people = [
        read(f"organisations/{code}/", as_of=asked["effective_on"])["population"]["count"] for code in made["resulting"]
    ]
    known = [count for count in people if count is not None]
    assert (sum(known) if known or not people else None) == seen["after"]["population"]
    assert not list(chain_faults())


def test_transitions_and_mergers_are_lists_of_their_own(office: Office, every: Callable) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    rows = every("mergers/", portfolio="all")
    assert {row["kind"] for row in rows} == {"merger"}
    [row] = [row for row in rows if row["id"] == made["id"]]
    assert (row["status"], row["originals"], row["resulting"]) == ("proposed", ["00F", "00G", "00H"], ["13T"])
    assert {row["kind"] for row in every("transitions/", portfolio="all")} == {"transition"}
    assert made["id"] in {row["id"] for row in every("changes/", status="proposed")}
    refused(office.anyone.get(f"/api/v1/transitions/{made['id']}/"), 404, "not-found")
    refused(office.post(f"transitions/{made['id']}/withdraw/"), 404, "not-found")
    assert office.anyone.get(f"/api/v1/mergers/{made['id']}/").status_code == 200


def test_consultation_may_be_recorded_while_the_change_is_open(office: Office, read: Read) -> None:
    asked = change(
        "establishment", portfolio="england-2006-2015", effective_on="2008-04-01",
        evidence={"board-composition": "Agreed."}, resulting=[new("5ZZ", "pct-3")],
    )  # fmt: skip
    made = office.proposed("changes/", asked)
    address = f"changes/{made['id']}/"
    blocks = refused(office.post(f"{address}approve/", by=office.approver), 409, "blocked-by-check")
    assert [block["code"] for block in blocks] == ["consultation-held"]
    assert not read(f"{address}preview/")["permitted"]
    consultation = {"opens": "2007-09-01", "closes": "2007-12-01", "summary": "Broad support."}
    response = office.commissioner.patch(
        f"/api/v1/{address}",
        {"consultation": consultation, "rationale": "Growth.", "evidence": {"relations": "Good."}},
        format="json",
    )
    assert response.status_code == 200
    conforms("/api/v1/changes/{id}/", "patch", response)
    assert response.json()["rationale"] == "Growth."
    assert response.json()["evidence"] == {"board-composition": "Agreed.", "relations": "Good."}
    assert read(f"{address}preview/")["permitted"]
    office.done(f"{address}approve/", by=office.approver)
    made = office.done(f"{address}effect/", by=office.approver)
    refused(
        office.commissioner.patch(f"/api/v1/{address}", {"rationale": "x"}, format="json"), 409, "not-allowed-in-status"
    )


def test_a_draft_is_saved_unchecked_and_then_proposed(office: Office) -> None:
    made = office.done("mergers/?draft=true", merger(originals=["00F", "5M1"]), status=201)
    assert (made["status"], made["allowed_actions"]) == ("draft", ["propose", "withdraw"])
    assert (made["originals"], made["resulting"]) == (["00F", "5M1"], ["13T"])
    problem = refused(office.post(f"changes/{made['id']}/propose/"), 409, "not-in-force")
    assert problem[0]["pointer"] == ""
    refused(office.commissioner.get(f"/api/v1/changes/{made['id']}/preview/"), 409, "not-in-force")
    made = office.done("mergers/?draft=true", NEWCASTLE, status=201)
    assert office.done(f"mergers/{made['id']}/propose/")["status"] == "proposed"
    refused(office.post("mergers/?draft=perhaps", NEWCASTLE), 400, "invalid")


def test_a_change_is_carried_out_once(office: Office) -> None:
    made = office.carried_through("mergers/", NEWCASTLE)
    refused(office.post(f"mergers/{made['id']}/effect/", by=office.approver), 409, "not-allowed-in-status")


def test_a_rival_is_flagged_and_can_no_longer_be_made(office: Office, read: Read) -> None:
    rival = office.proposed("mergers/", merger(originals=["00F", "00J"], resulting=new("13X")))
    office.carried_through("mergers/", NEWCASTLE)
    assert "carried out meanwhile" in read(f"changes/{rival['id']}/")["flag"]
    refused(office.post(f"changes/{rival['id']}/approve/", by=office.approver), 409, "not-in-force")
    assert office.done(f"changes/{rival['id']}/withdraw/", {"comment": "Overtaken."})["status"] == "withdrawn"


def test_comments(office: Office, read: Read) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    address = f"changes/{made['id']}/comments/"
    response = office.post(address, {"text": " What of the river? "}, by=office.approver)
    assert response.status_code == 201
    conforms("/api/v1/changes/{id}/comments/", "post", response)
    said = office.commissioner.get(f"/api/v1/{address}").json()["results"]
    assert [(each["by"], each["text"]) for each in said] == [("an-approver", "What of the river?")]
    assert [each["by"] for each in read(address)["results"]] == ["a commissioner"]
    assert read(f"changes/{made['id']}/")["comments"] == read(address)["results"]
    refused(office.post(address, {"text": "  "}), 400, "invalid")
    refused(office.post(address, {"text": "x"}, by=office.anyone), 401, "not-authenticated")
    refused(office.post("changes/999999/comments/", {"text": "x"}), 404, "not-found")


def test_a_step_needs_no_body_at_all(office: Office) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    assert office.commissioner.post(f"/api/v1/mergers/{made['id']}/consult/").status_code == 200


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("mergers/", change_examples.MERGER),
        ("transitions/", change_examples.TRANSITION),
        ("changes/", change_examples.SPLIT),
    ],
)
def test_the_examples_of_the_description_can_be_proposed(office: Office, path: str, asked: dict[str, Any]) -> None:
    made = office.proposed(path, asked)
    assert office.anyone.get(f"/api/v1/changes/{made['id']}/preview/").json()["permitted"]
