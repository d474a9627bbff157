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
from evaluation.services.comments import comment_on, name_collaborators
from evaluation.services.options import judges_of
from evaluation.specs.stated import StatedStep
from evaluation.web.presenters import people
from evaluation.web.presenters import results as present
from evaluation.web.presenters.levels import signed, transform_in_words
from evaluation.web.views.submissions import refuse, version_expected
from evaluation.web.views.trial import TRIED, trial_of
from organisations.selectors.periods import names_of
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
    row = found(number, by, queries.with_people(Assessment.objects.all()))
    scope = scope_of(request)
    criteria = list(Criterion.objects.filter(framework=row.framework_id))
    choice = choice_document(row, by)
    trial = trial_of(request.GET, row, [each.slug for each in criteria])
    sweep = Address.of(request).choice("sweep", {each.slug for each in criteria}, of="criterion")
    options, judged = list(row.options.all()), judges_of(row)
    form = form or StatedForm()
    context: dict[str, Any] = {
        "scope": scope,
        "assessment": row,
        "status": AssessmentStatus.stored(row.status).label,
        "about": about(row),
        "subject": subject_of(row, scope.on),
        "weighing": "Cannot be read" if weights_problem(row) else Weighing.stored(row.weighing).label,
        "criteria": criteria,
        "trial": trial,
        "sweep": sweep,
        "modes": list(TRIED.items()),
        "errors": [*form.summary, *summary_of(trial.errors)],
        "faults": dict(trial.errors),
        "tried_wrong": bool(trial.errors),
        "mitigations": [
            (plan, transform_in_words(plan.transform, plan.amount))
            for plan in row.mitigations.select_related("criterion")
        ],
        "discounted": [option for option in options if not option.passes_gate and not option.set_aside],
        "aside": aside(row, by) if any(option.set_aside for option in options) else [],
        "history": history(row, by),
        "choice": choice,
        "action": scope.link("assessment", number),
        "api": scope.api(f"assessments/{number}/results/"),
        "csv": scope.link("assessment-csv", number),
        "judged": bool(judged),
        **people.context(row, by, form),
    }
    if judged:
        context |= worked_out(row, trial.weights, trial.chosen, sweep, by)
    return render(request, "evaluation/assessment.jinja", context, status=status)


def aside(row: Assessment, by: Actor) -> list[tuple[Option, list[JudgementDocument]]]:
    """Options that were set aside, each with its judgements."""
    rows = queries.judgements_of(row.pk).exclude(option__set_aside="")
    documents = queries.judgement_documents(row, by, rows)
    labels = dict(Criterion.objects.filter(framework=row.framework_id).values_list("pk", "label"))
    return [
        (
            option,
            [each | {"criterion": labels[each["criterion"]]} for each in documents if each["option"] == option.key],
        )
        for option in row.options.all()
        if option.set_aside
    ]


def history(row: Assessment, by: Actor) -> list[dict[str, Any]]:
    """The steps in the life of an assessment, in words."""
    return [each | {"label": AssessmentStatus.stored(each["status"]).label} for each in queries.history_of(row, by)]


def worked_out(row: Assessment, weights: Any, chosen: tuple[int, ...], swept: str, by: Actor) -> dict[str, Any]:
    """What the page shows of the results; the reason where they cannot be worked out."""
    try:
        appraisal = appraisal_of(row, weights=weights, chosen=chosen, by=by)
        try:
            sensitivity = sensitivity_of(row, chosen=chosen, weights=weights, by=by)
            document = results_of(row, chosen=chosen, weights=weights, by=by)
        except OverBudget:
            sensitivity = sensitivity_of(row, chosen=chosen, weights=weights, draws=FEWER, by=by)
            document = results_of(row, chosen=chosen, weights=weights, draws=FEWER, by=by)
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
    row = about.filter(pk__in=Assessment.objects.visible_to(by).order_by().values("pk"), pk=number).first()
    if row is None:
        raise Http404(f"There is no assessment {number}.")
    return row


def subject_of(row: Assessment, on: date) -> str:
    """What the organisation that an assessment is about was called on its day; nothing where it is about none."""
    return names_of([row.subject_id], on=row.as_of or on)[row.subject_id] if row.subject_id else ""


def about(row: Assessment) -> str:
    """Describe the subject of an assessment."""
    if row.scope == AssessmentScope.GROUP:
        return str(row.service_group)
    return str(row.service) if row.scope == AssessmentScope.SERVICE else "All services"


@never_cache
@login_required
@require_POST
def step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Opens, closes, approves or copies an assessment."""
    scope, by = scope_of(request), actor_of(request.user)
    row, expected_versions = found(number, by), version_expected(request)
    form = people.StepForm(request.POST, held=row, step=name) if name in STEPS else StatedForm(request.POST)
    try:
        if name == "copy":
            with_judgements = request.POST.get("judgements") == "yes"
            made = copy_assessment(
                number=number, by=by, judgements=with_judgements, expected_versions=expected_versions
            )
            messages.success(request, "Copied. This is the copy, a draft of yours.")
            return redirect(scope.link("assessment", made.pk))
        if name not in STEPS:
            raise Http404(f"There is no step called {name}.")
        comment = proposed(StatedStep, form.stated).comment
        row = move_assessment(number=number, step=name, by=by, comment=comment, expected_versions=expected_versions)
    except Refusal as fault:
        return page(request, number, form, refuse(form, fault))
    messages.success(request, f"{row.title}: {AssessmentStatus.stored(row.status).label.lower()}.")
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
        name_collaborators(assessment=number, names=names, by=by, expected_versions=version_expected(request))
    except Refusal as fault:
        return page(request, number, form, refuse(form, fault))
    messages.success(request, "Who works on it is saved.")
    return redirect(scope_of(request).link("assessment", number) + "#people")
