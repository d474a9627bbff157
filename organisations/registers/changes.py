"""Changes that registers speak of, and what comes of them: closings since the last edition, new forms, members carried
over. What successions amount to is worked out in `succession_changes`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from organisations.domain.vocabulary import Basis, ChangeKind, Route
from organisations.registers.bodies import RegisteredBodies
from organisations.registers.held import HeldMembership, RegisterState
from organisations.registers.oddities import NOWHERE, Oddities, OddKind, Origin
from organisations.registers.records import RegisteredBody


@dataclass(frozen=True)
class Planned:
    """A change to be stated: its fields, where it comes from, the new bodies it makes and the bodies it ends."""

    data: dict[str, Any]
    origin: Origin
    born: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    carries: bool = False

    @property
    def on(self) -> date:
        """The day it takes effect."""
        day: date = self.data["effective_on"]
        return day

    @property
    def successor(self) -> str:
        """The body that its members are carried over to."""
        code: str = self.data["resulting"][0]["code"]
        return code

    @property
    def touches(self) -> set[str]:
        """Every body that takes part."""
        return {*self.data["originals"], *self.born}


@dataclass
class RegisteredChanges:
    """Changes in order, of the bodies of the registers beside what is held, and how many successions are recorded
    already. `crowded` are bodies whose end is not recorded, for it would leave members behind."""

    bodies: RegisteredBodies
    held: RegisterState
    oddities: Oddities
    planned: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    crowded: set[str] = field(default_factory=set)

    @property
    def born(self) -> set[str]:
        """Bodies that a change makes."""
        return {code for change in self.planned for code in change.born}

    @property
    def touched(self) -> set[str]:
        """Bodies that take part in any change."""
        return {code for change in self.planned for code in change.touches}

    @property
    def ended(self) -> dict[str, Planned]:
        """Bodies that a change ends, with the change."""
        return {code: change for change in self.planned for code in change.ends}

    def carried(self) -> set[str]:
        """Bodies whose members are carried over when they end, and go on being members of somebody."""
        ended = self.ended

        def goes_on(code: str) -> bool:
            while code in ended:
                if not ended[code].carries:
                    return False
                code = ended[code].successor
            return self.bodies.lives[code].closed is None

        return {code for code in ended if goes_on(code)}

    def memberships_after(self) -> dict[str, list[HeldMembership]]:
        """The memberships that are held, by member, as they are once these changes are recorded: carried over, or ended
        with one of the two bodies."""
        ended = self.ended

        def followed(each: HeldMembership, closed: date | None) -> Iterator[HeldMembership]:
            change = ended.get(each.parent) if each.end is None else None
            if change is None or (closed is not None and closed <= change.on):
                yield replace(each, end=each.end or closed)
                return
            yield replace(each, end=change.on)
            if change.carries:
                yield from followed(HeldMembership(change.successor, change.on, None), closed)

        return {
            member: [after for each in known for after in followed(each, self.bodies.lives[member].closed)]
            for member, known in self.held.memberships.items()
        }

    def closings(self) -> list[Planned]:
        """Dissolutions: of held bodies that have closed since, members before the bodies they belong to, and of new
        bodies whose end no succession explains although a change began them or passed through them. Both leave nothing
        open. A held body whose end cannot be recorded lives on."""
        bodies, found = self.bodies, []
        ended, touched = self.ended, self.touched
        for code, body in sorted(bodies.closed_since.items(), key=lambda item: item[0] in self.held.members):
            if code in ended or body.closed is None:
                continue
            if code in self.crowded or self.is_crowded(code, body.closed):
                bodies.lives[code] = replace(bodies.lives[code], closed=None)
                continue
            self.oddities.note(OddKind.CLOSED_SINCE, code, f"{body.name}, {body.closed}", body.origin)
            found.append(_dissolution(body, body.closed))
        for code, body in bodies.new.items():
            if code in touched and code not in ended and body.closed is not None:
                found.append(_dissolution(body, body.closed))
        return found

    def new_forms(self) -> list[Planned]:
        """Designations: bodies that have taken another form while keeping their code, by law or by an override."""
        lives = self.bodies.lives
        return [
            _designation(body, body.became_on)
            for body in (*self.bodies.new.values(), *self.bodies.became_since.values())
            if body.became_on is not None
            and lives[body.code].opened < body.became_on
            and (lives[body.code].closed or date.max) > body.became_on
        ]

    def is_crowded(self, code: str, on: date) -> bool:
        """Whether a body that ends with nobody to take its members over would leave some behind; if so it is noted."""
        members = self._members_left(code, on)
        if members:
            self.crowded.add(code)
            closed = self.bodies.closed_since.get(code)
            words = f"closed on {on}, {len(members)} members"
            self.oddities.note(OddKind.CLOSED_WITH_MEMBERS, code, words, closed.origin if closed else NOWHERE)
        return bool(members)

    def _members_left(self, code: str, on: date) -> set[str]:
        """The members a body still has on a day, with those that these changes carry over to it, without those
        closed."""
        closed_since = self.bodies.closed_since
        found = set(self.held.members.get(code, ()))
        for change in self.planned:
            if change.carries and change.successor == code and change.on < on:
                for old in change.ends:
                    found |= self._members_left(old, change.on)
        return {each for each in found if each not in closed_since or (closed_since[each].closed or date.max) > on}


def stated_change(kind: ChangeKind, on: date, reference: str, title: str, **fields: Any) -> dict[str, Any]:
    """A change as a document states it, with a title that is not too long."""
    title = title if len(title) <= 200 else f"{title[:199]}…"
    return {"reference": reference, "kind": kind.value, "effective_on": on, "title": title, **fields}


def _dissolution(body: RegisteredBody, on: date) -> Planned:
    stated = stated_change(
        ChangeKind.DISSOLUTION,
        on,
        f"closing-{on}-{body.code.lower()}",
        f"{body.name} closed",
        basis=Basis.REGISTER,
        source=body.source,
        originals=[body.code],
    )
    return Planned(stated, body.origin, ends=(body.code,))


def _designation(body: RegisteredBody, on: date) -> Planned:
    stated = stated_change(
        ChangeKind.TRANSITION,
        on,
        f"form-{on}-{body.code.lower()}",
        f"{body.name} takes another form",
        route=Route.DESIGNATION.value,
        basis=Basis.INFERRED,
        source=body.source,
        note=body.note,
        originals=[body.code],
        to_form=body.became,
    )
    return Planned(stated, body.origin)
