"""Choosing a password by a code: a forgotten one by e-mail, a first one by whoever looks after people."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken
from pytest_django import Settings

from pcorg.core.accounts import tokens
from pcorg.core.accounts.models import Recovery
from pcorg.core.audit.models import AuditEntry
from tests.functional.accounts.conftest import NEW, Letters, chosen, code_in, errors

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def asked(client: Client, email: str) -> HttpResponse:
    return client.post(reverse("recover"), {"email": email}, follow=True)


def test_a_forgotten_password_is_replaced_by_a_letter(client: Client, reachable: User, letters: Letters) -> None:
    tokens.create_token(user=reachable, by="tests")
    asked(client, "ANN@example.org")
    (letter,) = letters(1)
    code = code_in(letter)

    response = chosen(client, f" {code[:20]}\n{code[20:]} ")  # as a letter may break it

    assert letter.to == ["ann@example.org"]
    assert response["Location"] == reverse("sign-in")
    reachable.refresh_from_db()
    assert reachable.check_password(NEW)
    assert not AuthToken.objects.exists()
    assert errors(chosen(Client(), code)).keys() == {"code"}  # once
    letters(2)


def test_no_secret_stands_in_an_address(client: Client, reachable: User, letters: Letters) -> None:
    asked(client, "ann@example.org")
    (letter,) = letters(1)

    addresses = re.findall(r"https?://\S+", letter.body)

    assert addresses == [f"http://testserver{reverse('recover-password')}"]
    assert client.get(addresses[0]).status_code == 200


def test_recovery_does_not_get_round_the_second_factor(
    client: Client, reachable: User, letters: Letters, app_for: Callable[[User], object]
) -> None:
    app_for(reachable)
    asked(client, "ann@example.org")
    chosen(client, code_in(letters(1)[0]))

    response = client.post(reverse("sign-in"), {"username": "a-commissioner", "password": NEW})

    assert response["Location"] == reverse("sign-in-code")
    assert client.get(reverse("account")).status_code == 302


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


@pytest.mark.parametrize("kind", ["closed", "no password", "changed since", "too old"])
def test_codes_that_open_nothing(
    client: Client, reachable: User, letters: Letters, settings: Settings, kind: str
) -> None:
    if kind == "no password":
        reachable.set_unusable_password()
        reachable.save()
        asked(client, "ann@example.org")
        letters(0)
        return
    asked(client, "ann@example.org")
    code = code_in(letters(1)[0])
    if kind == "closed":
        reachable.is_active = False
    elif kind == "too old":
        settings.PASSWORD_RESET_TIMEOUT = -1
    else:
        reachable.set_password("copper lanterns under snow")
    reachable.save()

    response = chosen(client, code)

    assert response.status_code == 422
    assert errors(response).keys() == {"code"}
    reachable.refresh_from_db()
    assert not reachable.check_password(NEW)


@pytest.mark.parametrize("code", ["", "-", "1-x", "1-1-1", "9" * 200, "9" * 201, "²-1-1", "1", "-1-a-b", "0x1-a-b"])
def test_codes_made_up_open_nothing(client: Client, code: str) -> None:
    response = chosen(client, code)

    assert response.status_code == 422
    assert errors(response).keys() == {"code"}


def test_a_bad_new_password_is_explained(client: Client, reachable: User, letters: Letters) -> None:
    asked(client, "ann@example.org")

    response = chosen(client, code_in(letters(1)[0]), "qwerty123456")

    assert response.status_code == 422
    assert "too common" in errors(response)["new_password"]


def test_a_site_without_e_mail_offers_no_letters(client: Client, settings: object) -> None:
    settings.SENDS_EMAIL = False  # type: ignore[attr-defined]

    assert client.get(reverse("recover")).status_code == 404
    assert f'href="{reverse("recover")}"' not in client.get(reverse("sign-in")).content.decode()


# --- By whoever looks after people -----------------------------------------------------------------------------------


def test_a_first_password_is_chosen_by_its_owner_with_a_code(signed_in: SignedIn, admin_user: User) -> None:
    staff = signed_in(admin_user)
    staff.post("/admin/auth/user/add/", {"username": "ben", "email": ""})
    ben = User.objects.get(username="ben")

    page = staff.post(f"/admin/auth/user/{ben.pk}/password/", {"code": "Make a code"})
    code = BeautifulSoup(page.content, "html.parser").find(id="password-code").get_text()
    made = AuditEntry.objects.latest("sequence")

    assert page.status_code == 201
    assert "no-store" in page["Cache-Control"]
    assert (made.actor, made.action, made.subject, made.particulars) == ("admin", "make-password-code", "ben", {})
    assert chosen(Client(), code).status_code == 302
    ben.refresh_from_db()
    assert ben.check_password(NEW)
    assert errors(chosen(Client(), code)).keys() == {"code"}  # once


def test_staff_who_give_out_a_code_are_named_and_its_use_ends_what_rested_on_the_password(
    signed_in: SignedIn, admin_user: User, commissioner: User
) -> None:
    tokens.create_token(user=commissioner, by="tests")
    person = signed_in(commissioner)
    page = signed_in(admin_user).post(f"/admin/auth/user/{commissioner.pk}/password/", {"code": "Make a code"})

    assert AuditEntry.objects.latest("sequence").actor == "admin"
    assert person.get(reverse("account")).status_code == 200
    chosen(Client(), BeautifulSoup(page.content, "html.parser").find(id="password-code").get_text())

    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.action, entry.subject) == ("a-commissioner", "change-password", "a-commissioner")
    assert not AuthToken.objects.exists()
    assert person.get(reverse("account")).status_code == 302


def test_a_code_goes_to_the_address_of_its_owner_and_is_shown_to_nobody_else(
    signed_in: SignedIn, admin_user: User, reachable: User, letters: Letters
) -> None:
    page = signed_in(admin_user).post(f"/admin/auth/user/{reachable.pk}/password/", {"code": "Send a code"})

    assert page.status_code == 302
    assert chosen(Client(), code_in(letters(1)[0])).status_code == 302


def test_the_command_gives_out_a_code(commissioner: User) -> None:
    out = StringIO()

    call_command("password_code", "a-commissioner", stdout=out)

    assert chosen(Client(), out.getvalue().split()[-1]).status_code == 302
    commissioner.refresh_from_db()
    assert commissioner.check_password(NEW)
    with pytest.raises(CommandError, match="no user 'nobody'"):
        call_command("password_code", "nobody")
