"""Conditional reads: an answer a reader holds already is not made again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from rest_framework.request import Request

from pcorg.api.problems import NotModified, Problem
from pcorg.audit.memory import version


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one state of an answer from another: a tag and the moment of the last write. An answer to somebody
    who is signed in is `private`: no shared cache keeps it."""

    etag: str
    modified: datetime | None
    private: bool = False

    def check(self, request: Request) -> None:
        """Raises NotModified where the reader holds this state, a 412 problem where it insists on another."""
        seconds = int(self.modified.timestamp()) if self.modified else None
        found = get_conditional_response(request._request, etag=self.etag, last_modified=seconds)
        if found is None:
            return
        if found.status_code == 304:
            raise NotModified
        raise Problem(412, "The data have changed since the state you name; reads have weak tags.")

    def mark(self, response: HttpResponseBase) -> None:
        """Write them on an answer."""
        response["ETag"] = self.etag
        if self.modified:
            response["Last-Modified"] = http_date(self.modified.timestamp())
        response["Cache-Control"] = "private, no-cache" if self.private else "no-cache"
        patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))


def validators_of(request: Request, *, form: str) -> Validators:
    """The validators of a read. They change with the data, the product's version, the address asked for,
    the form of answer, and the reader where one is signed in."""
    digest, modified = version()
    user = request.user.pk if request.user and request.user.is_authenticated else ""
    parts = (digest, settings.VERSION, request.build_absolute_uri(), form, str(user))
    tag = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return Validators(f'W/"{tag}"', modified, private=bool(user))
