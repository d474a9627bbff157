"""What is told of accounts, in the security log and on the trail; and what is in neither."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.test import APIClient

from pcorg.core.accounts import second_factor
from pcorg.core.accounts.roles import Role
from pcorg.core.audit import checking
from pcorg.core.audit.models import AuditEntry
from tests.functional.accounts.conftest import PASSWORD, App

pytestmark = pytest.mark.django_db

NEW = "violet anchors sing at noon"
NEWER = "copper lanterns under snow"
MISTYPED = "a password typed as a name"


def test_everything_is_told_and_nothing_secret(
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    person: Callable[..., User],
    admin_user: User,
    signed_in: Callable[[User], Client],
    letters: Callable[[int], list[EmailMessage]],
) -> None:
    """A person's whole story, with every secret that it has: none of them is in the log or on the trail."""
    caplog.set_level("DEBUG")
    began = AuditEntry.objects.count()
    ann = person("ann", Role.COMMISSIONER)
    client = Client()

    def send(page: str, /, **fields: str) -> BeautifulSoup:
        return BeautifulSoup(client.post(reverse(page), fields).content, "html.parser")

    send("sign-in", username=MISTYPED, password=NEW)
    send("sign-in", username="ann", password=NEW)
    send("sign-in", username="ann", password=PASSWORD)
    send("email", email="ann@example.org", password=PASSWORD)
    token = send("token-create", name="copy", scope="read", days="9", password=PASSWORD).find(id="token").get_text()
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert program.get("/api/v1/forms/").status_code == 200
    digest = BeautifulSoup(client.get(reverse("account")).content, "html.parser").select_one("[name=token]")["value"]
    send("token-revoke", token=digest)
    secret = send("second-factor-begin", password=PASSWORD).find(id="secret").get_text()
    app = App(TOTPDevice.objects.get(user=ann))
    code = app.code()
    codes = [each.get_text() for each in send("second-factor-confirm", code=code).select("#codes .pc-code")]
    send("password", password=PASSWORD, code=codes[0], new_password=NEW, again=NEW)
    send("second-factor-off", password=NEW, code=codes[1])
    send("sign-out")
    send("recover", email="ann@example.org")
    recovering = next(letter for letter in letters(5) if "new password" in letter.subject)
    recovery = re.search(r"[0-9]+-[a-z0-9]+-[0-9a-f]{32}", recovering.body).group()
    send("recover-password", code=recovery, new_password=NEWER, again=NEWER)
    staff, address = signed_in(admin_user), f"/admin/auth/user/{ann.pk}/change/"
    group = Group.objects.get(name=Role.APPROVER)
    staff.post(address, {"username": "ann", "email": "", "is_active": "on", "groups": [group.pk]})
    staff.post(address, {"username": "ann", "email": "", "groups": [group.pk]})

    logged = [record.msg for record in caplog.records if record.name == "pcorg.security"]
    told = list(AuditEntry.objects.order_by("sequence")[began:])
    assert [(each["event"], each["subject"]) for each in logged] == [
        ("sign-in-failed", "a name that does not exist"),
        *(
            (event, "ann")
            for event in (
                "sign-in-failed",
                "sign-in",
                "change-email",
                "create-token",
                "revoke-token",
                "second-factor-on",
                "change-password",
                "second-factor-off",
                "sign-out",
                "recovery-asked",
                "change-password",
                "change-roles",
                "close-account",
                "change-roles",
            )
        ),
    ]
    assert all(each["address"] == "127.0.0.1" for each in logged)
    assert [entry.action for entry in told] == [
        *(each["event"] for each in logged[1:12]),
        "change-user",
        "close-account",
        "change-user",
    ]
    assert not list(checking.chain_faults())

    everything = [str(record.msg) + record.getMessage() for record in caplog.records] + [
        json.dumps([entry.actor, entry.action, entry.subject, entry.particulars]) for entry in told
    ]
    everything += list(capsys.readouterr())
    secrets = [PASSWORD, NEW, NEWER, MISTYPED, token, token[8:], secret, secret.replace(" ", ""), recovery]
    secrets += [*codes, *(second_factor.plain(each) for each in codes), app.device.key, "ann@example.org"]
    assert [secret for secret in secrets if any(secret in text for text in everything)] == []
    assert not any("127.0.0.1" in json.dumps(entry.particulars) for entry in told)


@pytest.mark.parametrize("name", ["password", "email", "token-create", "second-factor", "recover", "sign-in"])
def test_no_page_repeats_a_password(signed_in: Callable[[User], Client], commissioner: User, name: str) -> None:
    client = Client() if name in {"recover", "sign-in"} else signed_in(commissioner)
    address = reverse("second-factor-begin" if name == "second-factor" else name)
    sent = {"password": MISTYPED, "new_password": MISTYPED, "again": MISTYPED, "username": "ann", "email": "no"}

    assert MISTYPED not in client.post(address, sent).content.decode()
