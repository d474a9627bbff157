"""What each operation of a plan does, in before and after, for people and programs to read."""

from __future__ import annotations

from dataclasses import dataclass, field

from organisations.domain.operations import Facts
from organisations.domain.planning import Plan


@dataclass(frozen=True, slots=True)
class Effect:
    """One operation: what it does, to which body, and the facts it changes."""

    operation: str
    subject: str
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)


def effects_of(plan: Plan) -> list[Effect]:
    """The effects of a plan in the order in which they apply."""
    return [Effect(each.verb, each.subject, *each.effect(plan.before)) for each in plan.operations]
