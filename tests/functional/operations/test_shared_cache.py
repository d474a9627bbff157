"""The shared cache is away: requests go on, uncounted, and it is told once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from pcorg import diagnosis
from pcorg.core import caching
from pcorg.core.api.throttles import Anonymous
from tests.services.running import free_port

pytestmark = pytest.mark.django_db

pytest.importorskip("redis")


@pytest.fixture
def away(settings: Settings) -> Iterator[None]:
    """A cache at an address where nobody listens."""
    address = f"redis://127.0.0.1:{free_port()}/0"
    cache = {
        "BACKEND": "pcorg.core.caching.SharedCache",
        "LOCATION": address,
        "OPTIONS": {"socket_connect_timeout": 1},
    }
    settings.CACHES = {"default": cache, "results": cache}
    settings.CACHE_URL = address
    caching.SharedCache.away_until = 0.0
    yield
    caching.SharedCache.away_until = 0.0


def test_requests_go_on_and_it_is_told_once(
    away: None, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Anonymous, "rate", "1/min", raising=False)

    answers = [client.get(path).status_code for path in ("/api/v1/forms/", "/accessibility/", "/glossary/") * 3]

    assert answers == [200] * 9
    told = [record.msg for record in caplog.records if record.name == "pcorg.cache"]
    assert [each["event"] for each in told] == ["the shared cache is away: requests are not counted"]


def test_it_is_not_asked_again_at_once(away: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = caches["default"]
    assert cache.add("a", 1) is True
    asked = []
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.add", lambda *_: asked.append(1) or True)

    assert cache.add("a", 1) is True
    assert asked == []
    caching.SharedCache.away_until = 1e-9  # long ago
    assert cache.add("a", 1) is True
    assert asked == [1]
    assert caching.SharedCache.away_until == 0.0


def test_what_is_asked_of_a_cache_has_an_answer_without_it(away: None) -> None:
    cache = caches["default"]

    cache.set("a", 1)
    assert cache.get("a", "none") == "none"
    assert cache.add("a", 1) is True
    with pytest.raises(ValueError, match="away"):
        cache.incr("a")


def test_the_doctor_sees_it(away: None) -> None:
    found = diagnosis.cache_answers()

    assert not found.well
    assert "CACHE_URL" in found.remedy
