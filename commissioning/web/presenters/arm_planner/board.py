"""The board of the planner: services as cards in groups, and the fields that say what becomes of each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commissioning.domain.arm_planning import Going, Load, PlannedGroup
from commissioning.domain.arm_planning.dates import months_to_develop
from commissioning.domain.arm_planning.plan import going
from commissioning.domain.vocabulary import Separation
from commissioning.selectors.arm_plans import CatalogueService, FormOption
from commissioning.services.arm_previews import Ground, WorkedPlan
from commissioning.web.presenters.arm_planner.entry import MOST_GROUPS, ArmPlanEntry
from organisations.domain.vocabulary import Nature
from pcorg.core.forms.fields import Control, Field, FieldChoice, choices
from pcorg.core.pages.jinja2 import count, decimal, rough_pounds

NO_GROUP = "In no group"
ASKED = {"on": "date", "name": "name", "code": "code"}
SEPARATIONS = {
    Separation.NONE: "Provider and commissioner are run together.",
    Separation.INTERNAL: "Run apart inside the trust, under a service-level agreement that the law does not enforce.",
    Separation.ARMS_LENGTH: "Stays part of the trust, governed at arm's length.",
    Separation.FULL: "Nothing stays: every service goes to another body.",
}


@dataclass(frozen=True)
class Card:
    """A service on the board: what it carries, and the field that says in which group it is."""

    slug: str
    label: str
    facts: str
    choice: Field


@dataclass(frozen=True)
class BoardColumn:
    """A group on the board with its cards; the last one holds what is in no group and has no number."""

    number: int | None
    heading: str
    title: Field | None
    coherence: Field | None
    recorded: str
    cards: list[Card]


@dataclass(frozen=True)
class Becoming:
    """What becomes of a group: the form, and below it what that form asks for. `hint` says how long it takes, and what
    is only suggested."""

    number: int
    heading: str
    form: Field
    going: str
    hint: str
    fields: list[Field]


@dataclass(frozen=True)
class Board:
    """The whole form of the planner."""

    start: Field
    separation: Field
    columns: list[BoardColumn]
    becoming: list[Becoming]
    may_add: bool
    title: Field
    rationale: Field


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
        titles = [self._title(number) for number in range(self.entry.groups)]
        placed = choices([(str(number), title) for number, title in enumerate(titles)], empty=NO_GROUP)
        return Board(
            start=self._field(
                "start",
                "The plan counts from",
                Control.DATE,
                "One new body took 18 months to start; three years were expected for a community foundation trust. "
                "The dates suggested here leave that long.",
            ),
            separation=self._field(
                "separation",
                "How far is what stays separated from commissioning?",
                Control.RADIOS,
                choices=tuple(FieldChoice(state.value, state.label, words) for state, words in SEPARATIONS.items()),
            ),
            columns=[
                *(self._column(number, title, placed) for number, title in enumerate(titles)),
                BoardColumn(None, NO_GROUP, None, None, "", self._cards(None, placed)),
            ],
            becoming=[self._becoming(number, title) for number, title in enumerate(titles)],
            may_add=self.entry.groups < MOST_GROUPS,
            title=self._field("title", "Title of the plan", longest=120),
            rationale=self._field(
                "rationale", "Why", Control.PROSE, "What the plan is for. Approvers and the public read it."
            ),
        )

    def _title(self, number: int) -> str:
        return self.entry.typed[f"groups-{number}-title"] or f"Group {number + 1}"

    def _field(self, name: str, label: str, control: Control = Control.LINE, hint: str = "", **more: object) -> Field:
        value = str(more.pop("value", self.entry.typed[name]))
        return Field(name, label, value, control, hint, error=self.errors.get(name, ""), **more)  # type: ignore[arg-type]

    def _column(self, number: int, title: str, placed: tuple[FieldChoice, ...]) -> BoardColumn:
        at = f"groups-{number}"
        return BoardColumn(
            number=number,
            heading=title,
            title=self._field(f"{at}-title", "Name"),
            coherence=self._field(f"{at}-coherence", "Why these services belong together", Control.PROSE, rows=2),
            recorded=self.entry.typed[f"{at}-group"],
            cards=self._cards(number, placed),
        )

    def _cards(self, number: int | None, placed: tuple[FieldChoice, ...]) -> list[Card]:
        services = sorted(self.entry.services_in(number), key=list(self.catalogue).index)
        return [self._card(service, number, placed) for service in services]

    def _card(self, service: str, number: int | None, placed: tuple[FieldChoice, ...]) -> Card:
        label = self.catalogue[service].label
        name = f"service-{service}"
        value = "" if number is None else str(number)
        choice = self._field(name, f"Group of {label}", Control.SELECT, choices=placed, value=value)
        return Card(service, label, carried(self.ground.services[service]), choice)

    def _becoming(self, number: int, title: str) -> Becoming:
        at = f"groups-{number}"
        slug = self.entry.typed[f"{at}-form"]
        form = self.ground.forms.get(slug)
        listed = choices(self._forms(), empty=Going.STAYS.label)
        becomes = going(PlannedGroup(title, form=slug), self.ground.forms)
        return Becoming(
            number=number,
            heading=title,
            form=self._field(f"{at}-form", "What it becomes", Control.SELECT, choices=listed),
            going=becomes.label,
            hint="" if form is None else f"{_time(months_to_develop(form))}. {self._suggested(at)}",
            fields=[] if form is None else list(self._asked(number, becomes)),
        )

    def _suggested(self, at: str) -> str:
        blank = [word for name, word in ASKED.items() if self.worked and not self.entry.typed[f"{at}-{name}"]]
        return f"Suggested: {', '.join(blank)}." if blank else ""

    def _forms(self) -> Iterable[tuple[str, str]]:
        for slug, option in self.options.items():
            arrangement = option.form.nature != Nature.BODY
            yield slug, f"{option.form.label}{' (an arrangement, no body of its own)' if arrangement else ''}"

    def _asked(self, number: int, becomes: Going) -> Iterable[Field]:
        """Date, code and name, and who runs an arrangement; suggested where they are not given."""
        at = f"groups-{number}"
        group = self.worked.plan.groups[number] if self.worked else None
        thing = "body" if becomes is Going.SEPARATES else "arrangement"
        on = group.on.isoformat() if group and group.on else ""
        yield self._filled(f"{at}-on", "From", on, Control.DATE)
        yield self._filled(f"{at}-name", f"Name of the new {thing}", group.name if group else "")
        yield self._filled(f"{at}-code", "Code", group.code if group else "", longest=40, width="10")
        if becomes is Going.ARRANGEMENT:
            hint = "Code of the body that runs it, where that is not the trust."
            yield self._field(f"{at}-run_by", "Run by", hint=hint, longest=40, width="10")

    def _filled(self, name: str, label: str, suggested: str, control: Control = Control.LINE, **more: object) -> Field:
        return self._field(name, label, control, "", value=self.entry.typed[name] or suggested, **more)


def _time(months: int) -> str:
    if not months:
        return "Needs no time to set up a body"
    return "Three years allowed" if months == 36 else f"{months} months allowed"
