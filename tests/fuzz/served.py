"""An instance of the product on a database of its own, served as `make serve` serves it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.databases import ROOT, Content, copied

ROLES = ("commissioner", "approver", "data-administrator")
LOG = ROOT / ".build" / "fuzz.log"
"""What the served instance says."""
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Instance:
    """Where it is served, and the environment in which commands reach its database."""

    url: str
    environment: dict[str, str]

    def manage(self, *words: str) -> str:
        """What a command prints. Raises CalledProcessError."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def token(self, role: str) -> str:
        """A token of somebody in a role."""
        return self.manage("api_token", f"fuzz-{role}", "--create", "--role", role).split()[-1]

    def person(self, role: str) -> str:
        """The name of somebody in a role who signs in with PASSWORD. Data administrators are staff, for the admin."""
        name = f"presses-{role}"
        self.manage(
            "shell",
            "-c",
            "from django.contrib.auth.models import Group, User\n"
            f"user = User.objects.create_user({name!r}, password={PASSWORD!r}, is_staff={role == ROLES[2]})\n"
            f"user.groups.add(Group.objects.get(name={role!r}))",
        )
        return name


@contextmanager
def served() -> Iterator[Instance]:
    """Serve a copy of the loaded database. Raises RuntimeError where it does not start."""
    with copied(Content.WHOLE, "fuzz") as database, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.close()
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "pcorg.settings",
            "PCORG_THROTTLE_READ": "1000000/min",
            "PCORG_THROTTLE_USER": "1000000/min",
            "PCORG_THROTTLE_FILES": "1000000/min",
            "PCORG_LOG_LEVEL": "ERROR",
        }
        instance = Instance(f"http://127.0.0.1:{port}", environment)
        with LOG.open("wb") as log:
            server = subprocess.Popen(
                ["make", "serve", f"PORT={port}"], cwd=ROOT, env=environment, process_group=0, stdout=log, stderr=log
            )
            try:
                _wait_for(instance, server)
                yield instance
            finally:
                os.killpg(server.pid, signal.SIGTERM)
                server.wait(timeout=20)


def _wait_for(instance: Instance, server: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{instance.url}/health/", timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the product did not start")
