"""One worker: runs the application in threads behind the connections of a listening socket it is given.

python -m pcorg.serving.worker DESCRIPTOR    the number of the socket; standard input ends when the supervisor does
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import traceback

from waitress.adjustments import Adjustments

from pcorg.serving.connections import Server
from pcorg.serving.limits import IN_MEMORY, LARGEST_BODY, LARGEST_HEAD, READY, Limits

SWITCH = 0.001
"""Seconds after which a thread that calculates lets another run: a fifth of Python's own, for a plain read hands over a
dozen times and would wait as often behind a calculation."""
STDIN = 0
NOT_STARTED = 3
"""How a worker ends whose application cannot be loaded."""


def run(descriptor: int) -> int:
    """Serve until told to stop. Answers with the status to end with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the supervisor says when to stop
    limits = Limits.of_environment()
    try:
        from pcorg.wsgi import application  # noqa: PLC0415 - what fails here is told apart from what fails later
    except Exception:
        traceback.print_exc()
        return NOT_STARTED
    sys.setswitchinterval(SWITCH)
    server = server_of(application, socket.socket(fileno=descriptor), limits)
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    threading.Thread(target=_stop_with_the_supervisor, args=(server,), daemon=True).start()
    server.run()
    return 0


def server_of(application: object, sock: socket.socket, limits: Limits) -> Server:
    """A server for an application. Forwarded headers are left as they come: the settings say how many proxies there
    are, and the application believes no more of them."""
    adjustments = Adjustments(
        sockets=[sock],
        threads=limits.threads,
        connection_limit=limits.connections,
        cleanup_interval=1,
        asyncore_use_poll=True,
        outbuf_overflow=IN_MEMORY,
        outbuf_high_watermark=READY,
        inbuf_overflow=IN_MEMORY,
        max_request_header_size=LARGEST_HEAD,
        max_request_body_size=LARGEST_BODY,
        clear_untrusted_proxy_headers=False,
        log_socket_errors=False,
        ident=None,
    )
    return Server(application, sock=sock, adjustments=adjustments, limits=limits)


def _stop_with_the_supervisor(server: Server) -> None:
    while os.read(STDIN, 1024):
        pass
    server.stop()


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1])))
