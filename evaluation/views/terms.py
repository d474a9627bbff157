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

from evaluation.actions.assessments import alter_assessment
from evaluation.actions.refusals import Invalid, NotNow
from evaluation.domain.vocabulary import TransformKind
from evaluation.ingest.stated import StatedRevision
from evaluation.models import Criterion, Option, PlannedMitigation
from evaluation.views.assessment import found
from evaluation.views.making import appraiser
from organisations.ingest.proposal import Malformed, proposed
from organisations.scope import scope_of
from pcorg.forms.fields import Control, Field, choices, summary
from pcorg.forms.typed import Typed
from pcorg.values import steps_of

ROWS = "mitigations"
COLUMNS = ("text", "criterion", "transform", "amount", "delivery", "owner", "for")
SEVERAL = "several"
"""Stands for several options, which only programs state; the form keeps them."""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, number: int) -> HttpResponse:
    """The form of the gate and of the mitigations of an assessment that is a draft or open. A row of mitigations whose
    text is emptied is taken away; there is always an empty one to fill in."""
    held, scope, by = found(number), scope_of(request), appraiser(request)
    options, plans = list(held.options.all()), list(held.mitigations.prefetch_related("options"))
    typed, faults = _kept(options, plans), list[tuple[str, str]]()
    if request.method == "POST":
        typed = Typed.of(request.POST)
        rows = [row for row in range(typed.rows(ROWS)) if typed[f"{ROWS}-{row}-text"]]
        body = {
            "options": [_option(option, place, typed) for place, option in enumerate(options)],
            "mitigations": [_mitigation(row, typed, plans) for row in rows],
        }
        try:
            alter_assessment(number=number, stated=proposed(StatedRevision, body), by=by)
        except (Invalid, Malformed) as fault:
            faults = [(_field(each.pointer, rows), each.message) for each in fault.problems]
        except NotNow as fault:
            faults = [("", fault.message)]
        else:
            messages.success(request, "The assessment is altered.")
            return redirect(scope.link("assessment", number))
    told = dict(reversed(faults))
    criteria = list(Criterion.objects.filter(framework=held.framework_id).values_list("pk", "label"))
    context = {
        "scope": scope,
        "assessment": held,
        "gate": [(option, *_gate_fields(place, typed, told)) for place, option in enumerate(options)],
        "mitigations": [
            _mitigation_fields(row, typed, told, criteria, options) for row in range(typed.rows(ROWS) + (not faults))
        ],
        "errors": summary(faults),
        "action": scope.link("assessment-terms", number),
    }
    return render(request, "evaluation/terms.jinja", context, status=422 if faults else 200)


def _kept(options: Sequence[Option], plans: Sequence[PlannedMitigation]) -> Typed:
    """What the assessment has, as the form holds it."""
    values: dict[str, str] = {}
    for place, option in enumerate(options):
        values |= {f"gate-{place}": "yes" if option.passes_gate else "no", f"reason-{place}": option.gate_reason}
    for row, plan in enumerate(plans):
        keys = [option.key for option in plan.options.all()]
        held = {
            "text": plan.text,
            "criterion": plan.criterion_id,
            "transform": plan.transform,
            "amount": f"{plan.amount.normalize():f}",
            "delivery": f"{plan.delivery.normalize():f}",
            "owner": plan.owner,
            "for": SEVERAL if len(keys) > 1 else "".join(keys),
        }
        values |= {f"{ROWS}-{row}-{name}": text for name, text in held.items()}
    return Typed(values)


def _option(option: Option, place: int, typed: Typed) -> dict[str, Any]:
    passes = typed[f"gate-{place}"] != "no"
    reason = "" if passes else typed[f"reason-{place}"]
    return {"key": option.key, "label": option.label, "passes_gate": passes, "gate_reason": reason}


def _mitigation(row: int, typed: Typed, plans: Sequence[PlannedMitigation]) -> dict[str, Any]:
    said = {name: typed[f"{ROWS}-{row}-{name}"] for name in COLUMNS}
    target = said.pop("for")
    if target == SEVERAL and row < len(plans):
        keys = [option.key for option in plans[row].options.all()]
    else:
        keys = [target] if target else []
    return {name: text for name, text in said.items() if text} | {"options": keys}


def _field(pointer: str, rows: Sequence[int]) -> str:
    """The field that a problem is about; the rows stated are those that are filled in."""
    match steps_of(pointer):
        case ("options", int(place), *_):
            return f"reason-{place}"
        case (_, int(place), str(name), *_):
            return f"{ROWS}-{rows[place]}-{'for' if name == 'options' else name}"
        case (_, int(place)):
            return f"{ROWS}-{rows[place]}-text"
    return ""


def _gate_fields(place: int, typed: Typed, told: dict[str, str]) -> tuple[Field, Field]:
    answers = [("yes", "Yes"), ("no", "No: leave it out of the ranking")]
    return (
        Field(
            f"gate-{place}",
            "Does it meet every critical success factor?",
            typed[f"gate-{place}"] or "yes",
            Control.RADIOS,
            choices=choices(answers),
        ),
        Field(
            f"reason-{place}",
            "If not, why",
            typed[f"reason-{place}"],
            error=told.get(f"reason-{place}", ""),
            longest=5000,
        ),
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
    if typed[f"{ROWS}-{row}-for"] == SEVERAL:
        targets.append((SEVERAL, "The options it is for now"))
    return [
        field("text", "What would be done"),
        field("criterion", "About which criterion", Control.SELECT, choices=choices(criteria, empty="Choose")),
        field("transform", "What it does", Control.SELECT, choices=choices(TransformKind.choices(), empty="Choose")),
        field("amount", "By how much", Control.NUMBER, width="4", hint="Levels, or a share from 0 to 1"),
        field("delivery", "Chance it is delivered", Control.NUMBER, width="4", hint="0 to 1; left empty, 1"),
        field("for", "For which option", Control.SELECT, choices=choices(targets, empty="All of them")),
        field("owner", "Who sees to it", longest=150),
    ]
