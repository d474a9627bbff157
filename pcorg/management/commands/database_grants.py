"""`database_grants`: what a role of PostgreSQL may do that serves the product, as SQL."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pcorg.core.audit.guards import statements


class Command(BaseCommand):
    """Prints statements for the owner of the database to run."""

    help = (
        "Prints the SQL that lets a PostgreSQL role serve the product without being able to alter the audit trail. "
        "For psql, as the owner of the database, after every migrate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, **options: Any) -> None:
        for statement in statements(options["role"]):
            self.stdout.write(statement)
