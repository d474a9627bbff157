"""Locks against guessing: of one name from one address, and of an address that fails on many names.

The second is short and asks for many failures, for a whole office may share an address. It counts what was tried and
not what succeeded: whoever has an account cannot wipe their failures off by signing in to it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from pcorg.core.accounts import security

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)
"""What the text that browsers send about themselves holds, the more telling first, and how people call it."""


def client_address(request: HttpRequest) -> str:
    """The address a request came from, found as the API's throttles find it: that of the connection, or,
    behind `PCORG_PROXY_COUNT` proxies, the one that the outermost of them wrote into `X-Forwarded-For`.

    What stands further left in that header was written by the client and is not believed.
    """
    connected: str = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if not settings.PROXY_COUNT or not forwarded:
        return connected
    return forwarded[-min(settings.PROXY_COUNT, len(forwarded))]


def counted_address(request: HttpRequest) -> str | None:
    """The address that failures are counted under. One line of the internet's version 6 has 2^64 addresses: they count
    as one. None for what is no address."""
    try:
        address = ipaddress.ip_address(client_address(request).partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def browser_of(request: HttpRequest) -> str:
    """What sent a request, in plain words, as far as it says so itself: "Firefox on Windows"."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "An unknown browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


log = structlog.get_logger("pcorg.accounts")
BRIEFLY = 50
"""Milliseconds that such a write waits for another writer."""


def write_unless_locked(write: Callable[[], object]) -> bool:
    """Write something that is good to know and no more, such as when a session was last used. Where another writer is
    at work for longer than a moment, or the disk can only be read, it is left out: reading goes on. Tells whether it
    was written."""
    sqlite = connection.vendor == "sqlite"
    try:
        if sqlite:
            _wait(BRIEFLY)
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = {BRIEFLY}")
            write()
    except DatabaseError as error:
        log.debug("left-out", why=type(error).__name__)
        return False
    finally:
        if sqlite:
            _wait(1000 * settings.DATABASES["default"]["OPTIONS"]["timeout"])
    return True


def _wait(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")


KEPT = timedelta(days=1)
"""How long failures are kept: longer than any lock looks back."""


class Locks(AxesDatabaseHandler):
    """The locks of django-axes, and that of addresses. What is tried during a lock neither counts nor prolongs it."""

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        if self._address_failed_often(request):
            request.locked_by_address = True  # type: ignore[attr-defined]
            return True
        return bool(super().is_locked(request, credentials))

    def user_login_failed(
        self, sender: Any, credentials: dict, request: HttpRequest | None = None, **more: Any
    ) -> None:
        """Count a failure and tell of it; the lock too, where this failure is the one that locks."""
        before = bool(request is not None and getattr(request, "axes_locked_out", False))
        super().user_login_failed(sender, credentials, request, **more)
        if request is None:
            return
        username = credentials.get("username")
        if before:
            security.warn("sign-in-refused-by-lock", subject=security.known(username), request=request)
            return
        AccessFailureLog.objects.filter(attempt_time__lt=timezone.now() - KEPT).delete()
        security.warn_of_failure("sign-in-failed", username=username, request=request)
        if request.axes_locked_out:  # type: ignore[attr-defined]
            security.warn_of_failure("account-locked", username=username, request=request)
        elif self._address_failed_often(request):
            request.axes_locked_out = request.locked_by_address = True  # type: ignore[attr-defined]
            security.warn_of_address("address-locked", request=request)

    def _address_failed_often(self, request: HttpRequest) -> bool:
        address = request.axes_ip_address  # type: ignore[attr-defined]
        since = timezone.now() - settings.ADDRESS_WINDOW
        failed = AccessFailureLog.objects.filter(ip_address=address, attempt_time__gt=since, locked_out=False)
        return bool(address) and failed.count() >= settings.ADDRESS_FAILURE_LIMIT


def count_failure(request: HttpRequest, *, username: str) -> None:
    """Count a wrong code at the second step as a failed sign-in of its name."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
