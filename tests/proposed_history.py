"""A portfolio document taken apart: its opening facts, and the proposals that would have made its changes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

NOT_ASKED = frozenset({"reference", "basis", "source", "note"})
"""What a record says of itself and a proposal does not."""


@dataclass
class History:
    """A document whose changes can be asked for one by one, in the order in which they took effect.

    A relationship that the document states goes with the change that opens the later of its two bodies, and begins when
    both are there.
    """

    document: dict[str, Any]
    numbers: dict[str, int] = field(default_factory=dict)
    """The number that each change was given when it was proposed, by its reference."""

    def __post_init__(self) -> None:
        self.changes = sorted(self.document["changes"], key=lambda change: change["effective_on"])
        first_day = self.document["portfolio"]["covers"]["from"]
        begun = {body["code"]: body.get("opened", first_day) for body in self.document["bodies"]}
        makers: dict[str, int] = {}
        for number, change in enumerate(self.changes):
            for body in change.get("resulting", ()):
                if "name" in body:
                    makers[body["code"]] = number
                    begun[body["code"]] = change["effective_on"]
        self.relationships: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for relationship in self.document["relationships"]:
            ends = (relationship["subject"], relationship["object"])
            stated = {"start": max(begun[code] for code in ends)} | relationship
            self.relationships[max((makers[code] for code in ends if code in makers), default=-1)].append(stated)

    def before(self, number: int) -> dict[str, Any]:
        """The document as it would have been before one of its changes."""
        relationships = [relationship for maker in range(-1, number) for relationship in self.relationships[maker]]
        return self.document | {"changes": self.changes[:number], "relationships": relationships}

    def proposal(self, number: int) -> dict[str, Any]:
        """One of its changes, as a client asks for it."""
        change = self.changes[number]
        asked = {name: value for name, value in change.items() if name not in NOT_ASKED}
        asked |= {"portfolio": self.document["portfolio"]["slug"], "relationships": self.relationships[number]}
        if "corrects" in change:
            asked["corrects"] = self.numbers[change["corrects"]]
        return dict(json.loads(plain(asked)))

    def proposals(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All of them in order, each with its reference; `numbers` must be kept up meanwhile."""
        for number, change in enumerate(self.changes):
            yield change["reference"], self.proposal(number)


def read(path: Path, *replacements: tuple[str, str]) -> History:
    """A document, with some of its text replaced."""
    text = path.read_text()
    for old, new in replacements:
        text = text.replace(old, new)
    return History(yaml.safe_load(text))


def plain(document: dict[str, Any]) -> str:
    """As JSON, which is YAML too, with days as text."""
    return json.dumps(document, default=date.isoformat)
