"""The checks in the order in which they are shown."""

from __future__ import annotations

from organisations.domain.checks import evidence, people, steps
from organisations.domain.checks.applied import Check, findings_by
from organisations.domain.checks.finding import Finding
from organisations.domain.planning.plan import Plan

CHECKS: dict[str, Check] = {
    "later-history": steps.later_history,
    "within-coverage": steps.within_coverage,
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
"""Checks that the data of organisations decide or evidence satisfies. Which of them a change is put to, the declared
records say; one that is asked and does not concern the change finds nothing. Checks about services and contracts are
contributed by the apps that hold them."""

KNOWN = frozenset(CHECKS) | {
    "community-provider",
    "pms-culture",
    "disintegrated-integration",
    "contract-conflict",
    "monopoly",
    "coherence-first",
}
"""Codes of all checks that are made, here or by the apps that hold services and contracts."""

GUARDS = frozenset({"later-history", "nothing-left-behind"})
"""Checks that keep the record whole: asked of every change, and always a bar. Their records cannot say otherwise."""


def findings_of(plan: Plan) -> tuple[Finding, ...]:
    """What every check finds that is asked of the change and concerns it."""
    return findings_by(CHECKS, plan)
