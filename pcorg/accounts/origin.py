"""Where a request came from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


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
