"""Recovery codes of the second factor. They are short enough to be typed, so they are kept as passwords are: hashed
slowly, with random salt. The library keeps sixteen characters of each, and finds them by these; how they were hashed
stands in the name of their device: "Recovery codes pbkdf2_sha256$ROUNDS$SALT"."""

from __future__ import annotations

import base64
import hashlib
import secrets

from django.contrib.auth.models import User
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice

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
