"""What a change would do, as a document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from organisations.actions.previews import Preview
from organisations.contributors import NAMED_TOTALS
from organisations.domain.totals import Totals


def preview_document(seen: Preview) -> dict[str, Any]:
    """A preview in the contract's shape."""
    return {
        "permitted": seen.permitted,
        "hypothetical": seen.hypothetical,
        "checks": [
            {"code": found.code, "outcome": found.outcome, "message": found.message, "source": found.source}
            for found in seen.findings
        ],
        "effects": [
            {"operation": one.operation, "subject": one.subject, "before": one.before, "after": one.after}
            for one in seen.effects()
        ],
        "before": _totals(seen.before),
        "after": _totals(seen.after),
    }


def _totals(held: Totals) -> dict[str, Any]:
    own = {
        "bodies": held.bodies,
        "population": held.population,
        "population_unknown": held.population_unknown,
        "councils": held.councils,
        "members": held.members,
    }
    named = {**NAMED_TOTALS, **held.contributed}
    return own | {name: f"{total:.2f}" if isinstance(total, Decimal) else total for name, total in named.items()}
