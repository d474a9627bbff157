"""The supervisor: takes the port, starts the workers, and starts another wherever one ends. It loads neither Django nor
the application, so that whatever befalls these does not befall it."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import socket
import subprocess
import sys
import time

from pcorg.serving.limits import Limits
from pcorg.serving.worker import NOT_STARTED

BACKLOG = 1024
PAUSE = 0.5
"""Seconds before a worker is started in the place of one that ended."""
LOOK = 1.0
"""Seconds after which it looks for itself whether a worker ended: one signal may stand for several."""
AFTER_FAILURE = 5.0
"""Seconds before another try where the last worker could not even start."""


class CannotServe(Exception):
    """The server cannot start, in words for whoever started it."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises CannotServe."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError as error:
        where = f"{host}, port {port}"
        if error.errno == errno.EADDRINUSE:
            message = f"Another program serves on {where} already. Stop it, or choose another port."
        elif error.errno == errno.EACCES:
            message = f"You may not serve on {where}. Choose a port above 1023."
        else:
            message = f"Cannot serve on {where}: {error.strerror or error}."
        raise CannotServe(message) from error
    return sock


class Supervisor:
    """Keeps so many workers on one socket."""

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        self.sock, self.limits = sock, limits
        self.workers: dict[int, subprocess.Popen[bytes]] = {}
        self.stopping = False
        self.proven = False  # whether a worker has ever started
        self.woken, self.wake = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self.woken, False)

    def run(self) -> int:
        """Serve until told to stop. Answers with the status to end with."""
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # a worker ended: look at once
        for _ in range(self.limits.workers):
            self._start()
        try:
            while not self.stopping:
                self._wait(LOOK)
                self._replace()
            return 0
        finally:
            self._end_all()

    def _start(self) -> None:
        worker = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "pcorg.serving.worker", str(self.sock.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=[self.sock.fileno()],
        )
        self.workers[worker.pid] = worker

    def _replace(self) -> None:
        """Start a worker for each that ended. Raises CannotServe where none has ever been able to start."""
        ended = [worker for worker in self.workers.values() if worker.poll() is not None]
        if not ended or self.stopping:
            return
        for worker in ended:
            del self.workers[worker.pid]
            if worker.stdin:
                worker.stdin.close()
            print(f"Worker {worker.pid} ended ({_how(worker.returncode)}); another is started.", file=sys.stderr)
        failed = any(worker.returncode == NOT_STARTED for worker in ended)
        self.proven = self.proven or not failed
        if not self.proven:
            raise CannotServe("The application cannot be loaded; the reason stands above.")
        until = time.monotonic() + (AFTER_FAILURE if failed else PAUSE)
        while not self.stopping and (left := until - time.monotonic()) > 0:
            self._wait(left)
        for _ in ended:
            if not self.stopping:
                self._start()

    def _wait(self, seconds: float) -> None:
        """Until a signal comes, or so long."""
        select.select([self.woken], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self.woken, 1024)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _end_all(self) -> None:
        """Let the workers answer what has begun, and end those that do not come to an end."""
        self.sock.close()
        for worker in self.workers.values():
            worker.terminate()
        until = time.monotonic() + self.limits.stopping + 2
        for worker in self.workers.values():
            try:
                worker.wait(timeout=max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"
