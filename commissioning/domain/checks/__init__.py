"""Policy checks about services, contracts, money and pilots: what commissioning finds of a plan."""

from __future__ import annotations

from commissioning.domain.checks import contracts, pilots, services
from organisations.domain.checks import Check, Finding, findings_by
from organisations.domain.planning import Plan

CHECKS: dict[str, Check] = {
    "whole-area": pilots.whole_area,
    "community-provider": services.community_provider,
    "pms-culture": pilots.pms_culture,
    "disintegrated-integration": pilots.disintegrated_integration,
    "contract-conflict": contracts.contract_conflict,
    "monopoly": services.monopoly,
    "coherence-first": services.coherence_first,
    "nothing-left-behind": contracts.nothing_left_behind,
}
"""Which of them a change is put to, the declared records say. What it finds under the code of a check that
organisations makes too comes out with that one's."""


def findings_of(plan: Plan) -> tuple[Finding, ...]:
    """What every check finds that is asked of the change and concerns it."""
    return findings_by(CHECKS, plan)
