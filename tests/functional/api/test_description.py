"""The API's description is valid, current, and true: answers have the shape it promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from rest_framework.test import APIClient

from pcorg.core.api.root import described
from tests.functional.api.conftest import Get

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"
READS = [
    ("/api/v1/", "", {}),
    ("/api/v1/organisations/", "", {"page_size": 1000, "portfolio": "all", "count": "exact"}),
    ("/api/v1/organisations/", "", {"page_size": 1000, "as_of": "2009-04-01"}),
    ("/api/v1/organisations/{code}/", "organisations/5M1/", {}),
    ("/api/v1/organisations/{code}/", "organisations/5P3/", {"as_of": "2009-04-01"}),
    ("/api/v1/organisations/{code}/lineage/", "organisations/5QV/lineage/", {}),
    ("/api/v1/organisations/{code}/timeline/", "organisations/5M1/timeline/", {}),
    ("/api/v1/configuration/", "", {"as_of": "2009-04-01"}),
    ("/api/v1/configuration/", "", {"as_of": "1900-01-01"}),
    ("/api/v1/configuration/series/", "", {"from": "2006-10-01", "to": "2015-03-31"}),
    ("/api/v1/configuration/compare/", "", {"a": "2006-10-01", "b": "2015-03-31"}),
    ("/api/v1/changes/", "", {"portfolio": "all"}),
    ("/api/v1/transitions/", "", {"portfolio": "all"}),
    ("/api/v1/mergers/", "", {}),
    ("/api/v1/changes/{id}/comments/", "changes/1/comments/", {}),
    ("/api/v1/changes/{id}/preview/", "changes/1/preview/", {}),
    ("/api/v1/forms/", "", {}),
    ("/api/v1/forms/{slug}/", "forms/pct-4/", {}),
    ("/api/v1/transition-rules/", "", {"page_size": 1000}),
    ("/api/v1/checks/", "", {}),
    ("/api/v1/portfolios/", "", {}),
    ("/api/v1/portfolios/{slug}/", "portfolios/england-2006-2015/", {}),
    ("/api/v1/sources/", "", {}),
    ("/api/v1/sources/{slug}/", "sources/goodwin-2001/", {}),
    ("/api/v1/glossary/", "", {}),
    ("/api/v1/service-groups/", "", {}),
    ("/api/v1/services/", "", {}),
    ("/api/v1/services/{slug}/", "services/carer-support/", {}),
    ("/api/v1/staff-groups/", "", {}),
    ("/api/v1/contract-types/", "", {}),
    ("/api/v1/approaches/", "", {}),
    ("/api/v1/recommendations/", "", {}),
    ("/api/v1/provider-arm-options/", "", {}),
    ("/api/v1/provider-arm-options/{slug}/", "provider-arm-options/provider-unit/", {}),
    ("/api/v1/problems/", "", {}),
    ("/api/v1/problems/{code}/", "problems/invalid/", {}),
    ("/api/v1/organisations/", "", {"colour": "red"}),
    ("/api/v1/organisations/{code}/", "organisations/ZZZZ/", {}),
]


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    document = {"components": described()[0]["components"], **schema}
    return Draft202012Validator(document, format_checker=FormatChecker(["date"]))


def conforms(path: str, method: str, response: HttpResponse) -> None:
    answers = described()[0]["paths"][path][method]["responses"]
    promised = answers[str(response.status_code)]["content"][response["Content-Type"]]["schema"]
    faults = [f"{list(fault.path)}: {fault.message}" for fault in validator(promised).iter_errors(response.json())]
    assert not faults, faults[:3]


def strangers(value: Any, schema: dict[str, Any], at: str = "") -> list[str]:
    """Fields of an answer that its description does not name."""
    if "$ref" in schema:
        schema = described()[0]["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, list):
        return [found for part in value for found in strangers(part, schema.get("items", {}), f"{at}[]")]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known = schema["properties"]
    lost = [f"{at}.{name}" for name in value if name not in known]
    return lost + [
        found for name in value if name in known for found in strangers(value[name], known[name], f"{at}.{name}")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "address", "query"), READS)
def test_answers_have_the_shape_described(get: Get, path: str, address: str, query: dict[str, Any]) -> None:
    response = get(address or path.removeprefix("/api/v1/"), **query)
    conforms(path, "get", response)
    promised = described()[0]["paths"][path]["get"]["responses"][str(response.status_code)]
    schema = promised["content"][response["Content-Type"]]["schema"]
    assert not [name for name in strangers(response.json(), schema) if ".entries[]." not in name]


@pytest.mark.django_db
def test_every_change_has_the_shape_described(get: Get) -> None:
    for number in [row["id"] for row in get("changes/", portfolio="all", page_size=1000).json()["results"]]:
        conforms("/api/v1/changes/{id}/", "get", get(f"changes/{number}/"))


@pytest.mark.django_db
def test_resolve_has_the_shape_described(api: APIClient) -> None:
    asked = {"codes": ["5M1", "ZZZ", "Q36"], "on": "2014-01-01"}
    path = "/api/v1/organisations/resolve/"
    conforms(path, "post", api.post(path, asked, format="json"))
    conforms(path, "post", api.post(path, {}, format="json"))


def test_examples_are_true_to_the_description() -> None:
    for path, operations in described()[0]["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                for kind in answer.get("content", {}).values():
                    for name, example in kind.get("examples", {}).items():
                        faults = list(validator(kind["schema"]).iter_errors(example["value"]))
                        assert not faults, (path, method, status, name, faults[0].message)
            for kind in operation.get("requestBody", {}).get("content", {}).values():
                for name, example in kind.get("examples", {}).items():
                    assert not list(validator(kind["schema"]).iter_errors(example["value"])), (path, method, name)


def test_every_operation_declares_its_refusals() -> None:
    for path, operations in described()[0]["paths"].items():
        for method, operation in operations.items():
            wanted = {"400", "401", "403", "404", "405", "406", "429", "500"}
            wanted |= {"304", "412"} if method == "get" else {"413", "415"}
            headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
            wanted |= {"409"} if "Idempotency-Key" in headers else set()
            wanted |= {"412"} if "If-Match" in headers else set()
            assert {"200", "201"} & set(operation["responses"]), (path, method)
            assert wanted <= set(operation["responses"]), (path, method)
            assert operation["description"], (path, method)
            assert all(one.get("description") for one in operation["parameters"] if one["in"] == "query"), path


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation with its method and address."""
    for path, methods in described()[0]["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_has_a_summary_a_description_and_an_example() -> None:
    lacking = []
    for name, operation in operations():
        summary = operation.get("summary", "")
        if not (summary and len(summary) < 160 and operation.get("description")):
            lacking.append(f"{name}: summary")
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        if not any(kind.get("examples") for answer in answers for kind in answer.get("content", {}).values()):
            lacking.append(f"{name}: example of an answer")
        bodies = operation.get("requestBody", {}).get("content", {}).values()
        if bodies and not any(kind.get("examples") for kind in bodies):
            lacking.append(f"{name}: example of a body")
    assert lacking == []


def test_every_parameter_has_a_description() -> None:
    assert [
        f"{name}: {one['name']}"
        for name, operation in operations()
        for one in operation["parameters"]
        if not one.get("description")
    ] == []


def test_names_of_operations_are_unique() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names) > 100


def test_the_description_is_valid() -> None:
    """By the validator that client generators use."""
    validate(described()[0])


def test_schemas_hold_nothing_that_client_generators_refuse() -> None:
    """Objects as defaults cannot be stated in a generated model, and two schemas of one title make one class twice."""
    found: list[str] = []

    def look(value: Any, at: str) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("default"), dict | list) or value.get("default") == "":
                found.append(f"{at}: default")
            if isinstance(value.get("title"), str) and "type" in value:
                found.append(f"{at}: title")
            for name, part in value.items():
                if name not in {"examples", "example"}:
                    look(part, f"{at}/{name}")

    for name, schema in described()[0]["components"]["schemas"].items():
        look(schema, name)
    assert found == []


@pytest.mark.exhaustive
def test_the_committed_description_is_current(tmp_path: Path) -> None:
    written = tmp_path / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(written))
    assert written.read_text() == COMMITTED.read_text(), "out of date: run `make openapi`"


@pytest.mark.exhaustive
@pytest.mark.django_db
def test_the_description_is_served_as_json_and_yaml(get: Get) -> None:
    kind = "application/vnd.oai.openapi+json"
    response = get("schema/", headers={"Accept": kind})
    assert response["Content-Type"] == kind
    assert response.json()["openapi"].startswith("3.1")
    assert get("schema/", headers={"Accept": "application/json"}).json() == response.json()
    assert yaml.safe_load(get("schema/", format="yaml").content)["openapi"].startswith("3.1")


@pytest.mark.django_db
def test_the_interactive_documentation_is_ours_and_under_the_strict_policy(client: Client) -> None:
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "https://" not in page
    policy = response["Content-Security-Policy"]
    assert "'nonce-" in policy
    assert "unsafe-eval" not in policy
    script = next(part for part in policy.split(";") if part.strip().startswith("script-src "))
    assert "unsafe-inline" not in script
    nonce = script.split("'nonce-")[1].split("'")[0]
    assert page.count("<script") == page.count("<script src=") + page.count(f'<script nonce="{nonce}"')
