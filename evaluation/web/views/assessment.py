"""One assessment: its answer in words, ranking, charts, what would change it, and the steps people take with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evaluation.method.vocabulary import STEPS, AssessmentScope, AssessmentStatus, Weighing
from evaluation.method.weights import Unweighable
from evaluation.models import Assessment, Criterion, Option
from evaluation.read_models.assessments import JudgementDocument
from evaluation.selectors import assessments as queries
from evaluation.selectors.appraisals import appraisal_of, weights_problem
from evaluation.selectors.following import choice_document
from evaluation.selectors.results import results_of, sensitivity_of
from evaluation.services.assessments import copy_assessment, move_assessment
from evaluation.services.discussing import comment_on, name_collaborators
from evaluation.services.options import judges_of
from evaluation.specs.stated import StatedStep
from evaluation.web.presenters import people
from evaluation.web.presenters import results as present
from evaluation.web.presenters.levels import signed, transform_in_words
from evaluation.web.views.seeing import refuse, version_seen
from evaluation.web.views.trying import TRIED, trial_of
from organisations.selectors.spells import names_of
from organisations.specs.change import proposed
from organisations.specs.decision import StatedCollaborators, StatedComment
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.forms.base import summary_of
from pcorg.core.forms.stated import StatedForm
from pcorg.core.http.budgets import OverBudget
from pcorg.core.pages.scope import scope_of
from pcorg.core.policies import Actor
from pcorg.core.refusals import Refusal

FEWER = 1_000
"""Draws on the page of an assessment so large that the usual number would cost too much; the page says how many."""


@require_safe
@one_version()
def assessment(request: HttpRequest, number: int) -> HttpResponse:
    """The results of an assessment as it is kept, or with weights and mitigations tried out."""
    return page(request, number)


def page(request: HttpRequest, number: int, form: StatedForm | None = None, status: int = 200) -> HttpResponse:
    """The page of an assessment, with a form that was refused. Raises Http404 for one that whoever asks does not
    read."""
    by = actor_of(request.user)
    held = found(number, by, queries.with_people(Assessment.objects.all()))
    scope = scope_of(request)
    criteria = list(Criterion.objects.filter(framework=held.framework_id))
    choice = choice_document(held, by)
    trial = trial_of(request.GET, held, [each.slug for each in criteria])
    sweep = Address.of(request).choice("sweep", {each.slug for each in criteria}, of="criterion")
    options, judged = list(held.options.all()), judges_of(held)
    form = form or StatedForm()
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
        "errors": [*form.summary, *summary_of(trial.errors)],
        "faults": dict(trial.errors),
        "tried_wrong": bool(trial.errors),
        "mitigations": [
            (plan, transform_in_words(plan.transform, plan.amount))
            for plan in held.mitigations.select_related("criterion")
        ],
        "discounted": [option for option in options if not option.passes_gate and not option.set_aside],
        "aside": aside(held, by) if any(option.set_aside for option in options) else [],
        "history": history(held, by),
        "choice": choice,
        "action": scope.link("assessment", number),
        "api": scope.api(f"assessments/{number}/results/"),
        "csv": scope.link("assessment-csv", number),
        "judged": bool(judged),
        **people.context(held, by, form),
    }
    if judged:
        context |= worked_out(held, trial.weights, trial.chosen, sweep, by)
    return render(request, "evaluation/assessment.jinja", context, status=status)


def aside(held: Assessment, by: Actor) -> list[tuple[Option, list[JudgementDocument]]]:
    """Options that were set aside, each with its judgements."""
    rows = queries.judgements_of(held.pk).exclude(option__set_aside="")
    said = queries.judgement_documents(held, by, rows)
    labels = dict(Criterion.objects.filter(framework=held.framework_id).values_list("pk", "label"))
    return [
        (
            option,
            [each | {"criterion": labels[each["criterion"]]} for each in said if each["option"] == option.key],
        )
        for option in held.options.all()
        if option.set_aside
    ]


def history(held: Assessment, by: Actor) -> list[dict[str, Any]]:
    """The steps in the life of an assessment, in words."""
    return [each | {"label": AssessmentStatus.stored(each["status"]).label} for each in queries.history_of(held, by)]


def worked_out(held: Assessment, weights: Any, chosen: tuple[int, ...], swept: str, by: Actor) -> dict[str, Any]:
    """What the page shows of the results; the reason where they cannot be worked out."""
    try:
        appraisal = appraisal_of(held, weights=weights, chosen=chosen, by=by)
        try:
            sensitivity = sensitivity_of(held, chosen=chosen, weights=weights, by=by)
            document = results_of(held, chosen=chosen, weights=weights, by=by)
        except OverBudget:
            sensitivity = sensitivity_of(held, chosen=chosen, weights=weights, draws=FEWER, by=by)
            document = results_of(held, chosen=chosen, weights=weights, draws=FEWER, by=by)
    except (Unweighable, OverBudget) as fault:
        return {"unweighable": str(fault)}
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


def found(number: int, by: Actor, rows: QuerySet[Assessment] | None = None) -> Assessment:
    """An assessment that somebody reads. Raises Http404."""
    known = Assessment.objects.all() if rows is None else rows
    about = known.select_related("subject", "service_group", "service", "change")
    held = about.filter(pk__in=Assessment.objects.visible_to(by).order_by().values("pk"), pk=number).first()
    if held is None:
        raise Http404(f"There is no assessment {number}.")
    return held


def subject_of(held: Assessment, on: date) -> str:
    """What the organisation that an assessment is about was called on its day; nothing where it is about none."""
    return names_of([held.subject_id], on=held.as_of or on)[held.subject_id] if held.subject_id else ""


def about(held: Assessment) -> str:
    """What an assessment is about, in words."""
    if held.scope == AssessmentScope.GROUP:
        return str(held.service_group)
    return str(held.service) if held.scope == AssessmentScope.SERVICE else "All services"


@never_cache
@login_required
@require_POST
def step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Opens, closes, approves or copies an assessment."""
    scope, by = scope_of(request), actor_of(request.user)
    held, seen = found(number, by), version_seen(request)
    form = people.StepForm(request.POST, held=held, step=name) if name in STEPS else StatedForm(request.POST)
    try:
        if name == "copy":
            with_judgements = request.POST.get("judgements") == "yes"
            made = copy_assessment(number=number, by=by, judgements=with_judgements, seen=seen)
            messages.success(request, "Copied. This is the copy, a draft of yours.")
            return redirect(scope.link("assessment", made.pk))
        if name not in STEPS:
            raise Http404(f"There is no step called {name}.")
        comment = proposed(StatedStep, form.stated).comment
        held = move_assessment(number=number, step=name, by=by, comment=comment, seen=seen)
    except Refusal as fault:
        return page(request, number, form, refuse(form, fault))
    messages.success(request, f"{held.title}: {AssessmentStatus.stored(held.status).label.lower()}.")
    return redirect(scope.link("assessment", number))


@never_cache
@login_required
@require_POST
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """Says something about an assessment."""
    by, form = actor_of(request.user), people.CommentForm(request.POST)
    found(number, by)
    try:
        comment_on(assessment=number, text=proposed(StatedComment, form.sent).text, by=by)
    except Refusal as fault:
        return page(request, number, form, refuse(form, fault))
    messages.success(request, "Your comment is added.")
    return redirect(scope_of(request).link("assessment", number) + "#comments")


@never_cache
@login_required
@require_POST
def collaborators(request: HttpRequest, number: int) -> HttpResponse:
    """Names who works on an assessment beside its owner."""
    by, form = actor_of(request.user), people.CollaboratorsForm(request.POST)
    found(number, by)
    try:
        names = proposed(StatedCollaborators, form.stated).collaborators
        name_collaborators(assessment=number, names=names, by=by, seen=version_seen(request))
    except Refusal as fault:
        return page(request, number, form, refuse(form, fault))
    messages.success(request, "Who works on it is saved.")
    return redirect(scope_of(request).link("assessment", number) + "#people")
