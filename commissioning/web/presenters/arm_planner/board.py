"""The board of the planner: services as cards in groups, and the fields that say what becomes of each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.forms.boundfield import BoundField

from commissioning.domain.arm_planning import Going, Load, PlannedGroup
from commissioning.domain.arm_planning.dates import months_to_develop
from commissioning.domain.arm_planning.plan import going
from commissioning.domain.vocabulary import Separation
from commissioning.selectors.arm_plans import CatalogueService, FormOption
from commissioning.services.arm_previews import Ground, WorkedPlan
from commissioning.web.presenters.arm_planner.entry import MOST_GROUPS, ArmPlanEntry
from organisations.domain.vocabulary import Nature
from pcorg.core.forms.stated import (
    DayField,
    LineField,
    ProseField,
    RadiosField,
    SelectField,
    StatedField,
    StatedForm,
)
from pcorg.core.pages.jinja2 import count, decimal, rough_pounds

NO_GROUP = "In no group"
ASKED = {"on": "date", "name": "name", "code": "code"}
SEPARATIONS: dict[str, str] = {
    Separation.NONE: "Provider and commissioner are run together.",
    Separation.INTERNAL: "Run apart inside the trust, under a service-level agreement that the law does not enforce.",
    Separation.ARMS_LENGTH: "Stays part of the trust, governed at arm's length.",
    Separation.FULL: "Nothing stays: every service goes to another body.",
}


class GroupForm(StatedForm):
    """A group of services: its name, why it is one, and what becomes of it. `group` is the recorded one it stands
    for."""

    title = LineField("Name")
    coherence = ProseField("Why these services belong together", rows=2)
    group = StatedField()
    form = SelectField("What it becomes", empty=Going.STAYS.label)
    on = DayField("From")
    name = LineField()
    code = LineField("Code", longest=40, width="10")
    run_by = LineField(
        "Run by", hint="Code of the body that runs it, where that is not the trust.", longest=40, width="10"
    )


class PlanForm(StatedForm):
    """What is stated of the whole plan, and the group of each service by `service-…`."""

    start = DayField(
        "The plan counts from",
        hint="One new body took 18 months to start; three years were expected for a community foundation trust. "
        "The dates suggested here leave that long.",
    )
    separation = RadiosField(
        "How far is what stays separated from commissioning?",
        Separation.choices(),
        hints=SEPARATIONS,
    )
    title = LineField("Title of the plan", longest=120)
    rationale = ProseField("Why", hint="What the plan is for. Approvers and the public read it.")


@dataclass(frozen=True)
class Card:
    """A service on the board: what it carries, and the field that says in which group it is."""

    label: str
    facts: str
    choice: BoundField


@dataclass(frozen=True)
class BoardColumn:
    """A group on the board with its cards; the last one holds what is in no group and has no number and no form.
    `asked` is what the form chosen for the group asks for; `hint` says how long it takes and what is suggested."""

    number: int | None
    heading: str
    cards: list[Card]
    form: GroupForm | None = None
    going: str = ""
    hint: str = ""
    asked: Sequence[BoundField] = ()


@dataclass(frozen=True)
class Board:
    """The whole form of the planner."""

    form: PlanForm
    columns: list[BoardColumn]
    may_add: bool


def board(
    entry: ArmPlanEntry,
    ground: Ground,
    worked: WorkedPlan | None,
    *,
    catalogue: Mapping[str, CatalogueService],
    options: Mapping[str, FormOption],
    errors: Mapping[str, str],
) -> Board:
    """The form with what was typed; what a group needs and was not given is filled in from the plan worked out."""
    return _Maker(entry, ground, worked, catalogue, options, errors).board()


def carried(load: Load) -> str:
    """What a load comes to, in a line: staff, money, contracts."""
    words = [f"{decimal(load.wte)} staff{_unknown(load.wte_unknown)}"] if load.wte else []
    if load.money:
        words.append(f"{rough_pounds(load.money)}{_unknown(load.money_unknown)}")
    if load.contracts:
        words.append(count(len(load.contracts), "contract", "contracts"))
    return " · ".join(words) or "Size not recorded"


def _unknown(number: int) -> str:
    return f" and {number} not known" if number else ""


@dataclass
class _Maker:
    entry: ArmPlanEntry
    ground: Ground
    worked: WorkedPlan | None
    catalogue: Mapping[str, CatalogueService]
    options: Mapping[str, FormOption]
    errors: Mapping[str, str]

    def board(self) -> Board:
        typed, numbers = self.entry.typed, range(self.entry.groups)
        titles = [typed[f"groups-{number}-title"] or f"Group {number + 1}" for number in numbers]
        groups = {service: self.entry.group_of(service) for service in self.entry.provided}
        placed = {f"service-{service}": "" if at is None else str(at) for service, at in groups.items()}
        form = PlanForm(dict(typed) | placed)
        choices = [("", NO_GROUP), *((str(number), title) for number, title in enumerate(titles))]
        for service in groups:
            form.fields[f"service-{service}"] = SelectField(f"Group of {self.catalogue[service].label}", choices)
        self._mark(form)
        return Board(
            form=form,
            columns=[
                *(self._column(number, title, self._cards(number, form)) for number, title in enumerate(titles)),
                BoardColumn(None, NO_GROUP, self._cards(None, form)),
            ],
            may_add=self.entry.groups < MOST_GROUPS,
        )

    def _cards(self, number: int | None, form: PlanForm) -> list[Card]:
        services = sorted(self.entry.services_in(number), key=list(self.catalogue).index)
        return [
            Card(self.catalogue[service].label, carried(self.ground.services[service]), form[f"service-{service}"])
            for service in services
        ]

    def _column(self, number: int, title: str, cards: list[Card]) -> BoardColumn:
        at = f"groups-{number}"
        slug = self.entry.typed[f"{at}-form"]
        chosen, becomes = self.ground.forms.get(slug), going(PlannedGroup(title, form=slug), self.ground.forms)
        suggested = {name: text for name, text in self._suggested(number).items() if not self.entry.typed[name]}
        form = GroupForm(dict(self.entry.typed) | suggested, prefix=at, choices={"form": self._forms()})
        form.fields["name"].label = f"Name of the new {'body' if becomes is Going.SEPARATES else 'arrangement'}"
        self._mark(form)
        if chosen is None:
            return BoardColumn(number, title, cards, form, becomes.label)
        blank = [word for name, word in ASKED.items() if f"{at}-{name}" in suggested]
        hint = f"{_time(months_to_develop(chosen))}. " + (f"Suggested: {', '.join(blank)}." if blank else "")
        asked = [form[name] for name in (*ASKED, *(["run_by"] if becomes is Going.ARRANGEMENT else []))]
        return BoardColumn(number, title, cards, form, becomes.label, hint, asked)

    def _suggested(self, number: int) -> dict[str, str]:
        """Date, code and name of what a group becomes, from the plan worked out."""
        if self.worked is None:
            return {}
        group, at = self.worked.plan.groups[number], f"groups-{number}"
        on = group.on.isoformat() if group.on else ""
        return {f"{at}-on": on, f"{at}-name": group.name, f"{at}-code": group.code}

    def _mark(self, form: StatedForm) -> None:
        """Put the errors on the fields of a form, by the names of their inputs."""
        for field in form:
            if field.html_name in self.errors:
                form.add_error(field.name, self.errors[field.html_name])

    def _forms(self) -> Iterable[tuple[str, str]]:
        for slug, option in self.options.items():
            arrangement = option.form.nature != Nature.BODY
            yield slug, f"{option.form.label}{' (an arrangement, no body of its own)' if arrangement else ''}"


def _time(months: int) -> str:
    if not months:
        return "Needs no time to set up a body"
    return "Three years allowed" if months == 36 else f"{months} months allowed"
