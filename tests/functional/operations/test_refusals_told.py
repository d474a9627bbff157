"""What was refused is told to the security log: who, where from, what and why; and every line of a request says who."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from pcorg.core.api.throttles import Anonymous

pytestmark = pytest.mark.django_db

Told = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    """What a logger was told."""
    caplog.set_level(logging.INFO)
    return lambda name: [record.msg for record in caplog.records if record.name == name]  # type: ignore[misc]


def test_refused_access_by_a_page_and_by_the_api(
    told: Told, signed_in: Callable[[User], Client], api_as: Callable[[User], APIClient], commissioner: User
) -> None:
    signed_in(commissioner).post("/load/")
    api_as(commissioner).post("/api/v1/portfolios/", {}, format="json")
    Client().get("/api/v1/forms/", headers={"Authorization": "Token wrong"})

    by_page, by_token, by_nobody = told("pcorg.security")
    shared = {"event": "refused", "address": "127.0.0.1", "level": "warning"}
    who = {"user": commissioner.pk}
    assert by_page.items() >= {**shared, **who, "subject": "POST /load/", "status": 403, "code": "page"}.items()
    wanted = {**shared, **who, "subject": "POST /api/v1/portfolios/", "status": 403, "code": "not-permitted"}
    assert by_token.items() >= wanted.items()
    assert by_nobody.items() >= {**shared, "status": 401, "code": "not-authenticated"}.items()
    assert "user" not in by_nobody
    assert all(each["request_id"] for each in told("pcorg.security"))


def test_a_forged_form(told: Told) -> None:
    Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "x", "password": "y"})

    (only,) = told("pcorg.security")
    assert (only["event"], only["subject"], only["code"]) == ("refused", "POST /sign-in/", "forged-form")


def test_throttling(told: Told, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Anonymous, "rate", "1/min", raising=False)
    for path in ("/api/v1/forms/", "/api/v1/forms/", "/accessibility/"):
        client.get(path)

    assert [(each["subject"], each["status"]) for each in told("pcorg.security")] == [
        ("GET /api/v1/forms/", 429),
        ("GET /accessibility/", 429),
    ]


def test_every_line_of_a_request_says_who_asked_and_why_it_was_refused(
    told: Told, signed_in: Callable[[User], Client], api_as: Callable[[User], APIClient], commissioner: User
) -> None:
    signed_in(commissioner).get("/account/")
    api_as(commissioner).get("/api/v1/forms/?nonsense=1")
    Client().get("/accessibility/")

    page, token, stranger = told("pcorg.request")
    assert (page["user"], page["path"]) == (commissioner.pk, "/account/")
    assert "code" not in page
    assert (token["user"], token["code"], token["status"]) == (commissioner.pk, "unknown-parameter", 400)
    assert "user" not in stranger
