"""The second factor: a code from an authenticator app, or one of ten recovery codes, each good once.

Of whom it is required is set by `PCORG_SECOND_FACTOR`: of nobody (`optional`), of approvers and of superusers, who can
make approvers (`approvers`), or of everyone with an account (`everyone`)."""

from __future__ import annotations

import base64
import hashlib
import secrets

import segno
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from pcorg.core.accounts import security, sessions
from pcorg.core.accounts.roles import Role, UnverifiedSession, roles_held

NUMBER = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter or figure that is easily taken for another."""
LENGTH = 10
"""Ten of 31 signs: 49 random bits."""
ROUNDS = 600_000
"""Of PBKDF2 with HMAC-SHA-256, as OWASP advises: about a fifth of a second for each code."""
NAME = "Recovery codes pbkdf2_sha256"


@transaction.atomic
def renew(user: User) -> list[str]:
    """New codes in the place of those there were, as they are shown: once, for only hashes are kept."""
    salt = secrets.token_hex(8)
    device, _ = StaticDevice.objects.update_or_create(user=user, defaults={"name": f"{NAME}${ROUNDS}${salt}"})
    device.token_set.all().delete()
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(NUMBER)]
    for code in codes:
        device.token_set.create(token=kept(code, device.name))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def kept(code: str, name: str) -> str:
    """What is kept of a code whose device has a name: 80 bits of its hash, in sixteen letters and figures."""
    _, rounds, salt = name.split("$")
    digest = hashlib.pbkdf2_hmac("sha256", code.encode(), bytes.fromhex(salt), int(rounds), dklen=10)
    return base64.b32encode(digest).decode().lower()


def is_required_of(user: User) -> bool:
    """Whether somebody must give a second factor before they may do what it guards."""
    if settings.SECOND_FACTOR == "everyone":
        return True
    return settings.SECOND_FACTOR == "approvers" and (user.is_superuser or Role.APPROVER in roles_held(user))


def is_missing(user: User) -> bool:
    """Whether a second factor is required of somebody who did not give one when this session began."""
    return not user.is_verified() and is_required_of(user)  # type: ignore[attr-defined]


def limited(user: User | AnonymousUser) -> User | AnonymousUser:
    """The user of a session, with the roles withheld that take a second factor where it was not given."""
    if settings.SECOND_FACTOR == "optional" or not user.is_authenticated:
        return user
    if not user.is_verified():  # type: ignore[attr-defined]
        withheld = set(Role) if settings.SECOND_FACTOR == "everyone" else {Role.APPROVER}
        user.credential = UnverifiedSession(frozenset(withheld))  # type: ignore[attr-defined]
    return user


def app_of(user: User) -> TOTPDevice | None:
    """The authenticator app that somebody has set up."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def codes_left(user: User) -> int:
    """Count the unused recovery codes of a person."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user, confirmed=True))


@transaction.atomic
def new_app(user: User) -> TOTPDevice:
    """The app that somebody is setting up, with a secret of its own; the same one until it is confirmed, so that a page
    loaded again does not spoil what the app has read already."""
    waiting = TOTPDevice.objects.select_for_update(no_key=True).filter(user=user, confirmed=False).first()
    return waiting or TOTPDevice.objects.create(user=user, name="Authenticator app", confirmed=False)


def secret_of(app: TOTPDevice) -> str:
    """The secret of an app as people type it: groups of four letters and figures."""
    text = base64.b32encode(app.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture_of(app: TOTPDevice) -> str:
    """The picture that an authenticator app reads, as the address of an image that holds it."""
    return str(segno.make(app.config_url, error="m").svg_data_uri(scale=5, border=4, light="#fff"))


@transaction.atomic
def turn_on(*, user: User, code: str, by: str, request: HttpRequest) -> tuple[TOTPDevice, list[str]] | None:
    """Set up the app that somebody has read the secret of, once it shows the right code; with the recovery codes, which
    are shown this once. Their other sessions end: these were begun without it. None for a wrong code."""
    app = TOTPDevice.objects.select_for_update(no_key=True).filter(user=user, confirmed=False).first()
    if app is None or not app.verify_token(plain(code)):
        return None
    TOTPDevice.objects.filter(user=user).exclude(pk=app.pk).delete()
    app.confirmed = True
    app.save()
    codes = renew(user)
    sessions.end(user=user, began=None, by=by, keep=request.session.session_key, request=request)
    security.record("second-factor-on", subject=user.get_username(), by=by, request=request)
    return app, codes


@transaction.atomic
def renew_codes(*, user: User, by: str, request: HttpRequest) -> list[str]:
    """New recovery codes in the place of those there were."""
    codes = renew(user)
    security.record("new-recovery-codes", subject=user.get_username(), by=by, request=request)
    return codes


@transaction.atomic
def turn_off(*, user: User, by: str, request: HttpRequest | None = None) -> bool:
    """Forget a person's app and recovery codes. Tells whether there were any."""
    there = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    if there:
        security.record("second-factor-off", subject=user.get_username(), by=by, request=request)
    return there


def matched(user: User, code: str) -> Device | None:
    """What a code comes from: the app or the recovery codes of somebody. None for a wrong code, or within the wait
    after a wrong one, which doubles with each. No code is good twice, also not for two requests at once."""
    text = plain(code)
    kind = TOTPDevice if text.isdigit() else StaticDevice
    with transaction.atomic():
        device = kind.objects.select_for_update(no_key=True).filter(user=user, confirmed=True).first()
        if isinstance(device, StaticDevice):
            text = kept(text, device.name)
        return device if device is not None and device.verify_token(text) else None


def plain(code: str) -> str:
    """A code without what people put between its parts."""
    return "".join(code.split()).replace("-", "").lower()


def forget_waits(user: User) -> None:
    """Let somebody try codes again at once."""
    for kind in (TOTPDevice, StaticDevice):
        for device in kind.objects.filter(user=user):
            device.throttle_reset()
