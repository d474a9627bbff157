"""The second factor: setting it up, signing in with it, losing it, and what is refused without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from knox.models import AuthToken

from pcorg.core.accounts import second_factor
from pcorg.core.audit.models import AuditEntry
from tests.functional.accounts.conftest import PASSWORD, App

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
AppFor = Callable[[User], App]
APPROVES = "/api/v1/changes/1/approve/"


def first_step(client: Client, name: str = "an-approver", **more: str) -> HttpResponse:
    return client.post(reverse("sign-in"), {"username": name, "password": PASSWORD} | more)


def second_step(client: Client, code: str) -> HttpResponse:
    return client.post(reverse("sign-in-code"), {"code": code})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def errors(response: HttpResponse) -> dict[str, str]:
    found = BeautifulSoup(response.content, "html.parser").select(".nhsuk-error-summary a")
    return {link["href"].removeprefix("#"): link.get_text(" ", strip=True) for link in found}


def set_up(client: Client, user: User) -> list[str]:
    """Sets it up by the pages; the recovery codes."""
    shown = BeautifulSoup(client.post(reverse("second-factor-begin"), {"password": PASSWORD}).content, "html.parser")
    assert shown.img["src"].startswith("data:image/svg+xml")
    app = App(TOTPDevice.objects.get(user=user))
    assert shown.find(id="secret").get_text() == second_factor.secret_of(app.device)
    answer = client.post(reverse("second-factor-confirm"), {"code": app.code()})
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    return [code.get_text() for code in BeautifulSoup(answer.content, "html.parser").select("#codes .pc-code")]


def test_it_is_set_up_and_asked_for_from_then_on(signed_in: SignedIn, approver: User) -> None:
    here, there = signed_in(approver), signed_in(approver)

    codes = set_up(here, approver)

    assert len(set(codes)) == second_factor.NUMBER
    assert all(re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", code) for code in codes)
    assert here.get(reverse("account")).status_code == 200
    assert there.get(reverse("account")).status_code == 302  # begun without it
    assert codes[0] not in here.get(reverse("second-factor")).content.decode()
    assert AuditEntry.objects.filter(action="second-factor-on", subject="an-approver").count() == 1
    new = Client()
    assert first_step(new)["Location"] == reverse("sign-in-code")
    assert who(new) is None


def test_setting_up_wants_the_password_and_the_right_code(signed_in: SignedIn, approver: User) -> None:
    client = signed_in(approver)

    assert client.post(reverse("second-factor-confirm"), {"code": "000000"}).status_code == 302
    assert errors(client.post(reverse("second-factor-begin"), {"password": "wrong"})).keys() == {"password"}
    assert not TOTPDevice.objects.exists()
    client.post(reverse("second-factor-begin"), {"password": PASSWORD})
    app = App(TOTPDevice.objects.get())
    answer = client.post(reverse("second-factor-confirm"), {"code": app.wrong()})

    assert answer.status_code == 422
    assert "code" in errors(answer)
    assert second_factor.app_of(approver) is None
    assert who(client) == str(approver.pk)


def test_signing_in_takes_both(client: Client, approver: User, app_for: AppFor) -> None:
    app = app_for(approver)

    first_step(client, next="/changes/")
    assert client.get("/account/").status_code == 302
    wrong = second_step(client, app.wrong())
    right = second_step(client, app.code())

    assert wrong.status_code == 422
    assert "code" in errors(wrong)
    assert right["Location"] == "/changes/"
    assert who(client) == str(approver.pk)
    assert AuditEntry.objects.latest("sequence").particulars == {"second": "app"}


def test_a_code_is_good_once(client: Client, approver: User, app_for: AppFor) -> None:
    code = app_for(approver).code()

    first_step(client)
    assert second_step(client, code).status_code == 302
    other = Client()
    first_step(other)

    assert second_step(other, code).status_code == 422
    assert who(other) is None


def test_a_recovery_code_signs_in_once(signed_in: SignedIn, approver: User) -> None:
    codes = set_up(signed_in(approver), approver)

    for client, status in ((Client(), 302), (Client(), 422)):
        StaticDevice.objects.update(throttling_failure_count=0)
        first_step(client)
        assert second_step(client, f" {codes[3].upper()} ").status_code == status
    assert AuditEntry.objects.filter(action="sign-in").latest("sequence").particulars == {"second": "recovery code"}
    assert second_factor.codes_left(approver) == second_factor.NUMBER - 1


def test_recovery_codes_are_kept_hashed_with_salt(
    signed_in: SignedIn, approver: User, commissioner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [second_factor.plain(code) for code in set_up(signed_in(approver), approver)]
    monkeypatch.setattr(second_factor.secrets, "choice", lambda alphabet: alphabet[0])
    same = {second_factor.renew(user)[0] for user in (commissioner, commissioner)}

    stored = set(StaticToken.objects.filter(device__user=approver).values_list("token", flat=True))
    assert len(stored) == second_factor.NUMBER
    assert not stored & set(codes)
    name = StaticDevice.objects.get(user=approver).name
    assert stored == {second_factor.kept(code, name) for code in codes}
    assert second_factor.kept(codes[0], f"{name}00") not in stored
    assert same == {"aaaaa-aaaaa"}


@pytest.mark.parametrize("what", ["kept", "other"])
def test_what_is_kept_of_a_recovery_code_is_no_code(signed_in: SignedIn, approver: User, what: str) -> None:
    set_up(signed_in(approver), approver)
    token = StaticToken.objects.first().token
    client = Client()
    first_step(client)

    assert second_step(client, token if what == "kept" else "aaaaa-aaaaa").status_code == 422


def test_the_second_step_is_nothing_without_the_first(client: Client, approver: User, app_for: AppFor) -> None:
    app = app_for(approver)

    assert second_step(client, app.code())["Location"] == reverse("sign-in")
    first_step(client, name="an-approver", password="wrong")
    assert second_step(client, app.code())["Location"] == reverse("sign-in")
    assert who(client) is None


@pytest.mark.parametrize("kind", ["late", "password changed", "closed"])
def test_the_first_step_does_not_last(client: Client, approver: User, app_for: AppFor, kind: str) -> None:
    app = app_for(approver)
    first_step(client)
    if kind == "late":
        session = client.session
        session["second-step"] = session["second-step"] | {"at": session["second-step"]["at"] - 301}
        session.save()
    elif kind == "closed":
        User.objects.update(is_active=False)
    else:
        approver.set_password("violet anchors sing at noon")
        approver.save()

    assert second_step(client, app.code())["Location"] == reverse("sign-in")
    assert who(client) is None


def test_guessing_codes_locks_as_guessing_passwords_does(client: Client, approver: User, app_for: AppFor) -> None:
    app = app_for(approver)
    first_step(client)

    for _ in range(configured.AXES_FAILURE_LIMIT):
        answer = second_step(client, app.wrong())

    assert answer.status_code == 429
    assert second_step(client, app.code()).status_code == 429
    assert first_step(Client()).status_code == 429
    assert who(client) is None


def test_right_passwords_between_wrong_codes_do_not_wipe_them_off(
    client: Client, approver: User, app_for: AppFor
) -> None:
    app = app_for(approver)

    statuses = []
    for _ in range(configured.AXES_FAILURE_LIMIT):
        first_step(client)
        statuses.append(second_step(client, app.wrong()).status_code)

    assert statuses[-1] == 429


def test_after_a_wrong_code_the_right_one_has_to_wait(client: Client, approver: User, app_for: AppFor) -> None:
    app = app_for(approver)
    first_step(client)
    right = app.code()

    second_step(client, app.wrong())

    assert second_step(client, right).status_code == 422


def test_turning_off_takes_password_and_code(signed_in: SignedIn, approver: User, app_for: AppFor) -> None:
    client, app = signed_in(approver), app_for(approver)
    off = reverse("second-factor-off")

    assert errors(client.post(off, {"password": PASSWORD})).keys() == {"code"}
    assert errors(client.post(off, {"password": "wrong", "code": app.code()})).keys() == {"password"}
    assert errors(client.post(off, {"password": PASSWORD, "code": app.wrong()})).keys() == {"code"}
    assert second_factor.app_of(approver) is not None
    assert client.post(off, {"password": PASSWORD, "code": app.code()}).status_code == 302

    assert second_factor.app_of(approver) is None
    assert AuditEntry.objects.latest("sequence").action == "second-factor-off"
    assert first_step(Client())["Location"] == reverse("account")


def test_new_recovery_codes_take_the_place_of_the_old(signed_in: SignedIn, approver: User) -> None:
    client = signed_in(approver)
    old = set_up(client, approver)
    app = App(TOTPDevice.objects.get())

    answer = client.post(reverse("recovery-codes"), {"password": PASSWORD, "code": app.code()})

    assert answer.status_code == 201
    assert StaticToken.objects.count() == second_factor.NUMBER
    new = [code.get_text() for code in BeautifulSoup(answer.content, "html.parser").select("#codes .pc-code")]
    assert all(second_factor.matched(approver, code) is None for code in old)
    second_factor.forget_waits(approver)
    assert second_factor.matched(approver, new[0]) is not None


def test_a_token_takes_the_code_too(signed_in: SignedIn, approver: User, app_for: AppFor) -> None:
    client, app = signed_in(approver), app_for(approver)
    said = {"name": "copy", "scope": "read", "days": "30", "password": PASSWORD}

    assert errors(client.post(reverse("token-create"), said)).keys() == {"code"}
    assert errors(client.post(reverse("token-create"), said | {"days": "0", "code": app.code()})).keys() == {"days"}
    assert not AuthToken.objects.exists()
    assert client.post(reverse("token-create"), said | {"code": app.code()}).status_code == 201


def test_the_command_removes_it(approver: User, app_for: AppFor) -> None:
    def told(*arguments: str) -> str:
        out = StringIO()
        call_command("second_factor", *arguments, stdout=out)
        return out.getvalue().strip()

    assert told("an-approver") == "an-approver has none."
    app_for(approver)
    assert told("an-approver") == "an-approver has a second factor, and 0 recovery codes."
    assert told("an-approver", "--remove") == "The second factor of an-approver is removed."
    assert told("an-approver", "--remove") == "an-approver had none."
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.action) == ("command:second_factor", "second-factor-off")
    with pytest.raises(CommandError, match="no user 'nobody'"):
        told("nobody")


# --- Where it is required -------------------------------------------------------------------------------------------


@pytest.fixture
def required(settings: object) -> None:
    """As in production."""
    settings.SECOND_FACTOR = "approvers"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("required")
def test_an_approver_without_one_is_led_to_it(client: Client, approver: User) -> None:
    answer = first_step(client, next="/decisions/")
    assert answer["Location"] == f"{reverse('second-factor')}?next=%2Fdecisions%2F"
    assert "takes a second factor on this site" in client.get(answer["Location"]).content.decode()

    client.post(reverse("second-factor-begin"), {"password": PASSWORD})
    codes = client.post(reverse("second-factor-confirm"), {"code": App(TOTPDevice.objects.get()).code()})

    assert 'href="/decisions/"' in codes.content.decode()


@pytest.mark.usefixtures("required")
def test_an_approver_s_session_approves_nothing_until_then(
    signed_in: SignedIn, approver: User, app_for: AppFor
) -> None:
    client = signed_in(approver)

    refused = client.post(APPROVES, {}, content_type="application/json")
    assert refused.status_code == 403
    assert "takes a second factor" in refused.json()["detail"]
    assert client.get("/api/v1/audit/").status_code == 403
    assert client.get("/audit/").status_code == 403
    assert client.post("/api/v1/changes/", {}, content_type="application/json").status_code == 400  # as a commissioner
    assert client.post(reverse("token-create"), {})["Location"] == reverse("second-factor")
    assert not AuthToken.objects.exists()

    set_up(client, approver)

    assert client.post(APPROVES, {}, content_type="application/json").status_code != 403
    assert client.get("/api/v1/audit/").status_code == 200


@pytest.mark.usefixtures("required")
def test_of_others_it_is_not_required(signed_in: SignedIn, client: Client, commissioner: User) -> None:
    assert first_step(client, "a-commissioner")["Location"] == reverse("account")
    assert signed_in(commissioner).get(reverse("token-create")).status_code == 200


@pytest.mark.usefixtures("required")
def test_the_admin_asks_the_same(signed_in: SignedIn, admin_user: User, administrator: User) -> None:
    client = signed_in(admin_user)

    turned_away = client.get("/admin/auth/user/", follow=True)
    assert turned_away.redirect_chain[-1][0] == reverse("second-factor")
    assert client.post(f"/admin/auth/user/{admin_user.pk}/change/", {}).status_code == 302
    administrator.is_staff = True
    administrator.save()
    assert signed_in(administrator).get("/admin/").status_code == 200

    admin_user.set_password(PASSWORD)
    admin_user.save()
    client = signed_in(admin_user)
    set_up(client, admin_user)
    assert client.get("/admin/auth/user/").status_code == 200


def test_of_everyone_it_guards_every_role(signed_in: SignedIn, commissioner: User, settings: object) -> None:
    settings.SECOND_FACTOR = "everyone"  # type: ignore[attr-defined]
    client = signed_in(commissioner)

    assert client.post("/api/v1/changes/", {}, content_type="application/json").status_code == 403
    assert client.get("/").status_code == 200
    set_up(client, commissioner)
    assert client.post("/api/v1/changes/", {}, content_type="application/json").status_code == 400


def test_by_default_it_is_asked_of_nobody(signed_in: SignedIn, approver: User) -> None:
    assert configured.SECOND_FACTOR == "optional"
    assert signed_in(approver).get("/audit/").status_code == 200
