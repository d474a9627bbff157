"""Passwords: what they must be, on every way to one; and what a new one ends."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken
from pytest_django import Settings

from pcorg.core.accounts import tokens
from pcorg.core.audit.models import AuditEntry
from tests.functional.accounts.conftest import NEW, Letters, errors

pytestmark = pytest.mark.django_db

OLD = "correct horse battery"
SignedIn = Callable[[User], Client]
BAD = {
    "eleven char": "at least 12 characters",
    "qwerty123456": "too common",
    "123456789012": "easily guessed",
    "abcdefghijklm2026": "easily guessed",
    "primary care trust": "easily guessed",
    "Commissioning-2026!": "easily guessed",
    "PrimaryCareNHS": "easily guessed",
    "a-commissioner": "too similar to the username",
    "x" * 257: "at most 256 characters",
}
GOOD = (
    "483920174659203847561",  # figures alone
    "violetanchorsnoon",
    "ÆON ҈ tiberius vellum",
    "  two spaces at both ends of lichen  ",
    "primary lanterns under copper snow",
    "kelp " * 12 + "quartz marimba",  # 64 and more
)


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


@pytest.mark.parametrize("password", GOOD)
def test_any_composition_is_taken_exactly_as_typed(signed_in: SignedIn, commissioner: User, password: str) -> None:
    assert change(signed_in(commissioner), new_password=password, again=password).status_code == 302

    commissioner.refresh_from_db()
    assert commissioner.check_password(password)
    assert not commissioner.check_password(password.strip() + " ")


def test_words_of_the_site_and_names_of_the_person_count_for_nothing(
    signed_in: SignedIn, commissioner: User, settings: Settings
) -> None:
    settings.PCORG_PASSWORD_WORDS = ["Zwickau"]
    commissioner.last_name = "Quennerstedt"
    commissioner.save()

    for password in ("zwickau zwickau 7", "Quennerstedt1984"):
        assert "easily guessed" in " ".join(errors(change(signed_in(commissioner), new_password=password)).values())


@pytest.mark.parametrize("password", ["qwertyuiop123", "monkeymonkey1", "iloveyou12345", "passwordpassword"])
def test_those_that_many_people_use_are_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert {"password_too_common", "password_guessable"} & {each.code for each in refused.value.error_list}


@pytest.mark.parametrize("password", ["eleven char", "qwerty123456", NEW])
def test_nobody_sets_a_password_for_another_in_the_admin(
    signed_in: SignedIn, admin_user: User, commissioner: User, password: str
) -> None:
    sent = {"password1": password, "password2": password, "usable_password": "true", "set-password": "1"}
    client = signed_in(admin_user)

    client.post(f"/admin/auth/user/{commissioner.pk}/password/", sent)
    client.post("/admin/auth/user/add/", sent | {"username": "new"})

    commissioner.refresh_from_db()
    assert commissioner.check_password(OLD)
    assert not User.objects.get(username="new").has_usable_password()


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


def test_a_superuser_changes_their_own_password_and_address_on_the_account_page_alone(
    signed_in: SignedIn, admin_user: User
) -> None:
    client, address = signed_in(admin_user), f"/admin/auth/user/{admin_user.pk}"
    before = admin_user.email

    for sent in ({"code": "Make a code"}, {"unset-password": "1"}, {"password1": NEW, "password2": NEW}):
        assert client.post(f"{address}/password/", sent)["Location"] == reverse("password")
    client.post(f"{address}/change/", {"username": "admin", "email": "eve@example.org", "is_active": "on"})

    admin_user.refresh_from_db()
    assert admin_user.check_password("password")
    assert admin_user.email == before


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
