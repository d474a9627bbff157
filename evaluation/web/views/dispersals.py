"""Dispersals: which form for which group of a trust's services, and what one form for all would cost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
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
from evaluation.services.discussing import name_collaborators_of_dispersal
from evaluation.services.dispersing import plan_dispersal
from evaluation.services.following import create_dispersal
from evaluation.services.options import ARM_FAMILIES
from evaluation.specs.following import StatedDispersal
from evaluation.web.views.seeing import names_typed, refused, version_seen
from organisations.domain.vocabulary import ChangeKind, Nature
from organisations.models import Form
from organisations.selectors.spells import names_of
from organisations.specs.change import proposed
from organisations.specs.decision import StatedCollaborators
from pcorg.core.accounts.roles import actor_of
from pcorg.core.api.streaming import sheet
from pcorg.core.audit.memory import one_version, recall
from pcorg.core.forms.fields import Control, Field, choices, summary
from pcorg.core.forms.typed import Typed
from pcorg.core.pages.scope import scope_of
from pcorg.core.people import names_now
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Invalid, Refusal
from pcorg.core.values import steps_of, whole_or_none


@require_safe
@one_version()
def dispersal(request: HttpRequest, number: int) -> HttpResponse:
    """A dispersal worked out. Its people hand it to the planner of the trust's provider arm; a commissioner proposes
    one separation from here."""
    return _page(request, number, [], 200)


def _page(
    request: HttpRequest, number: int, refused: list[tuple[str, str]], status: int, typed: Typed | None = None
) -> HttpResponse:
    scope, by = scope_of(request), actor_of(request.user)
    held = _found(number, by)
    try:
        document = dispersal_document(held, _worked_out(held), by)
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
        "may_hand_over": bool(can(by, FollowingPermission.HAND_OVER, held)),
        "naming": _naming(held, typed or Typed({}), dict(refused))
        if can(by, FollowingPermission.NAME_COLLABORATORS, held)
        else None,
        "moves": any(group["moves"] for group in groups),
        "plan": scope.link("dispersal-plan", number),
        "errors": summary(refused),
        "csv": scope.link("dispersal-csv", number),
        "api": scope.api(f"dispersals/{number}/", as_of=None, portfolio=None),
    }
    return render(request, "evaluation/dispersal.jinja", context, status=status)


def _naming(held: Dispersal, typed: Typed, told: dict[str, str]) -> Field:
    sent = "collaborators" in dict(typed)
    return Field(
        "collaborators",
        "Who works on it with you: user names, one to a line",
        typed["collaborators"] if sent else "\n".join(names_now(held.collaborators.all())),
        Control.PROSE,
        hint="They may hand it over to the planner",
        error=told.get("collaborators", ""),
    )


def _found(number: int, by: Actor) -> Dispersal:
    """A dispersal that somebody reads. Raises Http404."""
    held = Dispersal.objects.visible_to(by).filter(pk=number).first()
    if held is None:
        raise Http404(f"There is no dispersal {number}.")
    return held


def _worked_out(held: Dispersal) -> DispersalFigures:
    """A dispersal worked out, once for the data as they are. Raises Unweighable."""
    return recall(("dispersal", held.pk), lambda: dispersal_figures(held))


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
    said = f"{about}: {labels[group['best']]} comes first in {percent(group['acceptability'])} of weightings."
    if not group["override"]:
        return said
    return f"{said} {labels.get(group['chosen'], group['chosen'])} was chosen: {group['reason']}"


@never_cache
@login_required
@require_POST
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Hands a dispersal to the planner of the trust's provider arm: it keeps a plan, to be finished and proposed."""
    by = actor_of(request.user)
    if not by.commissions:
        raise PermissionDenied("Only commissioners and approvers keep plans. Ask the person who runs this site.")
    held = _found(number, by)
    try:
        groups = _worked_out(held)["groups"]
        made = plan_dispersal(
            dispersal=number,
            chosen={group["assessment"]: group["chosen"] for group in groups},
            why={group["assessment"]: _why(group) for group in groups},
            by=by,
            seen=version_seen(request),
        )
    except Unweighable as fault:
        return _page(request, number, [("", str(fault))], 422)
    except Refusal as fault:
        wrong, status = refused(fault)
        return _page(request, number, [("", words) for _, words in wrong], status)
    messages.success(request, "The plan is kept. Give each group its date, code and name; then propose its steps.")
    return redirect(scope_of(request).link("arm-planner", made.organisation_id, plan=made.pk))


@never_cache
@login_required
@require_POST
def collaborators(request: HttpRequest, number: int) -> HttpResponse:
    """Names who works on a dispersal beside its owner."""
    by, typed = actor_of(request.user), Typed.of(request.POST)
    _found(number, by)
    try:
        names = proposed(StatedCollaborators, {"collaborators": names_typed(typed["collaborators"])}).collaborators
        name_collaborators_of_dispersal(dispersal=number, names=names, by=by, seen=version_seen(request))
    except Refusal as fault:
        wrong, status = refused(fault)
        return _page(request, number, [("collaborators" if at else "", words) for at, words in wrong], status, typed)
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
    typed = Typed.of(request.POST if request.method == "POST" else request.GET)
    faults: list[tuple[str, str]] = []
    ticked = [key for key in request.POST.getlist("part") if whole_or_none(key) is not None]
    if request.method == "POST":
        body = {name: typed[name] for name in ("title", "organisation", "as_of")}
        parts = [_part(typed, key) for key in ticked]
        try:
            made = create_dispersal(stated=proposed(StatedDispersal, body | {"parts": parts}), by=by)
        except Invalid as fault:
            faults = [(_field(each.pointer, ticked), each.message) for each in fault.problems]
        else:
            messages.success(request, "The assessments are put together.")
            return redirect(scope.link("dispersal", made.pk))
    told = dict(reversed(faults))
    context = {
        "scope": scope,
        "fields": [
            Field("title", "Title", typed["title"], error=told.get("title", "")),
            Field(
                "organisation",
                "Trust, by its code",
                typed["organisation"],
                width="10",
                error=told.get("organisation", ""),
            ),
            Field("as_of", "As at", typed["as_of"] or scope.on.isoformat(), Control.DATE, error=told.get("as_of", "")),
        ],
        "offered": _offered(typed, set(ticked), told, by),
        "told": told,
        "errors": summary(faults),
        "action": scope.link("dispersal-new"),
    }
    return render(request, "evaluation/disperse.jinja", context, status=422 if faults else 200)


def _part(typed: Typed, key: str) -> dict[str, Any]:
    """A part as the form states it."""
    said = {"assessment": int(key), "reason": typed[f"reason-{key}"]}
    return said | ({"override": typed[f"override-{key}"]} if typed[f"override-{key}"] else {})


def _field(pointer: str, ticked: list[str]) -> str:
    """The field that a problem is about."""
    match steps_of(pointer):
        case ("parts", int(place), *rest) if place < len(ticked):
            name = rest[-1] if rest and rest[-1] in {"override", "reason"} else "part"
            return f"{name}-{ticked[place]}"
        case (str(name), *_):
            return name
    return ""


def _offered(typed: Typed, ticked: set[str], told: dict[str, str], by: Actor) -> list[dict[str, Any]]:
    """Assessments of groups and services of trusts, latest first, each with its options."""
    rows = Assessment.objects.visible_to(by).exclude(scope=AssessmentScope.ALL).exclude(subject=None)
    if typed["organisation"] and rows.filter(subject=typed["organisation"]).exists():
        rows = rows.filter(subject=typed["organisation"])
    options = Prefetch("options", queryset=Option.objects.counting(), to_attr="eligible")
    return [
        {
            "number": held.pk,
            "title": held.title,
            "subject": held.subject_id,
            "ticked": str(held.pk) in ticked,
            "error": told.get(f"part-{held.pk}", ""),
            "override": Field(
                f"override-{held.pk}",
                "Form to choose",
                typed[f"override-{held.pk}"],
                Control.SELECT,
                choices=choices(
                    [(option.key, option.label) for option in held.eligible],
                    empty="The one that comes first most often",
                ),
                error=told.get(f"override-{held.pk}", ""),
            ),
            "reason": Field(
                f"reason-{held.pk}",
                "Why, where it is another",
                typed[f"reason-{held.pk}"],
                Control.PROSE,
                error=told.get(f"reason-{held.pk}", ""),
                rows=2,
                longest=5000,
            ),
            "open": bool(typed[f"override-{held.pk}"] or typed[f"reason-{held.pk}"]),
        }
        for held in rows.prefetch_related(options).order_by("-pk")[:100]
    ]
