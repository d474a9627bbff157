"""Prints the configuration of a day."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from organisations.read_models.configuration import Configuration
from organisations.selectors.configuration import configuration
from pcorg.core.portfolios import portfolios
from pcorg.core.values import day_of


def _day(text: str) -> date:
    try:
        return day_of(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault


class Command(BaseCommand):
    help = "Print how primary care was organised on a day: how many bodies of each form, whom they served."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", type=_day, metavar="DATE", help="the day, as 2009-04-01")
        parser.add_argument("--portfolio", help="slug of a portfolio, or all; absent: all real ones")

    def handle(self, *args: Any, **options: Any) -> None:
        portfolio = options["portfolio"]
        if portfolio not in {None, "all", *portfolios()}:
            raise CommandError(f"There is no portfolio {portfolio}. Known: {', '.join([*portfolios(), 'all'])}.")
        found = configuration(options["day"], portfolio=portfolio)
        console = Console(width=None if self.stdout.isatty() else 80, highlight=False)
        with console.capture() as printed:
            console.print(_table(found), *_notes(found), sep="\n")
        self.stdout.write(printed.get(), ending="")


def _table(found: Configuration) -> Table:
    day = found["as_of"]
    table = Table(title=f"Primary care in England on {day.day} {day:%B %Y}", title_justify="left")
    table.add_column("Form")
    table.add_column("Bodies", justify="right")
    for row in found["forms"]:
        table.add_row(row["plural"], f"{row['count']:,}")
    table.add_section()
    table.add_row("All bodies", f"{found['bodies']:,}")
    table.add_row("Partner councils", f"{found['councils']:,}")
    return table


def _notes(found: Configuration) -> list[str]:
    """What else is known of the day, in sentences."""
    people, fit, period = found["population"], found["coterminous"], found["coverage"]
    notes = []
    if people["known"]:
        notes.append(
            f"Population known of {people['known']:,} of {people['bodies']:,} bodies: mean {people['mean']:,}, "
            f"median {people['median']:,}, from {people['min']:,} to {people['max']:,}."
        )
    if people["carried_back"]:
        notes.append(f"{people['carried_back']:,} of these counts are later ones, carried back.")
    if people["computed"]:
        notes.append(
            f"{people['computed']:,} of these counts were computed from those of the organisations that changed."
        )
    if people["at_least"]:
        notes.append(f"{people['at_least']:,} of these counts leave out people who are not known.")
    if fit["share"] is not None:
        share = round(Decimal(fit["share"]) * 100)
        notes.append(f"{share} per cent of {fit['known']:,} bodies lie alone in exactly one council.")
    if not period["within"]:
        covered = f"{period['from']} to {period['to']}" if period["from"] else "nothing yet"
        notes.append(f"This day is outside what is loaded, which covers {covered}.")
    return notes
