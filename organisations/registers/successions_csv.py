"""Successions (`succ`): old code, new code, reason, effective date, type.

No file of this layout was at hand: it is read as the Organisation Data Service describes it. The reason and the type
are left aside: which of the two bodies came first is told by the columns.
"""

from __future__ import annotations

from organisations.registers.oddities import OddKind
from organisations.registers.reading import RegisterText, day, right_width
from organisations.registers.records import Facts, RegisteredSuccession, cited

WIDTH = 5
SOURCE = "ods-succ"


def read_successions(text: RegisterText, facts: Facts) -> None:
    """Add what the file says to the facts."""
    for origin, fields in right_width(text, WIDTH, facts):
        old, new = fields[0].upper(), fields[1].upper()
        if not old or not new:
            facts.oddities.note(OddKind.NO_CODE, old or new, file=origin.file, line=origin.line)
            continue
        on = day(fields[3], facts, old, origin)
        facts.successions.append(RegisteredSuccession(old, new, on, origin, cited(SOURCE, origin)))
