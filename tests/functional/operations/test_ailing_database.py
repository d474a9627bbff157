"""A database that is away, in use or only readable: 503 with the reason and when to ask again; reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg2
import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from rest_framework.test import APIClient

from pcorg.core.audit import trail
from pcorg.core.http.database_errors import AWAY, IN_USE, NO_WRITES, outage

pytestmark = pytest.mark.django_db

READS = ["/", "/organisations/", "/organisations/5QJ/", "/changes/", "/forms/", "/assessments/", "/sign-in/",
         "/api/v1/organisations/", "/api/v1/organisations/5QJ/lineage/", "/api/v1/configuration/", "/api/v1/changes/",
         "/api/v1/organisations/?format=csv", "/api/v1/portfolios/england-2006-2015/", "/ready/"]  # fmt: skip


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that has gone: the first question of every read fails as it does then."""

    def lost() -> None:
        cause = psycopg2.OperationalError("server closed the connection unexpectedly")
        raise OperationalError(str(cause)) from cause

    monkeypatch.setattr("pcorg.core.audit.memory.data_versions", lost)


def test_the_api_says_that_the_database_is_away(api: APIClient, away: None) -> None:
    api.raise_request_exception = False
    refusal = api.get("/api/v1/organisations/")
    assert refusal.status_code == 503
    assert refusal["Content-Type"] == "application/problem+json"
    assert refusal["Retry-After"] == "10"
    assert refusal.json()["code"] == "unavailable"
    assert "psycopg" not in refusal.content.decode()


def test_a_page_says_that_the_database_is_away(client: Client, away: None) -> None:
    client.raise_request_exception = False
    page = client.get("/organisations/")
    assert page.status_code == 503
    assert page["Retry-After"] == "10"
    assert "does not answer just now" in page.content.decode()
    assert client.get("/health/").status_code == 200


@pytest.fixture
def read_only() -> Iterator[None]:
    """A database that can only be read."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not sqlite:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is checked late is checked by locking rows
        cursor.execute("PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY")
    yield
    if sqlite:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")


@pytest.fixture
def known(commissioner: User, token_for: Callable[[User], str]) -> str:
    """A token, made while writing was possible."""
    return token_for(commissioner)


def test_reading_goes_on_where_nothing_can_be_written(known: str, client: Client, read_only: None) -> None:
    for path in READS:
        assert client.get(path).status_code == 200, path
        assert client.get(path, headers={"Authorization": f"Token {known}"}).status_code == 200, path


def test_those_who_signed_in_before_read_on(
    signed_in: Callable[[User], Client], commissioner: User, request: pytest.FixtureRequest
) -> None:
    reader = signed_in(commissioner)
    request.getfixturevalue("read_only")
    for path in (path for path in READS if path != "/sign-in/"):
        assert reader.get(path).status_code == 200, path


def test_what_would_be_written_is_refused_with_the_reason(known: str, api: APIClient, read_only: None) -> None:
    api.raise_request_exception = False
    asked = {"kind": "rename", "organisation": "5QJ", "name": "Other", "effective_on": "2010-01-01"}
    refusal = api.post("/api/v1/changes/?draft=true", asked, format="json", headers={"Authorization": f"Token {known}"})
    assert refusal.status_code == 503
    assert "can only be read" in refusal.json()["detail"]
    assert refusal["Retry-After"] == "300"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("attempt to write a readonly database", NO_WRITES),
        ("database is locked", IN_USE),
        ("unable to open database file", AWAY),
        ("disk I/O error", AWAY),
        ("database or disk is full", AWAY),
        ("no such table: x", None),
        ("near syntax", None),
    ],
)
def test_errors_of_sqlite_are_told_apart(said: str, found: object) -> None:
    assert outage(OperationalError(said)) is found
    around = ValueError("around it")
    around.__cause__ = OperationalError(said)
    assert outage(around) is found


def test_other_errors_say_nothing_of_the_database() -> None:
    assert outage(None) is None
    assert outage(ValueError("database is locked")) is None
    assert trail.GENESIS
