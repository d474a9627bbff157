"""Judging: every option on every criterion with the evidence in view, by levels, for one person or the panel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
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
from evaluation.web.views.seeing import refused, version_seen
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of
from pcorg.core.forms.address import Address
from pcorg.core.forms.fields import Control, Field, summary
from pcorg.core.forms.typed import Typed
from pcorg.core.pages.scope import Scope as PageScope
from pcorg.core.pages.scope import scope_of
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Refusal
from pcorg.core.values import steps_of, whole_or_none

NOTHING, WHOLE, NOT_APPLICABLE = "", "open", "not-applicable"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judging(request: HttpRequest, number: int) -> HttpResponse:
    """The form of judgements. What is left empty is not judged, and stays visible as missing."""
    scope, by = scope_of(request), actor_of(request.user)
    held = found(number, by)
    consensus = request.POST.get("consensus") == "yes" or bool(Address.of(request).choice("consensus", {"yes"}))
    verdict = can(by, AssessmentPermission.RECORD_CONSENSUS if consensus else AssessmentPermission.JUDGE, held)
    if verdict.code == "forbidden":
        raise PermissionDenied(verdict.reason)
    criteria = list(Criterion.objects.filter(framework=held.framework_id))
    options, before, assessor = _sheet(held, by, consensus)
    typed = Typed.of(request.POST) if request.method == "POST" else _typed(before, assessor)
    errors: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST":
        body, places = _stated(typed, options, criteria, before)
        body["consensus"] = consensus
        if _weighs(held, consensus) and any(typed[f"points.{each.slug}"] for each in criteria):
            points = {each.slug: _points(typed[f"points.{each.slug}"] or "0") for each in criteria}
            body["weights"] = {"mode": Weighing.SWING.value, "points": points}
        try:
            judge(number=number, stated=proposed(StatedJudgements, body), by=by, seen=version_seen(request))
        except Refusal as fault:
            wrong, status = refused(fault)
            errors = [(_field(pointer, places), words) for pointer, words in wrong]
            held = found(number, by)
            options, before, _ = _sheet(held, by, consensus)
        else:
            messages.success(request, "The judgements are saved." if not consensus else "The consensus is saved.")
            return redirect(scope.link("assessment", number))
    context = {
        "scope": scope,
        "assessment": held,
        "open": held.status == AssessmentStatus.OPEN and not held.reference,
        "consensus": consensus,
        "cells": _cells(held, options, criteria, typed, dict(errors), scope),
        "criteria": criteria,
        "swings": _swings(typed, criteria, dict(reversed(errors))) if _weighs(held, consensus) else [],
        "levels": [(str(level), f"{level} {words}") for level, words in ANCHORS.items()],
        "errors": summary(errors),
        "action": scope.link("assessment-judge", number),
    }
    return render(request, "evaluation/judge.jinja", context, status=status)


def _sheet(held: Assessment, by: Actor, consensus: bool) -> tuple[list[Option], dict[str, Judgement], Assessor | None]:
    """The options that are judged, and whose judgements these are: by the stem of the fields of each cell."""
    assessor = held.panel.filter(consensus=True).first() if consensus else seat_of(held, by)
    rows = Judgement.objects.filter(assessor=assessor, option__set_aside="") if assessor else Judgement.objects.none()
    judged = rows.select_related("option").prefetch_related("evidence")
    before = {f"{row.option.key}.{row.criterion_id}": row for row in judged}
    return list(held.options.filter(set_aside="")), before, assessor


def _typed(before: Mapping[str, Judgement], assessor: Assessor | None) -> Typed:
    """What somebody has judged, as the form holds it."""
    values = {}
    for stem, row in before.items():
        whole = NOT_APPLICABLE if row.not_applicable else WHOLE if row.no_evidence else NOTHING
        values[f"{stem}.low"] = whole or str(row.low)
        values[f"{stem}.high"] = NOTHING if whole else str(row.high)
        values[f"{stem}.varies"] = "yes" if row.varies else ""
        values[f"{stem}.rationale"] = row.rationale
    if assessor is not None and assessor.weighing:
        values |= {f"points.{slug}": f"{points:g}" for slug, points in weights_to_show(assessor).points.items()}
    return Typed(values)


def _weighs(held: Assessment, consensus: bool) -> bool:
    """Whether somebody gives weights of their own here; the consensus has none."""
    return held.weighing == Weighing.OWN and not consensus


def _points(text: str) -> float | str:
    """Swing points; what is no number as it is, to be refused."""
    try:
        return float(text)
    except ValueError:
        return text


def _swings(typed: Typed, criteria: list[Criterion], told: Mapping[str, str]) -> list[Field]:
    """The fields of one's own weights. What is wrong with all of them is told at the first."""
    of_all = told.get("points", "")
    return [
        Field(
            f"points.{each.slug}",
            each.label,
            typed[f"points.{each.slug}"],
            Control.NUMBER,
            width="4",
            error=told.get(f"points.{each.slug}", "" if place else of_all),
        )
        for place, each in enumerate(criteria)
    ]


def _stated(
    typed: Typed, options: list[Option], criteria: list[Criterion], before: Mapping[str, Judgement]
) -> tuple[dict[str, Any], list[str]]:
    """The judgements that the form states, and the stem of the fields of each. Evidence, which only programs cite,
    stays cited."""
    stated, places = [], []
    for option in options:
        for criterion in criteria:
            stem = f"{option.key}.{criterion.slug}"
            low, high, rationale = (typed[f"{stem}.{name}"] for name in ("low", "high", "rationale"))
            if not (low or high or rationale):
                continue
            one: dict[str, Any] = {"option": option.key, "criterion": criterion.slug, "rationale": rationale}
            one["varies"] = typed[f"{stem}.varies"] == "yes"
            if stem in before:
                one["evidence"] = [each.pk for each in before[stem].evidence.all()]
            if low in {WHOLE, NOT_APPLICABLE}:
                one["no_evidence" if low == WHOLE else "not_applicable"] = True
            elif low or high:  # a reason alone is refused for want of levels, not lost
                one |= {"low": _level(low or high), "high": _level(high or low)}
            stated.append(one)
            places.append(stem)
    return {"judgements": stated}, places


def _level(text: str) -> int | str:
    level = whole_or_none(text)
    return text if level is None else level


def _field(pointer: str, places: list[str]) -> str:
    """The field that a problem is about."""
    match steps_of(pointer):
        case ("weights", _, name, *_):
            return f"points.{name}"
        case ("weights", *_):
            return "points"
        case (_, int(place), *_):
            return f"{places[place]}.low"
    return ""


def _cells(
    held: Assessment,
    options: list[Option],
    criteria: list[Criterion],
    typed: Typed,
    faults: Mapping[str, str],
    scope: PageScope,
) -> list[dict[str, Any]]:
    """The form, criterion by criterion: what is asked, mitigations, and each option with evidence and fields."""
    slugs = [option.integration_option_id for option in options if option.integration_option_id]
    said: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for each in Evidence.objects.filter(option__in=slugs).select_related("source"):
        said[each.option_id, each.criterion_id].append(statement(each, scope))
    mitigations: dict[str, list[Mitigation]] = defaultdict(list)
    for mitigation in Mitigation.objects.filter(criterion__framework=held.framework_id):
        mitigations[mitigation.criterion_id].append(mitigation)
    return [
        {
            "criterion": criterion,
            "mitigations": mitigations[criterion.slug],
            "options": [
                {
                    "stem": f"{option.key}.{criterion.slug}",
                    "label": option.label,
                    "evidence": said[option.integration_option_id or "", criterion.slug],
                    "low": typed[f"{option.key}.{criterion.slug}.low"],
                    "high": typed[f"{option.key}.{criterion.slug}.high"],
                    "varies": typed[f"{option.key}.{criterion.slug}.varies"] == "yes",
                    "rationale": typed[f"{option.key}.{criterion.slug}.rationale"],
                    "error": faults.get(f"{option.key}.{criterion.slug}.low", ""),
                }
                for option in options
            ],
        }
        for criterion in criteria
    ]
