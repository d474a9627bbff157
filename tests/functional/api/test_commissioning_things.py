"""One thing by its code, with who held it when; answers and choices by those who may decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from commissioning.models import PortfolioGroup, RecommendationAnswer
from pcorg.core.audit import memory
from pcorg.core.audit.models import AuditEntry
from tests.factories import commissioning as factory
from tests.factories import rows
from tests.functional.api.conftest import Get, refused
from tests.functional.api.test_description import conforms

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
NOVATED = date(2008, 4, 1)
ADDRESSES = {
    "contracts": "X-TC1", "provisions": "X-TS0", "budgets": "X-TM1", "pooled-budgets": "X-TQ1",
    "provider-arms": "X-TV1", "portfolio-groups": "X-TG1", "staffing": "X-TW1", "premises": "X-TB1",
}  # fmt: skip


@pytest.fixture
def made() -> factory.Trust:
    return factory.trust_with_everything()


def test_a_contract_with_its_parties_over_time(read: Read, made: factory.Trust) -> None:
    change = rows.change(portfolio=made.portfolio)
    made.block.holdings.update(end=NOVATED, ended_by=change)
    factory.contract_holding(made.block, made.council, made.hospital, start=NOVATED, begun_by=change)
    document = read("contracts/X-TC1/")
    assert [
        (held["commissioner"]["code"], held["annual_value"], held["start"], held["end"], held["begun_by"])
        for held in document["holdings"]
    ] == [
        (made.trust.pk, "48250000.00", "2006-10-01", "2008-04-01", None),
        (made.council.pk, "1000000.00", "2008-04-01", None, change.pk),
    ]
    assert document["holdings"][0]["ended_by"] == change.pk
    assert document["holdings"][0]["provider"] == {"code": made.hospital.pk, "name": f"Body {made.hospital.pk}"}
    assert document["measures"] == [{"text": "Seen in time", "target": "18 weeks"}]
    assert (document["illustrative"], document["basis"]) == (True, "illustrative")
    (now,) = read("contracts/X-TC1/", as_of="2009-04-01")["holdings"]
    assert now["commissioner"]["code"] == made.council.pk


def test_a_thing_that_nobody_holds_on_the_day_says_when_somebody_did(get: Get, made: factory.Trust) -> None:
    made.block.holdings.update(end=NOVATED)
    refused(get("contracts/X-TC1/", as_of="2009-04-01"), 404, "not-in-force")
    told = get("contracts/X-TC1/", as_of="2009-04-01").json()["detail"]
    assert told == "Nobody holds X-TC1 on 2009-04-01. It was held from 2006-10-01 until 2008-04-01."
    told = get("budgets/X-TM1/", as_of="1999-04-01").json()["detail"]
    assert told == "Nobody holds X-TM1 on 1999-04-01. It was held from 2006-10-01."


def test_what_is_not_there_is_not_found(get: Get, made: factory.Trust) -> None:
    for path in (*ADDRESSES, "pms-pilots"):
        refused(get(f"{path}/X-NONE/"), 404, "not-found")
        refused(get(f"{path}/%00/"), 404, "not-found")
    refused(get("contracts/X-TC1/", portfolio="england-2006-2015"), 404, "not-found")
    refused(get("recommendation-answers/x/"), 404, "not-found")
    refused(get("recommendation-answers/999999/"), 404, "not-found")
    assert get("contracts/X-TC1/", portfolio=made.portfolio.pk).status_code == 200


def test_an_arm_with_its_groups_separations_and_milestones(read: Read, made: factory.Trust) -> None:
    document = read("provider-arms/X-TV1/")
    assert [held["separation"] for held in document["separations"]] == ["none", "internal"]
    (group,) = document["groups"]
    assert (group["code"], group["coherence"], group["chosen_form"]) == ("X-TG1", "The same families", None)
    assert group["services"] == [one.pk for one in made.services[:2]]
    assert group["holdings"][0]["organisation"]["code"] == made.trust.pk
    (milestone,) = document["milestones"]
    assert (milestone["due"], milestone["reached"]) == ("2009-04-01", "2009-03-18")
    (now,) = read("provider-arms/X-TV1/", as_of="2009-04-01")["separations"]
    assert now["separation"] == "internal"


def test_a_pool_with_shares_of_the_day_and_what_was_put_in_before(read: Read, made: factory.Trust) -> None:
    made.pool.holdings.filter(partner=made.trust).update(end=NOVATED)
    factory.contribution(made.pool, made.trust, start=NOVATED, amount="1400000.00")
    document = read("pooled-budgets/X-TQ1/")
    assert (document["total"], len(document["holdings"])) == ("5600000.00", 3)
    assert [(part["partner"], part["share"]) for part in document["contributions"]] == [
        (made.council.pk, "0.7500"),
        (made.trust.pk, "0.2500"),
    ]
    assert read("pooled-budgets/X-TQ1/", as_of="2008-03-31")["total"] == "8400000.00"


def test_details_keep_their_promise_and_cost_few_queries(api: APIClient, made: factory.Trust, queries: Any) -> None:
    for path, code in ADDRESSES.items():
        for query in ("", "?as_of=2009-04-01"):
            memory.forget()
            with queries() as seen:
                response = api.get(f"/api/v1/{path}/{code}/{query}")
            conforms(f"/api/v1/{path}/{{code}}/", "get", response)
            assert len(seen) <= 12, path
    for path in (*ADDRESSES, "pms-pilots", "recommendation-answers"):
        conforms(f"/api/v1/{path}/", "get", api.get(f"/api/v1/{path}/?portfolio=all"))


def test_a_pilot_by_the_code_of_its_body(read: Read, get: Get, made: factory.Trust) -> None:
    authority = factory.body("X-THA", "health-authority", of=made.portfolio, opened=date(1996, 4, 1))
    pilot = factory.body("X-TPM", "pms-pilot", of=made.portfolio, opened=date(1998, 4, 1))
    factory.pms_pilot(pilot, factory.contract(authority, pilot, start=date(1998, 4, 1)), practices=[made.council])
    document = read("pms-pilots/X-TPM/", as_of="2000-04-01")
    assert (document["days_left"], document["practices"]) == (365, [made.council.pk])
    assert document["citation"]["slug"] is None
    conforms("/api/v1/pms-pilots/{code}/", "get", get("pms-pilots/X-TPM/"))


def answer(made: factory.Trust, **given: Any) -> dict[str, Any]:
    facts = {"organisation": made.trust.pk, "recommendation": factory.recommendation().pk, "state": "met"}
    return facts | {"evidence": "Board paper 12", "answered_on": "2009-06-01"} | given


def test_a_commissioner_answers_a_recommendation(
    api_as: Callable[[User], APIClient], commissioner: User, made: factory.Trust
) -> None:
    client = api_as(commissioner)
    response = client.post("/api/v1/recommendation-answers/", answer(made), format="json")
    conforms("/api/v1/recommendation-answers/", "post", response)
    assert response.status_code == 201
    assert response.json()["by"] == commissioner.username
    assert client.get(response["Location"]).json() == response.json()
    assert AuditEntry.objects.get(action="answer-recommendation").actor == commissioner.username


def test_everything_wrong_with_an_answer_is_told_at_once(
    api_as: Callable[[User], APIClient], commissioner: User, made: factory.Trust
) -> None:
    client, path = api_as(commissioner), "/api/v1/recommendation-answers/"
    wrong = answer(made, organisation="X-NONE", recommendation="r-none", evidence="")
    faults = refused(client.post(path, wrong, format="json"), 400, "invalid")
    assert {fault["pointer"] for fault in faults} == {"/organisation", "/recommendation", "/evidence"}
    faults = refused(client.post(path, {"state": "perhaps", "colour": "red"}, format="json"), 400, "invalid")
    assert {fault["pointer"] for fault in faults} == {
        "/organisation", "/recommendation", "/state", "/answered_on", "/colour",
    }  # fmt: skip
    assert not RecommendationAnswer.objects.filter(organisation=made.trust).exists()


def test_a_day_takes_one_answer(api_as: Callable[[User], APIClient], commissioner: User, made: factory.Trust) -> None:
    client, path, said = api_as(commissioner), "/api/v1/recommendation-answers/", answer(made)
    assert client.post(path, said, format="json").status_code == 201
    refused(client.post(path, said, format="json"), 409, "conflict")
    again = {"HTTP_IDEMPOTENCY_KEY": "one", "format": "json"}
    other = said | {"answered_on": "2009-06-02"}
    assert client.post(path, other, **again).json() == client.post(path, other, **again).json()


def test_a_form_is_chosen_for_a_group(
    api_as: Callable[[User], APIClient], commissioner: User, made: factory.Trust
) -> None:
    client, path = api_as(commissioner), "/api/v1/portfolio-groups/X-TG1/choose/"
    said = {"chosen_form": "community-interest-company", "chosen_on": "2009-09-30", "coherence": "One team"}
    response = client.post(path, said, format="json")
    conforms("/api/v1/portfolio-groups/{code}/choose/", "post", response)
    assert response.json() | said == response.json()
    assert PortfolioGroup.objects.get(pk="X-TG1").chosen_form_id == "community-interest-company"
    faults = refused(client.post(path, {"chosen_form": "acute-trust"}, format="json"), 400, "invalid")
    assert {fault["pointer"] for fault in faults} == {"/chosen_form", "/chosen_on"}
    refused(client.post("/api/v1/portfolio-groups/X-NO/choose/", said, format="json"), 404, "not-found")


def test_only_commissioners_write(
    api: APIClient, api_as: Callable[[User], APIClient], administrator: User, made: factory.Trust
) -> None:
    for client, status in ((api, 401), (api_as(administrator), 403)):
        for path, said in (
            ("recommendation-answers/", answer(made)),
            ("portfolio-groups/X-TG1/choose/", {"chosen_form": None}),
        ):
            assert client.post(f"/api/v1/{path}", said, format="json").status_code == status
