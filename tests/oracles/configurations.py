"""How many bodies of each form there were on a day, by asking every body for every day of its life."""

from __future__ import annotations

from collections import Counter
from datetime import date

from organisations.domain.snapshot import Body, Snapshot


def forms_on(snapshot: Snapshot, on: date) -> Counter[str]:
    """Bodies in force on a day by their form then."""
    return Counter(_form(body, on) for body in snapshot.bodies.values() if _lives(body, on))


def people_on(snapshot: Snapshot, on: date) -> int | None:
    """People of all bodies in force on a day; None when any of them is not known."""
    total = 0
    for body in snapshot.bodies.values():
        if not _lives(body, on):
            continue
        if not body.counts:
            return None
        earlier = sorted((count.on, count.count) for count in body.counts if count.on <= on)
        later = sorted((count.on, count.count) for count in body.counts if count.on > on)
        total += earlier[-1][1] if earlier else later[0][1]
    return total


def _lives(body: Body, on: date) -> bool:
    if on < body.opened:
        return False
    return body.closed is None or on < body.closed


def _form(body: Body, on: date) -> str:
    held = []
    for spell in body.forms:
        begun = spell.period.start <= on
        ended = spell.period.end is not None and spell.period.end <= on
        if begun and not ended:
            held.append(spell.form)
    (form,) = held
    return form
