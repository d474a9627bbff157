"""No value of any parameter is answered with a failure of ours, and every answer is one the description declares."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from pcorg.core.api.root import described
from tests.functional.api.office import Office
from tests.nasty import QUOTED

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.exhaustive]
KEYS = {
    "/api/v1/organisations/": "5M1",
    "/api/v1/changes/": "1",
    "/api/v1/transitions/": "1",
    "/api/v1/mergers/": "2",
    "/api/v1/forms/": "pct-4",
    "/api/v1/service-groups/": "rehabilitation",
    "/api/v1/services/": "carer-support",
    "/api/v1/staff-groups/": "physiotherapist",
    "/api/v1/contract-types/": "pms",
    "/api/v1/approaches/": "holding-position",
    "/api/v1/recommendations/": "rc5",
    "/api/v1/provider-arm-options/": "provider-unit",
    "/api/v1/portfolios/": "england-2006-2015",
    "/api/v1/provisions/": "X-KS001",
    "/api/v1/contracts/": "X-KC001",
    "/api/v1/budgets/": "X-KM001",
    "/api/v1/pooled-budgets/": "X-KQ1",
    "/api/v1/staffing/": "X-KW101",
    "/api/v1/premises/": "X-KB101",
    "/api/v1/provider-arms/": "X-KV1",
    "/api/v1/portfolio-groups/": "X-KG1",
    "/api/v1/pms-pilots/": "X-KPMS1",
    "/api/v1/recommendation-answers/": "1",
    "/api/v1/arm-plans/": "1",
    "/api/v1/frameworks/": "five-criteria",
    "/api/v1/criteria/": "key-resources",
    "/api/v1/integration-options/": "virtual-integration",
    "/api/v1/mitigations/": "community-tariffs",
    "/api/v1/assessments/": "1",
    "/api/v1/dispersals/": "1",
    "/api/v1/sources/": "goodwin-2001",
    "/api/v1/problems/": "invalid",
    "/api/v1/jobs/": "1",
    "/api/v1/portfolios/loads/": "1",
}
HEADERS = ("If-None-Match", "If-Modified-Since", "If-Match", "Accept", "Authorization", "X-Forwarded-For", "Range")
NASTY_HEADERS = (
    "", "*", "abc", '"1.²"', f'"1.{"9" * 40}"', 'W/"', "a" * 3000, "Token \x7f", "é", ",,,;q=x", "application/*;q=0",
)  # fmt: skip
OPERATIONS = [(path, found["get"]) for path, found in described()[0]["paths"].items() if "get" in found]


def address(path: str) -> str:
    stem, brace, rest = path.partition("{")
    return path if not brace else stem + KEYS[stem] + rest.partition("}")[2]


@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_nasty_parameters(api: APIClient, path: str, operation: dict) -> None:
    # Short pages: how a list of any length is written is tested elsewhere.
    needed = {"page_size": "1", "from": "2009-01-01", "to": "2010-01-01", "a": "2009-01-01", "b": "2010-01-01"}
    names = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
    for name in [*names, "no-such", "a/b~c"]:
        others = "&".join(f"{key}={day}" for key, day in needed.items() if key in names and key != name)
        for value in QUOTED:
            response = api.get(f"{address(path)}?{quote(name)}={value}&{others}".rstrip("&"))
            assert str(response.status_code) in operation["responses"], (name, value, response.status_code)
            if response.status_code != 200:
                assert response["Content-Type"] == "application/problem+json", (name, value)


@pytest.mark.parametrize(("path", "operation"), [one for one in OPERATIONS if "{" in one[0]])
def test_nasty_keys(api: APIClient, path: str, operation: dict) -> None:
    stem, _, rest = path.partition("{")
    for value in QUOTED[1:]:
        response = api.get(stem + value + rest.partition("}")[2])
        assert str(response.status_code) in operation["responses"], (value, response.status_code)


def test_nasty_headers(api: APIClient) -> None:
    for header in HEADERS:
        for value in (
            "",
            "*",
            "abc",
            '"1.²"',
            '"1.' + "9" * 40 + '"',
            'W/"',
            "a" * 3000,
            "Token \x7f",
            "é",
            ",,,;q=x",
            "application/*;q=0",
        ):
            response = api.get("/api/v1/organisations/5M1/", headers={header: value})
            assert response.status_code in {200, 304, 401, 406, 412}, (header, value, response.content[:200])


@pytest.mark.parametrize("path", ["assessments/{own}/open/", "changes/1/withdraw/"])
@pytest.mark.parametrize("tag", ['"1.²"', '"1.٣"', '"²"', f'"1.{"9" * 5000}"', '"1."', "1.1", '"1.1', ""])
def test_a_state_that_is_none_matches_nothing(office: Office, path: str, tag: str) -> None:
    asked = {"title": "Which way?", "options": ["virtual-integration", "community-and-social-care"]}
    own = office.post("assessments/", asked).json()["id"]
    assert office.post(path.format(own=own), If_Match=tag.replace("1.", f"{own}.")).status_code == 412
