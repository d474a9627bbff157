"""Tokens from before they had names and scopes go on as they were, with an end within a year; recovery codes go on that
were kept as they are."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from knox.models import AuthToken

from pcorg.core.accounts import second_factor
from pcorg.core.accounts.models import TokenDetails

pytestmark = pytest.mark.django_db

migration = import_module("pcorg.core.accounts.migrations.0002_accounts_kept")
hashing = import_module("pcorg.core.accounts.migrations.0003_recovery_codes_hashed")
YEAR = timedelta(days=365)


def test_tokens_made_before_are_carried(commissioner: User) -> None:
    lives = {"short": timedelta(days=30), "long": timedelta(days=3650), "endless": None}
    made = {name: AuthToken.objects.create(user=commissioner, expiry=life)[0].pk for name, life in lives.items()}

    migration.keep_tokens(apps, SimpleNamespace(connection=connection))

    ends = {name: AuthToken.objects.get(pk=key).expiry - timezone.now() for name, key in made.items()}
    assert ends["short"] <= timedelta(days=30)
    assert YEAR - timedelta(minutes=5) < ends["long"] <= YEAR
    assert YEAR - timedelta(minutes=5) < ends["endless"] <= YEAR
    assert set(TokenDetails.objects.values_list("token", "scope")) == {(key, "all") for key in made.values()}


def test_recovery_codes_on_paper_go_on_working_and_are_kept_hashed(
    commissioner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "ROUNDS", 2)
    device = StaticDevice.objects.create(user=commissioner, name="Recovery codes")
    for code in ("abcdefghjk", "mnpqrstuvw"):
        device.token_set.create(token=code)

    for _ in range(2):  # again does no harm
        hashing.hash_codes(apps, SimpleNamespace(connection=connection))

    assert not device.token_set.filter(token__in=["abcdefghjk", "mnpqrstuvw"]).exists()
    assert second_factor.matched(commissioner, "ABCDE-fghjk") == device
    assert second_factor.matched(commissioner, "ABCDE-fghjk") is None
    assert device.token_set.count() == 1
