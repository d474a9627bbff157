"""Ingests registers of the Organisation Data Service."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.management.progress import progress_shown, run_by
from organisations.portfolios.reading import DocumentRefused
from organisations.registers.ingest import PORTFOLIO, Ingestion, IngestReport, ingest_registers
from organisations.registers.records import RegisterKind


class Command(BaseCommand):
    help = (
        "Ingest registers of the Organisation Data Service: CSV files of practices, trusts, groups and authorities, "
        "memberships (epcmem), successions (succ), and the reference data in XML. Give together the files that belong "
        "together. All is written in one transaction or nothing; ingesting again changes nothing; everything odd is "
        "reported by kind. See docs/registers.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--portfolio", default=PORTFOLIO, metavar="SLUG", help="where new bodies go (%(default)s)")
        parser.add_argument(
            "--kind",
            choices=[kind.value for kind in RegisterKind if kind is not RegisterKind.REFERENCE_XML],
            help="what the files list, where the files do not tell",
        )
        parser.add_argument(
            "--overrides", type=Path, metavar="FILE", help="what settles ambiguities, with reasons (YAML)"
        )
        parser.add_argument("--shares", type=Path, metavar="FILE", help="shares as ingest_nhspd writes them (CSV)")
        parser.add_argument("--covers-from", type=_day, metavar="DAY", help="first day a new portfolio covers")
        parser.add_argument("--covers-to", type=_day, metavar="DAY", help="last day the portfolio covers")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write everything odd to this file (CSV)")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        ingestion = Ingestion(
            paths=options["files"],
            portfolio=options["portfolio"],
            kind=RegisterKind(options["kind"]) if options["kind"] else None,
            overrides=options["overrides"],
            shares=options["shares"],
            covers_from=options["covers_from"],
            covers_to=options["covers_to"],
        )
        try:
            with progress_shown("registers") as progress:
                report = ingest_registers(
                    ingestion=ingestion, by=run_by("ingest_ods"), dry_run=options["dry_run"], progress=progress
                )
        except OSError as error:
            raise CommandError(f"{error.filename}: cannot be read ({error.strerror}).") from None
        except DocumentRefused as refused:
            for fault in refused.faults:
                self.stderr.write(f"{refused.name}: {fault}")
            raise CommandError(f"{refused}. Nothing was ingested.") from None
        for line in report_lines(report):
            self.stdout.write(line)
        if options["report"]:
            report.oddities.write_csv(options["report"])
            self.stdout.write(f"Everything odd, {len(report.oddities.met):,} records: {options['report']}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day such as 2013-04-01") from None


def report_lines(report: IngestReport) -> Iterator[str]:
    """The report in lines."""
    for file, rows in report.rows.items():
        yield f"{file}: {rows:,} rows, {report.kinds[file].label}."
    found = report.assembled
    if found.new:
        verb = "would be new" if report.dry_run else "new"
        parts = [
            f"{number:,} {word if number == 1 else words}"
            for number, word, words in (
                (found.bodies, "body", "bodies"),
                (found.memberships, "membership", "memberships"),
                (found.changes, "change", "changes"),
            )
            if number
        ]
        yield f"Portfolio {report.portfolio}: {', '.join(parts)} {verb}."
    else:
        yield f"Portfolio {report.portfolio}: nothing new."
    yield f"Held as the registers state it: {found.unchanged:,}; held otherwise: {found.differing:,}."
    lines = list(report.oddities.lines())
    if lines:
        yield "What was odd:"
        yield from lines
