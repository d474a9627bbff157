"""What is held already, as far as registers can be compared with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from organisations.domain.vocabulary import OpenedBasis


@dataclass(frozen=True, slots=True)
class HeldBody:
    """A body that is held: its life, its last name, its last form and the note on it."""

    code: str
    portfolio: str
    opened: date
    opened_basis: OpenedBasis
    closed: date | None
    name: str
    form: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeldMembership:
    """A membership that is held; `end` is the first day no longer in force."""

    parent: str
    start: date
    end: date | None


@dataclass(frozen=True)
class RegisterState:
    """Bodies by code, memberships by member, pairs with a recorded succession, the open members of each body, and the
    references of the changes that are recorded."""

    bodies: Mapping[str, HeldBody] = field(default_factory=dict)
    memberships: Mapping[str, list[HeldMembership]] = field(default_factory=dict)
    lineage: frozenset[tuple[str, str]] = frozenset()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    references: frozenset[str] = frozenset()


_ABBREVIATED = {
    "ccg": "clinical commissioning group",
    "pct": "primary care trust",
    "icb": "integrated care board",
    "sha": "strategic health authority",
    "&": " and ",
}


def plainly(name: str) -> str:
    """A name without what registers write differently: case, punctuation, abbreviations, a leading NHS."""
    words = re.sub(r"[^a-z0-9& ]", " ", name.lower().replace("'", "").replace("’", "")).replace("&", " & ").split()
    spelt = " ".join(_ABBREVIATED.get(word, word).strip() for word in words)
    return spelt.removeprefix("nhs ")
