"""Judgements, results and readings as tables: every figure of the document, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from evaluation.models import Assessment
from pcorg.core.accounts.roles import Role
from tests.factories import evaluation as rows

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://example.org","click")'


def table(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


@pytest.mark.parametrize("address", ["/api/v1/assessments/{}/judgements/?format=csv", "/assessments/{}/judgements.csv"])
def test_judgements_are_a_table_with_labels(client: Client, address: str) -> None:
    number = Assessment.objects.get(slug="ostlebury-panel").pk
    found = table(client.get(address.format(number)))
    told = client.get(f"/api/v1/assessments/{number}/judgements/").json()["results"]
    assert len(found) == len(told) == 99
    for row, judgement in zip(found, told, strict=True):
        assert (row["low"], row["high"]) == (str(judgement["low"]), str(judgement["high"]))
        assert (row["assessor"], row["option"], row["rationale"]) == tuple(
            judgement[name] for name in ("assessor", "option", "rationale")
        )
    assert found[0]["criterion_label"] == "Professional and client needs"


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(
    person: Callable[..., User], api_as: Callable[[User], APIClient]
) -> None:
    ann = api_as(person("ann", Role.COMMISSIONER))
    asked = {"title": "Which", "options": [{"key": "provider-unit", "label": "@SUM(A1)"}]}
    number = ann.post("/api/v1/assessments/", asked, format="json").json()["id"]
    ann.post(f"/api/v1/assessments/{number}/open/", {}, format="json")
    one = {"option": "provider-unit", "criterion": "key-resources", "low": 3, "rationale": FORMULA}
    ann.put(f"/api/v1/assessments/{number}/judgements/", {"judgements": [one]}, format="json")
    ann.post(f"/api/v1/assessments/{number}/close/", {}, format="json")
    (row,) = table(ann.get(f"/api/v1/assessments/{number}/judgements/?format=csv"))
    assert (row["rationale"], row["option_label"]) == ("'" + FORMULA, "'@SUM(A1)")
    (result,) = table(ann.get(f"/api/v1/assessments/{number}/results/?format=csv"))
    assert result["label"] == "'@SUM(A1)"
    held = rows.measure(Assessment.objects.get(pk=number), title="+1", source="-cmd")
    rows.reading(held, note="\tTab", value=-2)
    (reading,) = table(ann.get(f"/api/v1/assessments/{number}/measures/?format=csv"))
    assert [reading[name] for name in ("title", "source", "note", "value")] == ["'+1", "'-cmd", "'\tTab", "-2"]


@pytest.mark.parametrize("address", ["/api/v1/assessments/{}/results/?format=csv", "/assessments/{}/results.csv"])
def test_results_as_a_table_are_those_of_the_document_digit_for_digit(client: Client, address: str) -> None:
    number = Assessment.objects.get(slug="five-options").pk
    found = table(client.get(address.format(number)))
    told = client.get(f"/api/v1/assessments/{number}/results/").json()
    for row, option in zip(found, told["options"], strict=True):
        assert {row[name] for name in ("draws", "seed")} == {str(told["draws"]), str(told["seed"])}
        for name in ("value", "low", "high", "rank", "expected_rank", "expected_value", "confidence", "entropy"):
            assert row[name] == str(option[name])
        for rank, share in enumerate(option["rank_acceptability"], 1):
            assert row[f"rank_{rank}"] == str(share)
        for slug, weight in option["central_weights"].items():
            assert row[f"central_weight_{slug}"] == str(weight)


def test_a_table_has_all_its_columns_and_what_has_no_table_says_so(client: Client) -> None:
    path = f"/api/v1/assessments/{Assessment.objects.get(slug='five-options').pk}"
    assert client.get(f"{path}/results/?format=csv&fields=statement").status_code == 400
    assert client.get(f"{path}/sensitivity/?format=csv").status_code in {400, 404, 406}
    assert client.get("/assessments/999999/judgements.csv").status_code == 404
