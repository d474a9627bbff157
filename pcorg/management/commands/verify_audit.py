"""`verify_audit`: is the audit trail whole, and are the data what it says?"""

from __future__ import annotations

import sys
from itertools import chain
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
        recorded, found = self._read(options["anchors"]) if options["anchors"] else ([], [])
        trail = checking.Trail(asked=dict.fromkeys(anchor.sequence for anchor in recorded))
        with one_snapshot():
            faults = 0
            of_chain, of_anchors = checking.chain_faults(trail), anchors.disagreements(recorded, trail)
            for fault in chain(found, of_chain, of_anchors, checking.row_faults(trail)):
                self.stdout.write(fault)
                faults += 1
        if faults:
            self.stderr.write(f"{faults} fault(s). {trail.entries} entries, ending in {trail.digest}.")
            sys.exit(1)
        anchored = f" It agrees with {len(recorded)} checkpoints." if recorded else ""
        self.stdout.write(f"The audit trail is whole: {trail.entries} entries, ending in {trail.digest}.{anchored}")

    def _read(self, path: Path) -> tuple[list[anchors.Anchor], list[str]]:
        try:
            return anchors.read(path)
        except (anchors.NoKey, OSError) as error:
            raise CommandError(str(error)) from error
