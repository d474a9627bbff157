"""Loads portfolio documents."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from organisations.actions.load_portfolio import LoadReport, load_portfolio
from organisations.ingest.reading import Refused


class Command(BaseCommand):
    help = (
        "Load portfolio documents (YAML or JSON). A document is loaded whole or not at all; every fault is reported "
        "with its line. Loading again what is loaded changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would be loaded, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        for path in options["files"]:
            try:
                report = self._load(path, dry_run=options["dry_run"])
            except OSError as error:
                refused += 1
                self.stderr.write(self.style.ERROR(f"{path}: cannot be read ({error.strerror})."))
            except Refused as faults:
                refused += 1
                for fault in faults.faults:
                    self.stderr.write(f"{faults.name}: {fault}")
                self.stderr.write(self.style.ERROR(f"{faults}. Nothing of it was loaded."))
            else:
                self.stdout.write(said(report))
        if refused:
            raise CommandError(f"{refused} of {len(options['files'])} documents refused.")

    def _load(self, path: Path, *, dry_run: bool) -> LoadReport:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
            stages: dict[str, TaskID] = {}

            def progress(stage: str, steps: int) -> None:
                if stage not in stages:
                    stages[stage] = bar.add_task(f"{path.name}: {stage.lower()}", total=steps or None)
                else:
                    bar.advance(stages[stage])

            return load_portfolio(path=path, by="command:load_portfolio", dry_run=dry_run, progress=progress)


def said(report: LoadReport) -> str:
    """One line about a load."""
    if report.nothing_new:
        return f"{report.title}: all {report.unchanged} records are there already."
    verb = "would be loaded" if report.dry_run else "loaded"
    return (
        f"{report.title}: {report.created} records {verb} "
        f"({report.bodies} bodies, {report.changes} changes), {report.unchanged} there already."
    )
