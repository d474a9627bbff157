"""The terms of an assessment: which options meet the critical success factors, what would be done about weaknesses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluation.method.vocabulary import TransformKind
from evaluation.models import Assessment, Criterion, Option, PlannedMitigation
from evaluation.web.views.assessment_form import alterable, altered, appraiser
from pcorg.core.forms.stated import LineField, NumberField, RadiosField, SelectField, StatedForm
from pcorg.core.pages.scope import scope_of

SEVERAL = ","
"""Stands between the keys of several options, which only programs state; the form keeps them."""


class GateForm(StatedForm):
    """Whether an option meets the critical success factors."""

    input_name = "{name}-{prefix}"
    gate = RadiosField(
        "Does it meet every critical success factor?", [("yes", "Yes"), ("no", "No: leave it out of the ranking")]
    )
    reason = LineField("If not, why", longest=5000)

    def __init__(self, data: QueryDict | None, *, option: Option) -> None:
        kept = {"gate": "yes" if option.passes_gate else "no", "reason": option.gate_reason}
        super().__init__(data, prefix=option.key, initial=kept)
        self.option = option

    @property
    def stated(self) -> dict[str, Any]:
        """The option with what is said of it."""
        passes = self["gate"].value() != "no"
        reason = "" if passes else self["reason"].value()
        return {"key": self.option.key, "label": self.option.label, "passes_gate": passes, "gate_reason": reason}


class MitigationForm(StatedForm):
    """What would be done about a weakness."""

    text = LineField("What would be done")
    criterion = SelectField("About which criterion", empty="Choose")
    transform = SelectField("What it does", TransformKind.choices(), empty="Choose")
    amount = NumberField("By how much", width="4", hint="Levels, or a share from 0 to 1")
    delivery = NumberField("Chance it is delivered", width="4", hint="0 to 1; left empty, 1")
    options = SelectField("For which option", sent_as="for", empty="All of them")
    owner = LineField("Who sees to it", longest=150)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if SEVERAL in (keys := self["options"].value()):
            self.offer("options", [(keys, "The options it is for now")])

    @property
    def stated(self) -> dict[str, Any]:
        """The mitigation, with the keys of its options."""
        stated = super().stated
        return stated | {"options": stated["options"].split(SEVERAL) if "options" in stated else []}


class TermsForm(StatedForm):
    """The gate and the mitigations of an assessment. A row of mitigations whose text is emptied is taken away; there is
    always an empty one to fill in."""

    def __init__(self, data: QueryDict | None, *, held: Assessment) -> None:
        super().__init__(data)
        options = list(held.options.filter(set_aside=""))
        self.gate = [GateForm(data, option=option) for option in options]
        self.mitigations = MitigationForm.rows(
            data,
            "mitigations",
            initial=[_kept(plan) for plan in held.mitigations.prefetch_related("options")],
            spare=1,
            choices={
                "criterion": list(Criterion.objects.filter(framework=held.framework_id).values_list("pk", "label")),
                "options": [(option.key, option.label) for option in options],
            },
        )
        self.subforms = [*self.gate, *self.mitigations]

    @property
    def _filled(self) -> list[MitigationForm]:
        return [row for row in self.mitigations if row["text"].value()]

    @property
    def stated(self) -> dict[str, Any]:
        """What is altered of the assessment."""
        return {
            "options": [form.stated for form in self.gate],
            "mitigations": [form.stated for form in self._filled],
        }

    def field_of(self, *steps: str | int) -> tuple[forms.Form, str]:
        """The field that a problem is about; the mitigations stated are those that are filled in."""
        match steps:
            case ("options", int(place), *_):
                return self.gate[place], "reason"
            case ("mitigations", int(place), *rest):
                return self._filled[place], str(rest[0]) if rest else "text"
        return super().field_of(*steps)


def _kept(plan: PlannedMitigation) -> dict[str, Any]:
    """A mitigation as the form holds it."""
    return {
        "text": plan.text,
        "criterion": plan.criterion_id,
        "transform": plan.transform,
        "amount": f"{plan.amount.normalize():f}",
        "delivery": f"{plan.delivery.normalize():f}",
        "owner": plan.owner,
        "options": SEVERAL.join(option.key for option in plan.options.all()),
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, number: int) -> HttpResponse:
    """The form of the gate and of the mitigations of an assessment that is a draft or open."""
    scope, by = scope_of(request), appraiser(request)
    assessment = alterable(number, by)
    form, status = TermsForm.of(request, held=assessment), 200
    if request.method == "POST":
        status = altered(request, number, form, by)
        if status == 200:
            return redirect(scope.link("assessment", number))
        assessment = alterable(number, by)
    context = {
        "scope": scope,
        "assessment": assessment,
        "form": form,
        "errors": form.summary,
        "action": scope.link("assessment-terms", number),
    }
    return render(request, "evaluation/terms.jinja", context, status=status)
