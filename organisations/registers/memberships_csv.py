"""Memberships of practices (`epcmem`): practice, commissioner, parent type, join date, left date, amended flag.

No file of this layout was at hand: it is read as the Organisation Data Service describes it.
"""

from __future__ import annotations

from organisations.registers.oddities import OddKind
from organisations.registers.reading import RegisterText, day, last_day, right_width
from organisations.registers.records import Facts, RegisteredMembership, cited

WIDTH = 6
SOURCE = "ods-epcmem"


def read_memberships(text: RegisterText, facts: Facts) -> None:
    """Add what the file says to the facts. The parent's type is left aside: its code says what it is."""
    for origin, fields in right_width(text, WIDTH, facts):
        member, parent = fields[0].upper(), fields[1].upper()
        if not member or not parent:
            words = "no practice" if not member else "no commissioner"
            facts.oddities.note(OddKind.NO_CODE, member, words, file=origin.file, line=origin.line)
            continue
        joined = day(fields[3], facts, member, origin)
        left = last_day(fields[4], facts, member, origin)
        facts.memberships.append(RegisteredMembership(member, parent, origin, cited(SOURCE, origin), joined, left))
