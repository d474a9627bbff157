"""Following what was chosen: the models that are followed, and one of them with its life, measures and readings."""

from __future__ import annotations

from collections.abc import Callable
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
from evaluation.web.views.seeing import refused, version_seen
from organisations.models import Organisation
from organisations.selectors.spells import names_of
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.forms.fields import Control, Field, choices, summary
from pcorg.core.forms.typed import Typed
from pcorg.core.pages.scope import Scope, scope_of
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Refusal

Faults = list[tuple[str, str]]
MOST = 200
"""Models shown in the list."""


@require_safe
@one_version()
def index(request: HttpRequest) -> HttpResponse:
    """The models that are followed and the bodies that have an integration profile; a body by its code leads to its
    profile, whether or not anything is recorded yet."""
    scope = scope_of(request)
    asked = Address.of(request).text("organisation")
    if asked and Organisation.objects.filter(pk=asked).exists():
        return redirect(scope.link("integration-profile", asked))
    by = actor_of(request.user)
    held = list(following.models_followed(queries.listing(scope.portfolio, by))[:MOST])
    stages = following.stages_of([each.pk for each in held])
    profiles = following.profiles_on(scope.portfolio, scope.on)
    names = names_of([*profiles, *(each.subject_id for each in held if each.subject_id)], on=scope.on)
    context = {
        "scope": scope,
        "models": [_row(each, stages, names, scope) for each in held],
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
        "organisation": Field(
            "organisation",
            "Organisation, by its code",
            asked,
            width="10",
            error="No organisation has this code" if asked else "",
        ),
        "errors": summary([("organisation", "No organisation has this code")] if asked else []),
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


def _row(held: Assessment, stages: dict[int, Any], names: dict[str, str], scope: Scope) -> dict[str, Any]:
    choice = getattr(held, "choice", None)
    stage, on = stages.get(held.pk, ("", None))
    return {
        "title": held.title,
        "href": scope.link("assessment-following", held.pk),
        "body": names.get(held.subject_id or "", ""),
        "chosen": choice.option.label if choice else "",
        "on": choice.on if choice else None,
        "stage": Stage(stage).label if stage else "",
        "read_on": on,
        "illustrative": held.illustrative,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def model(request: HttpRequest, number: int) -> HttpResponse:
    """The model chosen after an assessment: where it stands, its measures over time. Commissioners choose, and add
    measures and readings."""
    by, scope = actor_of(request.user), scope_of(request)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    held = found(number, by)
    typed, faults, status = Typed({}), Faults(), 200
    if request.method == "POST":
        typed = Typed.of(request.POST)
        if not by.commissions:
            raise PermissionDenied("Only commissioners and approvers follow what was chosen.")
        part = typed["part"] if typed["part"] in TAKEN else "reading"
        try:
            said = TAKEN[part](number, typed, by, version_seen(request))
        except Refusal as fault:
            wrong, status = refused(fault)
            faults = [(f"{part}-{pointer.strip('/')}" if pointer else "", words) for pointer, words in wrong]
            held = found(number, by)
        else:
            messages.success(request, said)
            return redirect(scope.link("assessment-following", number))
    with one_version():
        return _page(request, held, scope, typed, faults, status)


def _said(typed: Typed, part: str, names: tuple[str, ...]) -> dict[str, Any]:
    """What a form says: its fields that are filled in, without the name of the form."""
    return {name: typed[f"{part}-{name}"] for name in names if typed[f"{part}-{name}"]}


def _choose(number: int, typed: Typed, by: Actor, seen: set[int]) -> str:
    said = _said(typed, "choice", ("option", "on", "reason"))
    made = choose_option(assessment=number, stated=proposed(StatedOptionChosen, said), by=by, seen=seen)
    return f"{made.option.label} is recorded as chosen."


def _measure(number: int, typed: Typed, by: Actor, seen: set[int]) -> str:
    said = _said(typed, "measure", ("title", "unit", "target", "source"))
    said["higher_is_better"] = typed["measure-better"] != "lower"
    made = add_measure(assessment=number, stated=proposed(StatedMeasure, said), by=by, seen=seen)
    return f"{made.title} is measured from now on."


def _reading(number: int, typed: Typed, by: Actor, seen: set[int]) -> str:
    said = _said(typed, "reading", ("measure", "stage", "on", "value", "note"))
    said["corrects"] = typed["reading-standing"] == "corrects"
    made = add_reading(assessment=number, stated=proposed(StatedReading, said), by=by, seen=seen)
    return f"The reading of {made.measure.title} is {'put right' if said['corrects'] else 'added'}."


TAKEN: dict[str, Callable[[int, Typed, Actor, set[int]], str]] = {
    "choice": _choose,
    "measure": _measure,
    "reading": _reading,
}
"""What each form of the page does."""


def _page(
    request: HttpRequest, held: Assessment, scope: Scope, typed: Typed, faults: Faults, status: int
) -> HttpResponse:
    by = actor_of(request.user)
    choice, measures = following.choice_document(held, by), following.measures_document(held, by)
    told = dict(reversed(faults))
    options = list(held.options.counting().values_list("key", "label"))
    settled = held.status in SETTLED and not held.reference
    choosing = can(by, AssessmentPermission.CHOOSE, held)
    shown = [present.followed(each) for each in measures]
    context = {
        "scope": scope,
        "assessment": held,
        "choice": choice,
        "verdict": verdict_of(held),
        "life": present.life(choice, measures),
        "measures": shown,
        "settled": settled,
        "may_follow": settled and bool(can(by, AssessmentPermission.FOLLOW, held)),
        "may_choose": bool(choosing) and not (choice and any(each["readings"] for each in measures)),
        "why_not": choosing.reason if choosing.code == "own-proposal" and not choice else "",
        "choosing": _choice_fields(typed, told, options, choice, scope),
        "measuring": _measure_fields(typed, told),
        "reading": _reading_fields(typed, told, shown, scope),
        "part": typed["part"] if faults else "",
        "errors": summary(faults),
        "action": scope.link("assessment-following", held.pk),
        "results": scope.link("assessment", held.pk),
        "api": scope.api(f"assessments/{held.pk}/measures/", as_of=None, portfolio=None),
        "csv": scope.link("readings-csv", held.pk),
    }
    return render(request, "evaluation/following.jinja", context, status=status)


def _choice_fields(typed: Typed, told: dict[str, str], options: Any, choice: Any, scope: Scope) -> list[Field]:
    kept = choice or {}
    day = str(kept.get("on", scope.on))
    return [
        Field(
            "choice-option",
            "Option chosen",
            typed["choice-option"] or kept.get("option", ""),
            Control.RADIOS,
            choices=choices(options),
            error=told.get("choice-option", ""),
        ),
        Field("choice-on", "Chosen on", typed["choice-on"] or day, Control.DATE, error=told.get("choice-on", "")),
        Field(
            "choice-reason",
            "Why",
            typed["choice-reason"] or kept.get("reason", ""),
            Control.PROSE,
            hint="Above all where it is not the one that comes first most often",
            error=told.get("choice-reason", ""),
            longest=5000,
        ),
    ]


def _measure_fields(typed: Typed, told: dict[str, str]) -> list[Field]:
    ways = [("higher", "Higher is better"), ("lower", "Lower is better")]
    return [
        Field("measure-title", "What is measured", typed["measure-title"], error=told.get("measure-title", "")),
        Field(
            "measure-unit",
            "In which unit",
            typed["measure-unit"],
            hint="For example: days, or per 1,000 people a year",
            error=told.get("measure-unit", ""),
            longest=60,
        ),
        Field(
            "measure-better",
            "Which way is better",
            typed["measure-better"] or "higher",
            Control.RADIOS,
            choices=choices(ways),
        ),
        Field(
            "measure-target",
            "Target, if one is set",
            typed["measure-target"],
            Control.NUMBER,
            width="10",
            error=told.get("measure-target", ""),
        ),
        Field(
            "measure-source",
            "Where readings are taken from",
            typed["measure-source"],
            error=told.get("measure-source", ""),
        ),
    ]


def _reading_fields(typed: Typed, told: dict[str, str], measures: list[Any], scope: Scope) -> list[Field]:
    return [
        Field(
            "reading-measure",
            "Measure",
            typed["reading-measure"],
            Control.SELECT,
            choices=choices([(str(each.number), each.title) for each in measures]),
            error=told.get("reading-measure", ""),
        ),
        Field(
            "reading-stage",
            "Stage",
            typed["reading-stage"],
            Control.RADIOS,
            choices=choices(Stage.choices()),
            error=told.get("reading-stage", ""),
        ),
        Field(
            "reading-on",
            "On",
            typed["reading-on"] or scope.on.isoformat(),
            Control.DATE,
            error=told.get("reading-on", ""),
        ),
        Field(
            "reading-value",
            "Value",
            typed["reading-value"],
            Control.NUMBER,
            width="10",
            error=told.get("reading-value", ""),
        ),
        Field(
            "reading-standing",
            "Is there a reading of that day?",
            typed["reading-standing"] or "new",
            Control.RADIOS,
            choices=choices([("new", "No, this is the first"), ("corrects", "Yes, and this puts it right")]),
        ),
        Field(
            "reading-note",
            "Note",
            typed["reading-note"],
            Control.PROSE,
            rows=2,
            hint="Needed where a reading is put right: say why",
            error=told.get("reading-note", ""),
            longest=5000,
        ),
    ]
