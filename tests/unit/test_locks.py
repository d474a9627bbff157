"""Rows are locked in the weakest way that keeps writers apart: a new row that refers to one waits for nobody."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

APPS = ("pcorg", "organisations", "commissioning", "evaluation")
NOTHING_REFERS_TO = {"pcorg/core/audit/guards.py", "pcorg/core/audit/trail.py", "pcorg/core/idempotency/keys.py"}
"""Where whole rows are locked: no foreign key leads to them."""


def test_no_lock_stands_in_the_way_of_a_foreign_key() -> None:
    """PostgreSQL looks at foreign keys when a transaction ends, with the head of the audit chain held: whoever locked
    the row they lead to as a whole, and waits for that head, would never have it."""
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {call}"
        for app in APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for call in re.findall(r"select_for_update\([^)]*\)", Path(path).read_text())
        if "no_key=True" not in call and str(path.relative_to(settings.BASE_DIR)) not in NOTHING_REFERS_TO
    ]
    assert found == []
