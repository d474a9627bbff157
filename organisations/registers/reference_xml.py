"""Organisation reference data in XML: `HSCOrgRefData` with `Organisations/Organisation`.

Read as a stream, one organisation at a time, however large the file. Entities and document types are refused
(defusedxml). The dates that count are the operational ones, for legal dates are missing from most records; but a body
that has closed legally has closed here, whatever runs on. A body with several operational periods has had several
lives, as one with several rows of a CSV. Successions carry legal dates only. Names of elements differ
between editions (`Rel` and `Relationship`, `Succ` and `Successor`), and a link's target may repeat the name and the
dates of another body: only an organisation's own children are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.registers.forms import (
    FORMS_OF_ROLES,
    SUB_LOCATION_ROLE,
    TRUST_ROLES,
    FormFinding,
    form_of_group,
    form_of_trust,
)
from organisations.registers.oddities import OddKind, Origin
from organisations.registers.reading import RecordReader
from organisations.registers.records import (
    Facts,
    RegisteredBody,
    RegisteredMembership,
    RegisteredSuccession,
    cited,
)

SOURCE = "ods-xml"
MOST_ELEMENTS = 20_000
"""Elements within one organisation at most; the largest that are published have a few thousand."""

DEEPEST = 20
"""Levels of nesting at most."""

LONGEST = 1024 * 1024
"""Bytes between one element and the next at most."""

ROOTS = {"HSCOrgRefData", "MANIFEST"}

COMMISSIONED_BY = "RE4"
"""The relationship of a practice to the body that commissions for it."""

Days = tuple[date | None, date | None]
"""The first and the last day of a period, as the register states them."""


def read_reference_xml(path: Path, facts: Facts) -> int:
    """Add what the file says to the facts; gives the number of organisations read.

    Raises Refused where it is no such file, is not well-formed, or goes beyond the limits.
    """
    number = 0
    try:
        with path.open("rb") as file:
            for element in _organisations(_Metered(file, path.name)):
                number += 1
                _read(element, Origin(path.name), facts)
    except ParseError as error:
        raise DocumentRefused(path.name, [DocumentFault(f"This is not well-formed XML: {error}.")]) from None
    except DefusedXmlException as error:
        words = f"Document types and entities are not read ({type(error).__name__}); remove them."
        raise DocumentRefused(path.name, [DocumentFault(words)]) from None
    if not number:
        raise DocumentRefused(path.name, [DocumentFault("There is no Organisation in this file.")])
    return number


class _Metered:
    """A file that is read on only while elements come out of it: a text that never ends is not taken in."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.file = file
        self.name = name
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.since += len(chunk)
        if self.since > LONGEST:
            raise self.refused(f"A single text has more than {LONGEST:,} bytes")
        return chunk

    def refused(self, words: str) -> DocumentRefused:
        return DocumentRefused(self.name, [DocumentFault(f"{words}; such a file is not read.")])


def _organisations(file: _Metered) -> Iterator[Element]:
    """Each organisation of the stream; what has been read is let go of."""
    above: list[Element] = []
    within = inside = 0
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        file.since = 0
        is_organisation = _tag(element) == "Organisation"
        if event == "start":
            if not above and _tag(element) not in ROOTS:
                raise file.refused(f"The root is {_tag(element)}, not HSCOrgRefData")
            above.append(element)
            within += 1
            inside += is_organisation
            if len(above) > DEEPEST:
                raise file.refused(f"A record has more than {DEEPEST} levels")
            if within > MOST_ELEMENTS:
                raise file.refused(f"A record has more than {MOST_ELEMENTS:,} elements")
            continue
        above.pop()
        inside -= is_organisation
        if not inside:
            if is_organisation:
                yield element
            if above:
                above[-1].remove(element)
            within = len(above)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if _tag(child) in names)


def _child(element: Element, name: str) -> Element | None:
    return next(_children(element, name), None)


def _text_of(element: Element | None) -> str:
    """What an element says: the older editions write it as text, the newer as an attribute."""
    return "" if element is None else (element.get("value") or element.text or "").strip()


def _within(element: Element, outer: str, *names: str) -> Iterator[Element]:
    group = _child(element, outer)
    return iter(()) if group is None else _children(group, *names)


def _code(element: Element) -> str:
    found = _child(element, "OrgId")
    return "" if found is None else (found.get("extension") or "").strip().upper()


def _target(link: Element) -> str:
    target = _child(link, "Target")
    if target is None:
        return ""
    nested = _child(target, "Organisation")
    return _code(target) or ("" if nested is None else _code(nested))


def _dates(element: Element, reader: RecordReader) -> dict[str, list[Days]]:
    """By type (`Operational`, `Legal`), the periods stated, in order of their first days."""
    stated: dict[str, list[Days]] = {}
    for dated in _children(element, "Date"):
        kind = _text_of(_child(dated, "Type")).capitalize() or "Operational"
        period = (reader.day(_text_of(_child(dated, "Start"))), reader.day(_text_of(_child(dated, "End"))))
        if period not in stated.setdefault(kind, []):
            stated[kind].append(period)
    return {kind: sorted(these, key=lambda days: days[0] or date.min) for kind, these in stated.items()}


def _lives(dates: dict[str, list[Days]]) -> Iterator[Days]:
    """The lives of a body: its operational periods, each cut short where it ended legally before."""
    legal = dates.get("Legal", [])
    lives = dates.get("Operational") or legal or [(None, None)]
    for number, (first, last) in enumerate(lives):
        until = lives[number + 1][0] if number + 1 < len(lives) else None
        within = [
            days
            for days in legal
            if (number == 0 or (days[1] or date.max) >= (first or date.min))
            and (until is None or (days[0] or date.min) < until)
        ]
        ends = [end for end in (last, within[-1][1] if within else None) if end is not None]
        yield first, min(ends, default=None)


def _after(last: date | None) -> date | None:
    return None if last is None else last + timedelta(days=1)


def _read(element: Element, origin: Origin, facts: Facts) -> None:
    code = _code(element)
    reader = RecordReader(facts, code, origin)
    if not code:
        reader.note(OddKind.NO_CODE)
        return
    source = cited(SOURCE, origin)
    for link in _within(element, "Succs", "Succ", "Successor"):
        _read_succession(link, source, reader)
    name = reader.name(_text_of(_child(element, "Name")))
    dates = _dates(element, reader)
    roles = [role.get("id") or "" for role in _within(element, "Roles", "Role")]
    verdict = None
    for opened, last in _lives(dates):
        verdict = _verdict(code, name, roles, opened)
        if not name or verdict is None:
            facts.passed_over.add(code)
            if name:
                reader.note(OddKind.NO_ROLE, f"{name}, {', '.join(roles) or 'no role'}")
            else:
                reader.note(OddKind.NO_NAME)
            return
        facts.bodies[code].append(RegisteredBody.found(code, name, source, origin, (opened, _after(last)), verdict))
    if verdict is not None and verdict.form == "gp-practice":
        for link in _within(element, "Rels", "Rel", "Relationship"):
            if link.get("id") == COMMISSIONED_BY and (parent := _target(link)):
                for joined, left in _dates(link, reader).get("Operational") or [(None, None)]:
                    facts.memberships.append(RegisteredMembership(code, parent, origin, source, joined, _after(left)))


def _read_succession(link: Element, source: str, reader: RecordReader) -> None:
    kind = (link.get("type") or _text_of(_child(link, "Type"))).capitalize()
    other = _target(link)
    if kind not in {"Predecessor", "Successor"} or not other:
        reader.note(OddKind.OTHER_LINK, f"“{kind}” {other}")
        return
    dates = _dates(link, reader)
    on, _ = (dates.get("Legal") or dates.get("Operational") or [(None, None)])[-1]
    old, new = (other, reader.code) if kind == "Predecessor" else (reader.code, other)
    reader.facts.successions.append(RegisteredSuccession(old, new, on, reader.origin, source))


def _verdict(code: str, name: str, roles: list[str], opened: date | None) -> FormFinding | None:
    if TRUST_ROLES & set(roles):
        return form_of_trust(code, name, opened)
    if SUB_LOCATION_ROLE in roles:
        return form_of_group(name, SUB_LOCATION_ROLE, opened)
    return next((verdict for role, verdict in FORMS_OF_ROLES.items() if role in roles), None)
