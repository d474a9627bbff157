"""Guessing and spraying: what locks, for whom, for how long, and that nobody learns which names there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axes.models import AccessFailureLog
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pcorg.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

RIGHT = "correct horse battery"


def attempt(client: Client, name: str, password: str, address: str = "192.0.2.66") -> HttpResponse:
    return client.post(reverse("sign-in"), {"username": name, "password": password}, REMOTE_ADDR=address)


def sprayed(client: Client, address: str = "192.0.2.66") -> HttpResponse:
    for place in range(settings.ADDRESS_FAILURE_LIMIT):
        answer = attempt(client, f"person-{place}", "violet anchors sing", address)
    return answer


def later(by: object) -> None:
    """Let time pass for the locks."""
    for held in AccessFailureLog.objects.all():
        AccessFailureLog.objects.filter(pk=held.pk).update(attempt_time=held.attempt_time - by)


def test_many_names_from_one_address_lock_it(client: Client, approver: User) -> None:
    answer = sprayed(client)

    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "from this network address" in BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True)
    assert attempt(client, "an-approver", RIGHT).status_code == 429
    assert attempt(client, "an-approver", RIGHT, "192.0.2.7").status_code == 302


def test_who_shares_the_address_waits_ten_minutes_at_most_whatever_is_tried_meanwhile(
    client: Client, approver: User
) -> None:
    sprayed(client)
    for _ in range(30):
        assert attempt(client, "an-approver", "guess").status_code == 429

    later(settings.ADDRESS_WINDOW)

    assert attempt(client, "an-approver", RIGHT).status_code == 302


def test_signing_in_to_an_own_account_wipes_no_failures_off(client: Client, approver: User) -> None:
    for place in range(settings.ADDRESS_FAILURE_LIMIT - 1):
        attempt(client, f"person-{place}", "violet anchors sing")
    assert attempt(Client(), "an-approver", RIGHT).status_code == 302

    assert attempt(client, "one-more", "violet anchors sing").status_code == 429


def test_an_office_that_mistypes_now_and_then_is_not_locked(client: Client, approver: User) -> None:
    for place in range(settings.ADDRESS_FAILURE_LIMIT - 1):
        assert attempt(client, f"person-{place}", "mistyped words").status_code == 200

    assert attempt(client, "an-approver", RIGHT).status_code == 302


def test_one_line_of_version_6_is_one_address(client: Client) -> None:
    for place in range(settings.ADDRESS_FAILURE_LIMIT):
        answer = attempt(client, f"person-{place}", "violet anchors sing", f"2001:db8:1:2::{place:x}")

    assert answer.status_code == 429


def test_answers_do_not_tell_names_that_exist_from_others(client: Client, approver: User) -> None:
    """The text of every answer to a wrong password, up to the lock and in it, is the same; and as much is hashed."""

    def told(name: str, address: str) -> list[tuple[int, str]]:
        found = []
        for _ in range(settings.AXES_FAILURE_LIMIT + 1):
            answer = attempt(client, name, "violet anchors sing", address)
            text = BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True)
            found.append((answer.status_code, text))
        return found

    assert told("an-approver", "192.0.2.1") == told("nobody-here", "192.0.2.2")


@pytest.mark.parametrize("kind", ["right name", "wrong name", "closed", "no password"])
def test_as_much_is_hashed_whatever_the_name(
    client: Client, approver: User, settings: object, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """One hashing for each attempt, counted at the hasher: time itself cannot be asserted."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    counted: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        counted.append("once")
        return str(encode(self, password, salt))

    if kind == "closed":
        approver.is_active = False
    if kind == "no password":
        approver.set_unusable_password()
    approver.save()
    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)

    attempt(client, "nobody" if kind == "wrong name" else "an-approver", "violet anchors sing")

    assert len(counted) == 1


def test_failures_cannot_swell_the_trail(client: Client, approver: User) -> None:
    before = AuditEntry.objects.count()
    for address in range(1, 4):
        for _ in range(settings.AXES_FAILURE_LIMIT + 5):
            attempt(client, "an-approver", "violet anchors sing", f"192.0.2.{address}")
        sprayed(client, f"198.51.100.{address}")

    told = AuditEntry.objects.order_by("sequence")[before:]

    assert sorted((entry.action, entry.subject) for entry in told) == [
        ("account-locked", "an-approver"),
        ("address-locked", "an address"),
        ("sign-in-failed", "an-approver"),
    ]


def test_guessing_the_present_password_on_the_account_pages_locks_too(
    signed_in: Callable[[User], Client], approver: User
) -> None:
    client = signed_in(approver)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("password"), {"password": "guess", "new_password": "x", "again": "x"})

    assert answer.status_code == 429
    assert attempt(Client(), "an-approver", RIGHT, "127.0.0.1").status_code == 429


def test_a_very_long_password_is_not_hashed(client: Client, approver: User) -> None:
    answer = attempt(client, "an-approver", "x" * 100_000)

    assert answer.status_code == 200
    assert "is wrong" in answer.content.decode()
