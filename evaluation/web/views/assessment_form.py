"""Making and altering an assessment: what is appraised, which options, how they are weighed, who judges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commissioning.models import Service, ServiceGroup
from evaluation.method.statement import listed
from evaluation.method.vocabulary import AssessmentScope, Weighing
from evaluation.models import Assessment, Criterion, Framework, IntegrationOption, Option
from evaluation.policies import AssessmentPermission
from evaluation.selectors.appraisals import weights_to_show
from evaluation.services.assessments import alter_assessment, create_assessment
from evaluation.services.options import ARM_FAMILIES, PRESENT, judges_of
from evaluation.specs.stated import StatedAssessment, StatedRevision, StatedWeights
from evaluation.specs.weighing import FIELDS
from evaluation.web.views.assessment import found
from evaluation.web.views.submissions import refuse, version_expected
from organisations.domain.lifecycle import OPEN_STATUSES
from organisations.models import Change, Form
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of
from pcorg.core.forms.stated import (
    DayField,
    LineField,
    LinesField,
    NumberField,
    ProseField,
    RadiosField,
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

MODES = (Weighing.NONE, Weighing.EQUAL, Weighing.SWING, Weighing.RANKING, Weighing.BOUNDS, Weighing.OWN)


class WeightForm(StatedForm):
    """What a criterion weighs, for one way of weighing or another."""

    input_name = "{name}-{prefix}"
    points = NumberField("Swing, 0 to 100", width="4")
    places = NumberField("Place, 1 largest", width="4")
    low = NumberField("At least, per cent", width="4")
    high = NumberField("At most, per cent", width="4")

    def __init__(self, data: QueryDict | None, *, criterion: Criterion, kept: StatedWeights) -> None:
        bound, points = kept.bounds.get(criterion.slug), kept.points.get(criterion.slug)
        ends = {"low": f"{100 * bound.low:g}", "high": f"{100 * bound.high:g}"} if bound else {}
        kept_points = {} if points is None else {"points": f"{points:g}"}
        places = {"places": kept.places.get(criterion.slug)}
        super().__init__(data, prefix=criterion.slug, initial={**kept_points, **places, **ends})
        self.label = criterion.label

    @property
    def stated(self) -> dict[str, Any]:
        """What is filled in, and the bounds as fractions of one."""
        stated = super().stated
        bounds = {name: _share(stated[name]) for name in ("low", "high") if name in stated}
        return stated | ({"bounds": bounds} if bounds else {})


class WeighingForm(StatedForm):
    """How the criteria are weighed."""

    weights = RadiosField("How the criteria are weighed", [(mode.value, mode.label) for mode in MODES])

    def __init__(self, data: QueryDict | None, *, criteria: Iterable[Criterion], kept: StatedWeights) -> None:
        super().__init__(data, initial={"weights": kept.mode.value})
        self.by_criterion = {each.slug: WeightForm(data, criterion=each, kept=kept) for each in criteria}
        self.subforms = list(self.by_criterion.values())

    @property
    def stated(self) -> dict[str, Any]:
        """The weights, as far as the way of weighing asks for them."""
        mode = self.sent["weights"] or Weighing.NONE.value
        name = FIELDS.get(mode)
        weights = {slug: stated[name] for slug, form in self.by_criterion.items() if name in (stated := form.stated)}
        return {"mode": mode, **({name: weights} if name else {})}

    def field_of(self, *steps: str | int) -> tuple[forms.Form, str]:
        """The field that a problem is about."""
        match steps:
            case (str(kind), str(slug)) if slug in self.by_criterion:
                return self.by_criterion[slug], "low" if kind == "bounds" else kind
            case ("bounds", str(slug), str(end)) if slug in self.by_criterion:
                return self.by_criterion[slug], end
        return self, "weights"


class AsideForm(StatedForm):
    """Why an option is set aside that is unticked though it was judged."""

    input_name = "{name}-{prefix}"
    aside = ProseField(rows=2)

    def __init__(self, data: QueryDict | None, *, option: Option, judges: Sequence[str]) -> None:
        super().__init__(data, prefix=option.key)
        self.option = option
        self.fields["aside"].label = f"Why {option.label} is set aside"
        self.fields["aside"].help_text = (
            f"{listed(judges)} judged it. The judgements are kept, and shown apart from the results. Tick the option "
            "again to keep it"
        )

    @property
    def stated(self) -> dict[str, Any]:
        """The option, set aside for that reason."""
        return {**_as_it_was(self.option), "set_aside": True, "set_aside_reason": self.sent["aside"]}


class AssessmentForm(StatedForm):
    """What new assessments and altered ones are asked."""

    title = LineField("Title")
    purpose = ProseField("What it is for")
    as_of = DayField("As at")
    change = NumberField(
        "Proposed change it is attached to, by its number",
        hint="The page of the change then shows this assessment and its answer. Leave empty for none",
        width="10",
    )
    panel = LinesField("Who judges: user names, one to a line", hint="Only they judge. Left empty, you judge alone")
    options = TicksField(sent_as="option", at="options")

    def __init__(self, data: QueryDict | None, *, framework: str, weights: StatedWeights, **more: Any) -> None:
        super().__init__(data, **more)
        self.chosen: list[str] = self["options"].value()
        self.weighing = WeighingForm(data, criteria=Criterion.objects.filter(framework=framework), kept=weights)
        self.asides: list[AsideForm] = []
        self.subforms = [self.weighing]

    @property
    def stated(self) -> dict[str, Any]:
        """What the form states, in the shape of the API's input."""
        sent = self.sent
        stated = {name: sent[name] for name in ("title", "purpose", "options", "panel")}
        stated |= {"weights": self.weighing.stated, "change": sent["change"] or None}
        return stated | ({"as_of": sent["as_of"]} if sent["as_of"] else {})

    def field_of(self, *steps: str | int) -> tuple[forms.Form, str]:
        """The field that a problem is about."""
        match steps:
            case ("weights", *rest):
                return self.weighing.field_of(*rest)
            case ("options", int(place), "set_aside_reason"):
                return self.asides[place - len(self.chosen)], "aside"
            case ("scope", *_, str(name)) if name != "kind":
                return self, name
        return super().field_of(*steps)


class NewAssessmentForm(AssessmentForm):
    """A new assessment."""

    subject = LineField("Organisation, by its code", hint="Leave empty for options in general", width="10")
    scope = RadiosField("Which services", AssessmentScope.choices(), initial=AssessmentScope.ALL.value)
    service_group = SelectField("The group", empty="No group")
    service = SelectField("The service", empty="No service")
    framework = StatedField()
    field_order = ("title", "purpose", "as_of", "subject", "scope", "service_group", "service", "change", "panel")

    def __init__(self, data: QueryDict, *, on: date) -> None:
        known = list(Framework.objects.order_by("position", "slug").values_list("pk", flat=True))
        self.judged_by = StatedField().prepare_value(data.get("framework")) or next(iter(known), "")
        super().__init__(
            data,
            framework=self.judged_by,
            weights=StatedWeights(),
            initial={"as_of": on},
            choices={
                "service_group": ServiceGroup.objects.values_list("slug", "label"),
                "service": Service.objects.values_list("slug", "label"),
            },
        )

    @property
    def stated(self) -> dict[str, Any]:
        """What the form states, with the services that the scope asks for."""
        sent = self.sent
        scope = {"kind": sent["scope"] or AssessmentScope.ALL.value}
        needed = {AssessmentScope.GROUP.value: "service_group", AssessmentScope.SERVICE.value: "service"}
        if (name := needed.get(scope["kind"], "")) and sent[name]:
            scope[name] = sent[name]
        stated = super().stated | {"framework": self.judged_by, "scope": scope}
        return stated | ({"subject": sent["subject"]} if sent["subject"] else {})


class AlteredAssessmentForm(AssessmentForm):
    """An assessment that is a draft or open. Options that are unticked though somebody judged them are set aside, each
    for a reason."""

    def __init__(self, data: QueryDict | None, *, held: Assessment) -> None:
        self.kept_weights = weights_to_show(held)
        self.held = held
        kept = {
            "title": held.title,
            "purpose": held.purpose,
            "as_of": held.as_of,
            "change": held.change_id,
            "panel": names_now(held.panel.filter(invited_at__isnull=False, consensus=False)),
            "options": [option.key for option in held.options.filter(set_aside="")],
        }
        super().__init__(data, framework=held.framework_id, weights=self.kept_weights, initial=kept)
        self.asides = [
            AsideForm(data, option=option, judges=judges)
            for option, judges in judges_of(held).items()
            if option.key not in self.chosen and not option.set_aside
        ]
        self.subforms = [*self.asides, self.weighing]

    @property
    def stated(self) -> dict[str, Any]:
        """What the form states. Options that stay keep their label and gate, and weights the ratios that programs
        stated."""
        stated = super().stated
        known = {option.key: option for option in self.held.options.all()}
        stays = [_as_it_was(known[key]) if key in known else key for key in self.chosen]
        stated["options"] = [*stays, *(form.stated for form in self.asides)]
        if stated["weights"]["mode"] == self.held.weighing == Weighing.BOUNDS:
            stated["weights"]["ratios"] = [ratio.model_dump() for ratio in self.kept_weights.ratios]
        return stated


def _as_it_was(option: Option) -> dict[str, Any]:
    """An option with the label and the gate it has."""
    return {
        "key": option.key,
        "label": option.label,
        "passes_gate": option.passes_gate,
        "gate_reason": option.gate_reason,
    }


def _share(text: str) -> float | str:
    try:
        return float(text) / 100
    except ValueError:
        return text


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new assessment."""
    scope, by = scope_of(request), appraiser(request)
    form = NewAssessmentForm(request.POST or request.GET, on=scope.on)
    if request.method == "POST":
        try:
            made = create_assessment(stated=proposed(StatedAssessment, form.stated), by=by)
        except Invalid as fault:
            refuse(form, fault)
        else:
            messages.success(request, "The assessment is made. Open it for judgements when it is ready.")
            return redirect(scope.link("assessment", made.pk))
    context = {
        "framework": form.judged_by,
        "frameworks": list(Framework.objects.order_by("position", "slug")),
        "action": scope.link("assessment-new"),
    }
    return _page(request, form, context, 422 if form.summary else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alter(request: HttpRequest, number: int) -> HttpResponse:
    """The form of an assessment that is a draft or open: its title, purpose, options, weights and panel."""
    scope, by = scope_of(request), appraiser(request)
    assessment = alterable(number, by)
    form, status = AlteredAssessmentForm.of(request, held=assessment), 200
    if request.method == "POST":
        status = altered(request, number, form, by)
        if status == 200:
            return redirect(scope.link("assessment", number))
        assessment = alterable(number, by)
    return _page(request, form, {"assessment": assessment, "action": scope.link("assessment-edit", number)}, status)


def _page(request: HttpRequest, form: AssessmentForm, context: dict[str, Any], status: int) -> HttpResponse:
    scope = scope_of(request)
    options = _options(set(form.chosen), scope.portfolio, actor_of(request.user))
    context |= {"scope": scope, "form": form, "options": options, "errors": form.summary}
    return render(request, "evaluation/make.jinja", context, status=status)


def altered(request: HttpRequest, number: int, form: StatedForm, by: Actor) -> int:
    """Alter an assessment as a form states: 200, else the status of the page that shows the form again, with what is
    wrong. That page reads the assessment anew, so that what is sent from it is of the version it shows."""
    try:
        stated = proposed(StatedRevision, form.stated)
        alter_assessment(number=number, stated=stated, by=by, expected_versions=version_expected(request))
    except Refusal as fault:
        return refuse(form, fault)
    messages.success(request, "The assessment is altered.")
    return 200


def alterable(number: int, by: Actor) -> Assessment:
    """An assessment that somebody works on. Raises Http404 where they do not read it, PermissionDenied where it is
    others' to alter."""
    assessment = found(number, by)
    verdict = can(by, AssessmentPermission.ALTER, assessment)
    if verdict.code == "forbidden":
        raise PermissionDenied(verdict.reason)
    return assessment


def appraiser(request: HttpRequest) -> Actor:
    """Who asks, where they may appraise options. Raises PermissionDenied."""
    by = actor_of(request.user)
    if not by.commissions:
        raise PermissionDenied("Only commissioners and approvers appraise options. Ask the person who runs this site.")
    return by


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
