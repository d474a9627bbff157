"""Passwords: what they must be, on every way to one; what a new one ends; and getting one by e-mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from pcorg.accounts import tokens
from pcorg.accounts.models import Recovery
from pcorg.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

OLD = "correct horse battery"
NEW = "violet anchors sing at noon"
SignedIn = Callable[[User], Client]
BAD = {
    "eleven char": "at least 12 characters",
    "qwerty123456": "too common",
    "123456789012": "entirely numeric",
    "a-commissioner": "too similar to the username",
    "x" * 257: "at most 256 characters",
}


def errors(response: HttpResponse) -> dict[str, str]:
    found = BeautifulSoup(response.content, "html.parser").select(".nhsuk-error-summary a")
    return {link["href"].removeprefix("#"): link.get_text(" ", strip=True) for link in found}


def change(client: Client, **fields: str) -> HttpResponse:
    said = {"password": OLD, "new_password": NEW, "again": NEW} | fields
    return client.post(reverse("password"), said)


def test_a_new_password_ends_tokens_and_other_sessions_and_not_this_one(
    signed_in: SignedIn, commissioner: User, api_as: Callable
) -> None:
    here, there, program = signed_in(commissioner), signed_in(commissioner), api_as(commissioner)

    response = change(here)

    assert response.status_code == 302
    assert here.get(reverse("account")).status_code == 200
    assert there.get(reverse("account")).status_code == 302
    assert program.get("/api/v1/organisations/").status_code == 401
    commissioner.refresh_from_db()
    assert commissioner.check_password(NEW)
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.action, entry.subject) == ("a-commissioner", "change-password", "a-commissioner")
    assert (entry.particulars["tokens_ended"], entry.particulars["sessions_ended"]) == (1, 2)


def test_the_present_password_is_asked_for(signed_in: SignedIn, commissioner: User) -> None:
    response = change(signed_in(commissioner), password="wrong")

    assert response.status_code == 422
    assert errors(response) == {"password": "The password is wrong"}
    commissioner.refresh_from_db()
    assert commissioner.check_password(OLD)


def test_everything_wrong_is_told_at_once(signed_in: SignedIn, commissioner: User) -> None:
    response = change(signed_in(commissioner), password="", new_password="short", again="other")

    assert set(errors(response)) == {"password", "new_password"}
    assert errors(change(signed_in(commissioner), again="other words here"))["again"].startswith(
        "The two new passwords"
    )
    assert errors(change(signed_in(commissioner), new_password=OLD, again=OLD)) == {
        "new_password": "The new password is the one you have"
    }


@pytest.mark.parametrize(("password", "said"), BAD.items())
def test_bad_passwords_are_refused_on_the_page(
    signed_in: SignedIn, commissioner: User, password: str, said: str
) -> None:
    response = change(signed_in(commissioner), new_password=password, again=password)

    assert response.status_code == 422
    assert said in errors(response)["new_password"]


@pytest.mark.parametrize("password", ["eleven char", "qwerty123456"])
def test_bad_passwords_are_refused_in_the_admin(
    signed_in: SignedIn, admin_user: User, commissioner: User, password: str
) -> None:
    sent = {"password1": password, "password2": password, "usable_password": "true", "set-password": "1"}
    client = signed_in(admin_user)

    for address in (f"/admin/auth/user/{commissioner.pk}/password/", "/admin/auth/user/add/"):
        assert client.post(address, sent | {"username": "new"}).status_code == 200
    commissioner.refresh_from_db()
    assert commissioner.check_password(OLD)
    assert not User.objects.filter(username="new").exists()


@pytest.mark.parametrize("password", ["eleven char", "qwerty123456"])
def test_no_command_lets_a_bad_password_pass(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)

    with pytest.raises(CommandError, match="password"):
        call_command("createsuperuser", "--noinput", "--username", "eve", "--email", "eve@example.org")

    assert not User.objects.filter(username="eve").exists()


def test_a_superuser_of_the_command_is_on_the_trail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    out = StringIO()

    call_command("createsuperuser", "--noinput", "--username", "eve", "--email", "eve@example.org", stdout=out)

    assert User.objects.get(username="eve", is_superuser=True).check_password(NEW)
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.action, entry.subject) == ("command:createsuperuser", "make-superuser", "eve")


def test_even_code_that_sets_a_bad_password_fails(commissioner: User) -> None:
    commissioner.set_password("qwerty123456")
    with pytest.raises(ValidationError, match="too common"):
        commissioner.save()

    commissioner.refresh_from_db()
    assert commissioner.check_password(OLD)


def test_whatever_sets_a_password_ends_tokens(
    commissioner: User, monkeypatch: pytest.MonkeyPatch, signed_in: SignedIn
) -> None:
    tokens.create_token(user=commissioner, by="tests")
    client = signed_in(commissioner)
    monkeypatch.setattr("getpass.getpass", lambda prompt="": NEW)

    call_command("changepassword", "a-commissioner", stdout=StringIO())

    assert not AuthToken.objects.exists()
    assert client.get(reverse("account")).status_code == 302
    assert AuditEntry.objects.latest("sequence").action == "change-password"


def test_a_first_password_leaves_the_tokens_of_a_program_alone() -> None:
    out = StringIO()
    call_command("api_token", "ada", "--create", stdout=out)
    ada = User.objects.get(username="ada")

    ada.set_password(NEW)
    ada.save()

    assert AuthToken.objects.filter(user=ada).count() == 1


def test_staff_who_set_a_password_are_named_and_end_what_rested_on_it(
    signed_in: SignedIn, admin_user: User, commissioner: User
) -> None:
    tokens.create_token(user=commissioner, by="tests")
    person = signed_in(commissioner)
    sent = {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "1"}

    signed_in(admin_user).post(f"/admin/auth/user/{commissioner.pk}/password/", sent)

    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.action, entry.subject) == ("admin", "change-password", "a-commissioner")
    assert not AuthToken.objects.exists()
    assert person.get(reverse("account")).status_code == 302


def test_staff_who_take_a_password_away_end_the_same(signed_in: SignedIn, admin_user: User, commissioner: User) -> None:
    tokens.create_token(user=commissioner, by="tests")

    sent = {"usable_password": "false", "unset-password": "1", "password1": "", "password2": ""}
    signed_in(admin_user).post(f"/admin/auth/user/{commissioner.pk}/password/", sent)

    commissioner.refresh_from_db()
    assert not commissioner.has_usable_password()
    assert not AuthToken.objects.exists()
    assert AuditEntry.objects.latest("sequence").action == "remove-password"


def test_closing_an_account_ends_everything_for_good(
    signed_in: SignedIn, admin_user: User, commissioner: User, token_for: Callable
) -> None:
    token_for(commissioner)
    person, staff = signed_in(commissioner), signed_in(admin_user)
    address = f"/admin/auth/user/{commissioner.pk}/change/"

    staff.post(address, {"username": "a-commissioner", "email": ""})
    assert AuditEntry.objects.filter(action="close-account", subject="a-commissioner", actor="admin").exists()
    staff.post(address, {"username": "a-commissioner", "email": "", "is_active": "on"})

    assert User.objects.get(pk=commissioner.pk).is_active
    assert not AuthToken.objects.filter(user=commissioner).exists()
    assert person.get(reverse("account")).status_code == 302


# --- By e-mail ------------------------------------------------------------------------------------------------------
Letters = Callable[[int], list[EmailMessage]]


def link_in(letter: EmailMessage) -> str:
    return re.search(r"https?://testserver(\S+)", letter.body).group(1)


def asked(client: Client, email: str) -> HttpResponse:
    return client.post(reverse("recover"), {"email": email}, follow=True)


@pytest.fixture
def reachable(commissioner: User) -> User:
    commissioner.email = "ann@example.org"
    commissioner.save()
    return commissioner


def test_a_forgotten_password_is_replaced_by_a_letter(client: Client, reachable: User, letters: Letters) -> None:
    tokens.create_token(user=reachable, by="tests")
    asked(client, "ANN@example.org")
    (letter,) = letters(1)
    link = link_in(letter)

    opened = client.get(link)
    assert opened["Location"] == reverse("recover-password")
    response = client.post(reverse("recover-password"), {"new_password": NEW, "again": NEW})

    assert letter.to == ["ann@example.org"]
    assert response["Location"] == reverse("sign-in")
    reachable.refresh_from_db()
    assert reachable.check_password(NEW)
    assert not AuthToken.objects.exists()
    assert Client().get(link, follow=True).status_code == 410  # once
    letters(2)


def test_the_answer_never_says_whether_an_address_is_known(client: Client, reachable: User, letters: Letters) -> None:
    known, unknown = asked(client, "ann@example.org"), asked(client, "nobody@example.org")

    def plain(response: HttpResponse) -> str:
        return BeautifulSoup(response.content, "html.parser").main.get_text()

    assert known.redirect_chain == unknown.redirect_chain
    assert plain(known) == plain(unknown)
    letters(1)


def test_nobody_floods_a_mailbox(client: Client, reachable: User, letters: Letters) -> None:
    for _ in range(5):
        asked(client, "ann@example.org")
    letters(1)

    Recovery.objects.update(asked=timezone.now() - timedelta(minutes=6))
    asked(client, "ann@example.org")
    letters(2)


@pytest.mark.parametrize("kind", ["closed", "no password", "changed since"])
def test_links_that_open_nothing(client: Client, reachable: User, letters: Letters, kind: str) -> None:
    if kind == "no password":
        reachable.set_unusable_password()
        reachable.save()
        asked(client, "ann@example.org")
        letters(0)
        return
    asked(client, "ann@example.org")
    link = link_in(letters(1)[0])
    if kind == "closed":
        reachable.is_active = False
    else:
        reachable.set_password(NEW)
    reachable.save()

    assert client.get(link, follow=True).status_code == 410
    assert client.post(reverse("recover-password"), {"new_password": NEW, "again": NEW}).status_code == 410


@pytest.mark.parametrize("query", ["?u=&t=", "?u=MQ&t=x", "?u=%00&t=%20", "?t=1", "?u=" + "9" * 500 + "&t=1-1"])
def test_links_made_up_open_nothing(client: Client, query: str) -> None:
    assert client.get(reverse("recover-password") + query, follow=True).status_code in {400, 410}


def test_a_bad_new_password_is_explained(client: Client, reachable: User, letters: Letters) -> None:
    asked(client, "ann@example.org")
    client.get(link_in(letters(1)[0]))

    response = client.post(reverse("recover-password"), {"new_password": "qwerty123456", "again": "x"})

    assert response.status_code == 422
    assert "too common" in errors(response)["new_password"]


def test_the_address_is_set_with_the_password_and_the_old_one_is_told(
    signed_in: SignedIn, reachable: User, letters: Letters
) -> None:
    client = signed_in(reachable)

    wrong = client.post(reverse("email"), {"email": "not one", "password": "wrong"})
    right = client.post(reverse("email"), {"email": "ann@new.example", "password": OLD})

    assert set(errors(wrong)) == {"email", "password"}
    assert right.status_code == 302
    reachable.refresh_from_db()
    assert reachable.email == "ann@new.example"
    assert letters(1)[0].to == ["ann@example.org"]
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.action, entry.particulars) == ("change-email", {})


def test_a_site_without_e_mail_offers_no_letters(client: Client, settings: object) -> None:
    settings.SENDS_EMAIL = False  # type: ignore[attr-defined]

    assert client.get(reverse("recover")).status_code == 404
    assert reverse("recover") not in client.get(reverse("sign-in")).content.decode()
