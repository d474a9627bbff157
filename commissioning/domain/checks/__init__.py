"""Policy checks about services, contracts, money and pilots: what commissioning finds of a plan."""

from __future__ import annotations

from collections.abc import Callable

from commissioning.domain.checks import contracts, pilots, services
from organisations.domain.checks import Finding
from organisations.domain.planning import Plan

CHECKS: dict[str, Callable[[Plan], Finding | None]] = {
    "whole-area": pilots.whole_area,
    "community-provider": services.community_provider,
    "pms-culture": pilots.pms_culture,
    "disintegrated-integration": pilots.disintegrated_integration,
    "contract-conflict": contracts.contract_conflict,
    "monopoly": services.monopoly,
    "coherence-first": services.coherence_first,
    "nothing-left-behind": contracts.nothing_left_behind,
}
"""One that does not concern a change finds nothing. What it finds under the code of a check that organisations makes
too comes out with that one's."""


def findings_of(plan: Plan) -> tuple[Finding, ...]:
    """What every check that concerns the change finds."""
    found = (check(plan) for check in CHECKS.values())
    return tuple(finding for finding in found if finding is not None)
