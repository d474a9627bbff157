"""Takes over jobs of dead workers and deletes old ones, where no db_worker does so: with RQ, from a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from pcorg.core.jobs.actions import forget, tend


class Command(BaseCommand):
    """Looks after the jobs once."""

    help = "Send jobs again whose worker died or whose task was lost, and delete those that ended long ago."

    def handle(self, **options: Any) -> None:
        """Do it and say how many."""
        tended, forgotten = tend(), forget()
        self.stdout.write(f"{tended} job(s) sent again, {forgotten} old one(s) deleted.")
