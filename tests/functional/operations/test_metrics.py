"""Figures for monitoring: for whoever knows the token, by route; and watchers that ask by any name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from pcorg.core.api.throttles import Anonymous
from pcorg.core.http import metrics
from pcorg.core.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TOKEN = "only-for-monitoring"


@pytest.fixture
def measured(settings: Any) -> Client:
    """A client of a server whose figures can be read."""
    settings.METRICS_TOKEN = TOKEN
    settings.MIDDLEWARE = ["pcorg.core.http.metrics.Measured", *django_settings.MIDDLEWARE]
    return Client(raise_request_exception=False)


def read(client: Client) -> dict[str, float]:
    """The figures by name and labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.content
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def since(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """What has grown."""
    return {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}


def test_without_a_token_there_is_nothing(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for wrong in ("", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer ünknown"):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 404
    assert client.post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_requests_are_counted_by_route_and_never_by_address(measured: Client) -> None:
    before = read(measured)
    for path in ("/api/v1/forms/pct-4/", "/api/v1/forms/pct-3/", "/api/v1/forms/no-such/", "/no-such/", "/static/no"):
        measured.get(path)
    measured.generic("BREW", "/api/v1/forms/")
    grown = since(before, read(measured))
    route = 'method="GET",route="/api/v1/forms/<str:slug>/"'
    assert grown[f'pcorg_requests_total{{{route},status="200"}}'] == 2
    assert grown[f'pcorg_requests_total{{{route},status="404"}}'] == 1
    assert grown[f"pcorg_request_seconds_count{{{route}}}"] == 3
    assert grown['pcorg_requests_total{method="GET",route="none",status="404"}'] == 1
    assert grown['pcorg_requests_total{method="GET",route="/static/",status="404"}'] == 1
    assert grown['pcorg_requests_total{method="other",route="/api/v1/forms/",status="405"}'] == 1
    assert grown['pcorg_refusals_total{code="not-found",status="404"}'] >= 1
    assert grown['pcorg_refusals_total{code="method-not-allowed",status="405"}'] == 1
    assert not [name for name in grown if "no-such" in name or "pct-" in name or "BREW" in name]


def test_jobs_database_and_build_are_told(measured: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(measured)
    assert found["pcorg_database_up"] == 1
    assert found['pcorg_jobs{state="queued"}'] == 0
    assert [name for name in found if re.fullmatch(r'pcorg_build_info\{profile="local",version="[\d.]+"\}', name)]

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(Job.objects, "order_by", refuse)
    found = read(measured)
    assert found["pcorg_database_up"] == 0
    assert not [name for name in found if name.startswith("pcorg_jobs")]


def test_whoever_watches_is_never_asked_to_wait(measured: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()  # where requests of a minute are counted
    monkeypatch.setattr(Anonymous, "rate", "1/min", raising=False)
    statuses = [measured.get("/accessibility/").status_code for _ in range(2)]
    assert statuses == [200, 429]
    for _ in range(2):
        assert read(measured)["pcorg_database_up"] == 1
        assert measured.get("/health/").status_code == measured.get("/ready/").status_code == 200


def test_a_folder_of_somebody_else_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv(metrics.FOLDER, str(tmp_path / "figures"))
    assert metrics._folder() == str(tmp_path / "figures")
    monkeypatch.setattr(metrics.os, "getuid", lambda: 12345)
    with pytest.raises(PermissionError):
        metrics._folder()


@pytest.mark.parametrize("hosts", [["pcorg.example"], [".pcorg.example"], ["*"]], ids=str)
def test_a_watcher_may_ask_by_the_address_of_the_container(
    client: Client, settings: Any, hosts: list[str], signed_in: Callable[..., Any]
) -> None:
    settings.ALLOWED_HOSTS = hosts
    for path in ("/health/", "/ready/"):
        answer: HttpResponse = client.get(path, headers={"Host": "10.1.2.3:8000", "X-Forwarded-Host": "evil.example"})
        assert answer.status_code == 200
        assert b"10.1.2.3" not in answer.content
    if hosts != ["*"]:
        assert client.get("/sign-in/", headers={"Host": "10.1.2.3:8000"}).status_code == 400
