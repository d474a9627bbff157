"""Loads portfolio documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.management.progress import progress_shown, run_by
from organisations.portfolios.reading import DocumentRefused
from organisations.services.load_portfolio import load_portfolio
from organisations.services.load_reports import LoadReport
from organisations.services.review import value_in_words

NAMED = 20
"""New and changed records of a kind that a dry run names; `--all` names all."""


class Command(BaseCommand):
    help = (
        "Load portfolio documents (YAML, JSON, XLSX or CSV files in a ZIP). A document is loaded whole or not at all; "
        "every fault is reported with its place. Loading again what is loaded changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would be loaded, write nothing")
        parser.add_argument(
            "--all", action="store_true", help=f"with --dry-run, name every record and not only {NAMED} of a kind"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        for path in options["files"]:
            try:
                report = self._load(path, dry_run=options["dry_run"])
            except OSError as error:
                refused += 1
                self.stderr.write(self.style.ERROR(f"{path}: cannot be read ({error.strerror})."))
            except DocumentRefused as faults:
                refused += 1
                for fault in faults.faults:
                    self.stderr.write(f"{faults.name}: {fault}")
                if faults.more:
                    prefix = "" if faults.counted else "at least "
                    self.stderr.write(f"{faults.name}: and {prefix}{faults.more:,} more faults, which are not told.")
                self.stderr.write(self.style.ERROR(f"{faults}. Nothing of it was loaded."))
            else:
                self.stdout.write(summary_of(report))
                if options["dry_run"]:
                    for line in named(report, most=None if options["all"] else NAMED):
                        self.stdout.write(line)
        if refused:
            raise CommandError(f"{refused} of {len(options['files'])} documents refused.")

    def _load(self, path: Path, *, dry_run: bool) -> LoadReport:
        with progress_shown(path.name) as progress:
            return load_portfolio(path=path, by=run_by("load_portfolio"), dry_run=dry_run, progress=progress)


def summary_of(report: LoadReport) -> str:
    """What is to be told about a load: one line, and one for each section it brings something to."""
    if report.nothing_new:
        return f"{report.title}: all {report.unchanged} records are there already."
    verb = "would be loaded" if report.dry_run else "loaded"
    described = f", {report.changed} described anew" if report.changed else ""
    first = (
        f"{report.title}: {report.created} records {verb} "
        f"({report.bodies} bodies, {report.changes} changes){described}, {report.unchanged} there already."
    )
    lines = [
        f"  {section.section}: {section.created} new, {section.changed} described anew, {section.unchanged} unchanged"
        for section in report.sections
        if section.created or section.changed
    ]
    return "\n".join((first, *lines))


def named(report: LoadReport, *, most: int | None) -> Iterator[str]:
    """What would be new and what would change, by name, a line each."""
    for section in report.review:
        for what, records in (("new", section.created), ("changed", section.changed)):
            if not records:
                continue
            yield f"{section.section}, {what}:"
            for record in records[:most]:
                detail = f" ({record.detail})" if record.detail else ""
                yield f"  {record.code}: {record.title}{detail}"
                for altered in record.fields:
                    before, after = value_in_words(altered.before), value_in_words(altered.after)
                    yield f"    {altered.field}: {before} becomes {after}"
            if most is not None and len(records) > most:
                yield f"  and {len(records) - most:,} more; --all names them"
