"""What is followed over time: dispersals, integration profiles, and how a chosen model does."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from commissioning.models import Service
from evaluation.models import Assessment
from organisations.models import Organisation
from pcorg.core.accounts.roles import Role
from pcorg.core.audit.models import AuditEntry
from tests.factories.commissioning import provision

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
GROUPS = ["rehabilitation", "end-of-life"]
FORMS = ["community-interest-company", "provider-unit"]
CRITERIA = [
    "professional-and-client-needs",
    "locality-network",
    "key-resources",
    "workforce-motivation",
    "value-for-money",
]


@pytest.fixture
def ann(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> APIClient:
    return api_as(person("ann", Role.COMMISSIONER))


@pytest.fixture
def eve(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> APIClient:
    """An approver who has no part in what ann makes."""
    return api_as(person("eve", Role.APPROVER))


def sent(client: APIClient, method: str, path: str, body: Any, status: int) -> Any:
    response = getattr(client, method)(f"/api/v1/{path}", body, format="json")
    assert response.status_code == status, response.content
    return response.json()


def judged(ann: APIClient, group: str, levels: dict[str, int]) -> int:
    """A closed assessment of a group of services, every cell of an option at one level."""
    asked = {
        "title": f"Which form for {group}",
        "subject": "X-PCT2",
        "as_of": "2009-06-01",
        "scope": {"kind": "group", "service_group": group},
        "options": list(levels),
    }
    number: int = sent(ann, "post", "assessments/", asked, 201)["id"]
    cells = [
        {"option": option, "criterion": criterion, "low": level, "high": level}
        for option, level in levels.items()
        for criterion in CRITERIA
    ]
    sent(ann, "post", f"assessments/{number}/open/", {}, 200)
    sent(ann, "put", f"assessments/{number}/judgements/", {"judgements": cells}, 200)
    sent(ann, "post", f"assessments/{number}/close/", {}, 200)
    return number


def test_a_dispersal_finds_the_best_for_each_group_and_the_cost_of_one_for_all(ann: APIClient, read: Read) -> None:
    first = judged(ann, "rehabilitation", dict(zip(FORMS, (5, 2), strict=True)))
    second = judged(ann, "end-of-life", dict(zip(FORMS, (3, 4), strict=True)))
    asked = {
        "title": "Ostlebury, group by group",
        "organisation": "X-PCT2",
        "as_of": "2009-06-01",
        "parts": [
            {"assessment": first},
            {"assessment": second, "override": "community-interest-company", "reason": "One body is easier to run."},
        ],
    }
    made = sent(ann, "post", "dispersals/", asked, 201)
    found = read(f"dispersals/{made['id']}/")
    assert [each["best"] for each in found["groups"]] == FORMS
    assert [each["chosen"] for each in found["groups"]] == [FORMS[0], FORMS[0]]
    assert [each["loss"] for each in found["groups"]] == [0, 25]
    assert [(each["option"], each["loss"]) for each in found["one_for_all"]] == [(FORMS[0], 12.5), (FORMS[1], 37.5)]
    assert found["weighed_by_spend"] is False
    assert read("dispersals/")["results"] == []
    assert len(read("dispersals/", portfolio="illustrative-county")["results"]) == 1


def test_groups_count_by_what_is_spent_on_them_where_all_of_it_is_known(ann: APIClient, read: Read) -> None:
    trust = Organisation.objects.get(pk="X-PCT2")
    parts = [{"assessment": judged(ann, group, dict(zip(FORMS, (5, 2), strict=True)))} for group in GROUPS]
    asked = {"title": "By group", "organisation": trust.pk, "as_of": "2009-06-01", "parts": parts}
    made = sent(ann, "post", "dispersals/", asked, 201)
    (therapy, nursing), (palliative, *_) = (list(Service.objects.filter(group=group)[:2]) for group in GROUPS)

    def spend() -> tuple[list[str | None], bool]:
        found = read(f"dispersals/{made['id']}/")
        return [each["spend"] for each in found["groups"]], found["weighed_by_spend"]

    provision(trust, therapy, annual_value=Decimal("300.25"), start=trust.opened)
    assert spend() == (["300.25", None], False)
    provision(trust, nursing, annual_value=Decimal("100.25"), start=trust.opened)
    provision(trust, palliative, annual_value=Decimal("99.50"), start=trust.opened)
    assert spend() == (["400.50", "99.50"], True)
    provision(trust, palliative, start=trust.opened)
    assert spend() == (["400.50", None], False)


def test_a_dispersal_that_cannot_be_is_refused_whole(ann: APIClient) -> None:
    number = Assessment.objects.get(slug="five-options").pk
    asked = {
        "title": "Wrong",
        "organisation": "ZZZ",
        "as_of": "2009-06-01",
        "parts": [
            {"assessment": number},
            {"assessment": number},
            {"assessment": 999_999},
            {"assessment": Assessment.objects.get(slug="table-3-four-options").pk, "override": "castles"},
        ],
    }
    refused = sent(ann, "post", "dispersals/", asked, 400)
    assert [each["pointer"] for each in refused["errors"]] == [
        "/organisation",
        "/parts/1/assessment",
        "/parts/2/assessment",
        "/parts/3/override",
        "/parts/3/reason",
    ]


def test_an_integration_profile_keeps_views_and_consensus(ann: APIClient, every: Read) -> None:
    said = {"organisation": "X-PCT3", "axis": "health-with-social", "on": "2009-06-01", "level": 2}
    sent(ann, "post", "integration-profiles/", said, 201)
    sent(ann, "post", "integration-profiles/", said | {"level": 3, "evidence": "Joint teams in two towns."}, 201)
    sent(ann, "post", "integration-profiles/", said | {"level": 4, "consensus": True}, 201)
    told = every("integration-profiles/", organisation="X-PCT3", portfolio="all")
    assert [each["assessor"] for each in told] == ["a commissioner", "Consensus of the panel"]
    found = sent(ann, "get", "integration-profiles/?organisation=X-PCT3&portfolio=all", None, 200)["results"]
    assert [(each["assessor"], each["level"]) for each in found] == [("ann", 3), ("Consensus of the panel", 4)]
    assert every("integration-profiles/", organisation="X-PCT3", portfolio="all", as_of="2009-05-31") == []
    assert sent(ann, "post", "integration-profiles/", said | {"on": "1970-01-01"}, 400)["code"] == "not-in-force"
    outside = sent(ann, "post", "integration-profiles/", said | {"level": 6}, 400)
    assert [each["pointer"] for each in outside["errors"]] == ["/level"]


def test_a_chosen_model_is_followed_from_its_baseline(ann: APIClient, read: Read) -> None:
    number = judged(ann, "rehabilitation", {"provider-unit": 4})
    path = f"assessments/{number}"
    made = sent(
        ann, "post", f"{path}/measures/", {"title": "Falls", "unit": "per 1,000", "higher_is_better": False}, 201
    )
    reading = {"measure": made["id"], "stage": "baseline", "on": "2009-06-01", "value": "12.5"}
    sent(ann, "post", f"{path}/readings/", reading, 201)
    told = sent(
        ann, "post", f"{path}/readings/", reading | {"stage": "follow-up", "on": "2010-01-01", "value": 11}, 201
    )
    assert (told["change"], told["better"]) == ("-1.5", True)
    assert [each["value"] for each in told["readings"]] == ["12.5", "11"]
    assert sent(ann, "post", f"{path}/readings/", reading, 400)["errors"][0]["pointer"] == "/on"
    assert (
        sent(ann, "post", f"{path}/readings/", reading | {"measure": 999_999}, 400)["errors"][0]["pointer"]
        == "/measure"
    )
    assert len(read(f"{path}/measures/")["results"]) == 1
    assert (told["target"], told["target_met"], told["source"]) == (None, None, "")
    draft = sent(ann, "post", "assessments/", {"title": "Draft", "options": ["provider-unit"]}, 201)["id"]
    sent(ann, "post", f"assessments/{draft}/measures/", {"title": "Falls", "unit": "a year"}, 400)


def test_the_option_chosen_is_recorded_with_its_reason_and_followed_to_its_target(
    ann: APIClient, eve: APIClient, read: Read
) -> None:
    number = judged(ann, "rehabilitation", dict(zip(FORMS, (4, 3), strict=True)))
    path = f"assessments/{number}"
    chosen = {"option": FORMS[1], "on": "2009-07-01", "reason": "The staff asked to stay."}
    assert sent(ann, "post", f"{path}/choose/", chosen, 403)["code"] == "not-permitted"
    told = sent(eve, "post", f"{path}/choose/", chosen, 200)
    assert told["choice"] == chosen | {"label": told["choice"]["label"], "by": "eve"}
    assert told["allowed_actions"] == ["copy", "choose"]
    assert read(f"{path}/")["choice"]["by"] == "an approver"
    assert sent(eve, "post", f"{path}/choose/", chosen | {"option": FORMS[0]}, 200)["choice"]["option"] == FORMS[0]
    asked = {"title": "Falls", "unit": "a year", "higher_is_better": False, "target": "10", "source": "Board papers"}
    measure = sent(ann, "post", f"{path}/measures/", asked, 201)
    assert (measure["target"], measure["target_met"], measure["source"]) == ("10", None, "Board papers")
    reading = {"measure": measure["id"], "stage": "baseline", "on": "2009-06-01", "value": "12.5"}
    assert sent(ann, "post", f"{path}/readings/", reading, 201)["target_met"] is False
    later = reading | {"stage": "outcome", "on": "2010-06-01", "value": "10"}
    assert sent(ann, "post", f"{path}/readings/", later, 201)["target_met"] is True
    assert "already" in sent(ann, "post", f"{path}/readings/", later, 400)["errors"][0]["detail"]
    wrong = later | {"value": "11", "corrects": True}
    assert sent(ann, "post", f"{path}/readings/", wrong, 400)["errors"][0]["pointer"] == "/note"
    right = sent(ann, "post", f"{path}/readings/", wrong | {"note": "One ward was left out."}, 201)
    assert right["target_met"] is False
    assert [each["value"] for each in right["readings"]] == ["12.5", "11"]
    kept = AuditEntry.objects.filter(action="correct-reading").get()
    assert (kept.particulars["before"], kept.particulars["why"]) == ("10.0000", "One ward was left out.")
    absent = wrong | {"on": "2010-07-01", "note": "There was none."}
    assert sent(ann, "post", f"{path}/readings/", absent, 400)["errors"][0]["pointer"] == "/on"
    assert "recorded already" in sent(eve, "post", f"{path}/choose/", chosen, 409)["detail"]
    assert "chosen and followed" in sent(ann, "post", f"{path}/open/", {}, 409)["detail"]
    assert read(f"{path}/")["choice"]["option"] == FORMS[0]


def test_a_choice_that_cannot_be_is_refused(ann: APIClient, eve: APIClient, api: APIClient) -> None:
    number = judged(ann, "rehabilitation", {"provider-unit": 4})
    path = f"assessments/{number}/choose/"
    wrong = sent(eve, "post", path, {"option": "Castle!", "on": "yesterday", "reason": " "}, 400)
    assert [each["pointer"] for each in wrong["errors"]] == ["/option", "/on", "/reason"]
    strange = {"option": "castles", "on": "2009-07-01", "reason": "Why not."}
    assert sent(eve, "post", path, strange, 400)["errors"][0]["pointer"] == "/option"
    draft = sent(ann, "post", "assessments/", {"title": "Draft", "options": ["provider-unit"]}, 201)["id"]
    chosen = strange | {"option": "provider-unit"}
    sent(eve, "post", f"assessments/{draft}/choose/", chosen, 404)
    reference = Assessment.objects.get(slug="five-options").pk
    sent(eve, "post", f"assessments/{reference}/choose/", chosen | {"option": "virtual-integration"}, 409)
    assert api.post(f"/api/v1/{path}", chosen, format="json").status_code == 401


def test_an_option_that_a_dispersal_has_chosen_stays(ann: APIClient) -> None:
    number = judged(ann, "rehabilitation", dict(zip(FORMS, (5, 2), strict=True)))
    part = {"assessment": number, "override": FORMS[1], "reason": "It works."}
    asked = {"title": "One group", "organisation": "X-PCT2", "as_of": "2009-06-01", "parts": [part]}
    sent(ann, "post", "dispersals/", asked, 201)
    sent(ann, "post", f"assessments/{number}/open/", {"comment": "One more form."}, 200)
    refused = sent(ann, "patch", f"assessments/{number}/", {"options": [FORMS[0]]}, 400)
    assert [(each["pointer"], each["code"]) for each in refused["errors"]] == [("/options", "conflict")] * 2
    assert "is chosen in a dispersal; it stays." in refused["errors"][0]["detail"]
