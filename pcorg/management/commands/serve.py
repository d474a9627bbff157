"""Serves pcorg: the one way in which `make serve`, `make demo` and the container start it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

ROOT = Path(__file__).resolve().parents[3]


class Command(BaseCommand):
    """Becomes the server's supervisor, which loads neither Django nor the application."""

    help = "Serve pages and API. PCORG_SERVE_WORKERS, PCORG_SERVE_THREADS and others: see docs/operations.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        words = ["--host", options["host"], "--port", str(options["port"])]
        os.execve(  # noqa: S606 - our own module
            sys.executable, [sys.executable, "-m", "pcorg.serving", *words], {**os.environ, "PYTHONPATH": path}
        )
