"""Connections with deadlines: waitress takes in whole requests before a thread sees them, and keeps answers ready for
slow readers; here it also ends what takes too long, and so nothing that a client does or leaves undone keeps a thread
or a connection for ever."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from pcorg.serving.limits import Limits

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
AHEAD = 128 * 1024
"""Bytes that the system holds of an answer on its way."""
SPARE = 10
"""A tenth of the connections is kept free for newcomers."""


class Connection(HTTPChannel):
    """A connection to a client. Its times are read by the server's round, once a second."""

    server: Server

    def __init__(self, *args: Any, **named: Any) -> None:
        self.began = time.monotonic()  # of the request that is coming in, or of the wait for one
        self.owing: float | None = None  # since when something is ready that the client has not taken
        self.taken = 0  # bytes taken since then
        self.held = 0.0  # seconds that the answer has held a thread
        self.holding: float | None = None  # since when it holds one now
        super().__init__(*args, **named)

    def received(self, data: bytes) -> bool:
        """Bytes from the client, of one request or several."""
        if self.request is None:
            self.began = time.monotonic()
        return bool(super().received(data))

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Bytes to the client; answers how many it took."""
        sent = int(super().send(data, do_close=do_close))
        self.taken += sent
        return sent

    def service(self) -> None:
        """Answer one request, in a thread."""
        self.held = 0.0
        super().service()
        self.began = time.monotonic()

    def _flush_outbufs_below_high_watermark(self) -> None:
        if self.total_outbufs_len <= self.adj.outbuf_high_watermark:
            return
        self.holding = time.monotonic()
        try:
            super()._flush_outbufs_below_high_watermark()
        finally:
            self.held += time.monotonic() - self.holding
            self.holding = None

    @property
    def waits(self) -> bool:
        """Whether the client has sent no whole request that is still to be answered, and has taken all answers."""
        return not self.requests and not self.total_outbufs_len

    def overdue(self, now: float, limits: Limits) -> bool:
        """Whether the client takes longer than it may. Called once a second."""
        if self.holding is not None and self.held + now - self.holding > limits.held:
            return True
        if self.total_outbufs_len:
            if self.owing is None:
                self.owing, self.taken = now, 0
            return now - self.owing > limits.answer + self.taken / limits.answer_rate
        self.owing = None
        if self.requests:
            return False
        if self.request is None:
            return now - self.began > limits.idle
        if not self.request.headers_finished:
            return now - self.began > limits.headers
        came = self.request.body_bytes_received
        return now - self.began > limits.headers + limits.body + came / limits.body_rate

    def cut(self) -> None:
        """End the connection; a client that was sending is told that it was too slow."""
        if self.request is not None and self.waits:
            with contextlib.suppress(OSError):
                self.socket.send(TOO_SLOW)
        self.handle_close()


class Server(TcpWSGIServer):
    """A server on a socket that listens already, with deadlines."""

    channel_class = Connection

    def __init__(self, application: Any, *, sock: Any, adjustments: Adjustments, limits: Limits) -> None:
        self.limits = limits
        self.stop_by: float | None = None
        where = (sock.family, sock.type, sock.proto, sock.getsockname())
        super().__init__(application, _sock=sock, adj=adjustments, sockinfo=where, bind_socket=False)

    def set_socket_options(self, conn: socket.socket) -> None:
        """What the system takes of an answer counts as taken by the client: it may take only a little ahead."""
        super().set_socket_options(conn)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, AHEAD)

    def maintenance(self, now: float) -> None:
        """The round, once a second: end what is overdue; with few connections left, also what has waited longest."""
        moment = time.monotonic()
        for each in list(self.active_channels.values()):
            if each.overdue(moment, self.limits):
                each.cut()
        most = self.limits.connections - self.limits.connections // SPARE
        waiting = sorted(
            (each for each in self.active_channels.values() if each.waits),
            key=lambda each: (each.request is not None, each.began),
        )
        for each in waiting[: max(0, len(self.active_channels) - most)]:
            each.cut()

    def readable(self) -> bool:
        """Whether new connections are taken: not by a server that stops. Ends the loop once all is answered."""
        can_read = bool(super().readable())
        if self.stop_by is None:
            return can_read
        if time.monotonic() > self.stop_by or all(each.waits for each in self.active_channels.values()):
            raise SystemExit
        return False

    def stop(self) -> None:
        """Take no more connections, answer what has come in, and end; at the latest after the time limits allow."""
        if self.stop_by is None:
            self.stop_by = time.monotonic() + self.limits.stopping
            self.pull_trigger()
