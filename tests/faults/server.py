"""The product served as `make serve` does it, on a database of its own; clients that are slow; a line to the database
that can be cut."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

STARTS_WITHIN = 60
PATIENCE = 30
"""Seconds after which something that should happen is taken not to happen."""


@dataclass
class Server:
    """A server that runs."""

    port: int
    process: subprocess.Popen[bytes]

    def get(
        self, path: str, *, method: str = "GET", body: str = "", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body or None, headers=given)
            answer = connection.getresponse()
            return answer.status, {name.title(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def workers(self) -> set[int]:
        """The processes that the supervisor started."""
        of = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(number) for number in of.read_text().split()}


def free_port() -> int:
    """A port that nobody serves on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(port: int) -> list[str]:
    """How the Makefile and the container start the server."""
    return [sys.executable, "manage.py", "serve", "--port", str(port)]


@contextmanager
def serving(url: str, log: Path, **limits: str) -> Iterator[Server]:
    """A server on a database; `limits` are environment variables."""
    port = free_port()
    env = {**os.environ, "DATABASE_URL": url, "PCORG_LOG_LEVEL": "ERROR", **limits}
    with log.open("wb") as told:
        process = subprocess.Popen(command(port), cwd=settings.BASE_DIR, env=env, stdout=told, stderr=told)
        server = Server(port, process)
        try:
            until(lambda: _answers(server), log)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def until(holds: object, log: Path | None = None) -> None:
    """Wait until something holds. Raises AssertionError where it does not come about."""
    ends = time.monotonic() + STARTS_WITHIN
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < ends, log.read_text()[-3000:] if log else "it did not come about"
        time.sleep(0.1)


def _answers(server: Server) -> bool:
    try:
        return server.get("/health/")[0] == 200
    except OSError:
        return False


def closed(connection: socket.socket) -> bool:
    """Whether the server has ended a connection; what it said before is read away."""
    connection.setblocking(False)
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@dataclass
class Drip:
    """Connections that send a byte now and then, for ever."""

    connections: list[socket.socket]
    pause: float = 0.3
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Drip:
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for each in self.connections:
            each.close()

    def _drip(self) -> None:
        while not self._over.wait(self.pause):
            for each in self.connections:
                with contextlib.suppress(OSError):
                    each.send(b"a")


class Line:
    """A line to a server on another port, which can be cut and laid again."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self.port = free_port()
        self._open: list[socket.socket] = []
        self._listening: socket.socket | None = None

    def lay(self) -> None:
        """Let connections through."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """End all connections, and let none through."""
        if self._listening:
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                one, _ = listening.accept()
                other = socket.create_connection(self._to)
                self._open += [one, other]
                for pair in ((one, other), (other, one)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
