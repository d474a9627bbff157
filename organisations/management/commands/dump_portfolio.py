"""Gives portfolios back as documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.selectors.documents import NotKept, PortfolioDocument, as_json, as_yaml, portfolio_of

FORMATS = {"yaml": as_yaml, "json": as_json}


class Command(BaseCommand):
    help = (
        "Give a portfolio back as a document: what was loaded, and what was carried out since. Loading it into an "
        "empty database leads to the same state."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("portfolio", metavar="SLUG-OR-CODE", help="a portfolio, or an organisation in it")
        parser.add_argument("--format", choices=FORMATS, default="yaml")
        parser.add_argument("--output", type=Path, metavar="FILE", help="where to write it; absent: the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        portfolio = portfolio_of(options["portfolio"])
        if portfolio is None:
            raise CommandError(f"Neither a portfolio nor an organisation is called {options['portfolio']}.")
        try:
            document = PortfolioDocument(portfolio.slug)
        except NotKept as fault:
            raise CommandError(str(fault)) from fault
        pieces = FORMATS[options["format"]](document)
        if options["output"] is None:
            for piece in pieces:
                self.stdout.write(piece, ending="")
            return
        target: Path = options["output"]
        unfinished = target.with_name(f"{target.name}.unfinished")
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                file.writelines(pieces)
            unfinished.replace(target)
        except OSError as error:
            raise CommandError(f"{target} cannot be written ({error.strerror}).") from error
