"""`transfer`: everything from another database into this one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pcorg.core.copies.transfer import transfer


class Command(BaseCommand):
    """Copies everything from another database, such as from SQLite to PostgreSQL."""

    help = (
        "Copies everything from another database into that of DATABASE_URL, which must be migrated and hold nothing: "
        "all in one transaction or nothing. Prints the content hash of both."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", required=True, dest="source", help="such as sqlite:////full/path.sqlite3")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Transferred: content {transfer(options['source'])}. Run: manage.py verify_audit")
