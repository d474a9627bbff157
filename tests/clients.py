"""Clients of the API as tests use them, and people as the actions know them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from pcorg.core.policies import Actor

OF_ONE_THING = re.compile(r"/api/v1/(?:changes|transitions|mergers|assessments|dispersals|arm-plans|jobs)/\d+/")
NAMED_BY = {"headers", "HTTP_IF_MATCH"}


class SeeingClient(APIClient):
    """A client that reads a thing before it writes to it, and says so with `If-Match`, as a good client does; a test
    that names the header itself is left alone. `headers={}` sends none."""

    def generic(self, method: str, path: str, *args: Any, **extra: Any) -> Any:
        found = OF_ONE_THING.match(path)
        if found and method not in {"GET", "HEAD", "OPTIONS"} and not NAMED_BY & extra.keys():
            seen = self.get(found[0])
            if seen.status_code == 200:
                extra["headers"] = {"If-Match": seen["ETag"]}
        return super().generic(method, path, *args, **extra)


WITH_A_FORM = re.compile(r"(/(?:assessments|dispersals)/\d+/)(edit/|terms/|judge/|following/)?")
VERSION = re.compile(r'name="version" value="(\d+)"')


class SeeingPages(Client):
    """The pages as somebody uses them who opens the page of a form before sending it, which then says the version that
    was seen. A test that says one itself is left alone."""

    def post(self, path: str, data: Any = None, *args: Any, **extra: Any) -> Any:  # type: ignore[override]
        found = WITH_A_FORM.match(path)
        if found and "version" not in (data or {}):
            shown = VERSION.search(self.get(found[0]).content.decode())
            data = dict(data or {}) | ({"version": shown[1]} if shown else {})
        return super().post(path, data, *args, **extra)


def known(by: Actor) -> Actor:
    """An actor with the id of the user of that name, where there is one."""
    held = User.objects.filter(username=by.name).values_list("pk", flat=True).first()
    return replace(by, id=held)
