"""Names that may have been meant where a name is unknown: near ones first, else the first few that exist."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

FEW = 10
"""Names that are listed where none is near."""

NEAR = 0.7
"""How much of two names must be the same, from 0 to 1."""

MOST_COMPARED = 500
"""Names that one is compared with at most."""


def suggestion(name: str, known: Collection[str], plural: str) -> str:
    """What may have been meant: `The nearest name is pct-4.`, or else the first few: `The forms are …`."""
    near = _near(name, known)
    if near:
        return _nearest("name", near)
    if not known:
        return f"There are no {plural} yet."
    names = sorted(known)
    more = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
    return f"The {plural} are {', '.join(names[:FEW])}{more}."


def near_code(code: str, known: Iterable[str]) -> str:
    """A code that may have been meant: ` The nearest code is 5M1.`, or nothing. Only codes that begin or end alike are
    compared."""
    alike = [
        each
        for each in known
        if abs(len(each) - len(code)) <= 1
        and each != code
        and (each[:3].casefold() == code[:3].casefold() or each[-2:].casefold() == code[-2:].casefold())
    ]
    near = _near(code, alike)
    return f" {_nearest('code', near)}" if near else ""


def _nearest(what: str, near: list[str]) -> str:
    return f"The nearest {what} is {near[0]}." if len(near) == 1 else f"The nearest {what}s are {' and '.join(near)}."


def _near(name: str, known: Iterable[str]) -> list[str]:
    """The nearest name, or the two nearest where one is as near as the other."""
    plain = name.casefold()
    ranked = sorted(
        (-difflib.SequenceMatcher(None, plain, each.casefold()).ratio(), each) for each in list(known)[:MOST_COMPARED]
    )
    return [each for far, each in ranked[:2] if -far >= NEAR and far == ranked[0][0]]
