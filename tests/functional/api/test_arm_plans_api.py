"""Plans for provider arms over HTTP, on the invented coast: tried, kept, proposed, followed to the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.functional.api.conftest import refused
from tests.functional.api.office import EVIDENCE, Office

pytestmark = pytest.mark.django_db
TRUST = "X-KPCT1"
WELLBEING = [
    "family-planning",
    "health-promotion",
    "health-trainers",
    "sexual-health-services",
    "stop-smoking-services",
]
THERAPIES = ["occupational-therapy", "orthopaedic-rehabilitation", "physiotherapy", "stroke-rehabilitation"]


def plan(**changed: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "organisation": TRUST,
        "title": "The coast by 2012",
        "rationale": "Different services need different forms.",
        "start": "2009-10-01",
        "separation": "internal",
        "groups": [
            {
                "title": "Health and wellbeing",
                "services": WELLBEING,
                "coherence": "Open to everybody.",
                "form": "community-interest-company",
                "group": "X-KG4",
            },
            {"title": "Therapies", "services": THERAPIES, "coherence": "One aim.", "form": "provider-unit"},
        ],
    }
    return facts | changed


@pytest.fixture
def client(commissioner: User, api_as: Callable[[User], APIClient]) -> APIClient:
    return api_as(commissioner)


def post(client: APIClient, path: str, body: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
    return client.post(f"/api/v1/{path}", body or {}, format="json", **({"headers": headers} if headers else {}))


def kept(client: APIClient, **changed: Any) -> dict[str, Any]:
    response = post(client, "arm-plans/", plan(**changed))
    assert response.status_code == 201, response.content[:500]
    return response.json()


def test_anybody_may_try_a_plan_and_nothing_is_kept(api: APIClient, read: Callable[..., Any]) -> None:
    response = post(api, "arm-plans/preview/", plan())
    assert response.status_code == 200, response.content[:500]
    seen = response.json()
    assert (seen["keepable"], seen["proposable"], seen["wanting"]) == (True, True, [])
    unit, company = seen["steps"]
    assert (unit["group"], unit["going"], unit["on"]) == (1, "arrangement", "2009-10-01")
    assert (company["going"], company["on"], company["code"]) == ("separates", "2011-04-01", f"{TRUST}-1")
    assert {"later-history", "form-path", "management-capacity"} <= {found["code"] for found in company["checks"]}
    assert "coherence-first" in {found["code"] for found in seen["checks"]}
    assert seen["end"]["on"] == "2011-04-01"
    assert seen["end"]["bodies"][f"{TRUST}-1"]["services"] == WELLBEING
    assert seen["end"]["bodies"][f"{TRUST}-1"] == seen["groups"][0]
    assert read("arm-plans/", portfolio="all")["results"] == []


def test_a_plan_is_kept_read_listed_altered_and_thrown_away(client: APIClient, read: Callable[..., Any]) -> None:
    made = kept(client)
    assert (made["version"], made["proposed_by"], made["kept_by"]) == (1, "", "a-commissioner")
    assert [group["change"] for group in made["groups"]] == [None, None]
    (listed,) = read("arm-plans/", portfolio="all", organisation=TRUST, proposed="false")["results"]
    assert (listed["id"], listed["portfolio"], listed["illustrative"]) == (made["id"], "illustrative-trusts", True)
    assert read("arm-plans/")["results"] == []
    assert read("arm-plans/", portfolio="all", as_of="2009-09-30")["results"] == []
    assert read("arm-plans/", portfolio="all", proposed="true")["results"] == []
    path = f"/api/v1/arm-plans/{made['id']}/"
    tag = client.get(path)["ETag"]
    altered = client.put(path, plan(title="Later"), format="json", headers={"If-Match": tag})
    assert (altered.status_code, altered.json()["title"], altered.json()["version"]) == (200, "Later", 2)
    refused(client.put(path, plan(), format="json", headers={"If-Match": tag}), 412, "stale")
    assert post(client, f"arm-plans/{made['id']}/discard/").status_code == 200
    refused(client.get(path), 404, "not-found")


def test_proposing_puts_every_step_forward_and_the_end_promised_is_reached(office: Office) -> None:
    client = office.commissioner
    made = kept(client)
    promised = made["end"]
    response = post(client, f"arm-plans/{made['id']}/propose/")
    assert response.status_code == 200, response.content[:500]
    groups = response.json()["groups"]
    assert [group["status"] for group in groups] == ["proposed", "proposed"]
    assert response.json()["end"] == promised
    for group in sorted(groups, key=lambda group: group["on"]):
        change = client.get(f"/api/v1/changes/{group['change']}/").json()
        assert change["title"].startswith("The coast by 2012, step ")
        client.patch(f"/api/v1/changes/{group['change']}/", {"evidence": EVIDENCE}, format="json")
        for step in ("approve", "effect"):
            done = office.approver.post(f"/api/v1/changes/{group['change']}/{step}/", {}, format="json")
            assert done.status_code == 200, done.content[:500]
    after = client.get(f"/api/v1/arm-plans/{made['id']}/").json()
    assert [group["status"] for group in after["groups"]] == ["effected", "effected"]
    assert after["end"] == promised
    refused(post(client, f"arm-plans/{made['id']}/propose/"), 409, "not-allowed-in-status")


def test_a_step_that_is_withdrawn_is_no_part_of_the_end(office: Office) -> None:
    client = office.commissioner
    made = kept(client)
    company, _ = post(client, f"arm-plans/{made['id']}/propose/").json()["groups"]
    assert post(client, f"changes/{company['change']}/withdraw/", {"comment": "Not now."}).status_code == 200
    after = client.get(f"/api/v1/arm-plans/{made['id']}/").json()
    assert list(after["end"]["bodies"]) == [TRUST]
    assert set(WELLBEING) <= set(after["end"]["bodies"][TRUST]["services"])


def test_a_key_sent_twice_keeps_one_plan(client: APIClient, read: Callable[..., Any]) -> None:
    first, second = (post(client, "arm-plans/", plan(), **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert len(read("arm-plans/", portfolio="all")["results"]) == 1


def test_everything_wrong_is_told_at_once(client: APIClient) -> None:
    groups = [
        {"title": "A", "services": ["physiotherapy", "flying"], "form": "no-such-form"},
        {"title": "a", "services": ["physiotherapy"], "run_by": "NOBODY"},
    ]
    faults = refused(post(client, "arm-plans/", plan(groups=groups)), 400, "invalid")
    assert {fault["pointer"] for fault in faults} == {
        "/groups/0/form",
        "/groups/0/services/1",
        "/groups/1/title",
        "/groups/1/services/0",
        "/groups/1/run_by",
    }
    faults = refused(post(client, "arm-plans/", {"organisation": TRUST, "colour": "red"}), 400, "invalid")
    assert {"/colour", "/title", "/start", "/separation", "/groups"} <= {fault["pointer"] for fault in faults}
    unknown = refused(post(client, "arm-plans/preview/", plan(organisation="NOBODY")), 400, "unknown-organisation")
    assert unknown[0]["pointer"] == "/organisation"
    refused(post(client, "arm-plans/preview/", plan(start="1999-01-01")), 400, "not-in-force")


def test_a_plan_that_a_check_blocks_is_not_proposed_in_part(client: APIClient, read: Callable[..., Any]) -> None:
    groups = plan()["groups"]
    groups[0]["on"] = "2013-04-01"
    made = kept(client, groups=groups)
    faults = refused(post(client, f"arm-plans/{made['id']}/propose/"), 409, "blocked-by-check")
    assert ("form-path", "/groups/0") in {(fault["code"], fault["pointer"]) for fault in faults}
    assert read("changes/", portfolio="illustrative-trusts", status="proposed")["results"] == []


def test_who_may_do_what(api: APIClient, administrator: User, api_as: Callable[[User], APIClient]) -> None:
    refused(post(api, "arm-plans/", plan()), 401, "not-authenticated")
    refused(post(api_as(administrator), "arm-plans/", plan()), 403, "not-permitted")
    refused(post(api_as(administrator), "arm-plans/1/propose/"), 403, "not-permitted")


@pytest.mark.parametrize("key", ["0", "999999", "none", "1" * 30])
def test_plans_that_are_not_there(api: APIClient, client: APIClient, key: str) -> None:
    refused(api.get(f"/api/v1/arm-plans/{key}/"), 404, "not-found")
    refused(post(client, f"arm-plans/{key}/propose/"), 404, "not-found")


def test_trying_costs_the_same_however_many_groups(
    api: APIClient, queries: Callable[[], CaptureQueriesContext]
) -> None:
    def spent(groups: list[dict[str, Any]]) -> int:
        with queries() as seen:
            assert post(api, "arm-plans/preview/", plan(groups=groups)).status_code == 200
        return len(seen)

    form = "company-limited-by-guarantee"
    one = [{"title": "One", "services": WELLBEING, "form": form}]
    each = [{"title": service, "services": [service], "form": form} for service in [*WELLBEING, *THERAPIES]]
    spent(one)
    assert spent(each) <= spent(one) + 2
    assert spent(each) <= 60
