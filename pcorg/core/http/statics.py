"""Headers of the static files, which are answered before any middleware of ours. Settings name this module: it imports
nothing of Django."""

from __future__ import annotations

from wsgiref.headers import Headers

SAME_ORIGIN = "same-origin"
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of what is no page: opened by itself it loads nothing, runs nothing and is framed by nobody."""


def on_static_files(headers: Headers, path: str, url: str) -> None:
    """Only pages of ours may embed them."""
    headers["Cross-Origin-Resource-Policy"] = SAME_ORIGIN
    headers["Content-Security-Policy"] = NOTHING
    headers["X-Frame-Options"] = "DENY"
