"""Dispersals: which form for which group of a trust's services, and what one form for all would cost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.method.statement import percent
from evaluation.method.vocabulary import AssessmentScope
from evaluation.method.weights import Unweighable
from evaluation.models import Assessment, Dispersal, Option
from evaluation.policies import FollowingPermission
from evaluation.read_models.following import DispersalFigures, DispersalGroup
from evaluation.selectors.following import dispersal_document, dispersal_figures
from evaluation.services.comments import name_collaborators_of_dispersal
from evaluation.services.dispersal_plans import plan_dispersal
from evaluation.services.following import create_dispersal
from evaluation.services.options import ARM_FAMILIES
from evaluation.specs.following import StatedDispersal
from evaluation.web.views.submissions import refuse, version_expected
from organisations.domain.vocabulary import ChangeKind, Nature
from organisations.models import Form
from organisations.selectors.periods import names_of
from organisations.specs.change import proposed
from organisations.specs.decision import StatedCollaborators
from pcorg.core.accounts.roles import actor_of
from pcorg.core.api.streaming import sheet
from pcorg.core.audit.memory import one_version, recall
from pcorg.core.forms.stated import (
    CollaboratorsField,
    DayField,
    LineField,
    ProseField,
    SelectField,
    StatedField,
    StatedForm,
    TicksField,
)
from pcorg.core.pages.scope import scope_of
from pcorg.core.people import names_now
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Invalid, Refusal
from pcorg.core.values import whole_or_none


class PartForm(StatedForm):
    """The assessment of a group, and the option chosen where it is not the one that comes first."""

    input_name = "{name}-{prefix}"
    assessment = StatedField(sent_as="part")
    override = SelectField("Form to choose", empty="The one that comes first most often")
    reason = ProseField("Why, where it is another", rows=2)

    @property
    def stated(self) -> dict[str, Any]:
        """The part with the number of its assessment."""
        return {**super().stated, "assessment": int(self.prefix or 0)}


class DispersalForm(StatedForm):
    """What is put together: the trust, and the assessments of its groups that are ticked among those `offered`."""

    title = LineField("Title")
    organisation = LineField("Trust, by its code", width="10")
    as_of = DayField("As at")
    parts = TicksField(sent_as="part", at="parts")

    def __init__(self, data: QueryDict, *, by: Actor, **more: Any) -> None:
        super().__init__(data, **more)
        self.ticked = [key for key in self["parts"].value() if whole_or_none(key) is not None]
        self.offered = [
            (held, PartForm(data, prefix=str(held.pk), choices={"override": _eligible(held)}))
            for held in _offered(self["organisation"].value(), by)
        ]
        self._by_key = {key: PartForm(data, prefix=key) for key in self.ticked}
        self._by_key |= {str(held.pk): form for held, form in self.offered}
        self.subforms = list(self._by_key.values())

    @property
    def stated(self) -> dict[str, Any]:
        """What the form states; a title left empty is stated as such."""
        return {**self.sent, "parts": [self._by_key[key].stated for key in self.ticked]}

    def field_of(self, *steps: str | int) -> tuple[forms.Form, str]:
        """The field that a problem is about."""
        match steps:
            case ("parts", int(place), *rest) if place < len(self.ticked):
                name = str(rest[-1]) if rest and rest[-1] in {"override", "reason"} else "assessment"
                return self._by_key[self.ticked[place]], name
        return super().field_of(*steps)


def _offered(trust: str, by: Actor) -> list[Assessment]:
    """Assessments of groups and services of trusts, latest first, each with its options; of one trust where it has
    any."""
    rows = Assessment.objects.visible_to(by).exclude(scope=AssessmentScope.ALL).exclude(subject=None)
    if trust and rows.filter(subject=trust).exists():
        rows = rows.filter(subject=trust)
    options = Prefetch("options", queryset=Option.objects.counting(), to_attr="eligible")
    return list(rows.prefetch_related(options).order_by("-pk")[:100])


def _eligible(held: Any) -> list[tuple[str, str]]:
    return [(option.key, option.label) for option in held.eligible]


class CollaboratorsForm(StatedForm):
    """Who works on a dispersal beside its owner."""

    collaborators = CollaboratorsField(hint="They may hand it over to the planner")


@require_safe
@one_version()
def dispersal(request: HttpRequest, number: int) -> HttpResponse:
    """A dispersal worked out. Its people hand it to the planner of the trust's provider arm; a commissioner proposes
    one separation from here."""
    return _page(request, number, StatedForm(), 200)


def _page(request: HttpRequest, number: int, form: StatedForm, status: int) -> HttpResponse:
    """The page of a dispersal with a form of it that was refused."""
    scope, by = scope_of(request), actor_of(request.user)
    assessment = _found(number, by)
    try:
        document = dispersal_document(assessment, _worked_out(assessment), by)
    except Unweighable as fault:
        return render(request, "evaluation/dispersal.jinja", {"scope": scope, "unweighable": str(fault)})
    labels = {option["option"]: option["label"] for group in document["groups"] for option in group["options"]}
    forms = dict(Form.objects.filter(family__in=ARM_FAMILIES).values_list("slug", "nature"))
    groups = [
        {
            **group,
            "href": scope.link("assessment", group["assessment"]),
            "best_label": labels[group["best"]],
            "chosen_label": labels.get(group["chosen"], group["chosen"]),
            "moves": group["chosen"] in forms,
            "propose": _separation(scope, document["organisation"], group)
            if forms.get(group["chosen"]) == Nature.BODY
            else "",
        }
        for group in document["groups"]
    ]
    trust = document["organisation"]
    context = {
        "scope": scope,
        "found": document,
        "groups": groups,
        "trust": names_of([trust], on=document["as_of"])[trust],
        "organisation": scope.link("organisation", trust),
        "planner": scope.link("arm-planner", trust, as_of=document["as_of"]),
        "may_hand_over": bool(can(by, FollowingPermission.HAND_OVER, assessment)),
        "naming": _naming(assessment, form) if can(by, FollowingPermission.NAME_COLLABORATORS, assessment) else None,
        "moves": any(group["moves"] for group in groups),
        "plan": scope.link("dispersal-plan", number),
        "errors": form.summary,
        "csv": scope.link("dispersal-csv", number),
        "api": scope.api(f"dispersals/{number}/", as_of=None, portfolio=None),
    }
    return render(request, "evaluation/dispersal.jinja", context, status=status)


def _naming(row: Dispersal, form: StatedForm) -> CollaboratorsForm:
    """The form of who works on a dispersal: the one that was refused, or a new one."""
    if isinstance(form, CollaboratorsForm):
        return form
    return CollaboratorsForm(initial={"collaborators": names_now(row.collaborators.all())})


def _found(number: int, by: Actor) -> Dispersal:
    """A dispersal that somebody reads. Raises Http404."""
    row = Dispersal.objects.visible_to(by).filter(pk=number).first()
    if row is None:
        raise Http404(f"There is no dispersal {number}.")
    return row


def _worked_out(row: Dispersal) -> DispersalFigures:
    """A dispersal worked out, once for the data as they are. Raises Unweighable."""
    return recall(("dispersal", row.pk), lambda: dispersal_figures(row))


def _separation(scope: Any, trust: str, group: DispersalGroup) -> str:
    """The form that proposes the separation of a group, filled in with what is known of it."""
    known = {
        "originals-0": trust,
        "resulting-0-form": group["chosen"],
        "title": f"{group['title']}: separation"[:200],
        "rationale": _why(group),
    }
    return str(scope.link("propose-kind", ChangeKind.SEPARATION.value, **known))


def _why(group: DispersalGroup) -> str:
    """Why a group goes the way it was chosen, in a sentence."""
    labels = {option["option"]: option["label"] for option in group["options"]}
    about = f"{group['title']} (assessment {group['assessment']})"
    sentence = f"{about}: {labels[group['best']]} comes first in {percent(group['acceptability'])} of weightings."
    if not group["override"]:
        return sentence
    return f"{sentence} {labels.get(group['chosen'], group['chosen'])} was chosen: {group['reason']}"


@never_cache
@login_required
@require_POST
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Hands a dispersal to the planner of the trust's provider arm: it keeps a plan, to be finished and proposed."""
    by = actor_of(request.user)
    if not by.commissions:
        raise PermissionDenied("Only commissioners and approvers keep plans. Ask the person who runs this site.")
    assessment, form = _found(number, by), StatedForm({})
    try:
        groups = _worked_out(assessment)["groups"]
        made = plan_dispersal(
            dispersal=number,
            chosen={group["assessment"]: group["chosen"] for group in groups},
            why={group["assessment"]: _why(group) for group in groups},
            by=by,
            expected_versions=version_expected(request),
        )
    except Unweighable as fault:
        form.add_error(None, str(fault))
        return _page(request, number, form, 422)
    except Refusal as fault:
        return _page(request, number, form, refuse(form, fault))
    messages.success(request, "The plan is kept. Give each group its date, code and name; then propose its steps.")
    return redirect(scope_of(request).link("arm-planner", made.organisation_id, plan=made.pk))


@never_cache
@login_required
@require_POST
def collaborators(request: HttpRequest, number: int) -> HttpResponse:
    """Names who works on a dispersal beside its owner."""
    by, form = actor_of(request.user), CollaboratorsForm(request.POST)
    _found(number, by)
    try:
        names = proposed(StatedCollaborators, form.stated).collaborators
        name_collaborators_of_dispersal(
            dispersal=number, names=names, by=by, expected_versions=version_expected(request)
        )
    except Refusal as fault:
        return _page(request, number, form, refuse(form, fault))
    messages.success(request, "Who works on it is saved.")
    return redirect(scope_of(request).link("dispersal", number))


@require_safe
@one_version()
def table(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """A dispersal as a table: a row for each option of each group. Raises BadRequest where it cannot be worked out."""
    try:
        groups = _worked_out(_found(number, actor_of(request.user)))["groups"]
    except Unweighable as fault:
        raise BadRequest(str(fault)) from fault
    names = ("assessment", "title", "service_group", "best", "chosen", "override", "reason", "loss", "spend")
    rows = [{**group, **option} for group in groups for option in group["options"]]
    return sheet(rows, [*names, "option", "label", "value", "first"], f"dispersal-{number}")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Puts the assessments of a trust's groups together, each with the option that comes first or another chosen for a
    reason. With an organisation in the address, its assessments alone are offered."""
    scope, by = scope_of(request), actor_of(request.user)
    if not by.commissions:
        raise PermissionDenied("Only commissioners and approvers appraise options. Ask the person who runs this site.")
    form = DispersalForm(request.POST or request.GET, initial={"as_of": scope.on}, by=by)
    if request.method == "POST":
        try:
            made = create_dispersal(stated=proposed(StatedDispersal, form.stated), by=by)
        except Invalid as fault:
            refuse(form, fault)
        else:
            messages.success(request, "The assessments are put together.")
            return redirect(scope.link("dispersal", made.pk))
    context = {"scope": scope, "form": form, "errors": form.summary, "action": scope.link("dispersal-new")}
    return render(request, "evaluation/disperse.jinja", context, status=422 if form.summary else 200)
