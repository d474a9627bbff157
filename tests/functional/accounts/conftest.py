"""What tests of accounts ask for: an authenticator app, the letters sent, and what is in them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from pcorg.core.accounts import second_factor

PASSWORD = "correct horse battery"
NEW = "violet anchors sing at noon"
Letters = Callable[[int], list[mail.EmailMessage]]


def errors(response: HttpResponse) -> dict[str, str]:
    """What the error summary of a page says of each field."""
    found: dict[str, str] = {}
    for link in BeautifulSoup(response.content, "html.parser").select(".nhsuk-error-summary a"):
        field = str(link["href"]).removeprefix("#")
        found[field] = " ".join([*found.get(field, "").split(), link.get_text(" ", strip=True)])
    return found


def code_in(letter: mail.EmailMessage) -> str:
    return re.search(r"[0-9]+-[a-z0-9]+-[0-9a-f]{32}", letter.body).group()


def chosen(client: Client, code: str, password: str = NEW) -> HttpResponse:
    """Choose a password by a code."""
    return client.post(reverse("recover-password"), {"code": code, "new_password": password, "again": password})


class App:
    """An authenticator app on somebody's phone."""

    def __init__(self, device: TOTPDevice) -> None:
        self.device = device

    def code(self) -> str:
        """The code that it shows. The product is made to forget the one before, so that no test waits for the next."""
        TOTPDevice.objects.filter(pk=self.device.pk).update(last_t=-1, throttling_failure_count=0)
        return f"{totp(self.device.bin_key):06}"

    def wrong(self) -> str:
        """A code that it does not show."""
        near = {totp(self.device.bin_key, drift=drift) for drift in range(-3, 4)}
        return next(f"{number:06}" for number in range(10) if number not in near)


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recovery codes are hashed slowly, ten at once; tests hash passwords quickly too."""
    monkeypatch.setattr(second_factor, "ROUNDS", 2)


@pytest.fixture
def app_for(db: None) -> Callable[[User], App]:
    """Sets up an authenticator app for somebody."""
    return lambda user: App(TOTPDevice.objects.create(user=user, name="Authenticator app"))


@pytest.fixture
def letters(db: None) -> Callable[[int], list[mail.EmailMessage]]:
    """The letters sent, once there are so many: a thread of its own sends them."""

    def sent(number: int) -> list[mail.EmailMessage]:
        ends = time.monotonic() + 20
        while len(mail.outbox) < number and time.monotonic() < ends:
            time.sleep(0.01)
        assert len(mail.outbox) == number
        return list(mail.outbox)

    return sent


@pytest.fixture
def reachable(commissioner: User) -> User:
    """A commissioner whom letters reach."""
    commissioner.email = "ann@example.org"
    commissioner.save()
    return commissioner
