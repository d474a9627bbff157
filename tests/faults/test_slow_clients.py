"""Clients that send or read slowly, or not at all, take nothing from those who read; and each is cut off in the end."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.databases import Content, copied
from tests.faults.server import PATIENCE, Drip, Server, closed, serving, until

pytestmark = pytest.mark.faults

SLOW = 200
LIMITS = {
    "PCORG_SERVE_IDLE": "4",
    "PCORG_SERVE_HEADERS": "3",
    "PCORG_SERVE_BODY": "3",
    "PCORG_SERVE_ANSWER": "3",
    "PCORG_SERVE_ANSWER_RATE": "1000000",
    "PCORG_SERVE_HELD": "3",
}
"""As in production, in a tenth of the time."""
READS = ("/api/v1/forms/", "/api/v1/organisations/?page_size=5", "/glossary/")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product, with deadlines that a test can wait for."""
    with (
        copied(Content.WHOLE, "slow") as url,
        serving(url, tmp_path_factory.mktemp("served") / "log", **LIMITS) as found,
    ):
        yield found


def test_readers_go_on_while_two_hundred_connections_send_a_byte_now_and_then(server: Server) -> None:
    connections = []
    for number in range(SLOW):
        each = server.connect()
        if number % 2:
            each.sendall(b"POST /api/v1/changes/preview/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
                         b'Content-Type: application/json\r\n\r\n{"kind": "')  # fmt: skip
        else:
            each.sendall(b"GET /api/v1/forms/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        connections.append(each)
    with Drip(connections):
        for _ in range(10):
            assert {server.get(path)[0] for path in READS} == {200}
        until(lambda: all(closed(each) for each in connections))
        assert {server.get(path)[0] for path in READS} == {200}


def test_a_client_that_is_cut_off_is_told_why(server: Server) -> None:
    with server.connect() as slow:
        slow.sendall(b"POST /api/v1/changes/preview/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{")
        assert slow.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_connections_that_say_nothing_are_ended(server: Server) -> None:
    with ExitStack() as opened:
        connections = [opened.enter_context(server.connect()) for _ in range(20)]
        until(lambda: all(closed(each) for each in connections))


def test_readers_go_on_while_others_take_no_answers(server: Server) -> None:
    asked = 20
    ask = b"GET /api/v1/portfolios/england-2006-2015/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    whole = len(server.get("/api/v1/portfolios/england-2006-2015/")[2])
    connections = []
    for _ in range(16):
        each = socket.socket()
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        each.connect(("127.0.0.1", server.port))
        each.sendall(ask * asked)
        connections.append(each)
    for _ in range(10):
        assert {server.get(path)[0] for path in READS} == {200}
    time.sleep(8)  # past the deadline: the server has ended them, and what the system still holds of them is little
    taken = [_drained(each) for each in connections]
    assert max(taken) < asked * whole / 2  # cut off long before all of it was sent


def _drained(connection: socket.socket) -> int:
    """How many bytes still come before the end."""
    count = 0
    with connection, contextlib.suppress(OSError):
        connection.settimeout(PATIENCE)
        while data := connection.recv(65536):
            count += len(data)
    return count


def test_a_body_that_comes_in_pieces_but_in_time_is_read(server: Server) -> None:
    body = b'{"codes": ["5QJ"], "on": "2012-01-01"}'
    with server.connect() as steady:
        head = f"POST /api/v1/organisations/resolve/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        steady.sendall(head.encode() + b"Content-Type: application/json\r\nConnection: close\r\n\r\n")
        for at in range(0, len(body), 10):
            steady.sendall(body[at : at + 10])
        assert steady.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_is_far_too_large_is_refused_before_it_is_sent(server: Server) -> None:
    with server.connect() as large:
        large.sendall(
            b"POST /api/v1/organisations/resolve/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\n"
        )
        assert large.recv(65536).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("bad", [b"\x00\xff\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                                 b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000])  # fmt: skip
def test_what_is_no_request_is_refused_and_harms_nobody(server: Server, bad: bytes) -> None:
    with server.connect() as odd:
        odd.sendall(bad)
        assert odd.recv(65536)[:12] in {b"HTTP/1.1 400", b"HTTP/1.0 400", b"HTTP/1.0 431", b"HTTP/1.1 431"}
    assert server.get(READS[0])[0] == 200


def test_both_workers_are_the_ones_that_began(server: Server) -> None:
    """Nothing above brought one down."""
    assert len(server.workers()) == 2
