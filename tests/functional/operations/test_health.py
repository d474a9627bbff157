"""What a watcher is told: alive, ready, or why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from organisations.models import GlossaryTerm


def refuse(*_: object, **__: object) -> None:
    raise OperationalError("could not connect to 10.1.2.3 as pcorg")


def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    # without the mark for the database, a query would fail the test
    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json() == {"status": "alive"}


@pytest.mark.django_db
def test_ready_when_everything_is_there(client: Client, queries: Callable[[], CaptureQueriesContext]) -> None:
    with queries() as seen:
        response = client.get("/ready/")

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "checks": ["database", "migrations", "reference-data"]}
    assert len(seen) <= 8


def not_ready(client: Client) -> tuple[str, str]:
    """The code of what is missing, and what is said of it."""
    response = client.get("/ready/")
    problem = response.json()
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["title"], problem["code"]) == (503, "Not ready", "not-ready")
    return problem["errors"][0]["code"], problem["detail"]


@pytest.mark.django_db
def test_not_ready_without_a_database_and_its_address_is_not_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "cursor", refuse)

    assert not_ready(client) == ("database", "The database does not answer.")


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="organisations", name="0001_initial").delete()

    code, detail = not_ready(client)

    assert code == "migrations"
    assert "organisations.0001_initial" in detail


@pytest.mark.django_db
def test_not_ready_while_reference_records_are_missing(client: Client) -> None:
    GlossaryTerm.objects.all().delete()

    assert not_ready(client) == ("reference-data", "No reference records of: glossary terms.")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/health/", "/ready/"])
def test_the_answers_are_never_kept_and_cost_no_session(
    client: Client, signed_in: Callable[[User], Client], approver: User, address: str
) -> None:
    for asker in (client, signed_in(approver)):
        response = asker.get(address)
        assert "no-store" in response["Cache-Control"]
        assert "sessionid" not in response.cookies
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=[r"^health/$", r"^ready/$"])
def test_a_watcher_may_ask_by_plain_http_and_nobody_else(client: Client) -> None:
    assert client.get("/health/").status_code == 200
    assert client.get("/ready/").status_code == 200
    assert client.get("/sign-in/").status_code == 301
