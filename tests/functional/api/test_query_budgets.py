"""How many queries a read may take: the same at any number of rows, from a process that remembers nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from rest_framework.test import APIClient

from commissioning.api import urls as commissioning
from evaluation.api import urls as evaluation
from organisations.models import Organisation
from pcorg.core.audit import memory
from tests.functional.api import bulk_records

BUDGETS: dict[str, int] = json.loads((Path(__file__).resolve().parents[1] / "query_budgets.json").read_text())
pytestmark = pytest.mark.django_db
Counter = Callable[[], CaptureQueriesContext]


@pytest.fixture
def numbers(db: None) -> dict[str, int]:
    """Numbers of records that stand in addresses by their kind, such as `{dispersal}`."""
    return bulk_records.records()


@pytest.fixture
def more_rows(numbers: dict[str, int]) -> None:
    """Many more rows of everything about the bodies that are asked for, and about others."""
    bulk_records.more_of_organisations()
    bulk_records.more_of_commissioning()
    bulk_records.more_of_evaluation(numbers)


@pytest.fixture
def spent(api: APIClient, queries: Counter, numbers: dict[str, int]) -> Callable[[str], int]:
    """How many queries a read takes: of the API, or of a page where the address begins with a slash."""

    def read(path: str) -> int:
        memory.forget()
        address = path.format(**numbers)
        with queries() as seen:
            response = api.get(address if address.startswith("/") else f"/api/v1/{address}")
            assert response.status_code == 200, response.content
            if response.streaming:
                b"".join(response.streaming_content)
        return len(seen)

    return read


@pytest.mark.parametrize("path", BUDGETS)
def test_within_the_budget(spent: Callable[[str], int], path: str) -> None:
    assert spent(path) <= BUDGETS[path]


@pytest.mark.both_databases
@pytest.mark.exhaustive
@pytest.mark.usefixtures("more_rows")
def test_more_rows_cost_no_more_queries(spent: Callable[[str], int]) -> None:
    over = {path: number for path in BUDGETS if (number := spent(path)) > BUDGETS[path]}
    assert not over


def test_every_read_of_commissioning_and_evaluation_has_a_budget(numbers: dict[str, int]) -> None:
    paths = [path.partition("?")[0].format(**numbers) for path in BUDGETS if not path.startswith("/")]
    measured = {resolve(f"/api/v1/{path}").url_name for path in paths}
    routes = [*commissioning.urlpatterns, *evaluation.urlpatterns]
    assert {route.name for route in routes if "get" in route.callback.actions} - measured == set()


def test_resolving_many_codes_costs_few_queries(api: APIClient, queries: Counter) -> None:
    codes = list(Organisation.objects.values_list("code", flat=True)[:500])
    with queries() as seen:
        api.post("/api/v1/organisations/resolve/", {"codes": codes, "on": "2014-01-01"}, format="json")
    assert len(seen) <= 7  # five of them read the graph that all later questions are answered from
    with queries() as again:
        api.post("/api/v1/organisations/resolve/", {"codes": codes, "on": "2013-06-01"}, format="json")
    assert len(again) <= 4
