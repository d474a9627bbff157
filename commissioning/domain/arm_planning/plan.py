"""A plan for a provider arm: services grouped by what belongs together, and what each group is to become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commissioning.domain.vocabulary import Separation
from organisations.domain.forms import FormFacts
from organisations.domain.vocabulary import Nature
from pcorg.core.vocabulary import Term

Forms = Mapping[str, FormFacts]


class Going(Term):
    """What becomes of a group of services."""

    STAYS = "stays", "Stays with the trust"
    ARRANGEMENT = "arrangement", "Works under an arrangement; the trust goes on as provider"
    SEPARATES = "separates", "Becomes a body of its own"


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """Services that belong together, why, and the form they are to take: none means that they stay.

    `group` is the code of the recorded portfolio group that it goes back to, if any. `code` and `name` are those of
    the new body or arrangement, `on` the day from which it provides, `run_by` the body that runs an arrangement where
    that is not the trust.
    """

    title: str
    services: tuple[str, ...] = ()
    coherence: str = ""
    form: str = ""
    on: date | None = None
    code: str = ""
    name: str = ""
    run_by: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class ArmPlan:
    """What a trust intends with its provider arm. `start` is the day from which the time to develop counts;
    `separation` how far what stays is separated from commissioning in the end."""

    trust: str
    trust_name: str
    start: date
    separation: Separation
    groups: tuple[PlannedGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class ArmPlanStep:
    """One step of the path: which group, by its place in the plan, what becomes of it, and when."""

    group: int
    going: Going
    on: date


def going(group: PlannedGroup, forms: Forms) -> Going:
    """What becomes of a group. A form that is a part of another body makes no body: its services stay the trust's in
    law (`nature` of the form)."""
    form = forms.get(group.form)
    if form is None:
        return Going.STAYS
    return Going.SEPARATES if form.nature is Nature.BODY else Going.ARRANGEMENT


def goings(plan: ArmPlan, forms: Forms) -> list[Going]:
    """What becomes of each group, in the order of the plan."""
    return [going(group, forms) for group in plan.groups]


def path(plan: ArmPlan, forms: Forms) -> list[ArmPlanStep]:
    """The dated steps in the order in which they are to be carried out; groups of one day in the plan's order. Groups
    that stay, or have no date yet, take no step."""
    steps = [
        ArmPlanStep(number, going(group, forms), group.on)
        for number, group in enumerate(plan.groups)
        if group.form in forms and group.on is not None
    ]
    return sorted(steps, key=lambda step: (step.on, step.group))


def ungrouped(plan: ArmPlan, provided: Sequence[str]) -> list[str]:
    """Services the trust provides that are in no group: they stay with it."""
    placed = {service for group in plan.groups for service in group.services}
    return [service for service in provided if service not in placed]
