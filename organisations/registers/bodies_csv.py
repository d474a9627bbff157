"""The 27-column CSV of the Organisation Data Service, without header: practices, trusts, groups and authorities.

Columns: 1 code, 2 name, 3 national grouping, 4 high level health geography, 5-9 address, 10 postcode, 11 open date,
12 close date (the last day in force), 13 status, 14 sub-type, 15 parent, 16 join parent date, 17 left parent date (the
last day), 18 telephone, 22 amended, 24 provider or region, 26 prescribing setting. The others are empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from organisations.registers.forms import DORMANT, FormFinding, form_of_authority, form_of_group, form_of_trust
from organisations.registers.oddities import OddKind
from organisations.registers.reading import CODES, NEW_CODE, RecordReader, RegisterText, right_width
from organisations.registers.records import (
    Facts,
    RegisteredBody,
    RegisteredMembership,
    RegisterKind,
    cited,
)

WIDTH = 27
CODE = re.compile(r"[A-Z0-9]{3,8}")
PRACTICE_SETTING = "4"
OUTSIDE_ENGLAND = {"W00"}
"""National groupings outside England. Channel Islands and the Isle of Man have none, and practices there no parent."""

WELSH_REGION = "W"

SETTINGS = {
    "0": "other",
    "1": "walk-in centre",
    "2": "out-of-hours service",
    "3": "walk-in centre and out-of-hours service",
    "4": "general practice",
    "8": "public health service",
    "9": "community health service",
    "10": "hospital service",
    "11": "optometry service",
    "12": "urgent and emergency care",
    "13": "hospice",
    "14": "care home or nursing home",
    "25": "prison",
}
"""Prescribing settings as they are generally known; the schema at hand does not name them."""

SOURCES = {
    RegisterKind.PRACTICES: "ods-epraccur",
    RegisterKind.TRUSTS: "ods-etr",
    RegisterKind.GROUPS: "ods-eccg",
    RegisterKind.AUTHORITIES: "ods-eauth",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """The columns read, by name."""

    code: str
    name: str
    grouping: str
    opened: str
    closed: str
    status: str
    subtype: str
    parent: str
    joined: str
    left: str
    region: str
    setting: str


def _row(fields: list[str]) -> _Row:
    return _Row(
        code=fields[0].upper(),
        name=fields[1],
        grouping=fields[2],
        opened=fields[10],
        closed=fields[11],
        status=fields[12].upper(),
        subtype=fields[13],
        parent=fields[14].upper(),
        joined=fields[15],
        left=fields[16],
        region=fields[23],
        setting=fields[25],
    )


def read_bodies(text: RegisterText, kind: RegisterKind, facts: Facts) -> None:
    """Add what the file says to the facts."""
    for origin, fields in right_width(text, WIDTH, facts):
        row = _row(fields)
        reader = RecordReader(facts, row.code, origin)
        if not CODE.fullmatch(row.code):
            facts.oddities.note(OddKind.NO_CODE, row.code[:40], origin=origin)
            continue
        name = reader.name(row.name)
        reason = _left_out(row, name, kind)
        if reason is None:
            reason = _add(row, name, kind, reader)
        if reason is not None:
            facts.passed_over.add(row.code)
            reader.note(*reason)


def _left_out(row: _Row, name: str, kind: RegisterKind) -> tuple[OddKind, str] | None:
    """Why a row makes no body, or None."""
    if not name:
        return OddKind.NO_NAME, ""
    if not CODES[kind].fullmatch(row.code) and not NEW_CODE.fullmatch(row.code):
        return OddKind.NO_KIND, name
    if row.status == "P":
        return OddKind.PROPOSED, name
    if row.grouping in OUTSIDE_ENGLAND or row.region == WELSH_REGION:
        return OddKind.NOT_ENGLAND, name
    if kind is RegisterKind.PRACTICES and row.setting != PRACTICE_SETTING:
        setting = SETTINGS.get(row.setting, "not known here")
        return OddKind.NOT_A_PRACTICE, f"{name}, setting {row.setting or 'not given'} ({setting})"
    return None


def _add(row: _Row, name: str, kind: RegisterKind, reader: RecordReader) -> tuple[OddKind, str] | None:
    """Add a body and its membership, or say why not."""
    facts, origin = reader.facts, reader.origin
    opened, closed = reader.day(row.opened), reader.last_day(row.closed)
    if row.closed and closed is None:
        return OddKind.NO_LIFE, f"{name}, closing date unreadable"
    verdict = _verdict(row, name, kind, opened)
    if verdict is None:
        return OddKind.NO_FORM, name
    if row.status == "D":
        note = f"{DORMANT} {verdict.note}".rstrip()
        verdict = replace(verdict, note=note, remarks=(*verdict.remarks, OddKind.DORMANT))
    source = cited(SOURCES[kind], origin)
    facts.bodies[row.code].append(RegisteredBody.found(row.code, name, source, origin, (opened, closed), verdict))
    if row.parent and kind is RegisterKind.PRACTICES:
        joined, left = reader.day(row.joined), reader.last_day(row.left)
        facts.memberships.append(RegisteredMembership(row.code, row.parent, origin, source, joined, left))
    return None


def _verdict(row: _Row, name: str, kind: RegisterKind, opened: date | None) -> FormFinding | None:
    if kind is RegisterKind.PRACTICES:
        return FormFinding("gp-practice")
    if kind is RegisterKind.TRUSTS:
        return form_of_trust(row.code, name, opened)
    if kind is RegisterKind.GROUPS:
        return form_of_group(name, row.subtype, opened)
    return form_of_authority(row.code, name)
