"""Django system checks of what must hold before the product starts; `manage.py check` lists what fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import metadata, util
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

DESIGN_SYSTEM = {"nhsuk-frontend": "10.6.1", "nhsuk-frontend-jinja": "0.10.2"}
"""The packages of style sheet and components that go together, by the table in the latter's README."""


@register(Tags.database)
def sqlite_is_set_up_for_writers(**_: Any) -> Iterator[CheckMessage]:
    """SQLite keeps a write-ahead log, so that readers do not wait for a writer, and takes the write lock when
    a transaction begins, so that writers queue instead of failing half-way."""
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"] == "django.db.backends.sqlite3":
            yield from _sqlite_faults(alias, database.get("OPTIONS", {}))


def _sqlite_faults(alias: str, options: dict[str, Any]) -> Iterator[CheckMessage]:
    if options.get("transaction_mode") != "IMMEDIATE":
        yield Error(
            f"SQLite database {alias!r} does not begin its transactions with the write lock.",
            hint='Set OPTIONS["transaction_mode"] to "IMMEDIATE", after the parsing of DATABASE_URL.',
            id="pcorg.E001",
        )
    if "journal_mode=wal" not in options.get("init_command", "").lower().replace(" ", ""):
        yield Error(
            f"SQLite database {alias!r} keeps no write-ahead log.",
            hint='Begin OPTIONS["init_command"] with "PRAGMA journal_mode=WAL;".',
            id="pcorg.E002",
        )


@register(Tags.compatibility)
def psycopg_3_is_absent(**_: Any) -> Iterator[CheckMessage]:
    """Django prefers psycopg 3 to psycopg2 without saying so, and loading portfolios relies on psycopg2."""
    if util.find_spec("psycopg") is not None:
        yield Error(
            "psycopg 3 is installed: Django would use it instead of psycopg2.",
            hint="Find who wants it (pip show psycopg) and uninstall it.",
            id="pcorg.E003",
        )


@register(Tags.compatibility)
def design_system_agrees(**_: Any) -> Iterator[CheckMessage]:
    """The style sheet and the page components of the design system are of versions that go together."""
    expected = json.loads((settings.SHIPPED / "package.json").read_text())["dependencies"]["nhsuk-frontend"]
    found = {"nhsuk-frontend": expected, "nhsuk-frontend-jinja": metadata.version("nhsuk-frontend-jinja")}
    if found != DESIGN_SYSTEM:
        yield Error(
            f"The design system's packages do not go together: {found}, where {DESIGN_SYSTEM} was tested.",
            hint="Move both to a pair of the table in the README of nhsuk-frontend-jinja; then say so in "
            "pcorg/core/checks.py.",
            id="pcorg.E004",
        )


@register(Tags.security)
def production_names_its_hosts(**_: Any) -> Iterator[CheckMessage]:
    """In production the hosts the site answers for are named: none means every request fails, `*` that links
    may be made to point anywhere."""
    if settings.PROFILE != "production":
        return
    if not settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS is empty: every request would be refused.",
            hint="Set ALLOWED_HOSTS to the site's names, separated by commas.",
            id="pcorg.E005",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Warning(
            "ALLOWED_HOSTS lets every name in.",
            hint="Name the site's own names, separated by commas.",
            id="pcorg.W001",
        )


@register(Tags.security, deploy=True)
def what_leaves_the_machine_is_encrypted(**_: Any) -> Iterator[CheckMessage]:
    """Connections to a database, a cache or a mail server on another machine are encrypted, and the other side shows by
    a certificate that it is the one meant."""
    for alias, database in settings.DATABASES.items():
        safe = database.get("OPTIONS", {}).get("sslmode") == "verify-full"
        if database["ENGINE"].endswith("postgresql") and not safe and is_elsewhere(database.get("HOST", "")):
            yield Warning(
                f"PostgreSQL ({alias!r}) is on another machine, and who answers there need not show who it is.",
                hint="Add ?sslmode=verify-full&sslrootcert=/path/of/the/authority.pem to DATABASE_URL.",
                id="pcorg.W002",
            )
    cache = urlsplit(settings.CACHE_URL)
    if cache.scheme == "redis" and is_elsewhere(cache.hostname or ""):
        yield Warning(
            "The cache is on another machine and is reached without encryption.",
            hint="Begin CACHE_URL with rediss://.",
            id="pcorg.W003",
        )
    encrypts = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if settings.EMAIL_HOST and not encrypts and is_elsewhere(settings.EMAIL_HOST):
        yield Warning(
            "The mail server is on another machine and is reached without encryption: letters carry codes.",
            hint="Set EMAIL_SECURITY to starttls or tls.",
            id="pcorg.W004",
        )


def is_elsewhere(host: str) -> bool:
    """Whether a host is another machine, as far as its name tells: not none, a socket in a folder, or the loopback."""
    if not host or host.startswith("/") or host == "localhost":
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True
