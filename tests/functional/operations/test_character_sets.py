"""All text is UTF-8, whatever character set a request names."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from pcorg.wsgi import application


@pytest.fixture
def connection_kept(db: None) -> Iterator[None]:
    """A request closes old connections, that of the test among them; as Django's test client does, it is kept."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("connection_kept")
@pytest.mark.parametrize("charset", ["rot13", "idna", "hex", "utf-16", '"rot13"', "nonsense", "utf-8", ""])
@pytest.mark.parametrize("path", ["/health/", "/nowhere/", "/api/v1/nowhere/"])
def test_a_character_set_that_decodes_nothing_fails_no_request(path: str, charset: str) -> None:
    environ = RequestFactory().get(f"{path}?q=%C3%A9").environ
    environ |= {"CONTENT_TYPE": f"text/html; Charset={charset}; other=1", "wsgi.input": BytesIO()}
    told: list[str] = []
    body = b"".join(application(environ, lambda status, headers: told.append(status)))
    assert told == ["200 OK" if path == "/health/" else "404 Not Found"]
    assert body
    assert environ["CONTENT_TYPE"] == "text/html; other=1"
