"""What each operation of a plan does, in before and after, for people and programs to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from organisations.domain.operations import Facts
from organisations.domain.planning import Plan


@dataclass(frozen=True, slots=True)
class Effect:
    """One operation: what it does, to which body, and the facts it changes."""

    operation: str
    subject: str
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)

    def bodies(self) -> Iterator[str]:
        """The codes of the bodies that it names; of a thing that is moved its code, whether it is a body or not."""
        yield self.subject
        for facts in (self.before, self.after):
            yield from (facts[name] for name in ("organisation", "resulting", "what", "with") if name in facts)
            yield from (part["code"] for part in facts.get("parts", ()))
            yield from (share["resulting"] for share in facts.get("shares", ()))

    def stored(self) -> dict[str, Any]:
        """The effect as plain data, for a database. A day is `{"day": "2001-04-01"}`, to be told from a text."""
        before, after = (
            {name: {"day": value.isoformat()} if isinstance(value, date) else value for name, value in facts.items()}
            for facts in (self.before, self.after)
        )
        return {"operation": self.operation, "subject": self.subject, "before": before, "after": after}

    @classmethod
    def restored(cls, data: Mapping[str, Any]) -> Effect:
        """The effect from plain data."""
        before, after = (
            {
                name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value
                for name, value in data[side].items()
            }
            for side in ("before", "after")
        )
        return cls(data["operation"], data["subject"], before, after)


def readable(stored: Any) -> Iterator[Effect]:
    """The effects that can be read of what a row holds."""
    for data in stored if isinstance(stored, list) else ():
        try:
            yield Effect.restored(data)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue


def effects_of(plan: Plan) -> list[Effect]:
    """The effects of a plan in the order in which they apply."""
    return [Effect(each.verb, each.subject, *each.effect(plan.before)) for each in plan.operations]
