"""What evaluation adds to the pages of an organisation and of a change: assessments, integration profile, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from evaluation.method.vocabulary import AssessmentStatus
from evaluation.method.weights import Unweighable
from evaluation.models import Assessment, Choice, Dispersal, Judgement
from evaluation.selectors.following import profile_document
from evaluation.selectors.results import results_of
from evaluation.services.options import PRESENT
from evaluation.web.presenters.following import ProfileAxis, axes
from organisations.panels import Panel
from pcorg.core.audit.memory import recall
from pcorg.core.http.budgets import NotBegun
from pcorg.core.pages.scope import Scope
from pcorg.core.policies import Actor

MOST = 10
"""Assessments shown with a change, latest first: each is worked out."""


def panels(code: str, on: date, scope: Scope, by: Actor) -> Sequence[Panel]:
    """The assessments about a body, those whose chosen option is followed, and how integrated it stands on the day."""
    readable = Assessment.objects.visible_to(by).order_by()
    content: dict[str, Any] = {
        "assessments": [
            (held.title, scope.link("assessment", held.pk), AssessmentStatus.stored(held.status).label, held.as_of)
            for held in readable.filter(subject=code).order_by("-pk")[:20]
        ],
        "followed": [
            (choice.option.label, scope.link("assessment-following", choice.assessment_id), choice.on)
            for choice in Choice.objects.filter(assessment__in=readable.filter(subject=code)).select_related("option")[
                :20
            ]
        ],
        "dispersals": [
            (held.title, scope.link("dispersal", held.pk))
            for held in Dispersal.objects.visible_to(by).filter(organisation=code)[:20]
        ],
        "profile": _profile(code, on),
        "href": scope.link("integration-profile", code),
    }
    return [Panel("Assessments and integration", "assessments-section", "evaluation/panel.jinja", content)]


def _profile(code: str, on: date) -> list[ProfileAxis]:
    """Where the body stands on each axis on the day; none where nothing was recorded by then."""
    found = axes(profile_document(code, on), on)
    return [axis for axis in found if axis.level]


@dataclass(frozen=True)
class AssessmentRow:
    """An assessment with a change: whether the change is what it is attached to or one of its options, and the first
    sentence of its answer."""

    title: str
    href: str
    status: str
    part: str
    verdict: str
    illustrative: bool


def panels_of_change(change: int, scope: Scope, by: Actor, *, to_assess: bool) -> Sequence[Panel]:
    """The assessments attached to a change or in which it is an option, each with its verdict; none where there are
    none and nobody is offered to make one."""
    readable = Assessment.objects.visible_to(by)
    held = readable.filter(Q(change=change) | Q(options__change=change)).distinct().order_by("-pk")[:MOST]
    rows = [
        AssessmentRow(
            title=each.title,
            href=scope.link("assessment", each.pk),
            status=AssessmentStatus.stored(each.status).label,
            part="Attached" if each.change_id == change else "One of its options",
            verdict=verdict_of(each),
            illustrative=each.illustrative,
        )
        for each in held
    ]
    if not rows and not to_assess:
        return []
    options = [f"change-{change}", PRESENT]
    make = scope.link("assessment-new", change=change, option=options) if to_assess else ""
    return [Panel("Assessments", "assessments-section", "evaluation/change-panel.jinja", {"rows": rows, "make": make})]


def verdict_of(assessment: Assessment) -> str:
    """The first sentence of an assessment's answer, worked out once for the data as they are; why there is none."""

    def work_out() -> str:
        if not Judgement.objects.filter(assessor__assessment=assessment).exists():
            return "Nothing has been judged yet."
        try:
            return str(results_of(assessment)["findings"][0]["sentence"])
        except Unweighable as fault:
            return str(fault)

    try:
        return recall(("verdict", assessment.pk), work_out)
    except NotBegun:
        return "Too much is being worked out just now. Open the assessment."
