"""`doctor`: how is this pcorg, and what should be done?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pcorg.diagnosis import findings


class Command(BaseCommand):
    """Looks at every part of a running pcorg and prints what it finds."""

    help = (
        "Looks at Python, static files, cache, database, migrations, reference records, portfolios and the "
        "audit trail. Exit status 1, and what to do, when something is wrong."
    )
    requires_system_checks = []  # the doctor comes to the sick as well

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(findings())
        table = Table(box=box.SIMPLE)
        for heading in ("Part", "", "State"):
            table.add_column(heading, overflow="fold")
        for finding in found:
            table.add_row(escape(finding.part), "well" if finding.well else "WRONG", escape(finding.state))
        console = Console(file=self.stdout, highlight=False)  # type: ignore[arg-type]  # writes like a file
        console.print(table)
        wrong = [finding for finding in found if not finding.well]
        for finding in wrong:
            console.print(f"{finding.part}: {finding.remedy}", markup=False, soft_wrap=True)
        if wrong:
            sys.exit(1)
        console.print("Nothing is wrong.")
