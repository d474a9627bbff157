"""What the audit trail is told of assessments: their content as plain values, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.models import Assessment, Assessor

Told = dict[str, Any]


def content_of(held: Assessment) -> Told:
    """All that people write of an assessment but its judgements, as it stands now."""
    return {
        "title": held.title,
        "purpose": held.purpose,
        "as_of": held.as_of.isoformat() if held.as_of else None,
        "change": held.change_id,
        "weights": {"mode": held.weighing, **held.weights},
        "options": list(held.options.values("key", "label", "passes_gate", "gate_reason", "set_aside")),
        "mitigations": [
            {
                "criterion": plan.criterion_id,
                "text": plan.text,
                "transform": plan.transform,
                "amount": f"{plan.amount:.2f}",
                "delivery": f"{plan.delivery:.2f}",
                "owner": plan.owner,
                "options": [option.key for option in plan.options.all()],
            }
            for plan in held.mitigations.prefetch_related("options")
        ],
        "panel": list(held.panel.filter(invited_at__isnull=False).values_list("name", flat=True)),
    }


def sheet_of(assessor: Assessor) -> Told:
    """What an assessor judged and how they weigh, as it stands now: by option and criterion."""
    rows = assessor.judgements.select_related("option").prefetch_related("evidence")
    judged: Told = {
        f"{row.option.key} {row.criterion_id}": {
            "low": row.low,
            "high": row.high,
            "varies": row.varies,
            "no_evidence": row.no_evidence,
            "not_applicable": row.not_applicable,
            "rationale": row.rationale,
            "evidence": [each.pk for each in row.evidence.all()],
        }
        for row in rows
    }
    return judged | ({"weights": {"mode": assessor.weighing, **assessor.weights}} if assessor.weighing else {})


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Told:
    """What was and what is, of what is not the same; nothing stands as null."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {
        "before": {name: before.get(name) for name in changed},
        "after": {name: after.get(name) for name in changed},
    }
