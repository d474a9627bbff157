"""Judging: every option on every criterion with the evidence in view, by levels, for one person or the panel."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluation.method.scale import ANCHORS
from evaluation.method.vocabulary import AssessmentStatus, Weighing
from evaluation.models import Assessment, Assessor, Criterion, Evidence, Judgement, Mitigation, Option
from evaluation.policies import AssessmentPermission
from evaluation.selectors.appraisals import weights_to_show
from evaluation.services.judgements import judge
from evaluation.services.panels import seat_of
from evaluation.specs.stated import StatedJudgements
from evaluation.web.presenters.options import statement
from evaluation.web.views.assessment import found
from evaluation.web.views.submissions import refuse, version_expected
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of
from pcorg.core.forms.address import Address
from pcorg.core.forms.stated import NumberField, ProseField, SelectField, StatedForm, TickField
from pcorg.core.pages.scope import Scope as PageScope
from pcorg.core.pages.scope import scope_of
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Refusal

WHOLE, NOT_APPLICABLE = "open", "not-applicable"
LEVELS = [(str(level), f"{level} {words}") for level, words in ANCHORS.items()]


class CellForm(StatedForm):
    """The judgement of an option on a criterion; what is left empty is not judged."""

    input_name = "{prefix}.{name}"
    low = SelectField(
        "From",
        [*LEVELS, (WHOLE, "No evidence: the whole scale"), (NOT_APPLICABLE, "Does not apply")],
        empty="Not judged",
    )
    high = SelectField("to", LEVELS, empty="The same")
    varies = TickField("It will vary: it depends on circumstances")
    rationale = ProseField("Why", rows=2)

    def __init__(
        self, data: QueryDict | None, *, option: Option, criterion: Criterion, before: Judgement | None
    ) -> None:
        super().__init__(data, prefix=f"{option.key}.{criterion.slug}", initial=_kept(before) if before else None)
        self.option, self.criterion, self.before = option, criterion, before

    @property
    def stated(self) -> dict[str, Any]:
        """The judgement. Evidence, which only programs cite, stays cited."""
        sent = self.sent
        low, high = sent["low"], sent["high"]
        stated = {
            "option": self.option.key,
            "criterion": self.criterion.slug,
            "rationale": sent["rationale"],
            "varies": sent["varies"],
            "evidence": [each.pk for each in self.before.evidence.all()] if self.before else [],
        }
        if low in {WHOLE, NOT_APPLICABLE}:
            return stated | {"no_evidence" if low == WHOLE else "not_applicable": True}
        if low or high:  # a reason alone is refused for want of levels, not lost
            return stated | {"low": low or high, "high": high or low}
        return stated


class PointsForm(StatedForm):
    """One's own weights, by criterion."""

    prefix = "points"
    input_name = "{prefix}.{name}"
    whole = "points"

    def __init__(self, data: QueryDict | None, *, criteria: list[Criterion], assessor: Assessor | None) -> None:
        kept = weights_to_show(assessor).points if assessor is not None and assessor.weighing else {}
        super().__init__(data, initial={slug: f"{points:g}" for slug, points in kept.items()})
        for criterion in criteria:
            self.fields[criterion.slug] = NumberField(criterion.label, width="4")

    @property
    def stated(self) -> dict[str, Any]:
        """The weights; none where no points are given."""
        points = {slug: text or "0" for slug, text in self.sent.items()}
        return {"weights": {"mode": Weighing.SWING.value, "points": points}} if super().stated else {}


class JudgingForm(StatedForm):
    """What one person or the panel judges: each option on each criterion and, where people weigh for themselves, their
    weights."""

    def __init__(self, data: QueryDict | None, *, held: Assessment, by: Actor, consensus: bool) -> None:
        super().__init__(data)
        self.consensus = consensus
        self.criteria = list(Criterion.objects.filter(framework=held.framework_id))
        options = list(held.options.filter(set_aside=""))
        assessor = held.panel.filter(consensus=True).first() if consensus else seat_of(held, by)
        before = _judged(assessor)
        self.cells = [
            CellForm(data, option=option, criterion=criterion, before=before.get((option.key, criterion.slug)))
            for option in options
            for criterion in self.criteria
        ]
        weighs = held.weighing == Weighing.OWN and not consensus
        self.points = [PointsForm(data, criteria=self.criteria, assessor=assessor)] if weighs else []
        self.subforms = [*self.points, *(cell for criterion in self.criteria for cell in self.on(criterion))]

    def on(self, criterion: Criterion) -> list[CellForm]:
        """The cells of a criterion."""
        return [cell for cell in self.cells if cell.criterion == criterion]

    @property
    def _filled(self) -> list[CellForm]:
        """The cells where levels or reasons are given."""
        return [cell for cell in self.cells if any(cell[name].value() for name in ("low", "high", "rationale"))]

    @property
    def stated(self) -> dict[str, Any]:
        """The judgements and weights that the form states."""
        weights = self.points[0].stated if self.points else {}
        return {"consensus": self.consensus, "judgements": [cell.stated for cell in self._filled], **weights}

    def field_of(self, *steps: str | int) -> tuple[forms.Form, str]:
        """The field that a problem is about."""
        match steps:
            case ("weights", *rest) if self.points:
                return self.points[0], str(rest[1]) if len(rest) > 1 else ""
            case ("judgements", int(place), *_):
                return self._filled[place], "low"
        return super().field_of(*steps)


def _judged(assessor: Assessor | None) -> dict[tuple[str, str], Judgement]:
    """What somebody has judged, by option and criterion."""
    rows = Judgement.objects.filter(assessor=assessor, option__set_aside="") if assessor else Judgement.objects.none()
    judged = rows.select_related("option").prefetch_related("evidence")
    return {(row.option.key, row.criterion_id): row for row in judged}


def _kept(row: Judgement) -> dict[str, Any]:
    """A judgement as the form holds it."""
    whole = NOT_APPLICABLE if row.not_applicable else WHOLE if row.no_evidence else ""
    high = "" if whole else row.high
    return {"low": whole or row.low, "high": high, "varies": row.varies, "rationale": row.rationale}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judging(request: HttpRequest, number: int) -> HttpResponse:
    """The form of judgements. What is left empty is not judged, and stays visible as missing."""
    scope, by = scope_of(request), actor_of(request.user)
    assessment = found(number, by)
    consensus = request.POST.get("consensus") == "yes" or bool(Address.of(request).choice("consensus", {"yes"}))
    verdict = can(by, AssessmentPermission.RECORD_CONSENSUS if consensus else AssessmentPermission.JUDGE, assessment)
    if verdict.code == "forbidden":
        raise PermissionDenied(verdict.reason)
    form, status = JudgingForm.of(request, held=assessment, by=by, consensus=consensus), 200
    if request.method == "POST":
        try:
            judge(
                number=number,
                stated=proposed(StatedJudgements, form.stated),
                by=by,
                expected_versions=version_expected(request),
            )
        except Refusal as fault:
            status = refuse(form, fault)
            assessment = found(number, by)
        else:
            messages.success(request, "The judgements are saved." if not consensus else "The consensus is saved.")
            return redirect(scope.link("assessment", number))
    context = {
        "scope": scope,
        "assessment": assessment,
        "open": assessment.status == AssessmentStatus.OPEN and not assessment.reference,
        "form": form,
        "criteria": _criteria(assessment, form, scope),
        "errors": form.summary,
        "action": scope.link("assessment-judge", number),
    }
    return render(request, "evaluation/judge.jinja", context, status=status)


def _criteria(held: Assessment, form: JudgingForm, scope: PageScope) -> list[dict[str, Any]]:
    """The form, criterion by criterion: what is asked, mitigations, and each option with evidence and fields."""
    slugs = [cell.option.integration_option_id for cell in form.cells if cell.option.integration_option_id]
    evidence: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for each in Evidence.objects.filter(option__in=set(slugs)).select_related("source"):
        evidence[each.option_id, each.criterion_id].append(statement(each, scope))
    mitigations: dict[str, list[Mitigation]] = defaultdict(list)
    for mitigation in Mitigation.objects.filter(criterion__framework=held.framework_id):
        mitigations[mitigation.criterion_id].append(mitigation)
    return [
        {
            "criterion": criterion,
            "mitigations": mitigations[criterion.slug],
            "cells": [
                (cell, evidence[cell.option.integration_option_id or "", criterion.slug]) for cell in form.on(criterion)
            ],
        }
        for criterion in form.criteria
    ]
