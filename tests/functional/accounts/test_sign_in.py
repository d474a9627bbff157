"""Signing in and out, and the lock against guessing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from pcorg.core.accounts.locks import client_address

pytestmark = pytest.mark.django_db

RIGHT = "correct horse battery"


def attempt(client: Client, password: str, **extra: str) -> HttpResponse:
    return client.post(reverse("sign-in"), {"username": "an-approver", "password": password}, **extra)


def text_of(response: HttpResponse) -> str:
    return BeautifulSoup(response.content, "html.parser").main.get_text(" ", strip=True)


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_right_password_signs_in(client: Client, approver: User) -> None:
    response = attempt(client, RIGHT)

    assert response.status_code == 302
    assert response["Location"] == reverse("account")
    assert signed_in_as(client) == str(approver.pk)


def test_it_goes_where_the_person_wanted_to_go(client: Client, approver: User) -> None:
    fields = {"username": "an-approver", "password": RIGHT}

    own = client.post(reverse("sign-in"), fields | {"next": "/admin/"})
    client.post(reverse("sign-out"))
    foreign = client.post(reverse("sign-in"), fields | {"next": "https://elsewhere.example/"})

    assert own["Location"] == "/admin/"
    assert foreign["Location"] == reverse("account")


def test_a_wrong_password_is_explained_without_saying_which_was_wrong(client: Client, approver: User) -> None:
    known = attempt(client, "wrong")
    unknown = client.post(reverse("sign-in"), {"username": "nobody", "password": "wrong"})

    for response in (known, unknown):
        error = BeautifulSoup(response.content, "html.parser").select_one(".nhsuk-error-summary a")
        assert error.get_text(strip=True).startswith("The user name or the password is wrong")
        assert error["href"] == "#username"
    assert signed_in_as(client) is None


def test_empty_fields_are_named(client: Client) -> None:
    response = client.post(reverse("sign-in"), {})
    errors = BeautifulSoup(response.content, "html.parser").select(".nhsuk-error-summary a")

    assert {error["href"]: error.get_text(strip=True) for error in errors} == {
        "#username": "Enter your user name",
        "#password": "Enter your password",
    }


def test_signing_out_ends_the_session(signed_in: Callable[[User], Client], approver: User) -> None:
    client = signed_in(approver)

    response = client.post(reverse("sign-out"))

    assert response["Location"] == reverse("home")
    assert signed_in_as(client) is None


def test_guessing_is_locked_out_in_plain_english(client: Client, approver: User) -> None:
    fields = {"username": "an-approver", "password": "guess"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post(reverse("sign-in"), fields)

    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "Signing in is stopped for a while" in text_of(response)
    assert "15 minutes" in text_of(response)
    assert attempt(client, RIGHT).status_code == 429
    assert signed_in_as(client) is None


def test_the_admin_has_no_door_of_its_own(
    client: Client, admin_user: User, signed_in: Callable[[User], Client]
) -> None:
    fields = {"username": "admin", "password": "password", "next": "/admin/"}
    response = client.post("/admin/login/?next=/admin/auth/user/", fields)

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('sign-in')}?next=/admin/auth/user/"
    assert signed_in_as(client) is None
    assert client.get("/admin/login/?next=https://elsewhere.example/")["Location"] == "/sign-in/?next=/admin/"
    assert signed_in(admin_user).get("/admin/password_change/")["Location"] == reverse("password")


def test_the_lock_is_on_name_and_address_together(client: Client, approver: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(client, "guess", REMOTE_ADDR="192.0.2.66")

    assert attempt(client, RIGHT, REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),  # without a proxy the header is the client's own invention
        (1, None, "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_address_is_the_one_the_outermost_proxy_saw(
    monkeypatch: pytest.MonkeyPatch, proxies: int, forwarded: str | None, seen: str
) -> None:
    monkeypatch.setattr(settings, "PROXY_COUNT", proxies)
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **extra)) == seen
