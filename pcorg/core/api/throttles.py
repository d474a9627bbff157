"""Fair use: so many requests a minute, counted in fixed windows at the cost of one cache increment each."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest
from rest_framework import throttling
from rest_framework.request import Request


class _FixedWindow(throttling.SimpleRateThrottle):
    """Counts requests of one reader in windows of the rate's length. A library throttle keeps the time of
    every request, which at a generous rate costs more than answering."""

    duration: int
    num_requests: int

    def allow_request(self, request: Request | HttpRequest, view: Any) -> bool:
        if self.rate is None:
            return True
        key = self.get_cache_key(request, view)  # type: ignore[arg-type]  # what it asks for, both have
        if key is None:
            return True
        window, passed = divmod(self.timer(), self.duration)
        self.left = self.duration - passed
        counter = f"{key}:{int(window)}"
        if self.cache.add(counter, 1, timeout=self.duration + 1):
            return True
        try:
            return self.cache.incr(counter) <= self.num_requests
        except ValueError:  # it ran out between the two calls: a new window
            return True

    def timer(self) -> float:
        """The time of day in seconds."""
        return time.time()

    def wait(self) -> float:
        """Seconds to the end of the window."""
        return self.left


class Anonymous(_FixedWindow, throttling.AnonRateThrottle):
    """Readers who are not signed in, by address."""


class SignedIn(_FixedWindow, throttling.UserRateThrottle):
    """Signed-in users, by user."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


PAGES: tuple[type[_FixedWindow], ...] = (Anonymous, SignedIn)
"""What counts requests for pages: they and the API's come out of one allowance."""


class WholeFiles(_FixedWindow, throttling.UserRateThrottle):
    """Files that are made whole before they are sent, such as workbooks: a large one takes the server many seconds. By
    user, or by address where nobody is signed in."""

    scope = "files"
