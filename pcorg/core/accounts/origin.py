"""Where a request came from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

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
    said = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if mark in said), "An unknown browser")
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    return f"{browser} on {system}" if system else browser
