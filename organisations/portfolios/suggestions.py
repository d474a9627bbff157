"""Names that may have been meant where a name is unknown: near ones first, else the first few that exist."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Container, Iterator, Sequence
from functools import lru_cache
from string import ascii_uppercase, digits

LETTERS = f"{ascii_uppercase}{digits}-"
"""What codes are written with."""

FEW = 10
"""Names that are listed where none is near."""

NEAR = 0.7
"""How much of two names must be the same, from 0 to 1."""


def suggestion(name: str, choices: Collection[str], plural: str) -> str:
    """What may have been meant: `The nearest name is pct-4.`, or else the first few: `The forms are …`."""
    near = _near(name, frozenset(choices))
    if near:
        return _nearest("name", near)
    if not choices:
        return f"There are no {plural} yet."
    names = sorted(choices)
    more = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
    return f"The {plural} are {', '.join(names[:FEW])}{more}."


def near_code(code: str, choices: Container[str]) -> str:
    """Codes that differ from one in a single letter, or only in case: ` The nearest code is 5M1.`, or nothing."""
    near = sorted({each for each in _one_letter_off(code) if each in choices and each != code})
    return f" {_nearest('code', near[:2])}" if near else ""


def _one_letter_off(code: str) -> Iterator[str]:
    yield from {code.upper(), code.lower(), code.strip()} - {code}
    for at in range(len(code) + 1):
        before, after = code[:at], code[at:]
        yield before + after[1:]
        for letter in LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]


def _nearest(what: str, near: Sequence[str]) -> str:
    return f"The nearest {what} is {near[0]}." if len(near) == 1 else f"The nearest {what}s are {' and '.join(near)}."


@lru_cache(maxsize=1_000)
def _near(name: str, choices: frozenset[str]) -> tuple[str, ...]:
    """The nearest name, or the two nearest where one is as near as the other."""
    compared = difflib.SequenceMatcher(b=name.casefold())
    best, found = NEAR, list[str]()
    for each in sorted(choices):
        compared.set_seq1(each.casefold())
        if compared.real_quick_ratio() < best or compared.quick_ratio() < best:
            continue
        ratio = compared.ratio()
        if ratio >= best:
            found = [*found, each] if ratio == best and found else [each]
            best = ratio
    return tuple(found[:2])
