"""Files that alter what is recorded wait for an approver who is somebody else; what they alter is told by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from rest_framework.test import APIClient

from organisations.models import Change, Organisation, Portfolio, PortfolioLoad, WaitingLoad
from organisations.portfolios.formats import Format
from organisations.services.load_portfolio import load_content
from organisations.specs.document import Header
from pcorg.core.audit.models import AuditEntry
from pcorg.core.uploads.models import KeptUpload
from tests.functional.api.conftest import Get, refused
from tests.functional.api.test_description import conforms
from tests.functional.api.test_portfolios import HERE, KNOWN, VALLEY, VALLEY_JSON, sent

WAITING = f"{HERE}loads/"
NAME_OF_A_CHANGE = {"reference": "renamed", "kind": "rename", "effective_on": "2001-04-01", "title": "A better name"}
RENAMED = VALLEY | {"changes": [{**NAME_OF_A_CHANGE, "originals": ["X-V1"], "name": "High Valley Group", **KNOWN}]}


@pytest.fixture
def loader(administrator: User, api_as: Callable[[User], APIClient]) -> APIClient:
    return api_as(administrator)


@pytest.fixture
def decider(approver: User, api_as: Callable[[User], APIClient]) -> APIClient:
    return api_as(approver)


def asked(client: APIClient, document: dict[str, Any]) -> dict[str, Any]:
    """A document that waits, as the answer tells of it."""
    answer = sent(client, json.dumps(document).encode(), Format.JSON)
    assert answer.status_code == 202, answer.content
    conforms(HERE, "post", answer)
    told: dict[str, Any] = answer.json()
    assert answer["Location"] == told["url"]
    return told


def step(client: APIClient, told: dict[str, Any], name: str, **said: Any) -> HttpResponse:
    body = {"state": told["state"]} | said if name != "withdraw" else said
    return client.post(told[f"{name}_url"], body, format="json")


@pytest.fixture
def loaded(loader: APIClient) -> None:
    assert sent(loader, VALLEY_JSON, Format.JSON).status_code == 201


@pytest.mark.parametrize("basis", ["basis", "form_basis"])
@pytest.mark.parametrize("place", ["bodies", "relationships", "changes"])
def test_no_file_says_that_it_was_decided_here(loader: APIClient, place: str, basis: str) -> None:
    document = json.loads(json.dumps(RENAMED))
    if basis == "form_basis" and place != "bodies":
        pytest.skip("a body alone says how its form is known")
    document[place][0][basis] = "decision"
    (fault,) = refused(sent(loader, json.dumps(document).encode(), Format.JSON), 400, "invalid")
    assert fault["pointer"] == f"/{place}/0/{basis}"
    assert "propose it" in fault["detail"]
    assert not Organisation.objects.filter(portfolio="little-valley").exists()


def test_a_merger_of_real_organisations_is_carried_out_by_no_file(loader: APIClient) -> None:
    """As an administrator would try it: in the portfolio itself, from a new one beside it, and by another's bodies."""
    merger = {
        "reference": "taken-over",
        "kind": "merger",
        "effective_on": "2015-03-01",
        "title": "Newcastle Gateshead",
        "originals": ["00F", "00G"],
        "resulting": [{"code": "13T", "name": "Newcastle Gateshead", "form": "clinical-commissioning-group"}],
        "basis": "source",
        "source": "ods-eccg",
    }
    before = Change.objects.count()
    header = json.loads(loader.get(f"{HERE}england-2006-2015/?fields=portfolio").content)["portfolio"]
    document = {"schema": "pcorg-portfolio/1", "portfolio": header, "changes": [merger]}
    told = asked(loader, document)
    assert {body["code"] for body in told["alters"]} >= {"00F", "00G"}
    assert all(body["name"] for body in told["alters"])

    beside = {**document, "portfolio": {**header, "slug": "quite-another"}}
    refused(sent(loader, json.dumps(beside).encode(), Format.JSON), 409, "conflict")
    known = {"basis": "source", "source": "ods-eccg"}
    relationship = {"kind": "neighbour-of", "subject": "00F", "object": "9Z9", "start": "2013-04-01", **known}
    body = {"code": "9Z9", "name": "Another", "form": "clinical-commissioning-group", "opened": "2013-04-01", **known}
    tied = {**beside, "changes": [], "bodies": [body], "relationships": [relationship]}
    assert [each["code"] for each in asked(loader, tied)["alters"]] == ["00F"]
    assert Change.objects.count() == before
    assert not Portfolio.objects.filter(pk="quite-another").exists()
    assert not Organisation.objects.filter(pk__in=["13T", "9Z9"]).exists()
    claimed = {**document, "changes": [{**merger, "basis": "decision"}]}
    refused(sent(loader, json.dumps(claimed).encode(), Format.JSON), 400, "invalid")


@pytest.mark.usefixtures("loaded")
def test_what_adds_to_history_waits_and_is_loaded_when_somebody_else_confirms(
    loader: APIClient, decider: APIClient, get: Get, administrator: User, approver: User
) -> None:
    told = asked(loader, RENAMED)
    assert (told["status"], told["asked_by"], told["portfolio"]) == ("waiting", administrator.username, "little-valley")
    assert told["allowed_actions"] == ["withdraw"]
    (changes,) = [section for section in told["review"] if section["section"] == "changes"]
    assert changes["created"][0]["detail"] == "Change of name of X-V1, 1 April 2001"
    assert told["alters"] == [{"code": "X-V1", "name": "Upper Valley Group", "portfolio": "little-valley"}]
    assert not Change.objects.filter(portfolio="little-valley").exists()

    refused(step(loader, told, "confirm"), 403, "not-permitted")
    listed = decider.get(WAITING).json()["results"]
    assert [each["id"] for each in listed] == [told["id"]]
    shown = decider.get(told["url"])
    conforms(f"{WAITING}{{id}}/", "get", shown)
    assert shown.json()["allowed_actions"] == ["confirm", "refuse"]

    refused(decider.post(told["confirm_url"], {}, format="json"), 428, "precondition-required")
    refused(decider.post(told["confirm_url"], {"state": "0" * 64}, format="json"), 412, "stale")
    refused(decider.post(told["confirm_url"], {}, format="json", headers={"If-Match": '"1.x"'}), 412, "stale")
    done = decider.post(told["confirm_url"], {}, format="json", headers={"If-Match": shown["ETag"]})
    assert done.status_code == 200, done.content
    conforms(f"{WAITING}{{id}}/confirm/", "post", done)
    assert (done.json()["status"], done.json()["decided_by"]) == ("confirmed", approver.username)
    assert Change.objects.get(portfolio="little-valley").title == "A better name"

    load = get("portfolios/little-valley/loads/").json()["results"][0]
    assert (load["loaded_by"], load["confirmed_by"]) == (administrator.username, approver.username)
    trail = AuditEntry.objects.filter(subject="portfolio little-valley").order_by("sequence")
    assert [(entry.actor, entry.action) for entry in trail][1:] == [
        (administrator.username, "ask-to-load"),
        (administrator.username, "load-portfolio"),
        (approver.username, "confirm-load"),
    ]
    refused(step(decider, done.json(), "confirm"), 409, "not-allowed-in-status")
    assert not KeptUpload.objects.exists()


@pytest.mark.usefixtures("loaded")
def test_nobody_confirms_their_own_even_with_both_roles_or_another_name(
    administrator: User, api_as: Callable[[User], APIClient]
) -> None:
    administrator.groups.add(Group.objects.get(name="approver"))
    told = asked(api_as(administrator), RENAMED)
    refused(step(api_as(administrator), told, "confirm"), 403, "own-proposal")
    administrator.username = "another-name"
    administrator.save()
    renamed = User.objects.get(pk=administrator.pk)
    refused(step(api_as(renamed), told, "confirm"), 403, "own-proposal")
    refused(step(api_as(renamed), told, "refuse", reason="No."), 403, "own-proposal")
    assert step(api_as(renamed), told, "withdraw").json()["status"] == "withdrawn"


@pytest.mark.usefixtures("loaded")
def test_only_approvers_and_administrators_see_what_waits(
    loader: APIClient, api: APIClient, commissioner: User, api_as: Callable[[User], APIClient]
) -> None:
    told = asked(loader, RENAMED)
    for address in (WAITING, told["url"]):
        refused(api.get(address), 401, "not-authenticated")
        refused(api_as(commissioner).get(address), 403, "not-permitted")
    refused(step(api, told, "confirm"), 401, "not-authenticated")
    refused(step(api_as(commissioner), told, "confirm"), 403, "not-permitted")
    refused(loader.get(f"{WAITING}999999/"), 404, "not-found")
    refused(loader.get(f"{WAITING}x/"), 404, "not-found")


@pytest.mark.usefixtures("loaded")
def test_a_file_is_refused_with_a_reason_or_withdrawn(loader: APIClient, decider: APIClient) -> None:
    told = asked(loader, RENAMED)
    refused(step(decider, told, "refuse"), 400, "invalid")
    refused(step(decider, told, "refuse", reason=" "), 400, "invalid")
    refused(step(decider, told, "withdraw"), 403, "not-permitted")
    done = step(decider, told, "refuse", reason="Never approved.").json()
    assert (done["status"], done["reason"], done["allowed_actions"]) == ("refused", "Never approved.", [])
    again = asked(loader, RENAMED)
    assert again["id"] != told["id"]
    assert step(loader, again, "withdraw").json()["status"] == "withdrawn"
    assert not Change.objects.filter(portfolio="little-valley").exists()
    assert not KeptUpload.objects.exists()


@pytest.mark.usefixtures("loaded")
def test_a_confirmation_holds_for_the_state_that_was_looked_at(loader: APIClient, decider: APIClient) -> None:
    told = asked(loader, RENAMED)
    meanwhile = {**NAME_OF_A_CHANGE, "reference": "meanwhile", "effective_on": "2000-04-01", "name": "Middle Valley"}
    other = VALLEY | {"changes": [{**meanwhile, "originals": ["X-V2"], **KNOWN}]}
    load_content(content=json.dumps(other).encode(), name="other.json", by="command:load_portfolio")
    refused(step(decider, told, "confirm"), 412, "stale")
    anew = decider.get(told["url"]).json()
    assert (anew["status"], anew["id"]) == ("waiting", told["id"])
    assert anew["state"] != told["state"]
    refused(step(decider, told, "confirm"), 412, "stale")
    assert step(decider, anew, "confirm").status_code == 200
    assert Change.objects.filter(portfolio="little-valley").count() == 2


@pytest.mark.usefixtures("loaded")
def test_what_has_a_fault_by_then_is_not_loaded(loader: APIClient, decider: APIClient) -> None:
    told = asked(loader, RENAMED)
    gone = {**NAME_OF_A_CHANGE, "reference": "gone", "kind": "dissolution", "effective_on": "2000-04-01"}
    other = VALLEY | {"changes": [{**gone, "originals": ["X-V1"], **KNOWN}]}
    load_content(content=json.dumps(other).encode(), name="other.json", by="command:load_portfolio")
    answer = step(decider, told, "confirm")
    assert answer.status_code in {400, 409}
    assert answer.json()["errors"][0]["pointer"].startswith("/changes/0")
    assert WaitingLoad.objects.get().status == "waiting"


@pytest.mark.usefixtures("loaded")
def test_the_same_file_waits_once_and_only_some_wait_at_a_time(loader: APIClient) -> None:
    assert asked(loader, RENAMED)["id"] == asked(loader, RENAMED)["id"]
    for number in range(4):
        asked(loader, VALLEY | {"portfolio": VALLEY["portfolio"] | {"title": f"Valley {number}"}})
    another = VALLEY | {"portfolio": VALLEY["portfolio"] | {"title": "Valley again"}}
    refused(sent(loader, json.dumps(another).encode(), Format.JSON), 409, "conflict")
    assert KeptUpload.objects.filter(held=True).count() == 5


HEADER = {
    **VALLEY["portfolio"],
    "summary": "A valley.",
    "attribution": "Invented.",
}
ALTERED = {
    "title": "Lesser valley",
    "summary": "Another valley.",
    "attribution": "Somebody.",
    "limits": ["None."],
    "covers": {"from": "1999-04-01", "to": "2011-03-31"},
    "illustrative": False,
}
FROM = {"covers": {"from": "1998-04-01", "to": "2010-03-31"}}


def test_every_field_of_a_portfolio_is_tried() -> None:
    assert set(ALTERED) == set(Header.model_fields) - {"slug"}
    columns = {field.name for field in Portfolio._meta.concrete_fields}
    assert columns == (set(ALTERED) - {"covers"}) | {"slug", "covers_from", "covers_to"}


@pytest.mark.parametrize("altered", [*({name: value} for name, value in ALTERED.items()), FROM], ids=str)
def test_no_field_of_a_portfolio_is_altered_unsaid(
    loader: APIClient, decider: APIClient, altered: dict[str, Any]
) -> None:
    """What it alters is in the review with its old and its new value and waits, or is refused with its name."""
    first = VALLEY | {"portfolio": HEADER}
    assert sent(loader, json.dumps(first).encode(), Format.JSON).status_code == 201
    before = Portfolio.objects.filter(pk="little-valley").values().get()
    answer = sent(loader, json.dumps(VALLEY | {"portfolio": HEADER | altered}).encode(), Format.JSON)
    assert Portfolio.objects.filter(pk="little-valley").values().get() == before
    (name,) = altered
    if answer.status_code != 202:
        assert answer.status_code in {400, 409}
        assert any(fault["pointer"].startswith(f"/portfolio/{name}") for fault in answer.json()["errors"])
        return
    told = answer.json()
    (record,) = told["review"][0]["changed"]
    (field,) = record["fields"]
    was, now = HEADER[name], altered[name]
    if name == "covers":
        name, was, now = "covers.to", was["to"], now["to"]
    assert field == {"field": name, "before": was, "after": now}
    assert step(decider, told, "confirm").status_code == 200
    held = Portfolio.objects.get(pk="little-valley")
    column = "covers_to" if name == "covers.to" else name
    assert getattr(held, column) == (date.fromisoformat(now) if column == "covers_to" else now)
    assert PortfolioLoad.objects.filter(portfolio="little-valley").count() == 2


@pytest.mark.usefixtures("loaded")
def test_a_key_sent_twice_asks_once(loader: APIClient) -> None:
    content = json.dumps(RENAMED).encode()
    first, again = (sent(loader, content, Format.JSON, **{"Idempotency-Key": "a"}) for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (202, 202, "true")
    assert WaitingLoad.objects.count() == 1


@pytest.mark.parametrize("slug", ["loads", "schema", "template", "validate", "all", "a" * 61])
def test_no_portfolio_is_called_what_an_address_is(loader: APIClient, slug: str) -> None:
    document = VALLEY | {"portfolio": VALLEY["portfolio"] | {"slug": slug}}
    (fault,) = refused(sent(loader, json.dumps(document).encode(), Format.JSON), 400, "invalid")
    assert fault["pointer"] == "/portfolio/slug"
