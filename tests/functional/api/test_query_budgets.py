"""How many queries a read may take: the same at any number of rows, from a process that remembers nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from organisations.domain.vocabulary import ChangeKind
from organisations.models import Form, Organisation, Portfolio
from pcorg.audit import memory
from tests.factories import rows as factory

BUDGETS: dict[str, int] = json.loads((Path(__file__).resolve().parents[1] / "query_budgets.json").read_text())
pytestmark = pytest.mark.django_db
Counter = Callable[[], CaptureQueriesContext]


@pytest.fixture
def more_rows(db: None) -> None:
    """Two hundred more bodies with everything that hangs on them, and as many more records about one trust."""
    england, form = Portfolio.objects.get(slug="england-2006-2015"), Form.objects.get(slug="pct-4")
    trust, birmingham = Organisation.objects.get(code="5M1"), Organisation.objects.get(code="LA-birmingham")
    for number in range(200):
        body = factory.organisation(f"ZZ{number:03}", portfolio=england)
        factory.form_period(body, form=form)
        factory.name_period(body, name=f"Trust {number}")
        factory.population(body)
        factory.relationship(body, trust)
        factory.relationship(body, birmingham, kind="located-in")
        change = factory.change(portfolio=england, kind=ChangeKind.RECONFIGURATION)
        factory.party(change, trust)
        factory.party(change, body, role="resulting")
        factory.lineage_edge(change, trust, body, share="0.001")


def spent(api: APIClient, queries: Counter, path: str) -> int:
    memory.forget()
    with queries() as seen:
        response = api.get(f"/api/v1/{path}")
        assert response.status_code == 200, response.content
        if response.streaming:
            b"".join(response.streaming_content)
    return len(seen)


@pytest.mark.parametrize("path", BUDGETS)
def test_within_the_budget(api: APIClient, queries: Counter, path: str) -> None:
    assert spent(api, queries, path) <= BUDGETS[path]


@pytest.mark.usefixtures("more_rows")
def test_more_rows_cost_no_more_queries(api: APIClient, queries: Counter) -> None:
    over = {path: number for path in BUDGETS if (number := spent(api, queries, path)) > BUDGETS[path]}
    assert not over


def test_resolving_many_codes_costs_few_queries(api: APIClient, queries: Counter) -> None:
    codes = list(Organisation.objects.values_list("code", flat=True)[:500])
    with queries() as seen:
        api.post("/api/v1/organisations/resolve/", {"codes": codes, "on": "2014-01-01"}, format="json")
    assert len(seen) <= 6
