"""Making and altering an assessment: what is appraised, which options, how they are weighed, who judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commissioning.models import Service, ServiceGroup
from evaluation.method.statement import listed
from evaluation.method.vocabulary import AssessmentScope, Weighing
from evaluation.models import Assessment, Criterion, Framework, IntegrationOption
from evaluation.policies import AssessmentPermission
from evaluation.selectors.appraisals import weights_to_show
from evaluation.services.assessments import alter_assessment, create_assessment
from evaluation.services.options import ARM_FAMILIES, PRESENT, judges_of
from evaluation.specs.stated import StatedAssessment, StatedRevision
from evaluation.web.views.assessment import found
from evaluation.web.views.seeing import refused, version_seen
from organisations.domain.lifecycle import OPEN_STATUSES
from organisations.models import Change, Form
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of
from pcorg.core.forms.fields import Control, Field, choices, summary
from pcorg.core.forms.typed import Typed
from pcorg.core.pages.scope import scope_of
from pcorg.core.people import names_now
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Invalid, Refusal
from pcorg.core.values import whole_or_none

MODES = (Weighing.NONE, Weighing.EQUAL, Weighing.SWING, Weighing.RANKING, Weighing.BOUNDS, Weighing.OWN)

WEIGHTS = {
    "points": "Swing, 0 to 100",
    "places": "Place, 1 largest",
    "low": "At least, per cent",
    "high": "At most, per cent",
}
"""What the form asks of a criterion, for one way of weighing or another."""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new assessment."""
    scope, by = scope_of(request), appraiser(request)
    typed = Typed.of(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST" and not typed["as_of"]:
        typed = typed.put({"as_of": scope.on.isoformat()})
    faults: list[tuple[str, str]] = []
    framework = _framework(typed["framework"])
    if request.method == "POST":
        try:
            made = create_assessment(stated=proposed(StatedAssessment, _stated(request, typed, framework)), by=by)
        except Invalid as fault:
            faults = [(_field(each.pointer, []), each.message) for each in fault.problems]
        else:
            messages.success(request, "The assessment is made. Open it for judgements when it is ready.")
            return redirect(scope.link("assessment", made.pk))
    chosen = set(request.POST.getlist("option") or request.GET.getlist("option"))
    return _page(request, typed, chosen, faults, None, framework, 422 if faults else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alter(request: HttpRequest, number: int) -> HttpResponse:
    """The form of an assessment that is a draft or open: its title, purpose, options, weights and panel."""
    scope, by = scope_of(request), appraiser(request)
    held = alterable(number, by)
    faults, status = list[tuple[str, str]](), 200
    chosen = {option.key for option in held.options.filter(set_aside="")}
    typed = _kept(held)
    if request.method == "POST":
        typed, chosen = Typed.of(request.POST), set(request.POST.getlist("option"))
        body = {
            name: value
            for name, value in _stated(request, typed, held.framework_id).items()
            if name in {"title", "purpose", "as_of", "options", "weights", "panel", "change"}
        }
        body["options"] = [*_as_they_were(held, body["options"]), *_set_aside(held, chosen, typed)]
        if typed["weights"] == held.weighing == Weighing.BOUNDS:  # programs state ratios too; the form keeps them
            body["weights"]["ratios"] = [ratio.model_dump() for ratio in weights_to_show(held).ratios]
        try:
            stated = proposed(StatedRevision, body)
            alter_assessment(number=number, stated=stated, by=by, seen=version_seen(request))
        except Refusal as fault:
            found_wrong, status = refused(fault)
            faults = [(_field(pointer, body["options"]), words) for pointer, words in found_wrong]
            held = alterable(number, by)
        else:
            messages.success(request, "The assessment is altered.")
            return redirect(scope.link("assessment", number))
    return _page(request, typed, chosen, faults, held, held.framework_id, status)


def alterable(number: int, by: Actor) -> Assessment:
    """An assessment that somebody works on. Raises Http404 where they do not read it, PermissionDenied where it is
    others' to alter."""
    held = found(number, by)
    verdict = can(by, AssessmentPermission.ALTER, held)
    if verdict.code == "forbidden":
        raise PermissionDenied(verdict.reason)
    return held


def _set_aside(held: Assessment, chosen: set[str], typed: Typed) -> list[dict[str, Any]]:
    """Options that were unticked after somebody had judged them, each with the reason typed for setting it aside."""
    return [
        {
            "key": option.key,
            "label": option.label,
            "passes_gate": option.passes_gate,
            "gate_reason": option.gate_reason,
            "set_aside": True,
            "set_aside_reason": typed[f"aside-{option.key}"],
        }
        for option in judges_of(held)
        if option.key not in chosen and not option.set_aside
    ]


def _framework(asked: str) -> str:
    """The framework that a new assessment is judged by: the one asked for, or the first."""
    known = list(Framework.objects.order_by("position", "slug").values_list("pk", flat=True))
    return asked if asked or not known else known[0]


def appraiser(request: HttpRequest) -> Actor:
    """Who asks, where they may appraise options. Raises PermissionDenied."""
    by = actor_of(request.user)
    if not by.commissions:
        raise PermissionDenied("Only commissioners and approvers appraise options. Ask the person who runs this site.")
    return by


def _as_they_were(held: Assessment, keys: list[str]) -> list[Any]:
    """Options that stay, with the label and the gate they have; new ones by their keys."""
    known = {option.key: option for option in held.options.all()}
    return [
        {
            "key": key,
            "label": known[key].label,
            "passes_gate": known[key].passes_gate,
            "gate_reason": known[key].gate_reason,
        }
        if key in known
        else key
        for key in keys
    ]


def _kept(held: Assessment) -> Typed:
    """An assessment as the form holds it."""
    weights = weights_to_show(held)
    values = {
        "title": held.title,
        "purpose": held.purpose,
        "as_of": held.as_of.isoformat() if held.as_of else "",
        "weights": weights.mode.value,
        "change": str(held.change_id or ""),
        "panel": "\n".join(names_now(held.panel.filter(invited_at__isnull=False, consensus=False))),
    }
    values |= {f"points-{slug}": f"{points:g}" for slug, points in weights.points.items()}
    values |= {f"places-{slug}": str(place) for slug, place in weights.places.items()}
    values |= {f"low-{slug}": f"{100 * bound.low:g}" for slug, bound in weights.bounds.items()}
    values |= {f"high-{slug}": f"{100 * bound.high:g}" for slug, bound in weights.bounds.items()}
    return Typed(values)


def _stated(request: HttpRequest, typed: Typed, framework: str) -> dict[str, Any]:
    """What the form states, in the shape of the API's input."""
    mode = typed["weights"] or Weighing.NONE.value
    weights: dict[str, Any] = {"mode": mode}
    slugs = list(Criterion.objects.filter(framework=framework).values_list("pk", flat=True))
    named = {Weighing.SWING.value: "points", Weighing.RANKING.value: "places"}.get(mode)
    if mode == Weighing.BOUNDS:
        weights["bounds"] = {slug: said for slug in slugs if (said := _bound(slug, typed))}
    if named:
        weights[named] = {slug: typed[f"{named}-{slug}"] for slug in slugs if typed[f"{named}-{slug}"]}
    scope: dict[str, Any] = {"kind": typed["scope"] or AssessmentScope.ALL.value}
    if scope["kind"] == AssessmentScope.GROUP.value and typed["service_group"]:
        scope["service_group"] = typed["service_group"]
    if scope["kind"] == AssessmentScope.SERVICE.value and typed["service"]:
        scope["service"] = typed["service"]
    body: dict[str, Any] = {
        "title": typed["title"],
        "framework": framework,
        "purpose": typed["purpose"],
        "options": request.POST.getlist("option"),
        "weights": weights,
        "scope": scope,
        "panel": [line.strip() for line in typed["panel"].splitlines() if line.strip()],
        "change": _number(typed["change"]),
    }
    return body | {name: typed[name] for name in ("subject", "as_of") if typed[name]}


def _bound(slug: str, typed: Typed) -> dict[str, Any]:
    """The lowest and highest weight of a criterion, typed in per cent; what is no number as it is, to be refused."""
    said: dict[str, Any] = {}
    for name in ("low", "high"):
        if text := typed[f"{name}-{slug}"]:
            try:
                said[name] = float(text) / 100
            except ValueError:
                said[name] = text
    return said


def _number(text: str) -> int | str | None:
    """The number of a change; None where nothing is typed; what is no number as it is, to be refused."""
    if not text:
        return None
    number = whole_or_none(text)
    return text if number is None else number


def _field(pointer: str, options: Sequence[Any]) -> str:
    """The field that a problem is about."""
    steps = [step for step in pointer.split("/") if step]
    if not steps:
        return ""
    if steps[0] == "options" and steps[-1] == "set_aside_reason":
        return f"aside-{options[int(steps[1])]['key']}"
    if steps[0] == "weights" and len(steps) == 3:
        return f"{'low' if steps[1] == 'bounds' else steps[1]}-{steps[2]}"
    if steps[:2] == ["weights", "bounds"] and len(steps) == 4:
        return f"{steps[3]}-{steps[2]}"
    if steps[0] == "scope":
        return steps[-1] if steps[-1] != "kind" else "scope"
    return {"options": "options", "weights": "weights", "panel": "panel"}.get(steps[0], steps[0])


def _page(
    request: HttpRequest,
    typed: Typed,
    chosen: set[str],
    faults: list[tuple[str, str]],
    held: Assessment | None,
    framework: str,
    status: int,
) -> HttpResponse:
    scope = scope_of(request)
    told: dict[str, str] = {}
    for name, words in faults:
        told.setdefault(name, words)
    criteria = list(Criterion.objects.filter(framework=framework))
    context = {
        "scope": scope,
        "assessment": held,
        "framework": framework,
        "frameworks": list(Framework.objects.order_by("position", "slug")),
        "fields": _fields(typed, told, held),
        "options": _options(chosen, scope.portfolio, actor_of(request.user)),
        "asides": _asides(held, chosen, typed, told) if held else [],
        "told": told,
        "weighing": Field(
            "weights",
            "How the criteria are weighed",
            typed["weights"] or Weighing.NONE.value,
            Control.RADIOS,
            choices=choices([(mode.value, mode.label) for mode in MODES]),
            error=told.get("weights", ""),
        ),
        "swings": [
            (criterion, [_weight_field(name, criterion.slug, typed, told) for name in WEIGHTS])
            for criterion in criteria
        ],
        "errors": summary(faults),
        "action": scope.link("assessment-edit", held.pk) if held else scope.link("assessment-new"),
    }
    return render(request, "evaluation/make.jinja", context, status=status)


def _asides(held: Assessment, chosen: set[str], typed: Typed, told: Mapping[str, str]) -> list[Field]:
    """What becomes of options that are unticked though they were judged: they are set aside for a reason."""
    return [
        Field(
            f"aside-{option.key}",
            f"Why {option.label} is set aside",
            typed[f"aside-{option.key}"],
            Control.PROSE,
            hint=f"{listed(judges)} judged it. The judgements are kept, and shown apart from the results. Tick the "
            "option again to keep it",
            error=told.get(f"aside-{option.key}", ""),
            rows=2,
            longest=5000,
        )
        for option, judges in judges_of(held).items()
        if option.key not in chosen and not option.set_aside
    ]


def _weight_field(name: str, slug: str, typed: Typed, told: Mapping[str, str]) -> Field:
    key = f"{name}-{slug}"
    return Field(key, WEIGHTS[name], typed[key], Control.NUMBER, width="4", error=told.get(key, ""))


def _fields(typed: Typed, told: Mapping[str, str], held: Assessment | None) -> list[Field]:
    fields = [
        Field("title", "Title", typed["title"], error=told.get("title", "")),
        Field(
            "purpose", "What it is for", typed["purpose"], Control.PROSE, error=told.get("purpose", ""), longest=5000
        ),
        Field("as_of", "As at", typed["as_of"], Control.DATE, error=told.get("as_of", "")),
    ]
    if held is None:
        groups = ServiceGroup.objects.values_list("slug", "label")
        services = Service.objects.values_list("slug", "label")
        fields += [
            Field(
                "subject",
                "Organisation, by its code",
                typed["subject"],
                hint="Leave empty for options in general",
                width="10",
                error=told.get("subject", ""),
            ),
            Field(
                "scope",
                "Which services",
                typed["scope"] or AssessmentScope.ALL.value,
                Control.RADIOS,
                choices=choices(AssessmentScope.choices()),
                error=told.get("scope", ""),
            ),
            Field(
                "service_group",
                "The group",
                typed["service_group"],
                Control.SELECT,
                choices=choices(groups, empty="No group"),
                error=told.get("service_group", ""),
            ),
            Field(
                "service",
                "The service",
                typed["service"],
                Control.SELECT,
                choices=choices(services, empty="No service"),
                error=told.get("service", ""),
            ),
        ]
    fields.append(
        Field(
            "change",
            "Proposed change it is attached to, by its number",
            typed["change"],
            Control.NUMBER,
            hint="The page of the change then shows this assessment and its answer. Leave empty for none",
            width="10",
            error=told.get("change", ""),
        )
    )
    fields.append(
        Field(
            "panel",
            "Who judges: user names, one to a line",
            typed["panel"],
            Control.PROSE,
            hint="Only they judge. Left empty, you judge alone",
            error=told.get("panel", ""),
        )
    )
    return fields


def _options(chosen: set[str], portfolio: str | None, by: Actor) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Options to tick, in their groups: key, label, whether ticked. Changes are those open now and those ticked."""
    named = (whole_or_none(key.removeprefix("change-")) for key in chosen if key.startswith("change-"))
    numbers = [number for number in named if number is not None]
    readable = Change.objects.visible_to(by)
    changes = [
        *readable.filter(pk__in=numbers).order_by("-pk"),
        *readable.of_portfolio(portfolio).filter(status__in=OPEN_STATUSES).exclude(pk__in=numbers).order_by("-pk")[:50],
    ]
    groups = [
        ("Ways of integrating", list(IntegrationOption.objects.values_list("slug", "label"))),
        ("Forms of provider arms", list(Form.objects.filter(family__in=ARM_FAMILIES).values_list("slug", "label"))),
        ("Changes proposed", [(f"change-{change.pk}", change.title) for change in changes]),
        ("As things are", [(PRESENT, "The present arrangement")]),
    ]
    return [(heading, [(key, label, key in chosen) for key, label in pairs]) for heading, pairs in groups if pairs]
