"""From what was typed to the proposal it states: the bodies it means, what is still wanting, and which field a problem
of the engine belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from organisations.domain.vocabulary import ChangeKind, Constituency, Route, ShareBasis, StatedPopulationBasis
from organisations.web.presenters.proposing.bodies import Slot, Slots
from organisations.web.presenters.proposing.kinds import FormShape, Going
from organisations.web.presenters.proposing.rows import NotANumber, fraction_typed, whole_typed
from pcorg.core.forms.typed import Typed
from pcorg.core.refusals import Problem
from pcorg.core.values import day_typed

Faults = list[tuple[str, str]]
"""Pairs of a field and what is wrong with it."""

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
NAME_OR_FORM, FORGOTTEN, NEVER_HAPPENED = "fact", "forgotten", "undo"
PROSE = ("rationale",)
LONGEST_PROSE = 5000


@dataclass
class ProposalEntry:
    """A proposal as typed. `data` is what the engine is asked; `faults` what keeps it from being put forward; `ready`
    tells that enough is known to ask what would come of it."""

    shape: FormShape
    typed: Typed
    on: date
    slots: Slots
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=list)
    ready: bool = True

    @property
    def originals(self) -> list[Slot]:
        """The rows for originals, at least as many as the kind takes."""
        least, most = self.shape.originals
        if most == 0:
            return []
        number = min(max(self.typed.rows("originals"), least, 1), most)
        return [self.slots.at(f"originals-{row}") for row in range(number)]

    def goes_on(self, row: int) -> bool:
        """Whether an original is ticked to go on after the change."""
        return self.shape.going is not Going.NONE and bool(self.typed[f"continues-{row}"])

    @property
    def going_on(self) -> list[int]:
        """The rows of originals that go on."""
        return [row for row, slot in enumerate(self.originals) if slot.text and self.goes_on(row)]

    @property
    def step(self) -> tuple[Route, str] | None:
        """The declared step chosen for a transition."""
        route, _, form = self.typed["step"].partition(":")
        return (Route(route), form) if route in set(Route) and form else None

    @property
    def new_bodies(self) -> int:
        """How many rows for new bodies the form shows."""
        shape, least, most = self.shape, *self.shape.new
        if shape.asks_a_step:
            return 1 if self.step and not self.step[0].keeps_body else 0
        if shape.kind is ChangeKind.CORRECTION:
            return 1 if self.typed["right"] == FORGOTTEN else 0
        if shape.going is Going.ONE and self.going_on:
            return 0
        if shape.kind is ChangeKind.SPLIT and self.going_on:
            least = 1
        return min(max(self.typed.rows("resulting"), least), most)

    def new_code(self, row: int) -> str:
        """The code of a new body; a stand-in until one is typed."""
        typed = self.typed[f"resulting-{row}-code"]
        return typed if CODE.fullmatch(typed) else f"NEW-{row + 1}"

    def new_name(self, row: int) -> str:
        """The name of a new body; a stand-in until one is typed."""
        return self.typed[f"resulting-{row}-name"] or f"New body {row + 1}"

    @property
    def outcome(self) -> list[tuple[str, str]]:
        """Code and name of the bodies that come out: new ones, and originals that go on."""
        found = [(self.new_code(row), self.new_name(row)) for row in range(self.new_bodies)]
        all_stay = self.shape.kind in {ChangeKind.TRANSFER, ChangeKind.SEPARATION}
        staying = range(len(self.originals)) if all_stay else self.going_on
        return found + [
            (slot.code, slot.name) for row, slot in enumerate(self.originals) if row in staying and slot.text
        ]

    def field_of(self, problem: Problem) -> str:
        """The field that a problem of the engine is about, else the nearest around it."""
        place = problem.pointer
        named = self._naming(problem)
        if named:
            return named
        while place:
            if place in self.places:
                return self.places[place]
            place = place.rpartition("/")[0]
        return "effective_on"

    def _naming(self, problem: Problem) -> str:
        """The field that named the body a problem speaks of, where the engine only says by which body it was named."""
        of_a_new_body = self.places.get(problem.pointer, "").endswith("-code")
        if problem.code not in {"unknown-organisation", "not-in-force"} or not of_a_new_body:
            return ""
        spoken = set(re.findall(r"[\w-]+", problem.message))
        return next((name for name, code in self.slots.codes.items() if code in spoken), "")

    def faults_for(self, problems: list[Problem]) -> Faults:
        """Problems of the engine by field, without those of fields that are known to be at fault already."""
        named = {name for name, _ in self.faults}
        found = [(self.field_of(problem), problem.message) for problem in problems]
        return [pair for pair in dict.fromkeys(found) if pair[0] not in named]


def read(shape: FormShape, typed: Typed, slots: Slots, *, otherwise: date, portfolio: str | None) -> ProposalEntry:
    """Read what was typed. `otherwise` is the day the form works with until one is given."""
    entry = ProposalEntry(shape, typed, otherwise, slots)
    given = day_typed(typed["effective_on"])
    if given is None:
        _fault(entry, "effective_on", "Enter the date on which the change takes effect, like 2010-04-01", fatal=True)
    else:
        entry.on = given
    entry.data = {"kind": shape.kind.value, "effective_on": entry.on.isoformat()}
    entry.places["/effective_on"] = "effective_on"
    if portfolio:
        entry.data["portfolio"] = portfolio
    _reasons(entry)
    _originals(entry)
    _what_changes(entry)
    _resulting(entry)
    _edges(entry)
    _moves(entry)
    return entry


def _fault(entry: ProposalEntry, name: str, words: str, *, fatal: bool = False) -> None:
    entry.faults.append((name, words))
    entry.ready = entry.ready and not fatal


def _reasons(entry: ProposalEntry) -> None:
    typed = entry.typed
    for name in ("title", "legal_instrument", "rationale"):
        entry.places[f"/{name}"] = name
        if typed[name]:
            text = typed[name] if name in PROSE else " ".join(typed[name].split())
            longest = LONGEST_PROSE if name in PROSE else 200
            if len(text) > longest:
                _fault(entry, name, f"Use at most {longest:,} letters; there are {len(text):,}")
            entry.data[name] = text[:longest]
    reasons = {}
    for name, _ in typed:
        if name.startswith("evidence-") and typed[name]:
            code = name.removeprefix("evidence-")
            entry.places[f"/evidence/{code}"] = name
            reasons[code] = typed[name][:LONGEST_PROSE]
            if len(typed[name]) > LONGEST_PROSE:
                _fault(entry, name, f"Use at most {LONGEST_PROSE:,} letters")
    entry.data["evidence"] = reasons


def _body(entry: ProposalEntry, name: str, pointer: str) -> str:
    """The code a field for a body means; notes a fault where it could be several or none."""
    slot = entry.slots.at(name)
    entry.places[pointer] = name
    if slot.fault:
        _fault(entry, name, slot.fault, fatal=True)
    return slot.code


def _originals(entry: ProposalEntry) -> None:
    entry.places["/originals"] = entry.places["/organisation"] = "originals-0"
    if not entry.originals:
        entry.places["/originals"] = "resulting-0-code"
    codes: list[str] = []
    if entry.shape.kind is ChangeKind.CORRECTION and entry.typed["right"] == NEVER_HAPPENED:
        return
    for slot in entry.originals:
        if slot.text:
            codes.append(_body(entry, slot.name_of_field, f"/originals/{len(codes)}"))
    least = entry.shape.originals[0]
    if len(codes) < least:
        empty = next((slot.name_of_field for slot in entry.originals if not slot.text), "originals-0")
        words = "Enter the organisation, by its name or code" if not codes else "Enter one more organisation"
        _fault(entry, empty, words, fatal=True)
    entry.data["originals"] = codes


def _what_changes(entry: ProposalEntry) -> None:
    """The step of a transition, the new name, or what a correction puts right."""
    typed, data, places = entry.typed, entry.data, entry.places
    places |= {"/route": "step", "/to_form": "step", "/name": "name", "/corrects": "corrects"}
    match entry.shape.kind:
        case ChangeKind.TRANSITION:
            if entry.step is None:
                _fault(entry, "step", "Choose what it becomes", fatal=True)
                return
            route, form = entry.step
            data["route"] = route.value
            if route.keeps_body:
                data["to_form"] = form
        case ChangeKind.RENAME:
            if not typed["name"]:
                _fault(entry, "name", "Enter the new name", fatal=True)
            data["name"] = " ".join(typed["name"].split())[:200]
        case ChangeKind.CORRECTION:
            places["/to_form"] = "to_form"
            _correction(entry)


def _correction(entry: ProposalEntry) -> None:
    typed, data = entry.typed, entry.data
    if typed["corrects"]:
        try:
            data["corrects"] = whole_typed(typed["corrects"])
        except NotANumber:
            _fault(entry, "corrects", "Enter the number of the change, as in the address of its page", fatal=True)
    right = typed["right"]
    if right not in {NAME_OR_FORM, FORGOTTEN, NEVER_HAPPENED}:
        _fault(entry, "right", "Choose what is to be put right", fatal=True)
    elif right == NEVER_HAPPENED:
        if not typed["corrects"]:
            _fault(entry, "corrects", "Enter the number of the change that is to be undone", fatal=True)
    elif not data.get("originals"):
        _fault(entry, "originals-0", "Enter the organisation, by its name or code", fatal=True)
    if right == NAME_OR_FORM:
        stated = {name: typed[name] for name in ("name", "to_form") if typed[name]}
        if not stated:
            _fault(entry, "name", "Enter the right name, or choose the right form", fatal=True)
        data["set"] = stated


def _resulting(entry: ProposalEntry) -> None:
    going = [entry.originals[row] for row in entry.going_on]
    listed: list[dict[str, Any]] = []
    for row, slot in zip(entry.going_on, going, strict=True):
        entry.places[f"/resulting/{len(listed)}"] = f"continues-{row}"
        listed.append({"code": slot.code})
    for row in range(entry.new_bodies):
        listed.append(_new_body(entry, row, f"/resulting/{len(listed)}"))
    entry.places.setdefault("/resulting", "resulting-0-code" if entry.new_bodies else "originals-0")
    if listed:
        entry.data["resulting"] = listed
    if entry.shape.kind is ChangeKind.ESTABLISHMENT:
        _joining(entry)


def _new_body(entry: ProposalEntry, row: int, pointer: str) -> dict[str, Any]:
    typed, prefix = entry.typed, f"resulting-{row}"
    which = f" of new body {row + 1}" if entry.new_bodies > 1 else " of the new body"
    for name in ("code", "name", "form"):
        entry.places[f"{pointer}/{name}"] = f"{prefix}-{name}"
    entry.places[pointer] = f"{prefix}-code"
    if not typed[f"{prefix}-code"]:
        _fault(entry, f"{prefix}-code", f"Enter the code{which}")
    elif not CODE.fullmatch(typed[f"{prefix}-code"]):
        _fault(entry, f"{prefix}-code", f"The code{which} must be letters, digits and hyphens, at most 40")
    if not typed[f"{prefix}-name"]:
        _fault(entry, f"{prefix}-name", f"Enter the name{which}")
    elif len(typed[f"{prefix}-name"]) > 200:
        _fault(entry, f"{prefix}-name", f"The name{which} must have at most 200 letters")
    form = entry.step[1] if entry.step and entry.shape.asks_a_step else typed[f"{prefix}-form"]
    if not form:
        _fault(entry, f"{prefix}-form", f"Choose the form{which}", fatal=True)
    body: dict[str, Any] = {"code": entry.new_code(row), "name": entry.new_name(row)[:200], "form": form}
    if entry.shape.asks_a_step:
        entry.places[f"{pointer}/form"] = "step"
    for name in ("accountable_to", "sub_committee_of", "operated_by"):
        if typed[f"{prefix}-{name}"]:
            body[name] = _body(entry, f"{prefix}-{name}", f"{pointer}/{name}")
    councils = [
        _body(entry, f"{prefix}-located_in-{number}", f"{pointer}/located_in/{number}")
        for number in range(typed.rows(f"{prefix}-located_in"))
        if typed[f"{prefix}-located_in-{number}"]
    ]
    if councils:
        body["located_in"] = councils
    body |= _people(entry, prefix, pointer)
    seats = list(_seats(entry, prefix, pointer))
    return body | ({"board": seats} if seats else {})


def _people(entry: ProposalEntry, prefix: str, pointer: str) -> dict[str, Any]:
    name = f"{prefix}-population"
    entry.places[f"{pointer}/populations"] = name
    if not entry.typed[name]:
        return {}
    try:
        count = whole_typed(entry.typed[name])
    except NotANumber:
        _fault(entry, name, "Enter how many people as a whole number, like 185,000")
        return {}
    basis = entry.typed[f"{prefix}-population_basis"] or StatedPopulationBasis.ESTIMATE.value
    return {"populations": [{"count": count, "on": entry.on.isoformat(), "basis": basis}]}


def _seats(entry: ProposalEntry, prefix: str, pointer: str) -> Iterator[dict[str, Any]]:
    number = 0
    for constituency in Constituency:
        name = f"{prefix}-board-{constituency}"
        if not entry.typed[name]:
            continue
        try:
            seats = whole_typed(entry.typed[name])
        except NotANumber:
            _fault(entry, name, f"Enter the seats for {constituency.label.lower()} as a whole number, like 2")
            continue
        if seats:
            entry.places[f"{pointer}/board/{number}"] = name
            number += 1
            yield {"constituency": constituency.value, "seats": seats}


def _joining(entry: ProposalEntry) -> None:
    """Bodies that become members of a body being established."""
    ties: list[dict[str, Any]] = []
    for row in range(entry.typed.rows("members")):
        if entry.typed[f"members-{row}"]:
            code = _body(entry, f"members-{row}", f"/relationships/{len(ties)}")
            ties.append({"kind": "member-of", "subject": code, "object": entry.new_code(0)})
    if ties:
        entry.data["relationships"] = ties


def share_cells(entry: ProposalEntry) -> Iterator[tuple[int, str, str, str]]:
    """Each cell of the table of shares: row of the original, field, code of the body that takes, its name. What a body
    keeps is not stated."""
    originals = entry.originals
    taking = range(len(originals)) if entry.shape.kind is ChangeKind.TRANSFER else entry.going_on
    for row, slot in enumerate(originals):
        if not slot.text:
            continue
        for column in range(entry.new_bodies):
            yield row, f"shares-{row}-{column}", entry.new_code(column), entry.new_name(column)
        for other in taking:
            if other != row and originals[other].text:
                yield row, f"passes-{row}-{other}", originals[other].code, originals[other].name


def _edges(entry: ProposalEntry) -> None:
    if not entry.shape.shares:
        return
    edges: list[dict[str, Any]] = []
    basis = entry.typed["basis"] or ShareBasis.POPULATION.value
    for row, name, code, _ in share_cells(entry):
        text = entry.typed[name]
        if not text:
            continue
        try:
            share = fraction_typed(text)
        except NotANumber:
            _fault(entry, name, "Enter a share as a percentage from 0 to 100, like 37.5")
            continue
        entry.places[f"/edges/{len(edges)}"] = name
        edges.append({"original": entry.originals[row].code, "resulting": code, "share": str(share), "basis": basis})
    entry.places.setdefault("/edges", "shares-0-0")
    if edges:
        entry.data["edges"] = edges


def _moves(entry: ProposalEntry) -> None:
    entry.places["/moves"] = "moves-0-what"
    moves: list[dict[str, Any]] = []
    ends_only = entry.shape.kind is ChangeKind.DISSOLUTION
    for row in range(entry.typed.rows("moves") if entry.shape.moves else 0):
        what, to = entry.typed[f"moves-{row}-what"], entry.typed[f"moves-{row}-to"]
        if not what or (not to and entry.typed[f"moves-{row}-member"]):
            continue
        pointer = f"/moves/{len(moves)}"
        if entry.shape.kind is ChangeKind.SEPARATION and not to:
            to = entry.new_code(0)
        if not to:
            _fault(entry, f"moves-{row}-to", f"Choose where “{what}” goes")
            continue
        giver = entry.typed[f"moves-{row}-from"] or (entry.data.get("originals") or [""])[0]
        if ends_only:
            to = _body(entry, f"moves-{row}-to", f"{pointer}/to")
        entry.places |= {pointer: f"moves-{row}-what", f"{pointer}/to": f"moves-{row}-to"}
        entry.places[f"{pointer}/from"] = f"moves-{row}-from"
        moves.append({"what": " ".join(what.split())[:200], "from": giver, "to": to})
    if moves:
        entry.data["moves"] = moves
