"""Writes the JSON Schema of a portfolio document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.portfolios.formats import document_schema


class Command(BaseCommand):
    help = "Write the JSON Schema of a portfolio document, with the sections of every app, for editors and programs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, metavar="FILE", help="where to write it; absent: the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(document_schema(), indent=2, ensure_ascii=False) + "\n"
        target: Path | None = options["output"]
        if target is None:
            self.stdout.write(text, ending="")
            return
        try:
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{target} cannot be written ({error.strerror}).") from error
