"""Following what was chosen: the models that are followed, and one of them with its life, measures and readings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.method.profile import standing
from evaluation.method.vocabulary import SETTLED, IntegrationAxis, Stage
from evaluation.models import Assessment
from evaluation.policies import AssessmentPermission
from evaluation.selectors import assessments as queries
from evaluation.selectors import following
from evaluation.services.following import add_measure, add_reading, choose_option
from evaluation.specs.following import StatedMeasure, StatedOptionChosen, StatedReading
from evaluation.web.presenters import following as present
from evaluation.web.views.assessment import found
from evaluation.web.views.panels import verdict_of
from evaluation.web.views.submissions import refuse, version_expected
from organisations.models import Organisation
from organisations.selectors.periods import names_of
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.forms.stated import (
    DayField,
    LineField,
    NumberField,
    ProseField,
    RadiosField,
    SelectField,
    StatedForm,
)
from pcorg.core.pages.scope import Scope, scope_of
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Refusal

MOST = 200
"""Models shown in the list."""


class BodyForm(StatedForm):
    """The body whose profile is looked for."""

    organisation = LineField("Organisation, by its code", width="10")


class ChoiceForm(StatedForm):
    """Which option was chosen."""

    prefix = "choice"
    option = RadiosField("Option chosen")
    on = DayField("Chosen on")
    reason = ProseField("Why", hint="Above all where it is not the one that comes first most often")

    def save(self, *, number: int, by: Actor, expected_versions: set[int]) -> str:
        """Record the choice; what was done, in words."""
        made = choose_option(
            assessment=number,
            stated=proposed(StatedOptionChosen, self.stated),
            by=by,
            expected_versions=expected_versions,
        )
        return f"{made.option.label} is recorded as chosen."


class MeasureForm(StatedForm):
    """Something that is measured."""

    prefix = "measure"
    title = LineField("What is measured")
    unit = LineField("In which unit", hint="For example: days, or per 1,000 people a year", longest=60)
    better = RadiosField(
        "Which way is better", [("higher", "Higher is better"), ("lower", "Lower is better")], initial="higher"
    )
    target = NumberField("Target, if one is set", width="10")
    source = LineField("Where readings are taken from")

    def save(self, *, number: int, by: Actor, expected_versions: set[int]) -> str:
        """Add the measure; what was done, in words."""
        stated = self.stated
        stated["higher_is_better"] = stated.pop("better", "higher") != "lower"
        made = add_measure(
            assessment=number, stated=proposed(StatedMeasure, stated), by=by, expected_versions=expected_versions
        )
        return f"{made.title} is measured from now on."


class ReadingForm(StatedForm):
    """What a measure came to on a day."""

    prefix = "reading"
    measure = SelectField("Measure")
    stage = RadiosField("Stage", Stage.choices())
    on = DayField("On")
    value = NumberField("Value", width="10")
    standing = RadiosField(
        "Is there a reading of that day?",
        [("new", "No, this is the first"), ("corrects", "Yes, and this puts it right")],
        initial="new",
    )
    note = ProseField("Note", rows=2, hint="Needed where a reading is put right: say why")

    def save(self, *, number: int, by: Actor, expected_versions: set[int]) -> str:
        """Add the reading; what was done, in words."""
        stated = self.stated
        stated["corrects"] = stated.pop("standing", "new") == "corrects"
        made = add_reading(
            assessment=number, stated=proposed(StatedReading, stated), by=by, expected_versions=expected_versions
        )
        return f"The reading of {made.measure.title} is {'put right' if stated['corrects'] else 'added'}."


FORMS: dict[str, type[ChoiceForm | MeasureForm | ReadingForm]] = {
    "choice": ChoiceForm,
    "measure": MeasureForm,
    "reading": ReadingForm,
}
"""The forms of the page of a model, by their part of it."""


@require_safe
@one_version()
def index(request: HttpRequest) -> HttpResponse:
    """The models that are followed and the bodies that have an integration profile; a body by its code leads to its
    profile, whether or not anything is recorded yet."""
    scope = scope_of(request)
    organisation_code = Address.of(request).text("organisation")
    if organisation_code and Organisation.objects.filter(pk=organisation_code).exists():
        return redirect(scope.link("integration-profile", organisation_code))
    form = BodyForm({"organisation": organisation_code})
    if organisation_code:
        form.add_error("organisation", "No organisation has this code")
    by = actor_of(request.user)
    assessments = list(following.models_followed(queries.listing(scope.portfolio, by))[:MOST])
    stages = following.stages_of([each.pk for each in assessments])
    profiles = following.profiles_on(scope.portfolio, scope.on)
    names = names_of([*profiles, *(each.subject_id for each in assessments if each.subject_id)], on=scope.on)
    context = {
        "scope": scope,
        "models": [_row(each, stages, names, scope) for each in assessments],
        "axes": [axis.label for axis in IntegrationAxis],
        "profiles": [
            (
                names[code],
                code,
                scope.link("integration-profile", code),
                [standing(views[axis.value], scope.on) for axis in IntegrationAxis],
            )
            for code, views in profiles.items()
        ],
        "form": form,
        "errors": form.summary,
        "action": scope.link("following"),
        "examples": []
        if scope.illustrative
        else scope.elsewhere(
            "following", queries.worked_examples(following.models_followed(queries.listing("all", by)))
        ),
        "api": scope.api("integration-profiles/"),
        "csv": scope.api("integration-profiles/", format="csv"),
    }
    return render(request, "evaluation/followed.jinja", context)


def _row(assessment: Assessment, stages: dict[int, Any], names: dict[str, str], scope: Scope) -> dict[str, Any]:
    choice = getattr(assessment, "choice", None)
    stage, on = stages.get(assessment.pk, ("", None))
    return {
        "title": assessment.title,
        "href": scope.link("assessment-following", assessment.pk),
        "body": names.get(assessment.subject_id or "", ""),
        "chosen": choice.option.label if choice else "",
        "on": choice.on if choice else None,
        "stage": Stage(stage).label if stage else "",
        "read_on": on,
        "illustrative": assessment.illustrative,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def model(request: HttpRequest, number: int) -> HttpResponse:
    """The model chosen after an assessment: where it stands, its measures over time. Commissioners choose, and add
    measures and readings."""
    by, scope = actor_of(request.user), scope_of(request)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    assessment = found(number, by)
    form, status = StatedForm(), 200
    if request.method == "POST":
        if not by.commissions:
            raise PermissionDenied("Only commissioners and approvers follow what was chosen.")
        form = sent = FORMS.get(request.POST.get("part", ""), ReadingForm)(request.POST)
        try:
            message = sent.save(number=number, by=by, expected_versions=version_expected(request))
        except Refusal as fault:
            status = refuse(form, fault)
            assessment = found(number, by)
        else:
            messages.success(request, message)
            return redirect(scope.link("assessment-following", number))
    with one_version():
        return _page(request, assessment, scope, form, status)


def _page(request: HttpRequest, assessment: Assessment, scope: Scope, form: StatedForm, status: int) -> HttpResponse:
    """The page of a model, with the form that was refused in its place."""
    by = actor_of(request.user)
    choice, measures = following.choice_document(assessment, by), following.measures_document(assessment, by)
    settled = assessment.status in SETTLED and not assessment.reference
    choosing = can(by, AssessmentPermission.CHOOSE, assessment)
    shown = [present.followed(each) for each in measures]
    chosen = {"on": scope.on} | (choice or {})
    choice_form = form if isinstance(form, ChoiceForm) else ChoiceForm(initial=chosen)
    choice_form.offer("option", assessment.options.counting().values_list("key", "label"))
    reading_form = form if isinstance(form, ReadingForm) else ReadingForm(initial={"on": scope.on})
    reading_form.offer("measure", [(str(each.number), each.title) for each in shown])
    context = {
        "scope": scope,
        "assessment": assessment,
        "choice": choice,
        "verdict": verdict_of(assessment),
        "life": present.life(choice, measures),
        "measures": shown,
        "settled": settled,
        "may_follow": settled and bool(can(by, AssessmentPermission.FOLLOW, assessment)),
        "may_choose": bool(choosing) and not (choice and any(each["readings"] for each in measures)),
        "why_not": choosing.reason if choosing.code == "own-proposal" and not choice else "",
        "choosing": choice_form,
        "measuring": form if isinstance(form, MeasureForm) else MeasureForm(),
        "reading": reading_form,
        "part": form.prefix,
        "errors": form.summary,
        "action": scope.link("assessment-following", assessment.pk),
        "results": scope.link("assessment", assessment.pk),
        "api": scope.api(f"assessments/{assessment.pk}/measures/", as_of=None, portfolio=None),
        "csv": scope.link("readings-csv", assessment.pk),
    }
    return render(request, "evaluation/following.jinja", context, status=status)
