"""Every part of a deployment, for real and on free ports: PostgreSQL, Redis, application servers, workers, nginx."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import socket
import ssl
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.functional.pages.conftest import PEOPLE

ROOT = Path(settings.BASE_DIR)
NAME = "pcorg.example.org"
STARTS_WITHIN = 60
TOKEN = "only-for-monitoring"


def program(name: str) -> str:
    """Where a program is. Skips the test, with a message, where this machine has none."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/local/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed here")
    return path


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Answer:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """A deployment that runs. `servers` are the application servers by their port."""

    front: int
    plain: int
    servers: dict[int, subprocess.Popen]
    env: dict[str, str]
    folder: Path
    stack: ExitStack
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: bytes = b"", *, source: str = "", **headers: str) -> Answer:
        """Ask the front server, as the world does: each time from another address, or always from `source`."""
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.check_hostname = False
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.front, context=context, timeout=30, source_address=(source or _somewhere(), 0)
        )
        return _ask(connection, path, method, body, headers)

    def ask_server(self, port: int, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Ask an application server as the front server does."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(_somewhere(), 0))
        return _ask(connection, path, method, body, {"X-Forwarded-Proto": "https"} | headers)

    def manage(self, *words: str) -> str:
        """A management command on the site's database; gives what it printed."""
        return run(sys.executable, "manage.py", *words, env=self.env)


def _somewhere() -> str:
    """An address of this machine that nobody has asked from, most likely: no reader is counted with another."""
    return f"127.{random.randrange(1, 255)}.{random.randrange(256)}.{random.randrange(1, 255)}"


def _ask(
    connection: http.client.HTTPConnection, path: str, method: str, body: bytes, headers: dict[str, str]
) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body or None, {"Host": NAME} | named)
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()


def run(*command: str | Path, env: dict[str, str], cwd: Path = ROOT) -> str:
    """Run a command that must succeed."""
    ended = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, f"{command}\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}"
    return ended.stdout


@contextmanager
def process(folder: Path, name: str, *command: str | Path, env: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A process that runs meanwhile, and all that it starts; what it says goes into a file of the folder."""
    with (folder / f"{name}.log").open("w") as log:
        started = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            yield started
        finally:
            if started.poll() is None:
                started.terminate()
                with suppress(subprocess.TimeoutExpired):
                    started.wait(timeout=20)
            end_all_of(started, signal.SIGKILL)


def end_all_of(started: subprocess.Popen, how: signal.Signals) -> None:
    """Send a signal to a process and all that it started, and wait for it."""
    with suppress(ProcessLookupError):
        os.killpg(started.pid, how)
    started.wait(timeout=30)


def until(met: Callable[[], Any], what: str) -> Any:
    """Wait for something, a minute at most."""
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends:
        try:
            if found := met():
                return found
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    pytest.fail(f"{what} did not come to pass")


def server_command(port: int) -> list[str | Path]:
    """How an application server is started."""
    return [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(port)]


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis of its own; gives its address."""
    port = free_port()
    words = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder))
    with process(folder, "redis", program("redis-server"), *words, env=dict(os.environ)):
        until(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close() or True, "Redis")
        yield f"redis://127.0.0.1:{port}/0"


def environment(database: str, cache: str) -> dict[str, str]:
    """The environment of production, as the compose file has it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PCORG_"))}
    return kept | {
        "PCORG_PROFILE": "production",
        "SECRET_KEY": "k" * 50 + "only-for-tests",
        "ALLOWED_HOSTS": NAME,
        "DATABASE_URL": database,
        "CACHE_URL": cache,
        "PCORG_TASKS": "database",
        "PCORG_PROXY_COUNT": "1",
        "PCORG_METRICS_TOKEN": TOKEN,
        "PCORG_THROTTLE_READ": "40/min",
        "PCORG_LOG_LEVEL": "WARNING",
    }


def front_files(folder: Path, ports: list[int], front: int, plain: int) -> Path:
    """The configuration of the front server as it is shipped, with ports of its own; the file to start it with."""
    openssl = program("openssl")
    run(
        openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
        "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem", env=dict(os.environ),
    )  # fmt: skip
    template = (ROOT / "deploy" / "nginx" / "pcorg.conf.template").read_text()
    values = {
        "PCORG_NAME": NAME,
        "PCORG_SERVERS": " ".join(f"server 127.0.0.1:{port} max_fails=2 fail_timeout=5s;" for port in ports),
        "PCORG_HTTP": f"127.0.0.1:{plain}",
        "PCORG_HTTPS": f"127.0.0.1:{front}",
        "PCORG_TLS": str(folder),
    }

    class Braced(string.Template):
        pattern = r"\$(?:(?P<escaped>\Z.)|(?P<named>\Z.)|\{(?P<braced>PCORG_[A-Z]+)\}|(?P<invalid>\Z.))"

    (folder / "site.conf").write_text(Braced(template).substitute(values))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;\n" if os.getuid() == 0 else ""  # else it gives up its rights and cannot reach the folder
    main = folder / "nginx.conf"
    main.write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx-errors.log;\nworker_processes 1;\n"
        f"events {{ worker_connections 1024; }}\nhttp {{\n{temporary}\n    include {folder}/site.conf;\n}}\n"
    )
    return main


@contextmanager
def site(folder: Path, database: str) -> Iterator[Site]:
    """All of it: Redis, two application servers, a worker, nginx in front. Skips where a part is not installed."""
    nginx = program("nginx")
    with ExitStack() as stack:
        env = environment(database, stack.enter_context(redis_server(folder)))
        run(sys.executable, "manage.py", "shell", "-v", "0", "-c", PEOPLE, env=env)
        ports = [free_port(), free_port()]
        servers = {
            port: stack.enter_context(process(folder, f"server-{port}", *server_command(port), env=env))
            for port in ports
        }
        front, plain = free_port(), free_port()
        configuration = front_files(folder, ports, front, plain)
        run(nginx, "-t", "-c", configuration, env=dict(os.environ))
        stack.enter_context(process(folder, "nginx", nginx, "-c", configuration, env=dict(os.environ)))
        words = ("db_worker", "--interval", "0.2", "--no-startup-delay")
        stack.enter_context(process(folder, "worker", sys.executable, "manage.py", *words, env=env))
        made = Site(front, plain, servers, env, folder, stack)
        for port in ports:
            until(lambda port=port: made.ask_server(port, "/ready/").status == 200, f"server {port}")
        until(lambda: made.ask("/ready/").status == 200, "the front server")
        yield made
