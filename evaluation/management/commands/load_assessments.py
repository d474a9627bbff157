"""Loads the assessments that ship with the product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.services.load_assessments import load_assessments
from organisations.portfolios.reading import DocumentRefused

FOLDER = settings.SHIPPED / "fixtures" / "assessments"


class Command(BaseCommand):
    help = (
        "Load assessments: reference ones, coded from the evidence, and worked examples. Load the reference records "
        "and portfolios first. Safe to run twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            type=Path,
            metavar="FILE",
            help="files of assessments (default: all of fixtures/assessments)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        created = changed = unchanged = 0
        for path in options["files"] or sorted(FOLDER.glob("*.yaml"), reverse=True):
            try:
                report = load_assessments(path=path, by="command:load_assessments")
            except FileNotFoundError as error:
                raise CommandError(f"There is no file {error.filename}.") from error
            except DocumentRefused as refused:
                for fault in refused.faults:
                    self.stderr.write(f"{refused.name}: {fault}")
                raise CommandError(f"{refused}. Nothing of it was loaded.") from refused
            created, changed = created + report.created, changed + report.changed
            unchanged += report.unchanged
        if created or changed:
            self.stdout.write(f"Assessments: {created} created, {changed} judged anew.")
        else:
            self.stdout.write(f"Assessments: all {unchanged} are there already.")
