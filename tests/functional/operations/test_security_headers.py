"""Headers and cookies: on a page, on an answer of the API, on the admin."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.functional.operations.test_checks import settings_of

pytestmark = pytest.mark.django_db

PLACES = ["/sign-in/", "/api/v1/forms/", "/recover/", "/health/"]


def directives(response: HttpResponse) -> dict[str, list[str]]:
    """The content security policy of an answer, by directive."""
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("place", PLACES)
def test_the_policy_lets_in_nothing_but_our_own(client: Client, place: str) -> None:
    response = client.get(place)
    policy = directives(response)

    assert response.status_code == 200
    assert policy["default-src"] == ["'none'"]
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == ["'none'"]
    for name in ("connect-src", "font-src", "form-action", "manifest-src"):
        assert policy[name] == ["'self'"]
    for name in ("script-src", "style-src"):
        assert all(value == "'self'" or value.startswith("'nonce-") for value in policy[name])
    everything = [value for values in policy.values() for value in values]
    assert not any("unsafe" in value for value in everything)
    assert not any("*" in value or "://" in value for value in everything)


@pytest.mark.parametrize("place", PLACES)
def test_the_other_headers_are_there(client: Client, place: str) -> None:
    headers = client.get(place).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_page_s_nonce_is_new_each_time_and_on_its_scripts(client: Client) -> None:
    nonces = []
    for _ in range(2):
        response = client.get("/sign-in/")
        (nonce,) = re.findall(r"'nonce-([^']+)'", " ".join(directives(response)["script-src"]))
        scripts = BeautifulSoup(response.content, "html.parser").find_all("script")
        assert scripts
        assert {script["nonce"] for script in scripts} == {nonce}
        nonces.append(nonce)

    assert nonces[0] != nonces[1]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("edge-7.42_a", "edge-7.42_a"),
        ("two words", None),
        ("x" * 65, None),
        (None, None),
    ],
)
def test_a_request_s_id_comes_back_and_a_bad_one_is_replaced(
    client: Client, place: str, given: str | None, answered: str | None
) -> None:
    response = client.get(place, headers={"X-Request-ID": given} if given else {})

    if answered:
        assert response["X-Request-ID"] == answered
    else:
        assert re.fullmatch("[0-9a-f]{32}", response["X-Request-ID"])


def test_cookies_cannot_be_read_by_scripts_or_sent_from_elsewhere(client: Client, approver: User) -> None:
    response = client.post("/sign-in/", {"username": approver.username, "password": "correct horse battery"})
    session = response.cookies["sessionid"]

    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert response.cookies["csrftoken"]["samesite"] == "Lax"


def test_in_production_cookies_travel_by_https_alone(client: Client, approver: User, settings: object) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True  # type: ignore[attr-defined]

    response = client.post("/sign-in/", {"username": approver.username, "password": "correct horse battery"})

    assert response.cookies["sessionid"]["secure"]
    assert response.cookies["csrftoken"]["secure"]


def test_in_production_cookies_are_of_this_host_alone(
    client: Client, approver: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names that the production profile gives them, each with what browsers ask of such a name."""
    production = settings_of(monkeypatch, PCORG_PROFILE="production", SECRET_KEY="k", ALLOWED_HOSTS="a.example")
    for name in (each for each in production if "COOKIE" in each):
        setattr(settings, name, production[name])

    client.post("/sign-in/", {"username": approver.username, "password": "correct horse battery"})
    client.post("/account/tokens/revoke/", {"token": "none"})

    assert set(client.cookies) == {"__Host-sessionid", "__Host-csrftoken", "__Host-messages"}
    for cookie in client.cookies.values():
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
        assert cookie["samesite"] == "Lax"
    assert "There is no such token" in client.get("/account/").content.decode()


def test_signing_out_clears_what_the_browser_kept(signed_in: Callable[[User], Client], approver: User) -> None:
    assert signed_in(approver).post("/sign-out/")["Clear-Site-Data"] == '"cache"'


def test_only_pages_lead_on_to_https(client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    production = settings_of(monkeypatch, PCORG_PROFILE="production", SECRET_KEY="k", ALLOWED_HOSTS="a.example")
    settings.SECURE_SSL_REDIRECT = production["SECURE_SSL_REDIRECT"]
    settings.SECURE_REDIRECT_EXEMPT = production["SECURE_REDIRECT_EXEMPT"]
    client = Client()  # one that is led through the middleware as it is set now

    for path in ("/", "/account/", "/admin/", "/api/v1/docs/"):
        assert client.get(path)["Location"] == f"https://testserver{path}"
    for path in ("/api/v1/forms/", "/api/v1/", "/api/", "/api/v1/nothing/"):
        for ask in (client.get, client.post):
            refused = ask(path)
            assert refused.status_code == 403
            assert refused["Content-Type"] == "application/problem+json"
            assert refused.json()["code"] == "not-permitted"
            assert "HTTPS" in refused.json()["detail"]
            assert refused["X-Content-Type-Options"] == "nosniff"
    assert client.get("/api/v1/forms/", secure=True).status_code == 200
    assert client.get("/health/").status_code == 200


def test_reading_sets_no_cookie(client: Client) -> None:
    assert not client.get("/api/v1/forms/").cookies
    assert not client.get("/health/").cookies


@pytest.mark.parametrize(
    "place",
    [
        "",
        "organisations/form/",
        "organisations/form/add/",
        "organisations/transitionrule/add/",
        "auth/user/add/",
    ],
)
def test_the_admin_needs_nothing_that_the_policy_forbids(
    signed_in: Callable[[User], Client], admin_user: User, place: str
) -> None:
    page = BeautifulSoup(signed_in(admin_user).get(f"/admin/{place}").content, "html.parser")

    assert page.find(id="content")
    assert not page.find_all("style")
    assert [script for script in page.find_all("script") if not script.get("src") and script.string] == []
    assert [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == []
