"""`audit_anchor`: a signed checkpoint of the audit trail, in a file outside the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pcorg.core.audit import anchors, checking
from pcorg.core.audit.canonical import one_snapshot


class Command(BaseCommand):
    """Adds a checkpoint to a file, once the trail and the checkpoints before are seen to be whole."""

    help = (
        "Appends a signed checkpoint of the audit trail's end to a file, for verify_audit --anchors. Keep the file "
        "where whoever can write to the database cannot. PCORG_ANCHOR_KEY signs it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            recorded, faults = anchors.read(path) if path.exists() else ([], [])
            trail = checking.Trail(asked=dict.fromkeys(anchor.sequence for anchor in recorded))
            with one_snapshot():
                faults += checking.chain_faults(trail)
            faults += anchors.disagreements(recorded, trail)
            if faults:
                raise CommandError("No checkpoint is made of a trail that is not whole.\n" + "\n".join(faults))
            made = anchors.append(path, trail)
        except (anchors.NoKey, ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made.made} {made.entries} entries, ending in {made.digest}")
