"""The checks in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable

from organisations.domain.checks import evidence, people, steps
from organisations.domain.checks.finding import Finding
from organisations.domain.planning.plan import Plan

Check = Callable[[Plan], Finding | None]

CHECKS: dict[str, Check] = {
    "later-history": steps.later_history,
    "form-path": steps.form_path,
    "form-dates": steps.form_dates,
    "population-in-range": people.population_in_range,
    "consultation-held": evidence.consultation_held,
    "joint-agreement": evidence.joint_agreement,
    "board-composition": evidence.board_composition,
    "coterminous": people.coterminous,
    "contiguous": people.contiguous,
    "whole-area": people.whole_area,
    "management-capacity": evidence.management_capacity,
    "development-time": steps.development_time,
    "relations": evidence.relations,
    "nothing-left-behind": people.nothing_left_behind,
}
"""Checks that the data of organisations decide or evidence satisfies. One that does not concern a change finds nothing;
checks about services and contracts are contributed by the apps that hold them."""


def findings_of(plan: Plan) -> tuple[Finding, ...]:
    """What every check that concerns the change finds."""
    found = (check(plan) for check in CHECKS.values())
    return tuple(finding for finding in found if finding is not None)
