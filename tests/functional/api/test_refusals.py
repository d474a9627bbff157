"""What is refused, and how: problem documents with everything that is wrong at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.functional.api.conftest import Get, refused

pytestmark = pytest.mark.django_db
JSON = "application/json"
RESOLVE = "/api/v1/organisations/resolve/"


def test_a_parameter_that_is_not_known_is_refused(get: Get) -> None:
    (fault,) = refused(get("organisations/", colour="red"), 400, "unknown-parameter")
    assert fault["pointer"] == "/query/colour"
    assert fault["parameter"] == "colour"


def test_everything_wrong_is_said_at_once(get: Get) -> None:
    wrong = {
        "colour": "red",
        "as_of": "yesterday",
        "level": "9",
        "page_size": "-1",
        "form": "pct-9",
        "ordering": "size",
        "count": "yes",
        "fields": "shape",
        "format": "xml",
        "portfolio": "wales",
        "cursor": "abc",
        "accountable_to": "QQQ",
        "coterminous": "maybe",
        "opened_after": "2009-02-30",
        "population_min": "many",
    }
    faults = refused(get("organisations/", **wrong), 400, "invalid")
    assert {fault["parameter"] for fault in faults} == set(wrong)
    codes = {fault["parameter"]: fault["code"] for fault in faults}
    assert codes["colour"] == "unknown-parameter"
    assert codes["portfolio"] == "unknown-portfolio"
    assert codes["accountable_to"] == "unknown-organisation"


@pytest.mark.parametrize("query", ["as_of=2009-04-01&as_of=2010-04-01", "q=%00", "name=a%00b"])
def test_a_parameter_takes_one_value_that_can_be_stored(api: APIClient, query: str) -> None:
    refused(api.get(f"/api/v1/organisations/?{query}"), 400, "invalid")


@pytest.mark.parametrize("query", ["as_of=", "q=", "form=&level=", "form=&form=pct-4", "q=+&page_size=&format="])
def test_a_blank_parameter_counts_as_not_given(api: APIClient, query: str) -> None:
    asked = "form=pct-4" if "pct-4" in query else ""
    blank, none = (api.get(f"/api/v1/organisations/?{each}&fields=code").json() for each in (query, asked))
    assert blank["results"] == none["results"]


def test_a_blank_parameter_that_is_unknown_or_needed_is_still_refused(api: APIClient) -> None:
    refused(api.get("/api/v1/organisations/?colour="), 400, "unknown-parameter")
    (fault,) = refused(api.get("/api/v1/configuration/series/?from=&to=2010-01-01"), 400, "invalid")
    assert fault["detail"] == "This parameter is needed."


@pytest.mark.parametrize(
    "day",
    ["9999-99-99", "0000-01-01", "10000-01-01", "2009-4-1", "20090401", "2009-W14-3", "2009-04-01T00:00:00+99:99",
     "-2009-04-01", "२००९-०४-०१", "01/04/2009", "2009-02-29"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["organisations/", "organisations/5M1/", "configuration/", "changes/", "forms/"])
def test_a_day_that_is_none_is_refused(get: Get, path: str, day: str) -> None:
    refused(get(path, as_of=day), 400, "invalid")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "path", ["organisations/", "organisations/?coterminous=true", "configuration/", "changes/", "forms/"]
)
def test_the_first_and_last_days_are_days(api: APIClient, path: str, day: str) -> None:
    joint = "&" if "?" in path else "?"
    assert api.get(f"/api/v1/{path}{joint}as_of={day}").status_code == 200


@pytest.mark.parametrize("size", ["0", "1001", "-1", "1e3", "٣", "9" * 400, "1.5", " 5"])
def test_page_sizes_have_bounds(get: Get, size: str) -> None:
    refused(get("organisations/", page_size=size), 400, "invalid")


@pytest.mark.parametrize("number", ["-1", "1e9", "9" * 30, "2000000001"])
def test_people_have_bounds(get: Get, number: str) -> None:
    refused(get("organisations/", population_min=number), 400, "invalid")


@pytest.mark.parametrize("path", ["organisations/ZZZZZ/", "organisations/5M1%00/", "organisations/%F0%9F%8F%A5/"])
def test_an_organisation_that_is_none(api: APIClient, path: str) -> None:
    refused(api.get(f"/api/v1/{path}"), 404, "unknown-organisation")


@pytest.mark.parametrize("path", ["changes/0/", "changes/abc/", "changes/-1/", f"changes/{'9' * 40}/", "changes/²/",
                                  "forms/nope/", "forms/a%00/", "portfolios/nope/", "sources/nope/", "nothing/",
                                  "problems/nope/"])  # fmt: skip
def test_nothing_there(api: APIClient, path: str) -> None:
    refused(api.get(f"/api/v1/{path}"), 404, "not-found")


def test_addresses_outside_version_one_are_problems_too(client: Client) -> None:
    refused(client.get("/api/v2/organisations/"), 404, "not-found")
    refused(client.post("/api/nothing/"), 404, "not-found")


def test_a_body_not_in_force_names_its_life(get: Get) -> None:
    response = get("organisations/5P3/", as_of="2011-01-01")
    refused(response, 404, "not-in-force")
    assert "2006-10-01" in response.json()["detail"]
    assert "2010-04-01" in response.json()["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_methods_an_address_does_not_take(api: APIClient, method: str) -> None:
    response = getattr(api, method)("/api/v1/organisations/", {}, format="json")
    refused(response, 405, "method-not-allowed")
    assert "GET" in response["Allow"]


def test_resolve_is_not_read_by_get(api: APIClient) -> None:
    refused(api.get(RESOLVE), 405, "method-not-allowed")


def test_forms_of_answer_that_are_not_had(get: Get) -> None:
    refused(get("organisations/", headers={"Accept": "image/png"}), 406, "not-acceptable")
    refused(get("organisations/5M1/", headers={"Accept": "text/csv"}), 406, "not-acceptable")
    refused(get("organisations/5M1/", format="csv"), 400, "invalid")


def test_bodies_that_are_not_json(client: Client) -> None:
    refused(client.post(RESOLVE, "codes=5M1", content_type="application/x-www-form-urlencoded"), 415,
            "unsupported-media-type")  # fmt: skip
    for body in ("", "{", "nope", "NaN", "[" * 100_000, b"\xff\xfe", '{"codes": ["\\ud800"]}'):
        refused(client.post(RESOLVE, body, content_type=JSON), 400, "invalid")


def test_a_body_too_large(client: Client) -> None:
    refused(client.post(RESOLVE, b" " * (5 * 1024 * 1024 + 1), content_type=JSON), 413, "too-large")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/codes"}),
        ([], {""}),
        (None, {""}),
        ({"codes": "5M1", "on": 2014}, {"/codes", "/on"}),
        ({"codes": [], "on": "2014-01-01"}, {"/codes"}),
        ({"codes": ["5M1", None, {}, "", "x" * 41, "a\x00"], "on": "2014-13-01"},
         {"/codes/2", "/on"}),
        ({"codes": ["5M1"], "a/b~c": 1, "date": "2014-01-01"}, {"/a~1b~0c", "/date"}),
    ],
)  # fmt: skip
def test_every_fault_of_a_body_has_its_pointer(api: APIClient, body: Any, pointers: set[str]) -> None:
    faults = refused(api.post(RESOLVE, json.dumps(body), content_type=JSON), 400, "invalid")
    assert {fault["pointer"] for fault in faults} == pointers


def test_resolve_takes_so_many_codes_and_no_more(api: APIClient) -> None:
    assert api.post(RESOLVE, {"codes": ["5M1"] * 10_000}, format="json").status_code == 200
    (fault,) = refused(api.post(RESOLVE, {"codes": ["5M1"] * 10_001}, format="json"), 400, "invalid")
    assert "10000" in fault["detail"]


def test_query_parameters_of_a_post_are_checked(api: APIClient) -> None:
    refused(api.post(f"{RESOLVE}?as_of=2014-01-01", {"codes": ["5M1"]}, format="json"), 400, "unknown-parameter")


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({}, {"from", "to"}),
        ({"from": "2010-01-01", "to": "2009-01-01"}, {"to"}),
        ({"from": "2010-01-01", "to": "2011-01-01", "step": "week"}, {"step"}),
        ({"from": "0001-01-01", "to": "9999-12-31", "step": "month"}, {"step"}),
    ],
)
def test_a_series_has_bounds(get: Get, query: dict[str, str], wrong: set[str]) -> None:
    faults = refused(get("configuration/series/", **query), 400, "invalid")
    assert {fault["parameter"] for fault in faults} == wrong


def test_a_failure_of_ours_says_nothing_of_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    from organisations.selectors import organisations

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret cause")

    monkeypatch.setattr(organisations, "detail", fail)
    response = Client(raise_request_exception=False).get("/api/v1/organisations/5M1/")
    refused(response, 500, "internal-error")
    assert b"secret" not in response.content


def test_every_problem_code_is_explained(get: Get) -> None:
    from pcorg.core.api.problems import ProblemCode

    assert {kind["code"] for kind in get("problems/").json()["results"]} == {code.value for code in ProblemCode}
    assert get("problems/not-in-force/").json()["statuses"] == [400, 404, 409]
