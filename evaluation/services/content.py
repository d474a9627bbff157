"""The content of assessments as plain values for the audit trail, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.models import Assessment, Assessor

Content = dict[str, Any]


def content_of(assessment: Assessment) -> Content:
    """Return the present content of an assessment without its judgements."""
    return {
        "title": assessment.title,
        "purpose": assessment.purpose,
        "as_of": assessment.as_of.isoformat() if assessment.as_of else None,
        "change": assessment.change_id,
        "weights": {"mode": assessment.weighing, **assessment.weights},
        "options": list(assessment.options.values("key", "label", "passes_gate", "gate_reason", "set_aside")),
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
            for plan in assessment.mitigations.prefetch_related("options")
        ],
        "panel": list(assessment.panel.filter(invited_at__isnull=False).values_list("name", flat=True)),
    }


def sheet_of(assessor: Assessor) -> Content:
    """What an assessor judged and how they weigh, as it stands now: by option and criterion."""
    rows = assessor.judgements.select_related("option").prefetch_related("evidence")
    judged: Content = {
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


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Content:
    """Return the fields that differ with their values before and after; a missing value is null."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {
        "before": {name: before.get(name) for name in changed},
        "after": {name: after.get(name) for name in changed},
    }
