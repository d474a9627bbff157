"""Derives shares of reorganisations from the NHS Postcode Directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.management.progress import progress_shown, run_by
from organisations.portfolios.reading import DocumentRefused
from organisations.registers.ingest_postcodes import PostcodeReport, ingest_postcodes
from organisations.registers.overrides import write_shares
from organisations.registers.postcode_directory import STEPS


class Command(BaseCommand):
    help = (
        "Derive from the NHS Postcode Directory which share of each body's live postcodes in England passed to which "
        "body at each reorganisation. Writes the table of shares with --output; with --portfolio compares it with the "
        "recorded lineage and records what is not recorded. See docs/registers.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--output", type=Path, metavar="FILE", help="write the table of shares (CSV)")
        parser.add_argument("--portfolio", metavar="SLUG", help="compare with this portfolio, and record in it")
        parser.add_argument(
            "--step", action="append", default=[], choices=[step.name for step in STEPS], help="only this step"
        )
        parser.add_argument("--report", type=Path, metavar="FILE", help="write everything odd to this file (CSV)")
        parser.add_argument("--dry-run", action="store_true", help="say what would be recorded, record nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with progress_shown("postcodes") as progress:
                report = ingest_postcodes(
                    path=options["file"],
                    by=run_by("ingest_nhspd"),
                    portfolio=options["portfolio"],
                    steps=options["step"],
                    dry_run=options["dry_run"],
                    progress=progress,
                )
        except OSError as error:
            raise CommandError(f"{error.filename}: cannot be read ({error.strerror}).") from None
        except DocumentRefused as refused:
            for fault in refused.faults:
                self.stderr.write(f"{refused.name}: {fault}")
            raise CommandError(f"{refused}. Nothing was recorded.") from None
        for line in report_lines(report, options["portfolio"]):
            self.stdout.write(line)
        if options["output"]:
            write_shares(options["output"], report.shares)
            self.stdout.write(f"Shares: {options['output']}")
        if options["report"]:
            report.oddities.write_csv(options["report"])
            self.stdout.write(f"Everything odd: {options['report']}")


def report_lines(report: PostcodeReport, portfolio: str | None) -> Iterator[str]:
    """The report in lines."""
    counted = report.counted
    yield (
        f"{report.file}: {counted.postcodes:,} postcodes, of which {counted.elsewhere:,} outside England and "
        f"{counted.terminated:,} terminated."
    )
    shares = Counter(row.step for row in report.shares)
    bodies = {step.name: len({row.original for row in report.shares if row.step == step.name}) for step in STEPS}
    for step in STEPS:
        if shares[step.name]:
            yield f"{step.label} ({step.name}): {bodies[step.name]:,} bodies, {shares[step.name]:,} shares."
    if portfolio is not None:
        verb = "would be recorded" if report.dry_run else "recorded"
        yield f"Portfolio {portfolio}: {report.agreeing:,} recorded shares agree; {report.changes:,} changes {verb}."
    lines = list(report.oddities.lines())
    if lines:
        yield "What was odd:"
        yield from lines
