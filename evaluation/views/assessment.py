"""One assessment: its answer in words, ranking, charts, what would change it, and the steps people take with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evaluation.actions.assessments import copy_assessment, move_assessment
from evaluation.actions.refusals import NotNow
from evaluation.domain.lifecycle import STEPS
from evaluation.domain.vocabulary import AssessmentStatus, Scope, Weighing
from evaluation.domain.weights import Unweighable
from evaluation.models import Assessment, Criterion, Judgement
from evaluation.presenters import results as present
from evaluation.presenters.levels import signed, transform_in_words
from evaluation.queries import assessments as queries
from evaluation.queries.appraisals import appraisal_of, weights_problem
from evaluation.queries.following import choice_document
from evaluation.queries.results import results_of, sensitivity_of
from evaluation.views.trying import TRIED, trial_of
from organisations.actors import actor_of
from organisations.queries.spells import names_of
from organisations.scope import scope_of
from pcorg import naming
from pcorg.audit.memory import one_version
from pcorg.budgets import OverBudget
from pcorg.forms.address import Address
from pcorg.forms.fields import summary

FEWER = 1_000
"""Draws on the page of an assessment so large that the usual number would cost too much; the page says how many."""

WORDS = {"open": "Open for judgements", "close": "Close", "approve": "Approve", "copy": "Copy"}


@require_safe
@one_version()
def assessment(request: HttpRequest, number: int) -> HttpResponse:
    """The results of an assessment as it is kept, or with weights and mitigations tried out."""
    held = found(number)
    scope = scope_of(request)
    criteria = list(Criterion.objects.filter(framework=held.framework_id))
    choice = choice_document(number)
    trial = trial_of(request.GET, held, [each.slug for each in criteria])
    sweep = Address.of(request).choice("sweep", {each.slug for each in criteria}, of="criterion")
    context: dict[str, Any] = {
        "scope": scope,
        "assessment": held,
        "status": AssessmentStatus.stored(held.status).label,
        "about": about(held),
        "subject": subject_of(held, scope.on),
        "weighing": "Cannot be read" if weights_problem(held) else Weighing.stored(held.weighing).label,
        "criteria": criteria,
        "trial": trial,
        "sweep": sweep,
        "modes": list(TRIED.items()),
        "errors": summary(trial.errors),
        "faults": dict(trial.errors),
        "mitigations": [
            (plan, transform_in_words(plan.transform, plan.amount))
            for plan in held.mitigations.select_related("criterion")
        ],
        "discounted": [option for option in held.options.all() if not option.passes_gate],
        "history": held.steps.all(),
        "panel": held.panel.all(),
        "choice": choice,
        "allowed": queries.open_to(
            held.status,
            reference=held.reference,
            created_by=held.created_by,
            by=actor_of(request.user),
            chosen=choice is not None,
        ),
        "words": WORDS,
        "action": scope.link("assessment", number),
        "api": scope.api(f"assessments/{number}/results/"),
        "csv": scope.link("assessment-csv", number),
    }
    context["judged"] = Judgement.objects.filter(assessor__assessment=held).exists()
    if context["judged"]:
        context |= worked_out(held, trial.weights, trial.chosen, sweep, named=shows_names(request, held))
    return render(request, "evaluation/assessment.jinja", context)


def shows_names(request: HttpRequest, held: Assessment) -> bool:
    """Whether a reader sees who judged: people who have signed in do, and everybody where they are invented."""
    return held.is_as_shipped or naming.are_shown_to(request.user)


def worked_out(held: Assessment, weights: Any, chosen: tuple[int, ...], swept: str, *, named: bool) -> dict[str, Any]:
    """What the page shows of the results, with the names of assessors or without; the reason where they cannot be
    worked out."""
    try:
        appraisal = appraisal_of(held, weights=weights, chosen=chosen)
        try:
            sensitivity = sensitivity_of(held, chosen=chosen, weights=weights)
            document = results_of(held, chosen=chosen, weights=weights)
        except OverBudget:
            sensitivity = sensitivity_of(held, chosen=chosen, weights=weights, draws=FEWER)
            document = results_of(held, chosen=chosen, weights=weights, draws=FEWER)
    except (Unweighable, OverBudget) as fault:
        return {"unweighable": str(fault)}
    if not named:
        document, sensitivity = naming.without_names([document, sensitivity])
    sweeps = {each["criterion"]: each for each in sensitivity["sweeps"]}
    heaviest = max(document["weights"], key=lambda slug: document["weights"][slug])
    sweep = sweeps.get(swept) or sweeps.get(heaviest)
    rows = present.switches(sensitivity, document)
    return {
        "found": document,
        "ranking": present.ranking(document),
        "most_often": present.most_often(document),
        "charts": {
            "ranks": present.acceptability_chart(document),
            **({"profile": present.profile_chart(appraisal)} if len(appraisal.criteria) > 2 else {}),
            **({"sweep": present.sweep_chart(sweep, document)} if sweep else {}),
            **({"tornado": present.tornado_chart(rows)} if rows else {}),
        },
        "swept": sweep["criterion"] if sweep else "",
        "heat": present.heat_map(appraisal, document["agreement"]["split"]),
        "switches": [(option, criterion, first, signed(change, 2)) for option, criterion, first, change in rows],
        "switching": present.switching(sensitivity, document),
        "effects": present.effects(sensitivity, document),
        "agreement": present.agreement(document),
        "sensitivity": sensitivity,
        "labels": present.names(document),
        "criterion_names": present.criterion_names(document),
    }


def found(number: int) -> Assessment:
    """An assessment. Raises Http404."""
    held = Assessment.objects.select_related("subject", "service_group", "service", "change").filter(pk=number).first()
    if held is None:
        raise Http404(f"There is no assessment {number}.")
    return held


def subject_of(held: Assessment, on: date) -> str:
    """What the organisation that an assessment is about was called on its day; nothing where it is about none."""
    return names_of([held.subject_id], on=held.as_of or on)[held.subject_id] if held.subject_id else ""


def about(held: Assessment) -> str:
    """What an assessment is about, in words."""
    if held.scope == Scope.GROUP:
        return str(held.service_group)
    return str(held.service) if held.scope == Scope.SERVICE else "All services"


@never_cache
@login_required
@require_POST
def step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Opens, closes, approves or copies an assessment."""
    scope, by = scope_of(request), actor_of(request.user)
    held = found(number)
    try:
        if name == "copy":
            made = copy_assessment(number=number, by=by, judgements=request.POST.get("judgements") == "yes")
            messages.success(request, "Copied. This is the copy, a draft of yours.")
            return redirect(scope.link("assessment", made.pk))
        if name not in STEPS:
            raise Http404(f"There is no step called {name}.")
        held = move_assessment(number=number, step=name, by=by, comment=request.POST.get("comment", "")[:5000].strip())
    except NotNow as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, f"{held.title}: {AssessmentStatus.stored(held.status).label.lower()}.")
    return redirect(scope.link("assessment", number))
