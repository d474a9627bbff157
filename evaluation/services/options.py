"""Options of an assessment: from their keys to what they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evaluation.method.vocabulary import OptionKind
from evaluation.models import Assessment, IntegrationOption, Judgement, Option
from evaluation.specs.stated import StatedOption
from organisations.domain.vocabulary import Family
from organisations.models import Change, Form
from pcorg.core.refusals import Problem
from pcorg.core.values import whole_or_none

PRESENT = "present-arrangement"
NO_SCENARIO = "A scenario cannot be an option. Give the changes it is made of, each as change-NUMBER."
ARM_FAMILIES = (Family.PROVIDER_ARM_NHS.value, Family.PROVIDER_ARM_INDEPENDENT.value)


def option_problems(options: Sequence[StatedOption], place: str = "/options") -> list[Problem]:
    """Everything wrong with the options: unknown, twice, or discounted without a reason."""
    seen = set[str]()
    named = _named([option.key for option in options])
    found = []
    for number, option in enumerate(options):
        where = f"{place}/{number}"
        if option.key in seen:
            found.append(Problem("invalid", f"{option.key} is given twice.", where))
        seen.add(option.key)
        if option.key not in named:
            words = (
                NO_SCENARIO
                if option.key.startswith("scenario")
                else f"There is no option {option.key}: give an integration option, a provider-arm form, change-NUMBER "
                f"or {PRESENT}."
            )
            found.append(Problem("invalid", words, where))
        if not option.passes_gate and not option.gate_reason:
            found.append(Problem("invalid", "Say why the option is discounted.", f"{where}/gate_reason"))
        if option.set_aside and not option.set_aside_reason:
            found.append(Problem("invalid", "Say why the option is set aside.", f"{where}/set_aside_reason"))
    if options and not any(option.passes_gate and not option.set_aside for option in options):
        found.append(Problem("invalid", "At least one option must pass the gate.", place))
    return found


def _named(keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What each key names: the columns of an option; keys that name nothing are left out."""
    found: dict[str, dict[str, Any]] = {}
    for slug, label in IntegrationOption.objects.filter(pk__in=keys).values_list("slug", "label"):
        found[slug] = {"kind": OptionKind.INTEGRATION, "label": label, "integration_option_id": slug}
    for slug, label in Form.objects.filter(pk__in=keys, family__in=ARM_FAMILIES).values_list("slug", "label"):
        found[slug] = {"kind": OptionKind.FORM, "label": label, "form_id": slug}
    numbers = {f"change-{number}": number for number in change_numbers(keys)}
    titles = dict(Change.objects.filter(pk__in=numbers.values()).values_list("pk", "title"))
    for key, number in numbers.items():
        if number in titles:
            found[key] = {"kind": OptionKind.CHANGE, "label": titles[number], "change_id": number}
    if PRESENT in keys:
        found[PRESENT] = {"kind": OptionKind.PRESENT, "label": "The present arrangement"}
    return found


def change_numbers(keys: Sequence[str]) -> Iterator[int]:
    """The numbers of the changes that keys of options name."""
    for key in keys:
        head, _, number = key.partition("change-")
        found = whole_or_none(number)
        if not head and found is not None and str(found) == number:
            yield found


def set_options(assessment: Assessment, options: Sequence[StatedOption]) -> None:
    """Give an assessment these options in this order, then those that were set aside before and are not named. What was
    judged stays; an option that nobody has judged goes when it is not named. The options must be without problems."""
    named = _named([option.key for option in options])
    existing = {option.key: option for option in assessment.options.all()}
    aside_before = [option for key, option in existing.items() if key not in named and option.set_aside]
    gone = [option.pk for key, option in existing.items() if key not in named and not option.set_aside]
    for mitigation in assessment.mitigations.all():
        mitigation.options.remove(*gone)
    Option.objects.filter(pk__in=gone).delete()
    for aside, option in enumerate(existing.values()):  # out of each other's way first
        Option.objects.filter(pk=option.pk).update(position=10_000 + aside)
    for position, stated in enumerate(options):
        columns = named[stated.key] | {
            "position": position,
            "passes_gate": stated.passes_gate,
            "gate_reason": stated.gate_reason,
            "set_aside": stated.set_aside_reason if stated.set_aside else "",
        }
        if stated.label:
            columns["label"] = stated.label
        Option.objects.update_or_create(assessment=assessment, key=stated.key, defaults=columns)
    for position, option in enumerate(aside_before, len(options)):
        Option.objects.filter(pk=option.pk).update(position=position)


def judges_of(assessment: Assessment) -> dict[Option, list[str]]:
    """The options that were judged, in order, each with the names of those who judged it."""
    found: dict[Option, list[str]] = {}
    rows = Judgement.objects.filter(option__assessment=assessment).select_related("option", "assessor")
    for row in rows.order_by("option__position", "assessor__consensus", "assessor__name"):
        names = found.setdefault(row.option, [])
        if row.assessor.name not in names:
            names.append(row.assessor.name)
    return found
