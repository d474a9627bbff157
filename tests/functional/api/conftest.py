"""Asking the API: `get("organisations/", as_of="2009-04-01")`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpResponse
from rest_framework.test import APIClient

from pcorg.core.audit import memory
from tests.clients import SeeingClient
from tests.functional.api.office import Office

Get = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Tests write rows without the audit trail, so what the process remembers would outlive them."""
    memory.forget()
    cache.clear()
    yield
    memory.forget()


@pytest.fixture
def get(api: APIClient, db: None) -> Get:
    """Reads an address below `/api/v1/`; parameters by name, headers in `headers`."""

    def ask(path: str, headers: dict[str, str] | None = None, **query: Any) -> HttpResponse:
        return api.get(f"/api/v1/{path}", query, headers=headers or {})

    return ask


@pytest.fixture
def read(get: Get) -> Callable[..., Any]:
    """Reads what must succeed and gives its document."""

    def ask(path: str, **query: Any) -> Any:
        response = get(path, **query)
        assert response.status_code == 200, response.content[:500]
        return response.json()

    return ask


@pytest.fixture
def every(read: Callable[..., Any], api: APIClient) -> Callable[..., list[dict[str, Any]]]:
    """All records of a list, page by page."""

    def ask(path: str, **query: Any) -> list[dict[str, Any]]:
        page = read(path, **query)
        rows = page["results"]
        while page["next"]:
            page = api.get(page["next"]).json()
            rows += page["results"]
        return rows

    return ask


@pytest.fixture
def office(commissioner: User, approver: User, api_as: Callable[[User], APIClient]) -> Office:
    """Proposing and deciding over HTTP."""
    return Office(api_as(commissioner), api_as(approver), SeeingClient())


def refused(response: HttpResponse, status: int, code: str) -> list[dict[str, str]]:
    """The faults of a refusal, which must be a problem document."""
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["type"].endswith(f"/api/v1/problems/{code}/")
    return problem["errors"]
