"""`backup`: the whole database in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pcorg.core.copies.files import backup


class Command(BaseCommand):
    """Copies the database while it serves."""

    help = "Copies the whole database to a file, as it is at one moment, while it serves. Prints the content hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        digest = backup(path)
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes, content {digest}")
