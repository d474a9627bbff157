"""Loads the reference records, from sources and forms to services and recommendations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.portfolios.reading import DocumentRefused
from organisations.services.load_reference import load_reference


class Command(BaseCommand):
    help = (
        "Load the reference records: sources, forms, checks, transition rules, glossary, services, staff groups, "
        "contract types, approaches, recommendations and provider-arm options. Safe to run twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.SHIPPED / "fixtures" / "reference",
            help="the folder with the files (default: fixtures/reference)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_reference(folder=options["folder"], by="command:load_reference")
        except FileNotFoundError as error:
            raise CommandError(f"There is no file {error.filename}.") from error
        except DocumentRefused as refused:
            for fault in refused.faults:
                self.stderr.write(f"{refused.name}: {fault}")
            raise CommandError(f"{refused}. Nothing was loaded.") from refused
        if report.nothing_new:
            self.stdout.write(f"Reference records: all {report.unchanged} are there already.")
            return
        kinds = ", ".join(f"{count} {kind}" for kind, count in report.by_kind.items())
        self.stdout.write(
            f"Reference records: {report.created} created, {report.changed} changed, {report.removed} removed "
            f"({kinds})."
        )
