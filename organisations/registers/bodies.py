"""Bodies of the registers: one record each, told apart into those that are new and those that are held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from organisations.domain.vocabulary import OpenedBasis
from organisations.registers.forms import DORMANT
from organisations.registers.held import HeldBody, RegisterState, plainly
from organisations.registers.oddities import Oddities, OddKind
from organisations.registers.overrides import Settled
from organisations.registers.records import Facts, RegisteredBody


@dataclass(frozen=True, slots=True)
class RegisteredLife:
    """A body's life as it is taken to have been, from the registers or from what is held."""

    code: str
    name: str
    form: str
    opened: date
    closed: date | None
    portfolio: str
    new: bool

    def lived_between(self, start: date, end: date | None) -> tuple[date, date | None] | None:
        """The part of a period in which it lived, or None."""
        first = max(start, self.opened)
        ends = [day for day in (end, self.closed) if day is not None]
        last = min(ends) if ends else None
        return None if last is not None and last <= first else (first, last)


def life_of(recorded: HeldBody) -> RegisteredLife:
    """The life of a body that is held."""
    return RegisteredLife(
        recorded.code, recorded.name, recorded.form, recorded.opened, recorded.closed, recorded.portfolio, new=False
    )


@dataclass
class RegisteredBodies:
    """New bodies in the order of the files, the lives of all that are known, and the held ones closed since."""

    new: dict[str, RegisteredBody] = field(default_factory=dict)
    lives: dict[str, RegisteredLife] = field(default_factory=dict)
    closed_since: dict[str, RegisteredBody] = field(default_factory=dict)
    became_since: dict[str, RegisteredBody] = field(default_factory=dict)
    unchanged: int = 0
    differing: int = 0


def sorted_out(
    facts: Facts, recorded: RegisterState, settled: Settled, *, portfolio: str, covers_from: date
) -> RegisteredBodies:
    """One record for each body of the registers, new or held. What is odd is noted."""
    found = RegisteredBodies()
    found.lives.update({code: life_of(known) for code, known in recorded.bodies.items()})
    for code, records in facts.bodies.items():
        body = _one_record(records, facts.oddities)
        if body is None:
            facts.passed_over.add(code)
            continue
        body = _with_stated_form(body, settled, facts.oddities)
        if code in recorded.bodies:
            _compare(body, recorded.bodies[code], settled, found, portfolio, facts.oddities)
            continue
        opened = body.opened or covers_from
        if body.closed is not None and body.closed <= opened:
            _odd(facts.oddities, OddKind.NO_LIFE, body, f"from {body.opened or 'unknown'} to {body.closed}")
            facts.passed_over.add(code)
            continue
        if body.opened is None:
            _odd(facts.oddities, OddKind.NO_OPENING, body)
        for kind in body.remarks:
            _odd(facts.oddities, kind, body)
        found.new[code] = body
        found.lives[code] = RegisteredLife(code, body.name, body.form, opened, body.closed, portfolio, new=True)
    _shared_names(found.new.values(), facts.oddities)
    return found


def _one_record(records: list[RegisteredBody], oddities: Oddities) -> RegisteredBody | None:
    """The record of a code that several state: the latest life where one closed before the next began."""
    distinct: list[RegisteredBody] = []
    for body in records:
        if any(body.stated == other.stated for other in distinct):
            _odd(oddities, OddKind.SAME_ROW, body)
        else:
            distinct.append(body)
    if len(distinct) == 1:
        return distinct[0]
    distinct.sort(key=lambda body: body.opened or date.min)
    for earlier, later in pairwise(distinct):
        if earlier.closed is None or later.opened is None or later.opened < earlier.closed:
            for body in distinct:
                _odd(oddities, OddKind.REPEATED_CODE, body)
            return None
    last = distinct[-1]
    _odd(oddities, OddKind.REOPENED, last, f"closed on {distinct[-2].closed}, opened again on {last.opened}")
    return last


def _with_stated_form(body: RegisteredBody, settled: Settled, oddities: Oddities) -> RegisteredBody:
    stated = settled.form_of(body.code)
    if stated is None:
        return body
    _odd(oddities, OddKind.OVERRIDDEN, body, f"{stated.form}: {stated.reason}")
    remarks = tuple(kind for kind in body.remarks if kind not in FORM_REMARKS)
    if stated.since is None:
        note = f"Form settled by hand: {stated.reason}"
        return replace(body, form=stated.form, inferred=True, note=note, remarks=remarks)
    return replace(body, became=stated.form, became_on=stated.since, remarks=remarks)


FORM_REMARKS = {OddKind.ASSUMED_FORM, OddKind.FOUNDATION_SINCE}
"""Remarks that an override of the form answers."""


def _compare(
    body: RegisteredBody,
    recorded: HeldBody,
    settled: Settled,
    found: RegisteredBodies,
    portfolio: str,
    oddities: Oddities,
) -> None:
    """Set a record against what is held; nothing that is held is altered. A date that an override has moved is no
    difference."""
    own = recorded.portfolio == portfolio
    if not own:
        _odd(oddities, OddKind.HELD_ELSEWHERE, body, recorded.portfolio)
    if recorded.closed is not None and body.opened is not None and body.opened >= recorded.closed:
        _odd(oddities, OddKind.REOPENED_SINCE, body, f"held until {recorded.closed}, opened again on {body.opened}")
        return
    if OddKind.DORMANT in body.remarks and DORMANT not in recorded.note:
        _odd(oddities, OddKind.DORMANT, body)
    differences = []
    if plainly(body.name) != plainly(recorded.name):
        differences.append((OddKind.NAME_DIFFERS, f"register “{body.name}”, held “{recorded.name}”"))
    days = settled.days_of(body.code)
    opened_known = recorded.opened_basis is OpenedBasis.RECORDED and recorded.opened not in days
    if body.opened is not None and opened_known and body.opened != recorded.opened:
        differences.append((OddKind.OPENED_DIFFERS, f"register {body.opened}, held {recorded.opened}"))
    if own and recorded.closed is None and body.closed is not None and body.closed > recorded.opened:
        found.closed_since[body.code] = body
        found.lives[body.code] = replace(found.lives[body.code], closed=body.closed)
    elif body.closed != recorded.closed and recorded.closed not in days:
        words = f"register {body.closed or 'open'}, held {recorded.closed or 'open'}"
        differences.append((OddKind.CLOSED_DIFFERS, words))
    if own and body.became and body.became_on is not None and recorded.form != body.became:
        found.became_since[body.code] = body
    for kind, words in differences:
        _odd(oddities, kind, body, words)
    if differences:
        found.differing += 1
    elif body.code not in found.closed_since and body.code not in found.became_since:
        found.unchanged += 1


def _shared_names(bodies: Iterable[RegisteredBody], oddities: Oddities) -> None:
    by_name: dict[str, list[RegisteredBody]] = defaultdict(list)
    for body in bodies:
        by_name[body.name].append(body)
    for name, these in by_name.items():
        if len(these) > 1:
            _odd(oddities, OddKind.SHARED_NAME, these[0], f"{name}: {', '.join(body.code for body in these[:10])}")


def _odd(oddities: Oddities, kind: OddKind, body: RegisteredBody, particulars: str = "") -> None:
    oddities.note(kind, body.code, particulars or body.name, body.origin)
