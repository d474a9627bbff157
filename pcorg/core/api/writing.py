"""Writes: who may, once for a key, and only upon the state the client has seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

import orjson
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from pcorg.core.api.content import as_json
from pcorg.core.api.problems import ApiProblem, Fault, ProblemCode
from pcorg.core.idempotency import keys
from pcorg.core.policies import Permission

KEY = "Idempotency-Key"
KEPT_HEADERS = ("Location", "ETag")
ETAGS = r'^(W/)?"[^"]+"( *, *(W/)?"[^"]+")*$'
"""The pattern of If-Match as clients are to write it: one ETag or several."""
ETAG = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|$)')


class Writing:
    """What a view needs that writes. `permissions` says what each of its actions is to the policies,
    `upon_a_version` which of them act upon one thing and want the version that was seen (`states_seen`), and
    `may_name_a_version` which take it where it is given."""

    permissions: ClassVar[Mapping[str, Permission]] = {}
    needs_version: ClassVar[frozenset[str]] = frozenset()
    may_name_a_version: ClassVar[frozenset[str]] = frozenset()

    def carried_out(self, request: Request, write: Callable[[], Response]) -> HttpResponse:
        """Carry out a write, once for its `Idempotency-Key` where one is given.

        Raises Problem for a key that is malformed or was sent with another request. What a database refuses because
        somebody else was faster is answered as a conflict, as anywhere in the API.
        """
        key = request.headers.get(KEY)
        return write() if key is None else _once(request, key, self.sent(request), write)

    def sent(self, request: Request) -> bytes:
        """The body of a request as bytes that tell it from another."""
        return orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)


def _once(request: Request, key: str, request_digest: bytes, write: Callable[[], Response]) -> HttpResponse:
    if not (0 < len(key) <= keys.LONGEST_KEY and key.isascii() and key.isprintable()):
        detail = f"An {KEY} has 1 to {keys.LONGEST_KEY} printable ASCII characters."
        raise ApiProblem(400, faults=[Fault(ProblemCode.INVALID, detail)])

    def answered() -> keys.StoredAnswer:
        response = write()
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        return keys.StoredAnswer(response.status_code, as_json(response.data).decode(), headers)

    fingerprint = keys.fingerprint_of(str(request.method).encode(), request.get_full_path().encode(), request_digest)
    owner = request.user.get_username()
    try:
        answer, kept = keys.once(owner=owner, key=key, fingerprint=fingerprint, write=answered)
    except keys.Reused:
        detail = f"This {KEY} was sent before with another request; a new request takes a new key."
        raise ApiProblem(409, detail) from None
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json", headers=answer.headers)
    if kept:
        response["Idempotency-Replayed"] = "true"
    return response


def states_named(request: Request) -> set[str] | None:
    """The strong tags that `If-Match` names; None where the header is absent or takes any state. A malformed header
    names no state, so that nothing matches it."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    return {tag for weak, tag in ETAG.findall(header) if not weak}


def states_expected(request: Request) -> set[str]:
    """The strong tags that `If-Match` names, where a write needs them. Raises a 428 problem where none is named: `*`
    takes any state, and so tells of none that was seen."""
    named = states_named(request)
    if named is None:
        raise ApiProblem(428, "Send the ETag of the version you have seen as If-Match; read the record to have it.")
    return named
