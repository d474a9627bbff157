"""Assessments side by side: what each says of every option that any of them weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.method.vocabulary import AssessmentStatus, Weighing
from evaluation.models import Assessment
from evaluation.read_models.assessments import OptionResult, ResultsDocument


@dataclass(frozen=True)
class ComparedResult:
    """Where an option stands in one assessment: its value of 100 and how often it comes first, as text."""

    value: str
    first: str
    leads: bool


@dataclass(frozen=True)
class ComparedAssessment:
    """One of the assessments compared."""

    assessment: Assessment
    status: str
    weighing: str
    verdict: str
    href: str
    without: str


@dataclass(frozen=True)
class ComparisonRow:
    """An option and where it stands in each assessment; None where that one does not weigh it."""

    label: str
    standings: tuple[ComparedResult | None, ...]


def side(assessment: Assessment, found: ResultsDocument | None, href: str, without: str) -> ComparedAssessment:
    """An assessment with the first sentence of what it says; nothing is judged yet where `found` is None."""
    verdict = found["findings"][0]["sentence"] if found else "Nothing can be worked out yet."
    return ComparedAssessment(
        assessment,
        AssessmentStatus.stored(assessment.status).label,
        Weighing.stored(assessment.weighing).label,
        verdict,
        href,
        without,
    )


def rows(results: Sequence[ResultsDocument | None]) -> list[ComparisonRow]:
    """Every option of any of the results, in the order of the first that weighs it."""
    labels: dict[str, str] = {}
    for found in results:
        for option in sorted(found["options"], key=lambda each: each["rank"]) if found else ():
            labels.setdefault(option["option"], option["label"])
    by_key = [{option["option"]: option for option in found["options"]} if found else {} for found in results]
    return [
        ComparisonRow(label, tuple(_standing(options.get(key)) for options in by_key)) for key, label in labels.items()
    ]


def _standing(option: OptionResult | None) -> ComparedResult | None:
    if option is None:
        return None
    return ComparedResult(f"{option['value']:.1f}", f"{option['rank_acceptability'][0]:.1%}", option["rank"] == 1)
