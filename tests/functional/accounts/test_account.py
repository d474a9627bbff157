"""The account page: own roles, own tokens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from pcorg.core.accounts import tokens
from pcorg.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
PASSWORD = "correct horse battery"
TOKEN = {"name": "nightly copy", "scope": "read", "days": "30", "password": PASSWORD}


def page(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_it_asks_strangers_to_sign_in(client: Client) -> None:
    response = client.get(reverse("account"))

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('sign-in')}?next={reverse('account')}"


def test_it_says_what_the_person_may_do(signed_in: SignedIn, approver: User) -> None:
    text = page(signed_in(approver).get(reverse("account"))).main.get_text(" ", strip=True)

    assert "an-approver" in text
    assert "Approver:" in text
    assert "Commissioner:" in text
    assert "Data administrator:" not in text


def test_a_new_token_is_shown_once_and_works(signed_in: SignedIn, commissioner: User) -> None:
    client = signed_in(commissioner)

    response = client.post(reverse("token-create"), TOKEN)
    text = page(response).find(id="token").get_text()
    listed = page(client.get(reverse("account")))

    assert response.status_code == 201
    assert "no-store" in response["Cache-Control"]
    assert AuthToken.objects.get(user=commissioner).token_key == text[:15]
    assert text[:8] in listed.find("table", id="token-list").get_text()
    assert text[:15] not in str(listed)


def test_it_lists_own_tokens_only(signed_in: SignedIn, commissioner: User, approver: User) -> None:
    own, _ = tokens.create_token(user=commissioner, by="tests")
    other, _ = tokens.create_token(user=approver, by="tests")

    rows = page(signed_in(commissioner).get(reverse("account"))).select("#token-list tbody tr")

    assert len(rows) == 1
    assert tokens.beginning(own) in rows[0].get_text()
    assert tokens.beginning(other) not in rows[0].get_text()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("", "Enter how many days"),
        ("soon", "Enter a whole number"),
        ("0", "at least 1 day"),
        ("366", "at most 365 days"),
    ],
)
def test_a_wrong_life_is_explained_and_makes_nothing(
    signed_in: SignedIn, commissioner: User, days: str, said: str
) -> None:
    response = signed_in(commissioner).post(reverse("token-create"), TOKEN | {"days": days})
    found = page(response)
    error = found.select_one(".nhsuk-error-summary a")

    assert response.status_code == 422
    assert found.title.get_text().strip().startswith("Error: ")
    assert said in error.get_text()
    assert found.find(id=error["href"].removeprefix("#"))["name"] == "days"
    assert not AuthToken.objects.exists()


def test_a_revoked_token_is_gone(signed_in: SignedIn, commissioner: User) -> None:
    token, _ = tokens.create_token(user=commissioner, by="tests")

    response = signed_in(commissioner).post(reverse("token-revoke"), {"token": token.digest}, follow=True)

    assert "The token is revoked" in page(response).get_text()
    assert not AuthToken.objects.exists()
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.action, entry.subject) == ("a-commissioner", "revoke-token", "a-commissioner")


def test_nobody_revokes_another_s_token(signed_in: SignedIn, commissioner: User, approver: User) -> None:
    token, _ = tokens.create_token(user=approver, by="tests")

    response = signed_in(commissioner).post(reverse("token-revoke"), {"token": token.digest}, follow=True)

    assert "no such token of yours" in page(response).get_text()
    assert AuthToken.objects.filter(pk=token.pk).exists()


POSTED = (
    "token-revoke",
    "session-end",
    "second-factor-begin",
    "second-factor-confirm",
    "second-factor-off",
    "sign-out",
)


@pytest.mark.parametrize("name", [*POSTED, "recovery-codes"])
def test_writing_takes_a_post(signed_in: SignedIn, commissioner: User, name: str) -> None:
    assert signed_in(commissioner).get(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", [*POSTED, "recovery-codes", "token-create", "password", "email", "recover", "sign-in"])
def test_writing_takes_our_own_form(commissioner: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(commissioner, backend="django.contrib.auth.backends.ModelBackend")

    assert client.post(reverse(name), TOKEN).status_code == 403
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize("name", [*POSTED[:-1], "recovery-codes", "token-create", "password", "email", "second-factor"])
def test_strangers_make_and_revoke_nothing(client: Client, name: str) -> None:
    response = client.post(reverse(name), TOKEN)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("sign-in"))
