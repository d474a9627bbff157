"""Makes a database ready in one step: tables, reference records, portfolios, assessments. Twice changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from pcorg.core.audit.guards import statements


class Command(BaseCommand):
    """Migrates the database and loads what is shipped."""

    help = "Make the tables, load the reference records, and the portfolios and assessments that are shipped."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much, and who serves."""
        parser.add_argument("--bare", action="store_true", help="tables and reference records alone")
        parser.add_argument(
            "--serving-role",
            help="a role of PostgreSQL that is given what serving takes, and no more (database_grants)",
        )

    def handle(self, *, bare: bool, serving_role: str | None, **options: Any) -> None:
        """Do one after the other; the first that fails ends it."""
        call_command("migrate", interactive=False, verbosity=0)
        if serving_role:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements(serving_role):
                    cursor.execute(statement)
        call_command("load_reference")
        if bare:
            return
        call_command("load_portfolio", *sorted(map(str, (settings.SHIPPED / "fixtures" / "portfolios").glob("*.yaml"))))
        call_command("load_assessments")
