"""`content_hash`: one hash of all that the database holds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pcorg.core.copies.content import contents, hash_of


class Command(BaseCommand):
    """Prints the hash by which copies of a database are compared."""

    help = "Prints a hash of all that the database holds: the same for the same content, on SQLite and PostgreSQL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tables", action="store_true", help="also each table, its rows and its hash")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(contents())
        if options["tables"]:
            for each in found:
                self.stdout.write(f"{each.sha256} {each.rows:>9,} {each.table}")
        self.stdout.write(hash_of(iter(found)))
