"""What a person has entered in the planner, as a plan can be stated of it; and a plan as it would be entered.

A service is in the group whose number its own field `service-…` holds, and in none where that is empty: so the same
form serves the mouse, the keyboard and a browser without scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commissioning.domain.vocabulary import Separation
from commissioning.selectors.arm_plans import CatalogueService, RecordedArm
from commissioning.specs.arm_plan import StatedArmPlan
from organisations.specs.change import proposed
from pcorg.core.forms.typed import Typed
from pcorg.core.refusals import Invalid, Problem
from pcorg.core.values import day_typed, steps_of, whole_or_none

Faults = list[tuple[str, str]]
FIELDS = ("title", "coherence", "form", "on", "code", "name", "run_by", "group")
MOST_GROUPS = 40
PLACES = {"title": "title", "start": "start", "separation": "separation", "rationale": "rationale"}


@dataclass
class ArmPlanEntry:
    """What was typed, with what is wrong by field; `asked` is the plan where it can be read."""

    typed: Typed
    code: str
    provided: Sequence[str]
    asked: StatedArmPlan | None = None
    faults: Faults = field(default_factory=list)

    @property
    def groups(self) -> int:
        """How many groups the form has."""
        return min(self.typed.rows("groups"), MOST_GROUPS)

    def group_of(self, service: str) -> int | None:
        """The number of the group that a service is in."""
        return whole_or_none(self.typed[f"service-{service}"], high=self.groups - 1)

    def services_in(self, group: int | None) -> list[str]:
        """The services of a group, or those in none."""
        return [service for service in self.provided if self.group_of(service) == group]

    def faults_for(self, problems: Iterable[Problem]) -> Faults:
        """Problems with the name of the field that each is about."""
        return [(self.field_of(problem.pointer), problem.message) for problem in problems]

    def field_of(self, pointer: str) -> str:
        """The field that a pointer into the plan is about."""
        match steps_of(pointer):
            case ("groups", int(number), "services", int(place)) if place < len(self.services_in(number)):
                return f"service-{self.services_in(number)[place]}"
            case ("groups", int(number), str(name), *_):
                return f"groups-{number}-{name if name in FIELDS else 'title'}"
            case ("groups", int(number)):
                return f"groups-{number}-title"
            case (str(part), *_):
                return PLACES.get(part, "groups-heading")
        return "groups-heading"


def read(typed: Typed, code: str, provided: Sequence[str]) -> ArmPlanEntry:
    """What was typed, read as a plan of a trust that provides these services."""
    entry = ArmPlanEntry(typed, code, provided)
    data = _stated(entry)
    try:
        entry.asked = proposed(StatedArmPlan, data)
    except Invalid as fault:
        known = {name for name, _ in entry.faults}
        errors = entry.faults_for(fault.problems)
        entry.faults += [(name, words[:1].upper() + words[1:]) for name, words in errors if name not in known]
    if entry.faults:
        entry.asked = None
    return entry


def _stated(entry: ArmPlanEntry) -> dict[str, Any]:
    typed = entry.typed
    if not typed["title"]:
        entry.faults.append(("title", "Give the plan a title"))
    if typed["separation"] not in set(Separation):
        entry.faults.append(("separation", "Say how far what stays is separated"))
    return {
        "organisation": entry.code,
        "title": typed["title"],
        "rationale": typed["rationale"],
        "start": _day(entry, "start", "Enter the day from which the plan counts"),
        "separation": typed["separation"] or None,
        "groups": [_group(entry, number) for number in range(entry.groups)],
    }


def _group(entry: ArmPlanEntry, number: int) -> dict[str, Any]:
    typed, at = entry.typed, f"groups-{number}"
    if not typed[f"{at}-title"]:
        entry.faults.append((f"{at}-title", f"Name group {number + 1}"))
    return {
        "title": typed[f"{at}-title"],
        "services": entry.services_in(number),
        "coherence": typed[f"{at}-coherence"],
        "form": typed[f"{at}-form"] or None,
        "on": _day(entry, f"{at}-on", ""),
        "code": typed[f"{at}-code"] or None,
        "name": typed[f"{at}-name"] or None,
        "run_by": typed[f"{at}-run_by"] or None,
        "group": typed[f"{at}-group"] or None,
    }


def _day(entry: ArmPlanEntry, name: str, label: str) -> str | None:
    text = entry.typed[name]
    found = day_typed(text)
    if text and found is None:
        entry.faults.append((name, "Enter a date, like 2010-04-01"))
    elif not text and label:
        entry.faults.append((name, label))
    return None if found is None else found.isoformat()


def altered(typed: Typed, provided: Sequence[str]) -> Typed:
    """What was typed after a button that adds a group or takes one away; its services are then in none."""
    if typed["add"] == "groups" and typed.rows("groups") < MOST_GROUPS:
        number = typed.rows("groups")
        return typed.put({f"groups-{number}-title": f"Group {number + 1}"})
    removed = typed["remove"].removeprefix("groups-")
    gone = whole_or_none(removed, high=MOST_GROUPS)
    if typed["remove"].startswith("groups-") and gone is not None:
        moved: dict[str, str] = {}
        for service in provided:
            group = whole_or_none(typed[f"service-{service}"], high=MOST_GROUPS)
            if group is not None and group >= gone:
                moved[f"service-{service}"] = "" if group == gone else str(group - 1)
        return typed.without_row("groups", gone).put(moved)
    return typed


def typed_from_plan(spec: StatedArmPlan) -> dict[str, str]:
    """A plan as it would be entered."""
    typed = {
        "title": spec.title,
        "rationale": spec.rationale,
        "start": spec.start.isoformat(),
        "separation": spec.separation.value,
    }
    for number, group in enumerate(spec.groups):
        stated = group.model_dump(mode="json")
        typed |= {f"groups-{number}-{name}": stated[name] or "" for name in FIELDS}
        typed |= {f"service-{service}": str(number) for service in group.services}
    return typed


def typed_from_record(arm: RecordedArm, title: str, start: str) -> dict[str, str]:
    """The recorded groups of an arm, with the forms chosen for them, as they would be entered."""
    typed = _opening(title, start, arm.separation)
    for number, group in enumerate(arm.groups):
        at = f"groups-{number}"
        typed |= {f"{at}-title": group.title, f"{at}-coherence": group.coherence, f"{at}-form": group.chosen_form}
        typed |= {f"{at}-group": group.code}
        typed |= {f"service-{service}": str(number) for service in group.services}
    return typed


def typed_from_catalogue(
    provided: Sequence[str], catalogue: Mapping[str, CatalogueService], arm: RecordedArm, title: str, start: str
) -> dict[str, str]:
    """The services provided by the groups of the catalogue, where nothing better is recorded."""
    typed = _opening(title, start, arm.separation)
    groups: dict[str, int] = {}
    for service in provided:
        known = catalogue[service]
        number = groups.setdefault(known.group, len(groups))
        typed |= {f"groups-{number}-title": known.group_label, f"service-{service}": str(number)}
    return typed


def _opening(title: str, start: str, separation: Separation | None) -> dict[str, str]:
    internal = separation in {None, Separation.NONE}
    known = Separation.INTERNAL if internal or separation is None else separation
    return {"title": title, "start": start, "separation": known.value}
