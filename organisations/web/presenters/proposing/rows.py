"""Rows of the form: added and taken away by plain submits, and those that list members."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from pcorg.core.forms.typed import Typed
from pcorg.core.values import Unreadable, whole_number

_PLAIN = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
MOST = 999_999_999


class NotANumber(ValueError):
    """The text is no figure of the kind that is asked for."""


def whole_typed(text: str) -> int:
    """A whole number, with or without commas. Raises NotANumber."""
    try:
        return whole_number(text.replace(",", "").replace(" ", ""), high=MOST)
    except Unreadable:
        raise NotANumber(text) from None


def fraction_typed(text: str) -> Decimal:
    """A percentage from 0 to 100, with at most four decimal places, as a fraction. Raises NotANumber."""
    plain = text.replace("%", "").strip()
    if not _PLAIN.fullmatch(plain):
        raise NotANumber(text)
    try:
        share = Decimal(plain) / 100
    except InvalidOperation:
        raise NotANumber(text) from None
    if share > 1:
        raise NotANumber(text)
    return share


def percent_typed(share: Decimal) -> str:
    """A fraction as a person would type it: 37.5."""
    text = f"{(share * 100):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


FIRST_FIELD = {"resulting": "-code", "moves": "-what"}
_ADDABLE = re.compile(r"originals|resulting|members|moves|resulting-\d{1,3}-located_in")
_REMOVABLE = re.compile(r"(originals|resulting|members|moves|resulting-\d{1,3}-located_in)-(\d{1,3})")


def altered(typed: Typed, *, add: str, remove: str, least: int = 0) -> Typed:
    """The same with a row more in the list `add` (which shows `least` rows even when empty), and without `remove`."""
    if _ADDABLE.fullmatch(add):
        number = max(typed.rows(add), least)
        return typed.put({f"{add}-{number}{FIRST_FIELD.get(add, '')}": " "})
    gone = _REMOVABLE.fullmatch(remove)
    if gone is None:
        return typed
    prefix, row = gone[1], int(gone[2])
    typed = typed.without_row(prefix, row)
    if prefix == "originals":
        for beside in ("continues", "shares", "passes", "pick-originals", "picked-for-originals"):
            typed = typed.without_row(beside, row)
        for giver in range(typed.rows("passes")):
            typed = typed.without_row(f"passes-{giver}", row)
    elif prefix == "resulting":
        for giver in range(typed.rows("shares")):
            typed = typed.without_row(f"shares-{giver}", row)
        for kept in ("pick-resulting", "picked-for-resulting"):
            typed = typed.without_row(kept, row)
    return typed


def with_members(typed: Typed, members: Mapping[str, list[tuple[str, str]]]) -> Typed:
    """The same with a row for each member of the bodies that change, to say where it goes; rows of members of bodies
    that were taken out of the form are left out."""
    successor_of = {member: body for body, listed in members.items() for member, _ in listed}
    row, held = 0, set()
    while row < typed.rows("moves"):
        what = typed[f"moves-{row}-what"]
        if typed[f"moves-{row}-member"] and what not in successor_of:
            typed = typed.without_row("moves", row)
            continue
        held.add(what)
        row += 1
    for member, body in successor_of.items():
        if member not in held:
            row = typed.rows("moves")
            stated = {"what": member, "member": "yes", "from": body}
            typed = typed.put({f"moves-{row}-{name}": text for name, text in stated.items()})
    return typed
