"""Who may do what. One place is asked by the API, the pages, their templates and the actions, and each app states its
own rules: a permission, which role it takes, and what must hold of the thing that it is used on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` is the user's, for ever and through every change of name; commands and strangers have none.

    `commissions`, `approves` and `administers` are what the roles let the person do with things in general.
    """

    name: str
    commissions: bool = False
    approves: bool = False
    id: int | None = None
    administers: bool = False

    @property
    def known(self) -> bool:
        """Whether somebody is there at all: a stranger has neither id nor name."""
        return self.id is not None or self.name != ""

    def is_same(self, id: int | None, name: str) -> bool:
        """Whether a row speaks of this person: by id, and by name only where neither side has an id."""
        if self.id is None and id is None:
            return self.known and self.name == name
        return self.id == id

    def may_be(self, id: int | None, name: str) -> bool:
        """Whether a row may speak of this person: also by name, where either side has no id. What must never be done
        by one person twice is refused on this."""
        return self.known and (self.name == name if self.id is None or id is None else self.id == id)


ANONYMOUS = Actor("")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may do something; where not, the code of the problem and the reason in a sentence."""

    code: str = ""
    reason: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the action is allowed."""
        return not self.code

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict()


class Permission(Enum):
    """Something that people may be allowed to do. Each app lists its own, and registers a rule for each."""


class RequiredRole(Enum):
    """Which role a permission takes, with the words for it. An approver is also a commissioner."""

    SIGNED_IN = "people who are signed in"
    IN_A_ROLE = "people who hold a role"
    COMMISSIONER = "commissioners and approvers"
    APPROVER = "approvers"
    ADMINISTRATOR = "data administrators"
    AUDITOR = "approvers and data administrators"

    def held_by(self, by: Actor) -> bool:
        """Whether a person has this standing."""
        match self:
            case RequiredRole.SIGNED_IN:
                return by.known
            case RequiredRole.IN_A_ROLE:
                return by.commissions or by.approves or by.administers
            case RequiredRole.COMMISSIONER:
                return by.commissions
            case RequiredRole.APPROVER:
                return by.approves
            case RequiredRole.ADMINISTRATOR:
                return by.administers
            case RequiredRole.AUDITOR:
                return by.approves or by.administers


Condition = Callable[[Actor, Any], Verdict]


@dataclass(frozen=True)
class Rule:
    """Who has a permission: people in a role, where every condition holds of the thing; the first that does not says
    why. `words` go on with “Only approvers …”."""

    of: RequiredRole
    words: str
    conditions: tuple[Condition, ...] = ()

    def verdict(self, by: Actor, thing: Any | None) -> Verdict:
        """Apply the rule to a person and a thing, or to the person alone."""
        if not self.of.held_by(by):
            return Verdict("forbidden", f"Only {self.of.value} {self.words}.")
        for condition in self.conditions if thing is not None else ():
            found = condition(by, thing)
            if not found:
                return found
        return ALLOWED


_rules: dict[Permission, Rule] = {}


def register(rules: Mapping[Permission, Rule]) -> None:
    """State the rules of permissions. Raises ValueError where a permission has one already."""
    twice = [permission.name for permission in rules if permission in _rules]
    if twice:
        raise ValueError(f"More than one rule decides upon {', '.join(twice)}.")
    _rules.update(rules)


def can(by: Actor, permission: Permission, thing: Any | None = None) -> Verdict:
    """Whether somebody has a permission on a thing, and why not; without a thing, whether they have it on any.

    Raises KeyError for a permission that no rule decides upon.
    """
    return _rules[permission].verdict(by, thing)
