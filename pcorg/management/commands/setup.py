"""Makes a database ready in one step: tables, reference records, portfolios, assessments. Twice changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Migrates the database and loads what is shipped."""

    help = "Make the tables, load the reference records, and the portfolios and assessments that are shipped."

    def add_arguments(self, parser: CommandParser) -> None:
        """The only choice: how much."""
        parser.add_argument("--bare", action="store_true", help="tables and reference records alone")

    def handle(self, *, bare: bool, **options: Any) -> None:
        """Do one after the other; the first that fails ends it."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_reference")
        if bare:
            return
        call_command("load_portfolio", *sorted(map(str, (settings.SHIPPED / "fixtures" / "portfolios").glob("*.yaml"))))
        call_command("load_assessments")
