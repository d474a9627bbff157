"""The checks in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable

from organisations.domain.checks import people, steps
from organisations.domain.checks.finding import Finding
from organisations.domain.planning.plan import Plan

Check = Callable[[Plan], Finding | None]

CHECKS: dict[str, Check] = {
    "later-history": steps.later_history,
    "form-path": steps.form_path,
    "form-dates": steps.form_dates,
    "population-in-range": people.population_in_range,
    "contiguous": people.contiguous,
    "development-time": steps.development_time,
}
"""Checks that the data of organisations decide. A check that does not concern a change finds nothing."""


def findings_of(plan: Plan) -> tuple[Finding, ...]:
    """What every check that concerns the change finds."""
    found = (check(plan) for check in CHECKS.values())
    return tuple(finding for finding in found if finding is not None)
