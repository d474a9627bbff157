"""Conditional reads: an answer a reader holds already is not made again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from rest_framework.request import Request

from pcorg.core.api.problems import ApiProblem, NotModified
from pcorg.core.audit.kinds import ALL, Kinds
from pcorg.core.audit.memory import version
from pcorg.core.caching import BUILD, BUILT_AT


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one state of an answer from another: a tag and the moment of the last write. An answer to somebody
    who is signed in is `private`: no cache keeps it."""

    etag: str
    modified: datetime | None
    private: bool = False

    def check(self, request: Request, *, existing: bool) -> None:
        """Raises NotModified where the reader holds this state, a 412 problem where it insists on another. Until it is
        known that there is something (`existing`), only a tag tells that: no state of nothing was ever given out."""
        if not existing and not (_tags(request, "If-None-Match") or "If-Match" in request.headers):
            return
        seconds = int(self.modified.timestamp()) if self.modified else None
        found = get_conditional_response(request._request, etag=self.etag, last_modified=seconds)
        if found is None:
            return
        if found.status_code == 304:
            raise NotModified
        raise ApiProblem(412, "The data have changed since the state you name; reads have weak tags.")

    def mark(self, response: HttpResponseBase) -> None:
        """Write them on an answer."""
        response["ETag"] = self.etag
        if self.modified:
            response["Last-Modified"] = http_date(self.modified.timestamp())
        response["Cache-Control"] = "no-store" if self.private else "no-cache"
        patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))


def _tags(request: Request, header: str) -> bool:
    """Whether a header names states, and not just any (`*`)."""
    return request.headers.get(header, "*").strip() != "*"


def validators_of(request: Request, *, form: str, rests_on: Kinds = ALL) -> Validators:
    """The validators of a read. They change with the data it rests on, the build of the code, the address asked for,
    the form of answer, and the reader where one is signed in."""
    digest, written = version(rests_on)
    modified = max(written, BUILT_AT) if written else None
    user = request.user.pk if request.user and request.user.is_authenticated else ""
    parts = (digest, BUILD, request.build_absolute_uri(), form, str(user))
    tag = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return Validators(f'W/"{tag}"', modified, private=bool(user))
