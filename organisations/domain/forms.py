"""Organisational forms and the declared graph of steps between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from organisations.domain.vocabulary import Applies, Family, Nature, Outcome, Route

CONSULTATION, JOINT_AGREEMENT = "consultation-held", "joint-agreement"
"""Checks by which a step asks for something to be held or agreed first."""


COUNCIL, HEALTH_AUTHORITY, PRACTICE, PMS_PILOT = "local-authority", "health-authority", "gp-practice", "pms-pilot"
"""The forms that a rule of law or a count names. Every other form is a record alone."""


def area_kind(form: str, family: str) -> str:
    """What divides areas among its bodies: groups and trusts of whatever level do so together, else bodies of one
    form."""
    return family if family == Family.GROUPS_AND_TRUSTS else form


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """A policy check as it is declared: the outcome where it is not met, and which changes it is asked of."""

    code: str
    severity: Outcome
    applies: Applies = Applies.DECLARED


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What the rules need to know of a form. Populations in patients: the sizes such bodies had, both inclusive, and
    the average that was predicted for them. A capability is None where no source states it. `checks` are the codes of
    those asked of a body of the form that no declared step leads to."""

    slug: str
    label: str
    family: Family
    nature: Nature = Nature.BODY
    level: int | None = None
    pilot: bool = False
    free_standing: bool | None = None
    holds_budget: bool | None = None
    provides_primary_care: bool | None = None
    population_min: int | None = None
    population_max: int | None = None
    population_expected: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    checks: frozenset[str] = frozenset()

    @property
    def area_kind(self) -> str:
        """The kind whose bodies divide areas among them (see `area_kind`)."""
        return area_kind(self.slug, self.family.value)

    def could_exist_on(self, on: date) -> bool:
        """Whether such a body could exist on a day; `last_date` is the first day it no longer could."""
        return (self.first_date is None or self.first_date <= on) and (self.last_date is None or on < self.last_date)


@dataclass(frozen=True, slots=True)
class AllowedStep:
    """One step the rules allow: from a form to a form by a route, between two days (both inclusive)."""

    from_form: str
    to_form: str
    route: Route
    earliest: date | None = None
    latest: date | None = None
    checks: frozenset[str] = frozenset()
    source: str = ""

    @property
    def consultation(self) -> bool:
        """Whether a consultation must be held first."""
        return CONSULTATION in self.checks

    @property
    def joint_agreement(self) -> bool:
        """Whether the partners must agree first."""
        return JOINT_AGREEMENT in self.checks

    def allows(self, on: date) -> bool:
        """Whether the day lies within the rule's dates."""
        return (self.earliest is None or self.earliest <= on) and (self.latest is None or on <= self.latest)


@dataclass(frozen=True)
class TransitionGraph:
    """The declared steps, indexed by the form they start from. Everything about what may follow derives from it."""

    rules: Mapping[str, tuple[AllowedStep, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[AllowedStep]) -> TransitionGraph:
        """Index the rules."""
        by_form: dict[str, list[AllowedStep]] = {}
        for rule in rules:
            by_form.setdefault(rule.from_form, []).append(rule)
        return cls({slug: tuple(found) for slug, found in by_form.items()})

    def between(self, from_form: str, to_form: str, *routes: Route) -> tuple[AllowedStep, ...]:
        """The rules from one form to another, by any of the routes (none named: any route)."""
        return tuple(
            rule
            for rule in self.rules.get(from_form, ())
            if rule.to_form == to_form and (not routes or rule.route in routes)
        )

    def steps_from(self, from_form: str, *, on: date) -> tuple[AllowedStep, ...]:
        """What a body of this form may become on a day."""
        return tuple(rule for rule in self.rules.get(from_form, ()) if rule.allows(on))
