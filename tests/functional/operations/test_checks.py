"""The system checks, and the two profiles of the settings."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from pcorg.core import checks

ROOT = Path(settings.BASE_DIR)
VARIABLES = (
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "PCORG_ROBUST_FROM",
    "PCORG_LEANING_FROM",
    "PCORG_PROFILE",
    "SECRET_KEY",
    "DATABASE_URL",
    "ALLOWED_HOSTS",
    "PCORG_PROXY_COUNT",
    "CACHE_URL",
)


SECRETS = {
    "SECRET_KEY": "SECRET_KEY",
    "SECRET_KEY_FALLBACKS": "SECRET_KEY_FALLBACKS",
    "PCORG_ANCHOR_KEY": "ANCHOR_KEY",
    "PCORG_ANCHOR_KEY_FALLBACKS": "ANCHOR_KEY_FALLBACKS",
    "DATABASE_URL": "DATABASES",
    "CACHE_URL": "CACHES",
    "EMAIL_HOST_PASSWORD": "EMAIL_HOST_PASSWORD",
    "PCORG_METRICS_TOKEN": "METRICS_TOKEN",
}
"""Variables that hold secrets, and the settings they become."""


def settings_of(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The settings as they are worked out in an environment."""
    with monkeypatch.context() as patched, patch.dict(sys.modules):
        for name in (*VARIABLES, *SECRETS, *(f"{name}_FILE" for name in SECRETS)):
            patched.delenv(name, raising=False)
        for name, value in environment.items():
            patched.setenv(name, value)
        for name in [name for name in sys.modules if name.startswith("pcorg.settings")]:
            del sys.modules[name]
        return vars(importlib.import_module("pcorg.settings"))


def postgres(host: str, **options: str) -> dict[str, Any]:
    """A database of PostgreSQL as settings describe one."""
    return {"ENGINE": "django.db.backends.postgresql", "HOST": host, "OPTIONS": options}


def test_nothing_is_wrong_here() -> None:
    assert [str(fault) for fault in run_checks() if fault.level >= 30] == []


def test_sqlite_without_its_options_is_refused() -> None:
    assert [fault.id for fault in checks._sqlite_faults("default", {})] == ["pcorg.E001", "pcorg.E002"]
    good = {"transaction_mode": "IMMEDIATE", "init_command": "pragma journal_mode = wal"}
    assert list(checks._sqlite_faults("default", good)) == []


def test_psycopg_3_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.util, "find_spec", lambda name: object())

    assert [fault.id for fault in checks.psycopg_3_is_absent()] == ["pcorg.E003"]


def test_half_an_update_of_the_design_system_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.metadata, "version", lambda name: "0.11.0")

    (fault,) = checks.design_system_agrees()

    assert fault.id == "pcorg.E004"
    assert "0.11.0" in fault.msg


def test_the_lock_file_holds_the_design_system_that_was_asked_for() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())

    assert lock["packages"]["node_modules/nhsuk-frontend"]["version"] == checks.DESIGN_SYSTEM["nhsuk-frontend"]


@pytest.mark.parametrize(
    ("profile", "hosts", "found"),
    [
        ("production", [], ["pcorg.E005"]),
        ("production", ["*"], ["pcorg.W001"]),
        ("production", ["pcorg.example"], []),
        ("local", [], []),
    ],
)
def test_production_names_its_hosts(settings: Any, profile: str, hosts: list[str], found: list[str]) -> None:
    settings.PROFILE, settings.ALLOWED_HOSTS = profile, hosts

    assert [fault.id for fault in checks.production_names_its_hosts()] == found


def test_the_local_profile_serves_plain_http_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    local = settings_of(monkeypatch, SECRET_KEY="local")

    assert not local["DEBUG"]
    assert set(local["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost", "[::1]", "testserver"}
    assert "SECURE_SSL_REDIRECT" not in local
    assert local["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_the_production_profile_insists_on_https(monkeypatch: pytest.MonkeyPatch) -> None:
    production = settings_of(
        monkeypatch, PCORG_PROFILE="production", SECRET_KEY="k", ALLOWED_HOSTS="a.example, b.example"
    )

    assert not production["DEBUG"]
    assert production["ALLOWED_HOSTS"] == ["a.example", "b.example"]
    assert production["SECURE_SSL_REDIRECT"]
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production["SESSION_COOKIE_SECURE"]
    assert production["CSRF_COOKIE_SECURE"]
    assert production["SECURE_PROXY_SSL_HEADER"] is None  # nobody's header is believed without a proxy


def test_a_proxy_s_word_on_https_is_taken_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    behind = settings_of(
        monkeypatch,
        PCORG_PROFILE="production",
        SECRET_KEY="k",
        ALLOWED_HOSTS="a.example",
        PCORG_PROXY_COUNT="1",
    )

    assert behind["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert behind["REST_FRAMEWORK"]["NUM_PROXIES"] == 1


def test_production_makes_up_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        settings_of(monkeypatch, PCORG_PROFILE="production", ALLOWED_HOSTS="a.example")


def test_former_keys_are_still_good(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_of(monkeypatch, SECRET_KEY="new", SECRET_KEY_FALLBACKS="old, older")

    assert (found["SECRET_KEY"], found["SECRET_KEY_FALLBACKS"]) == ("new", ["old", "older"])
    assert settings_of(monkeypatch, SECRET_KEY="new")["SECRET_KEY_FALLBACKS"] == []


@pytest.mark.django_db
def test_what_a_former_key_signed_holds_until_it_is_taken_out(commissioner: User, settings: Settings) -> None:
    settings.SECRET_KEY = "the former key"
    client = Client()
    client.force_login(commissioner, backend="django.contrib.auth.backends.ModelBackend")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new key", ["the former key"]
    assert client.get("/account/").status_code == 200
    other = Client()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the former key", []
    other.force_login(commissioner, backend="django.contrib.auth.backends.ModelBackend")
    settings.SECRET_KEY = "the new key"
    assert other.get("/account/").status_code == 302


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("postgres://p@db.example/pcorg\n")
    given = {} if name == "SECRET_KEY" else {"SECRET_KEY": "k"}

    found = settings_of(monkeypatch, **given, **{f"{name}_FILE": str(file)})

    assert "db.example" in str([found[SECRETS[name]]])
    with pytest.raises(ImproperlyConfigured, match=f"{name}_FILE, not both"):
        settings_of(monkeypatch, **given, **{name: "x", f"{name}_FILE": str(file)})
    with pytest.raises(ImproperlyConfigured, match=f"{name}_FILE cannot be read: FileNotFoundError"):
        settings_of(monkeypatch, **given, **{f"{name}_FILE": str(tmp_path / "none")})


def test_an_unknown_profile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="PCORG_PROFILE"):
        settings_of(monkeypatch, PCORG_PROFILE="staging")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"PCORG_ROBUST_FROM": "80%"}, "PCORG_ROBUST_FROM must be a number from 0 to 1, not '80%'"),
        ({"PCORG_LEANING_FROM": "1.5"}, "PCORG_LEANING_FROM must be a number from 0 to 1"),
        ({"PCORG_LEANING_FROM": "nan"}, "PCORG_LEANING_FROM must be a number from 0 to 1"),
        ({"PCORG_LEANING_FROM": "0.9"}, "must not be above PCORG_ROBUST_FROM"),
    ],
)
def test_lines_of_the_answer_that_cannot_be_are_refused(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], told: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=told):
        settings_of(monkeypatch, **given)


def test_postgresql_keeps_its_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    database = settings_of(monkeypatch, SECRET_KEY="k", DATABASE_URL="postgres://p@db.example/pcorg")["DATABASES"][
        "default"
    ]

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["CONN_MAX_AGE"] == 600
    assert database["CONN_HEALTH_CHECKS"]
    assert "transaction_mode" not in database.get("OPTIONS", {})


@pytest.mark.parametrize(
    ("set_to", "found"),
    [
        ({}, []),
        ({"DATABASES": {"default": postgres("db.example")}}, ["pcorg.W002"]),
        ({"DATABASES": {"default": postgres("db.example", sslmode="require")}}, ["pcorg.W002"]),
        ({"DATABASES": {"default": postgres("db.example", sslmode="verify-full")}}, []),
        *(({"DATABASES": {"default": postgres(host)}}, []) for host in ("", "127.0.0.1", "::1", "localhost", "/run")),
        ({"CACHE_URL": "redis://10.0.0.7:6379/0"}, ["pcorg.W003"]),
        ({"CACHE_URL": "redis://127.0.0.1:6379/0"}, []),
        ({"CACHE_URL": "rediss://10.0.0.7:6379/0"}, []),
        ({"EMAIL_HOST": "mail.example", "EMAIL_USE_TLS": False}, ["pcorg.W004"]),
        ({"EMAIL_HOST": "mail.example", "EMAIL_USE_TLS": True}, []),
        ({"EMAIL_HOST": "localhost", "EMAIL_USE_TLS": False}, []),
    ],
)
def test_what_leaves_the_machine_without_encryption_is_told(
    monkeypatch: pytest.MonkeyPatch, set_to: dict[str, Any], found: list[str]
) -> None:
    plain = {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}, "CACHE_URL": "", "EMAIL_HOST": ""}
    safe = {"EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**(plain | safe | set_to)))

    assert [fault.id for fault in checks.what_leaves_the_machine_is_encrypted()] == found


@pytest.mark.exhaustive
def test_the_deployment_checks_are_clean_in_production(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= {
        "PCORG_PROFILE": "production",
        "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ALLOWED_HOSTS": "pcorg.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "DJANGO_SETTINGS_MODULE": "pcorg.settings",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
