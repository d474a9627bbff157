"""From the facts of registers to a portfolio document that the one loader can load."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from organisations.domain.vocabulary import Basis, RelationshipKind
from organisations.portfolios.reading import Place, SheetPlace, Text
from organisations.registers.bodies import RegisteredBodies, sorted_out
from organisations.registers.changes import Planned, RegisteredChanges
from organisations.registers.held import RegisterState
from organisations.registers.memberships import Membership, Memberships, sorted_memberships
from organisations.registers.oddities import OddKind, Origin
from organisations.registers.overrides import Settled
from organisations.registers.records import Facts, RegisteredBody
from organisations.registers.succession_changes import SuccessionPlanner
from organisations.registers.successions import in_order
from organisations.specs.document import SCHEMA

SHORTENED = "The register states more days than both bodies lived."
SINCE_UNKNOWN = "The register does not say since when; taken from the day both were there."


@dataclass(frozen=True)
class Assembled:
    """A document of what is new, and how much of what the registers say is held as they say it."""

    text: Text
    bodies: int
    memberships: int
    changes: int
    unchanged: int
    differing: int

    @property
    def new(self) -> int:
        """Records the document states."""
        return self.bodies + self.memberships + self.changes


def assembled(
    facts: Facts, recorded: RegisterState, settled: Settled, header: Mapping[str, Any], *, covers_from: date
) -> Assembled:
    """State what the registers say and nobody holds yet. Everything odd is noted with the facts."""
    portfolio = header["slug"]
    oddities = facts.oddities
    bodies = sorted_out(facts, recorded, settled, portfolio=portfolio, covers_from=covers_from)
    successions = in_order(facts.successions, settled, oddities)
    changes = RegisteredChanges(
        bodies, recorded, oddities, unchanged=sum(each.pair in recorded.lineage for each in successions)
    )
    SuccessionPlanner(changes, settled, portfolio).plan(successions)
    changes.planned += changes.new_forms()
    changes.planned[:0] = changes.closings()
    changes.planned = [each for each in changes.planned if each.data["reference"] not in recorded.references]
    memberships = sorted_memberships(facts, bodies.lives, changes.memberships_after(), changes.carried())
    settled.unused(oddities)
    text = _text(header, bodies, memberships, changes, facts)
    return Assembled(
        text=text,
        bodies=len(bodies.new),
        memberships=len(memberships.new),
        changes=len(changes.planned),
        unchanged=bodies.unchanged + memberships.unchanged + changes.unchanged,
        differing=bodies.differing + sum(odd.kind is OddKind.MEMBERSHIP_DIFFERS for odd in oddities.met),
    )


def text_of_changes(header: Mapping[str, Any], changes: RegisteredChanges, name: str, sha256: str) -> Text:
    """A document of changes alone, among bodies that are held."""
    data = {"schema": SCHEMA, "portfolio": dict(header), "changes": [change.data for change in changes.planned]}
    return Text(name, data, sha256)


class _Writing:
    """A document as it is written, with the place in the registers of every record."""

    def __init__(self, facts: Facts) -> None:
        self.lines: dict[Place, int] = {}
        self.sheets: dict[Place, SheetPlace] = {}
        self.files = {name: SheetPlace(number, name) for number, name in enumerate(facts.rows)}

    def at(self, place: Place, origin: Origin) -> None:
        """Note where a record stands."""
        if origin.line is not None:
            self.lines[place] = origin.line
        if origin.file in self.files:
            self.sheets[place] = self.files[origin.file]


def _text(
    header: Mapping[str, Any],
    bodies: RegisteredBodies,
    memberships: Memberships,
    changes: RegisteredChanges,
    facts: Facts,
) -> Text:
    writing = _Writing(facts)
    born, touched = changes.born, changes.touched
    stated: list[dict[str, Any]] = []
    for code, body in bodies.new.items():
        if code not in born:
            writing.at(("bodies", len(stated)), body.origin)
            stated.append(_body(body, alone=code not in touched))
    relationships: list[dict[str, Any]] = []
    for membership in memberships.new:
        writing.at(("relationships", len(relationships)), membership.origin)
        relationships.append(_tie(membership))
    planned: list[dict[str, Any]] = []
    for change in changes.planned:
        writing.at(("changes", len(planned)), change.origin)
        planned.append(_change(change, bodies))
    data = {
        "schema": SCHEMA,
        "portfolio": dict(header),
        "bodies": stated,
        "relationships": relationships,
        "changes": planned,
    }
    digest = hashlib.sha256("\n".join(sorted(facts.digests.values())).encode()).hexdigest()
    return Text(", ".join(facts.rows)[:255], data, digest, writing.lines, writing.sheets)


def _body(body: RegisteredBody, *, alone: bool) -> dict[str, Any]:
    """A body of the opening facts. Its closing is stated with it where no change has to do with it."""
    stated = _born(body)
    if body.opened is not None:
        stated["opened"] = body.opened
    if alone and body.closed is not None:
        stated["closed"] = body.closed
    return stated


def _born(body: RegisteredBody) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "code": body.code,
        "name": body.name,
        "form": body.form,
        "basis": Basis.REGISTER.value,
        "source": body.source,
    }
    if body.inferred:
        stated["form_basis"] = Basis.INFERRED.value
    if body.note:
        stated["note"] = body.note
    return stated


def _tie(membership: Membership) -> dict[str, Any]:
    inferred = membership.shortened or membership.since_unknown
    notes = [SHORTENED] * membership.shortened + [SINCE_UNKNOWN] * membership.since_unknown
    stated: dict[str, Any] = {
        "kind": RelationshipKind.MEMBER_OF.value,
        "subject": membership.member,
        "object": membership.parent,
        "start": membership.start,
        "basis": (Basis.INFERRED if inferred else Basis.REGISTER).value,
        "source": membership.source,
    }
    if membership.end is not None:
        stated["end"] = membership.end
    if notes:
        stated["note"] = " ".join(notes)
    return stated


def _change(change: Planned, bodies: RegisteredBodies) -> dict[str, Any]:
    stated = dict(change.data)
    if "resulting" in stated:
        born = set(change.born)
        stated["resulting"] = [
            _born(bodies.new[entry["code"]]) if entry["code"] in born else entry for entry in stated["resulting"]
        ]
    return stated
