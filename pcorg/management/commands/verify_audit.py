"""`verify_audit`: is the audit trail whole, and are the data what it says?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pcorg.core.audit import anchors, checking
from pcorg.core.audit.canonical import one_snapshot


class Command(BaseCommand):
    """Walks the chain of audit entries, works out again what they say was written, and says what does not hold."""

    help = (
        "Checks the audit trail's chain of hashes, and that the rows it speaks of are as it says: a line for each "
        "fault, exit status 1 if there is one. Ends with the head of the chain."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", type=Path, help="a file that audit_anchor wrote: the trail must agree with it")

    def handle(self, *args: Any, **options: Any) -> None:
        held, found = self._read(options["anchors"]) if options["anchors"] else ([], [])
        trail = checking.Trail(asked=dict.fromkeys(anchor.sequence for anchor in held))
        with one_snapshot():
            for fault in (*found, *checking.chain_faults(trail)):
                self._tell(fault)
            for fault in anchors.disagreements(held, trail):
                self._tell(fault)
            for fault in checking.row_faults(trail):
                self._tell(fault)
        if self._faults:
            self.stderr.write(f"{self._faults} fault(s). {trail.entries} entries, ending in {trail.digest}.")
            sys.exit(1)
        anchored = f" It agrees with {len(held)} checkpoints." if held else ""
        self.stdout.write(f"The audit trail is whole: {trail.entries} entries, ending in {trail.digest}.{anchored}")

    def _read(self, path: Path) -> tuple[list[anchors.Anchor], list[str]]:
        try:
            return anchors.read(path)
        except (anchors.NoKey, OSError) as error:
            raise CommandError(str(error)) from error

    _faults = 0

    def _tell(self, fault: str) -> None:
        self._faults += 1
        self.stdout.write(fault)
