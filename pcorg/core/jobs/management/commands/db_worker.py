"""Carries out jobs from the database, as the library's command does, and looks after those of dead workers."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django_tasks_db.management.commands.db_worker import Command as Worker

from pcorg.core.jobs.actions import forget, tend

FORGETS_EVERY = 3600
"""Seconds between two times that old jobs are deleted."""

log = structlog.get_logger("pcorg.jobs")


class Command(Worker):
    """Runs one worker. Any number may run, on any machines that reach the database."""

    help = "Carry out jobs one after another, and take over those of workers that died. SIGTERM ends it after its job."

    def handle(self, **options: Any) -> None:
        """Work until told to stop."""
        ended = threading.Event()
        threading.Thread(target=_look_after, args=(ended,), name="jobs-tending", daemon=True).start()
        try:
            super().handle(**options)
        finally:
            ended.set()


def _look_after(ended: threading.Event) -> None:
    every = settings.PCORG_JOBS_LEASE / 4
    passed: float = FORGETS_EVERY
    while not ended.wait(every):
        passed += every
        try:
            tend()
            if passed >= FORGETS_EVERY:
                forget()
                passed = 0
        except DatabaseError as fault:
            log.warning("jobs could not be looked after", fault=str(fault))
            connection.close()
    connection.close()
