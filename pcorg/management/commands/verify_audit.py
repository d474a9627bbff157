"""`verify_audit`: is the audit trail whole?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from pcorg.audit import trail
from pcorg.audit.models import AuditEntry


class Command(BaseCommand):
    """Walks the chain of audit entries and says what does not hold."""

    help = "Checks the audit trail's chain of hashes: a line for each fault, exit status 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = False
        for fault in trail.faults():
            broken = True
            self.stdout.write(fault)
        if broken:
            sys.exit(1)
        entries, head = AuditEntry.objects.count(), trail.data_version()[0]
        self.stdout.write(f"The audit trail is whole: {entries} entries, ending in {head}.")
