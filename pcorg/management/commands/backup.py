"""`backup`: the whole database in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pcorg.core.copies.files import NotPossible, backup


class Command(BaseCommand):
    """Copies the database while it serves."""

    help = "Copies the whole database to a file, as it is at one moment, while it serves. Prints the content hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            said = backup(path)
        except NotPossible as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes, content {said}")
