"""What a change would do, as a document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from organisations.contributors import NAMED_TOTALS
from organisations.domain.totals import Knowledge, Total, Totals
from organisations.services.previews import Preview


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
    """Totals by name; one of which nothing is recorded is null. `unknown` and `partly_known` name those of which
    nothing, or not everything, is recorded."""
    own = {"population": held.population, "councils": held.councils, "members": held.members}
    named = {**own, **NAMED_TOTALS, **held.contributed}
    return {
        "bodies": held.bodies,
        "population_unknown": held.population_unknown,
        **{name: _figure(total) for name, total in named.items()},
        "unknown": [name for name, total in named.items() if total.knowledge is Knowledge.UNKNOWN],
        "partly_known": [name for name, total in named.items() if total.knowledge is Knowledge.PARTLY_KNOWN],
    }


def _figure(total: Total) -> int | str | None:
    return f"{total.amount:.2f}" if isinstance(total.amount, Decimal) else total.amount
