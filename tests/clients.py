"""Clients of the API as tests use them, and people as the actions know them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from rest_framework.test import APIClient

from pcorg.policies import Actor

OF_A_CHANGE = re.compile(r"/api/v1/(?:changes|transitions|mergers)/\d+/")
NAMED_BY = {"headers", "HTTP_IF_MATCH"}


class SeeingClient(APIClient):
    """A client that reads a change before it writes to it, and says so with `If-Match`, as a good client does; a test
    that names the header itself is left alone. `headers={}` sends none."""

    def generic(self, method: str, path: str, *args: Any, **extra: Any) -> Any:
        found = OF_A_CHANGE.match(path)
        if found and method not in {"GET", "HEAD", "OPTIONS"} and not NAMED_BY & extra.keys():
            seen = self.get(found[0])
            if seen.status_code == 200:
                extra["headers"] = {"If-Match": seen["ETag"]}
        return super().generic(method, path, *args, **extra)


def known(by: Actor) -> Actor:
    """An actor with the id of the user of that name, where there is one."""
    held = User.objects.filter(username=by.name).values_list("pk", flat=True).first()
    return replace(by, id=held)
