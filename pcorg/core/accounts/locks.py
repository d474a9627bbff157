"""Locks against guessing: of one name from one address, and of an address that fails on many names.

The second is short and asks for many failures, for a whole office may share an address. It counts what was tried and
not what succeeded: whoever has an account cannot wipe their failures off by signing in to it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from pcorg.core.accounts import security

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
