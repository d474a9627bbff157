"""What an assessment holds as tables: flat rows of judgements, results and readings, for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evaluation.models import Assessment
from evaluation.read_models.assessments import ResultsDocument
from evaluation.selectors import assessments
from evaluation.selectors.following import measures_document
from evaluation.selectors.people import assessors_of
from pcorg.core.policies import Actor

Row = dict[str, Any]

JUDGEMENT = (
    "assessor",
    "consensus",
    "option",
    "option_label",
    "criterion",
    "criterion_label",
    "low",
    "high",
    "varies",
    "no_evidence",
    "not_applicable",
    "rationale",
    "evidence",
    "set_aside",
    "at",
)
"""Columns of judgements."""

READING = ("measure", "title", "unit", "higher_is_better", "target", "source", "stage", "on", "value", "note", "by")
"""Columns of readings."""

FIGURES = (
    "option",
    "label",
    "value",
    "low",
    "high",
    "rank",
    "expected_value",
    "expected_rank",
    "holistic_acceptability",
    "entropy",
    "confidence",
)
"""Columns of results, before those of ranks and criteria."""


def judgement_rows(assessment: Assessment, by: Actor) -> list[Row]:
    """A row for every judgement of an assessment, with labels beside slugs."""
    rows = assessments.judgements_of(assessment.pk).select_related("criterion").prefetch_related("evidence")
    called = assessors_of(assessment, by)
    return [
        assessments.judgement_document(row, called(row.assessor))
        | {"option_label": row.option.label, "criterion_label": row.criterion.label, "at": row.at.isoformat()}
        for row in rows
    ]


def result_rows(found: ResultsDocument) -> list[Row]:
    """A row for every option of a results document, digit for digit: its figures, share and standard error of every
    rank, central weight of every criterion, and the seed and draws that settle them."""
    criteria = [each["criterion"] for each in found["criteria"]]
    return [
        _chosen(option, FIGURES)
        | {f"rank_{rank}": share for rank, share in enumerate(option["rank_acceptability"], 1)}
        | {f"rank_{rank}_standard_error": error for rank, error in enumerate(option["standard_error"], 1)}
        | {f"contribution_{slug}": option["contributions"][slug] for slug in criteria}
        | {f"central_weight_{slug}": (option["central_weights"] or {}).get(slug) for slug in criteria}
        | _chosen(found, ("draws", "seed", "engine"))
        for option in found["options"]
    ]


def reading_rows(assessment: Assessment, by: Actor) -> list[Row]:
    """A row for every reading of the measures of an assessment's chosen model."""
    return [
        {"measure": measure["id"]}
        | _chosen(measure, ("title", "unit", "higher_is_better", "target", "source"))
        | dict(reading)
        for measure in measures_document(assessment, by)
        for reading in measure["readings"]
    ]


def _chosen(record: Mapping[str, Any], names: Iterable[str]) -> Row:
    return {name: record[name] for name in names}
