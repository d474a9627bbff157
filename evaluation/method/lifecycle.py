"""The life of an assessment: which step leads from which status to which."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.method.vocabulary import AssessmentStatus

ALTERABLE = frozenset({AssessmentStatus.DRAFT, AssessmentStatus.OPEN})

SETTLED = frozenset({AssessmentStatus.CLOSED, AssessmentStatus.APPROVED})
"""Statuses in which all is judged: an option can be chosen and followed."""

STEPS: Mapping[str, tuple[frozenset[AssessmentStatus], AssessmentStatus]] = {
    "open": (frozenset({AssessmentStatus.DRAFT, AssessmentStatus.CLOSED}), AssessmentStatus.OPEN),
    "close": (frozenset({AssessmentStatus.OPEN}), AssessmentStatus.CLOSED),
    "approve": (frozenset({AssessmentStatus.CLOSED}), AssessmentStatus.APPROVED),
}
"""Steps with an assessment: from which status, to which."""
