"""`restore`: the whole database from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pcorg.core.copies.content import content_hash
from pcorg.core.copies.files import restore
from pcorg.health import migrations_fault


class Command(BaseCommand):
    """Puts back what `backup` copied."""

    help = (
        "Puts a back-up into the database: all of it or nothing. Prints the content hash, which must be the one that "
        "backup printed. Stop the server first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="even where the database holds data, which is lost")

    def handle(self, *args: Any, **options: Any) -> None:
        restore(options["file"], replace=options["replace"])
        older = migrations_fault()
        if older:
            self.stdout.write(f"Restored. The back-up is of an earlier version: {older} Run: manage.py migrate")
        else:
            self.stdout.write(f"Restored: content {content_hash()}. Run: manage.py verify_audit")
