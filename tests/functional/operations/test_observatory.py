"""What our headers are worth by the published rules of the MDN HTTP Observatory: 140 points and more.

Rules and modifiers are those of its page "tests and scoring", as far as they can apply to us. The score begins at 100;
bonuses count where it is at least 90 without them.

- content security policy: 10 without anything unsafe and with default-src 'none', 5 with another, 0 with
  unsafe-inline for styles alone, else -20 or -25
- cookies: 5 where all are Secure, sessions HttpOnly and all SameSite; 0 without SameSite; else -20 to -40
- cross-origin resource sharing: -50 where everybody may read
- redirection: -20 where plain HTTP does not lead to HTTPS on the same host first
- referrer policy: 5 where it is private, 0 without one, -5 where it is unsafe
- strict transport security: 5 where preloaded, 0 from six months on, -10 for less, -20 without
- subresource integrity: 5 where all scripts have a hash, 0 where all are from the same origin, else -5 to -50
- X-Content-Type-Options: -5 without nosniff
- X-Frame-Options: 5 by frame-ancestors, DENY or SAMEORIGIN; -20 without
- cross-origin resource policy: 10 for same-origin or same-site, 0 without, -5 for cross-origin

Preloaded means that browsers carry the site's name in their list. No test can know that: the header must ask for it,
and the five points are not counted.
"""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from pcorg.core.pages import jinja2

pytestmark = pytest.mark.django_db

HALF_A_YEAR = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
PAGES = ["/", "/organisations/", "/assessments/", "/account/", "/glossary/", "/api/v1/docs/"]


@pytest.fixture
def https(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A reader of the site in production, where scripts are collected and so have hashes."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    monkeypatch.setattr(jinja2, "integrity", lambda name: "sha384-of-the-file")
    return Client()


def of_policy(response: HttpResponse) -> int:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";") if part.strip())
    policy = {name: values for name, *values in parts}
    everything = [value for values in policy.values() for value in values]
    if any(value.startswith("'unsafe-") or value in {"*", "http:", "https:"} for value in everything):
        return -20
    return 10 if policy["default-src"] == ["'none'"] else 5


def of_cookies(client: Client, response: HttpResponse) -> int:
    found = [*client.cookies.values(), *response.cookies.values()]
    if not found:
        return 0
    if not all(cookie["secure"] for cookie in found) or not client.cookies["sessionid"]["httponly"]:
        return -40
    return 5 if all(cookie["samesite"] in {"Lax", "Strict"} for cookie in found) else 0


def of_transport(response: HttpResponse) -> int:
    found = re.search(r"max-age=(\d+)", response.get("Strict-Transport-Security", ""))
    if found is None:
        return -20
    return 0 if int(found[1]) >= HALF_A_YEAR else -10


def of_scripts(response: HttpResponse) -> int:
    scripts = BeautifulSoup(response.content, "html.parser").find_all("script", src=True)
    if not all(str(script["src"]).startswith("/") for script in scripts):
        return -50
    return 5 if scripts and all(script.get("integrity") for script in scripts) else 0


def score(client: Client, response: HttpResponse) -> int:
    """The points of an answer to somebody who signed in."""
    modifiers = [
        of_policy(response),
        of_cookies(client, response),
        -50 if response.get("Access-Control-Allow-Origin") else 0,
        0 if client.get(response.request["PATH_INFO"]).get("Location", "").startswith("https://testserver/") else -20,
        5 if response.get("Referrer-Policy") in PRIVATE else 0,
        of_transport(response),
        of_scripts(response),
        0 if response.get("X-Content-Type-Options") == "nosniff" else -5,
        5 if "frame-ancestors 'none'" in response["Content-Security-Policy"] else -20,
        10 if response.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"} else 0,
    ]
    least = 100 + sum(each for each in modifiers if each < 0)
    return least + sum(each for each in modifiers if each > 0) if least >= 90 else least


@pytest.mark.parametrize("page", PAGES)
def test_headers_are_worth_140_points(https: Client, approver: User, page: str) -> None:
    https.post("/sign-in/", {"username": approver.username, "password": "correct horse battery"}, secure=True)
    assert "sessionid" in https.cookies
    response = https.get(page, secure=True)
    assert response.status_code == 200
    assert score(https, response) >= 140
    assert "preload" in response["Strict-Transport-Security"]


@pytest.mark.parametrize("place", ["/", "/account/", "/api/v1/forms/", "/assessments/", "/admin/"])
def test_no_cache_keeps_what_somebody_who_signed_in_is_shown(client: Client, admin_user: User, place: str) -> None:
    client.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    assert "no-store" in client.get(place)["Cache-Control"]


def test_no_cache_keeps_what_a_token_is_answered(api_as: object, commissioner: User) -> None:
    answer = api_as(commissioner).get("/api/v1/organisations/5QJ/")  # type: ignore[operator]
    assert answer["Cache-Control"] == "no-store"
    again = api_as(commissioner).get("/api/v1/organisations/5QJ/", headers={"If-None-Match": answer["ETag"]})  # type: ignore[operator]
    assert again.status_code == 304


def test_strangers_may_keep_and_ask_again(client: Client) -> None:
    assert client.get("/api/v1/forms/")["Cache-Control"] == "no-cache"


def test_static_files_are_for_our_pages_alone(client: Client) -> None:
    response = client.get("/static/admin/css/base.css")
    assert response.status_code == 200
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()
