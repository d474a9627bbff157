"""What a change would do, as a document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from organisations.contributors import NAMED_TOTALS
from organisations.domain.totals import Knowledge, Total, Totals
from organisations.services.previews import Preview


def preview_document(preview: Preview) -> dict[str, Any]:
    """A preview in the contract's shape."""
    return {
        "permitted": preview.permitted,
        "hypothetical": preview.hypothetical,
        "checks": [
            {"code": found.code, "outcome": found.outcome, "message": found.message, "source": found.source}
            for found in preview.findings
        ],
        "effects": [
            {"operation": one.operation, "subject": one.subject, "before": one.before, "after": one.after}
            for one in preview.effects()
        ],
        "before": _totals(preview.before),
        "after": _totals(preview.after),
    }


def _totals(totals: Totals) -> dict[str, Any]:
    """Totals by name; one of which nothing is recorded is null. `unknown` and `partly_known` name those of which
    nothing, or not everything, is recorded."""
    own = {"population": totals.population, "councils": totals.councils, "members": totals.members}
    named = {**own, **NAMED_TOTALS, **totals.contributed}
    return {
        "bodies": totals.bodies,
        "population_unknown": totals.population_unknown,
        **{name: _figure(total) for name, total in named.items()},
        "unknown": [name for name, total in named.items() if total.knowledge is Knowledge.UNKNOWN],
        "partly_known": [name for name, total in named.items() if total.knowledge is Knowledge.PARTLY_KNOWN],
    }


def _figure(total: Total) -> int | str | None:
    return f"{total.amount:.2f}" if isinstance(total.amount, Decimal) else total.amount
