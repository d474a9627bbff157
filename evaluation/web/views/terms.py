"""The terms of an assessment: which options meet the critical success factors, what would be done about weaknesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluation.method.vocabulary import TransformKind
from evaluation.models import Assessment, Criterion, Option, PlannedMitigation
from evaluation.services.assessments import alter_assessment
from evaluation.specs.stated import StatedRevision
from evaluation.web.views.making import alterable, appraiser
from evaluation.web.views.seeing import refused, version_seen
from organisations.specs.change import proposed
from pcorg.core.forms.fields import Control, Field, choices, summary
from pcorg.core.forms.typed import Typed
from pcorg.core.pages.scope import scope_of
from pcorg.core.refusals import Refusal
from pcorg.core.values import steps_of

ROWS = "mitigations"
COLUMNS = ("text", "criterion", "transform", "amount", "delivery", "owner", "for")
SEVERAL = ","
"""Stands between the keys of several options, which only programs state; the form keeps them."""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, number: int) -> HttpResponse:
    """The form of the gate and of the mitigations of an assessment that is a draft or open. A row of mitigations whose
    text is emptied is taken away; there is always an empty one to fill in."""
    scope, by = scope_of(request), appraiser(request)
    held = alterable(number, by)
    options, plans = _of(held)
    typed, faults, status = _kept(options, plans), list[tuple[str, str]](), 200
    if request.method == "POST":
        typed = Typed.of(request.POST)
        rows = [row for row in range(typed.rows(ROWS)) if typed[f"{ROWS}-{row}-text"]]
        body = {
            "options": [_option(option, typed) for option in options],
            "mitigations": [_mitigation(row, typed) for row in rows],
        }
        try:
            stated = proposed(StatedRevision, body)
            alter_assessment(number=number, stated=stated, by=by, seen=version_seen(request))
        except Refusal as fault:
            wrong, status = refused(fault)
            faults = [(_field(pointer, rows, options), words) for pointer, words in wrong]
            held = alterable(number, by)
            options, plans = _of(held)
        else:
            messages.success(request, "The assessment is altered.")
            return redirect(scope.link("assessment", number))
    told = dict(reversed(faults))
    criteria = list(Criterion.objects.filter(framework=held.framework_id).values_list("pk", "label"))
    context = {
        "scope": scope,
        "assessment": held,
        "gate": [(option, *_gate_fields(option, typed, told)) for option in options],
        "mitigations": [
            _mitigation_fields(row, typed, told, criteria, options) for row in range(typed.rows(ROWS) + (not faults))
        ],
        "errors": summary(faults),
        "action": scope.link("assessment-terms", number),
    }
    return render(request, "evaluation/terms.jinja", context, status=status)


def _of(held: Assessment) -> tuple[list[Option], list[PlannedMitigation]]:
    """The options of an assessment that were not set aside, and its mitigations."""
    return list(held.options.filter(set_aside="")), list(held.mitigations.prefetch_related("options"))


def _kept(options: Sequence[Option], plans: Sequence[PlannedMitigation]) -> Typed:
    """What the assessment has, as the form holds it."""
    values: dict[str, str] = {}
    for option in options:
        passes = "yes" if option.passes_gate else "no"
        values |= {f"gate-{option.key}": passes, f"reason-{option.key}": option.gate_reason}
    for row, plan in enumerate(plans):
        keys = [option.key for option in plan.options.all()]
        held = {
            "text": plan.text,
            "criterion": plan.criterion_id,
            "transform": plan.transform,
            "amount": f"{plan.amount.normalize():f}",
            "delivery": f"{plan.delivery.normalize():f}",
            "owner": plan.owner,
            "for": SEVERAL.join(keys),
        }
        values |= {f"{ROWS}-{row}-{name}": text for name, text in held.items()}
    return Typed(values)


def _option(option: Option, typed: Typed) -> dict[str, Any]:
    passes = (typed[f"gate-{option.key}"] or ("yes" if option.passes_gate else "no")) != "no"
    reason = "" if passes else typed[f"reason-{option.key}"]
    return {"key": option.key, "label": option.label, "passes_gate": passes, "gate_reason": reason}


def _mitigation(row: int, typed: Typed) -> dict[str, Any]:
    said = {name: typed[f"{ROWS}-{row}-{name}"] for name in COLUMNS}
    target = said.pop("for")
    keys = target.split(SEVERAL) if target else []
    return {name: text for name, text in said.items() if text} | {"options": keys}


def _field(pointer: str, rows: Sequence[int], options: Sequence[Option]) -> str:
    """The field that a problem is about; the rows stated are those that are filled in."""
    match steps_of(pointer):
        case ("options", int(place), *_):
            return f"reason-{options[place].key}"
        case (_, int(place), str(name), *_):
            return f"{ROWS}-{rows[place]}-{'for' if name == 'options' else name}"
        case (_, int(place)):
            return f"{ROWS}-{rows[place]}-text"
    return ""


def _gate_fields(option: Option, typed: Typed, told: dict[str, str]) -> tuple[Field, Field]:
    answers = [("yes", "Yes"), ("no", "No: leave it out of the ranking")]
    gate, reason = f"gate-{option.key}", f"reason-{option.key}"
    return (
        Field(
            gate,
            "Does it meet every critical success factor?",
            typed[gate] or "yes",
            Control.RADIOS,
            choices=choices(answers),
        ),
        Field(reason, "If not, why", typed[reason], error=told.get(reason, ""), longest=5000),
    )


def _mitigation_fields(
    row: int,
    typed: Typed,
    told: dict[str, str],
    criteria: Sequence[tuple[str, str]],
    options: Sequence[Option],
) -> list[Field]:
    def field(name: str, label: str, control: Control = Control.LINE, **more: Any) -> Field:
        key = f"{ROWS}-{row}-{name}"
        return Field(key, label, typed[key], control, error=told.get(key, ""), **more)

    targets = [(option.key, option.label) for option in options]
    if SEVERAL in (target := typed[f"{ROWS}-{row}-for"]):
        targets.append((target, "The options it is for now"))
    return [
        field("text", "What would be done"),
        field("criterion", "About which criterion", Control.SELECT, choices=choices(criteria, empty="Choose")),
        field("transform", "What it does", Control.SELECT, choices=choices(TransformKind.choices(), empty="Choose")),
        field("amount", "By how much", Control.NUMBER, width="4", hint="Levels, or a share from 0 to 1"),
        field("delivery", "Chance it is delivered", Control.NUMBER, width="4", hint="0 to 1; left empty, 1"),
        field("for", "For which option", Control.SELECT, choices=choices(targets, empty="All of them")),
        field("owner", "Who sees to it", longest=150),
    ]
