"""The form for one kind of change: its fields with what was typed, what is offered and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from organisations.domain.forms import FormFacts, TransitionGraph
from organisations.domain.vocabulary import (
    Applies,
    ChangeKind,
    Constituency,
    Family,
    Nature,
    ShareBasis,
    StatedPopulationBasis,
)
from organisations.models import PolicyCheck
from organisations.web.presenters.proposing.bodies import Slot
from organisations.web.presenters.proposing.entry import (
    FORGOTTEN,
    NAME_OR_FORM,
    NEVER_HAPPENED,
    ProposalEntry,
    share_cells,
)
from organisations.web.presenters.proposing.kinds import Going
from pcorg.core.forms.fields import Control, Field, FieldChoice, choices
from pcorg.core.portfolios import Portfolio

MOST_COUNCILS = 10


@dataclass(frozen=True)
class BodyChoiceField:
    """A field for a body, with what it means or could mean."""

    name: str
    label: str
    slot: Slot
    hint: str = ""
    error: str = ""
    removable: bool = False
    goes_on: Field | None = None


@dataclass(frozen=True)
class NewBodyFields:
    """The fields of a body to be opened."""

    heading: str
    row: int
    removable: bool
    main: list[Field]
    answers: list[BodyChoiceField]
    councils: list[BodyChoiceField]
    people: list[Field]
    board: list[Field]
    open: bool


@dataclass(frozen=True)
class ShareTable:
    """The shares that bodies take of each original's people; a cell is None where nothing can pass."""

    columns: list[tuple[str, str]]
    rows: list[tuple[Slot, list[Field | None]]]
    basis: Field


@dataclass(frozen=True)
class MoveRow:
    """Something that moves: a member by its code, or words for a service, ward or practice."""

    row: int
    what: Field
    member: str
    giver: Field | None
    to: Field | None
    body: BodyChoiceField | None


@dataclass(frozen=True)
class ProposalForm:
    """Everything the page asks for one kind."""

    when: list[Field]
    right: Field | None
    corrects: Field | None
    originals: list[BodyChoiceField]
    more_originals: bool
    step: Field | None
    no_step: str
    facts: list[Field]
    new: list[NewBodyFields]
    more_new: bool
    members: list[BodyChoiceField] | None
    shares: ShareTable | None
    moves: list[MoveRow] | None
    reasons: list[Field]
    evidence: list[tuple[Field, PolicyCheck]] = field(default_factory=list)


@dataclass(frozen=True)
class Offer:
    """What there is to choose from: the declared steps, the forms, the checks that evidence can settle, the portfolios,
    and the members of the originals."""

    graph: TransitionGraph
    forms: Mapping[str, FormFacts]
    checks: list[PolicyCheck]
    portfolios: list[Portfolio]
    members: Mapping[str, list[tuple[str, str]]]


class FieldMaker:
    """Makes the fields of a form from what was typed."""

    def __init__(self, entry: ProposalEntry, offer: Offer, faults: Mapping[str, str]) -> None:
        self.entry, self.typed, self.offer, self.faults = entry, entry.typed, offer, faults

    def form(self) -> ProposalForm:
        """The whole form."""
        entry, shape = self.entry, self.entry.shape
        correcting = shape.kind is ChangeKind.CORRECTION
        undoing = correcting and self.typed["right"] == NEVER_HAPPENED
        originals = [] if undoing else self._originals()
        return ProposalForm(
            when=self._when(),
            right=self._right() if correcting else None,
            corrects=self._corrects() if correcting else None,
            originals=originals,
            more_originals=bool(originals) and len(originals) < shape.originals[1],
            step=self._step(),
            no_step=self._no_step(),
            facts=self._facts(),
            new=[self._new_body(row) for row in range(entry.new_bodies)],
            more_new=0 < entry.new_bodies < shape.new[1],
            members=self._members() if shape.kind is ChangeKind.ESTABLISHMENT else None,
            shares=self._shares(),
            moves=self._moves() if shape.moves else None,
            reasons=self._reasons(),
            evidence=self._evidence() if shape.evidence else [],
        )

    def _field(self, name: str, label: str, control: Control = Control.LINE, **more: object) -> Field:
        return Field(name, label, self.typed[name], control, error=self.faults.get(name, ""), **more)  # type: ignore[arg-type]

    def _body(self, name: str, label: str, hint: str = "", **more: object) -> BodyChoiceField:
        slot = self.entry.slots.at(name)
        return BodyChoiceField(name, label, slot, hint, self.faults.get(name, ""), **more)  # type: ignore[arg-type]

    def _when(self) -> list[Field]:
        hint = "The first day on which it holds. Only what the rules allow on that day is offered."
        when = [self._field("effective_on", "Date on which it takes effect", Control.DATE, hint=hint)]
        if self.entry.shape.kind is ChangeKind.ESTABLISHMENT and len(self.offer.portfolios) > 1:
            pairs = [
                (portfolio.slug, f"{portfolio.title} (invented)" if portfolio.illustrative else portfolio.title)
                for portfolio in self.offer.portfolios
            ]
            listed = choices(pairs, empty="Choose a portfolio")
            when.append(self._field("portfolio", "Portfolio it belongs to", Control.SELECT, choices=listed))
        return when

    def _right(self) -> Field:
        listed = (
            FieldChoice(NAME_OR_FORM, "A wrong name or form", "From a day on, up to the next one recorded."),
            FieldChoice(
                FORGOTTEN, "A forgotten succession or merger", "Later changes are re-based on it, with their shares."
            ),
            FieldChoice(
                NEVER_HAPPENED,
                "A change that never happened",
                "It is struck out and stays readable. Give the date on which it was recorded as taking effect.",
            ),
        )
        return self._field("right", "What is to be put right?", Control.RADIOS, choices=listed)

    def _corrects(self) -> Field | None:
        needed = self.typed["right"] == NEVER_HAPPENED
        label = "Number of the change that is undone" if needed else "Number of the change it corrects, if any"
        return self._field("corrects", label, Control.NUMBER, width="5", hint="It stands in the address of its page.")

    def _originals(self) -> list[BodyChoiceField]:
        least, most = self.entry.shape.originals
        slots = self.entry.originals
        label = "Organisation" if most == 1 else "Organisation {}"
        made = []
        for row, slot in enumerate(slots):
            tick = None
            if self.entry.shape.going is not Going.NONE and self._may_go_on(row):
                words = "It goes on and takes in the others" if self.entry.shape.going is Going.ONE else "It goes on"
                tick = self._field(f"continues-{row}", words, Control.TICK)
            made.append(
                self._body(
                    slot.name_of_field,
                    label.format(row + 1),
                    "Part of its name, or its code" if row == 0 else "",
                    removable=len(slots) > max(least, 1),
                    goes_on=tick,
                )
            )
        return made

    def _may_go_on(self, row: int) -> bool:
        """In a merger one original may go on: once it is ticked, the others are not offered it."""
        going = self.entry.going_on
        return self.entry.shape.going is not Going.ONE or not going or going[0] == row

    def _step(self) -> Field | None:
        if not self.entry.shape.asks_a_step or not self._steps():
            return None
        return self._field("step", "What does it become?", Control.RADIOS, choices=self._steps())

    def _steps(self) -> tuple[FieldChoice, ...]:
        original = self.entry.originals[0].chosen
        if original is None:
            return ()
        listed = []
        for rule in self.offer.graph.steps_from(original.form, on=self.entry.on):
            if rule.route in self.entry.shape.routes:
                needs = [rule.route.label]
                needs += ["after consultation"] if rule.consultation else []
                needs += ["by joint agreement, or by the compulsory route"] if rule.joint_agreement else []
                listed.append(
                    FieldChoice(f"{rule.route}:{rule.to_form}", self.offer.forms[rule.to_form].label, "; ".join(needs))
                )
        return tuple(listed)

    def _no_step(self) -> str:
        """Why nothing is offered, where a step must be chosen."""
        if not self.entry.shape.asks_a_step or self._steps():
            return ""
        original = self.entry.originals[0].chosen
        if original is None:
            return "Once the organisation is known, what it may become on the date is offered here."
        return (
            f"The rules know nothing that {original.name} ({original.form_label.lower()}) could become on "
            f"{self.entry.on.day} {self.entry.on:%B %Y}."
        )

    def _facts(self) -> list[Field]:
        """The new name, or the right name and form of a correction."""
        kind = self.entry.shape.kind
        if kind is ChangeKind.RENAME:
            return [self._field("name", "New name")]
        if kind is ChangeKind.CORRECTION and self.typed["right"] == NAME_OR_FORM:
            listed = choices(((slug, facts.label) for slug, facts in self.offer.forms.items()), empty="As it is")
            return [
                self._field("name", "Right name", hint="Leave it empty where the name is right."),
                self._field("to_form", "Right form", Control.SELECT, choices=listed),
            ]
        return []

    def _forms(self) -> list[tuple[str, str]]:
        """The forms a new body may have: by the declared steps from its originals, on the day."""
        entry, forms = self.entry, self.offer.forms
        if entry.shape.kind is ChangeKind.ESTABLISHMENT:
            return [
                (slug, facts.label)
                for slug, facts in forms.items()
                if facts.could_exist_on(entry.on) and facts.nature is not Nature.PART
            ]
        starts = [slot.chosen.form for slot in entry.originals if slot.chosen]
        reach = [
            {
                rule.to_form
                for rule in self.offer.graph.steps_from(start, on=entry.on)
                if rule.route in entry.shape.routes
            }
            | ({start} if entry.shape.kind in {ChangeKind.SPLIT, ChangeKind.RECONFIGURATION} else set())
            for start in starts
        ]
        if not reach:
            return []
        joined = entry.shape.kind in {ChangeKind.MERGER, ChangeKind.CORRECTION}
        offered = set.intersection(*reach) if joined else set.union(*reach)
        return [(slug, facts.label) for slug, facts in forms.items() if slug in offered]

    def _new_body(self, row: int) -> NewBodyFields:
        entry, prefix = self.entry, f"resulting-{row}"
        several = entry.shape.new[1] > 1
        main = [
            self._field(f"{prefix}-code", "Code", width="10", longest=40, hint="Never used before for another body."),
            self._field(f"{prefix}-name", "Name"),
        ]
        if not entry.shape.asks_a_step:
            offered = self._forms()
            empty = "Choose a form" if offered else "The rules offer no form for these organisations on this date"
            if not offered and not any(slot.chosen for slot in entry.originals) and entry.originals:
                empty = "First say which organisations change"
            main.append(self._field(f"{prefix}-form", "Form", Control.SELECT, choices=choices(offered, empty=empty)))
        form = self._form_of(prefix)
        answers = [self._body(f"{prefix}-accountable_to", "Answers to", "Its name or code. Empty: as before.")]
        if form and form.family is Family.GROUPS_AND_TRUSTS and not form.free_standing:
            answers.append(self._body(f"{prefix}-sub_committee_of", "Sub-committee of"))
        if form and (form.pilot or form.family in {Family.NHS_PROVIDERS, Family.BEFORE_1999}):
            answers.append(self._body(f"{prefix}-operated_by", "Run by"))
        return NewBodyFields(
            heading=f"New body {row + 1}" if several else "The new body",
            row=row,
            removable=entry.new_bodies > max(entry.shape.new[0], 1),
            main=main,
            answers=answers,
            councils=self._rows(f"{prefix}-located_in", "Council it lies in", least=1, most=MOST_COUNCILS),
            people=self._people(prefix),
            board=[
                self._field(f"{prefix}-board-{term}", term.label, Control.NUMBER, width="3") for term in Constituency
            ],
            open=entry.new_bodies == 1
            or any(self.typed.filled(f"{prefix}-{part}") for part in ("accountable_to", "located_in", "board")),
        )

    def _form_of(self, prefix: str) -> FormFacts | None:
        step = self.entry.step if self.entry.shape.asks_a_step else None
        return self.offer.forms.get(step[1] if step else self.typed[f"{prefix}-form"])

    def _people(self, prefix: str) -> list[Field]:
        hint = "Leave it empty to have it worked out from the organisations that change."
        if self.entry.shape.kind is ChangeKind.ESTABLISHMENT:
            hint = "Leave it empty where it is not known."
        basis = choices(StatedPopulationBasis.choices(), empty="Estimate, unless you say otherwise")
        return [
            self._field(f"{prefix}-population", "People it serves", Control.NUMBER, width="10", hint=hint),
            self._field(f"{prefix}-population_basis", "How they were counted", Control.SELECT, choices=basis),
        ]

    def _rows(self, prefix: str, label: str, *, least: int, most: int) -> list[BodyChoiceField]:
        number = min(max(self.typed.rows(prefix), least), most)
        return [
            self._body(f"{prefix}-{row}", label if row == 0 else f"{label} ({row + 1})", removable=number > least)
            for row in range(number)
        ]

    def _members(self) -> list[BodyChoiceField]:
        return self._rows("members", "Member", least=1, most=100)

    def _shares(self) -> ShareTable | None:
        entry = self.entry
        cells = list(share_cells(entry)) if entry.shape.shares else []
        if not cells:
            return None
        columns = list(dict.fromkeys((code, name) for _, _, code, name in cells))
        rows = []
        for row, slot in enumerate(entry.originals):
            here = {code: (name, title) for of, name, code, title in cells if of == row}
            if slot.text:
                rows.append((slot, [self._share(slot, *here[code]) if code in here else None for code, _ in columns]))
        basis = choices(ShareBasis.choices())
        return ShareTable(columns, rows, self._field("basis", "Shares are measured by", Control.SELECT, choices=basis))

    def _share(self, slot: Slot, name: str, title: str) -> Field:
        label = f"Share of {slot.name} that goes to {title}, per cent"
        return self._field(name, label, Control.NUMBER, width="4", suffix="%", longest=8)

    def _moves(self) -> list[MoveRow]:
        return [self._move(row) for row in range(self.typed.rows("moves"))]

    def _move(self, row: int) -> MoveRow:
        entry, prefix = self.entry, f"moves-{row}"
        what = self.typed[f"{prefix}-what"]
        names = {code: name for listed in self.offer.members.values() for code, name in listed}
        member = names.get(what, "")
        givers = [(slot.code, slot.name) for slot in entry.originals if slot.text]
        giver = to = body = None
        if len(givers) > 1:
            giver = self._field(f"{prefix}-from", "From", Control.SELECT, choices=choices(givers, empty="Choose"))
        label = f"{member} ({what}) goes to" if member else f"Where {what or 'it'} goes"
        if entry.shape.kind is ChangeKind.DISSOLUTION:
            body = self._body(f"{prefix}-to", label)
        elif entry.shape.kind is not ChangeKind.SEPARATION:
            takers = entry.outcome
            held = self.typed[f"{prefix}-to"]
            if held and held not in dict(takers):
                takers = [*takers, (held, f"{held} (no longer among the bodies)")]
            to = self._field(f"{prefix}-to", label, Control.SELECT, choices=choices(takers, empty="Choose"))
        return MoveRow(row, self._field(f"{prefix}-what", "What moves"), member, giver, to, body)

    def _reasons(self) -> list[Field]:
        return [
            self._field("title", "Title", hint="Leave it empty to have one made from the kind and the codes."),
            self._field(
                "rationale", "Why", Control.PROSE, hint="What the change is for. Approvers and the public read it."
            ),
            self._field("legal_instrument", "Legal instrument, if any", hint="The order or act that makes it law."),
        ]

    def _evidence(self) -> list[tuple[Field, PolicyCheck]]:
        return [
            (self._field(f"evidence-{check.code}", check.title, Control.PROSE, hint=check.question, rows=2), check)
            for check in self.offer.checks
            if self._may_ask(check) or self.typed[f"evidence-{check.code}"]
        ]

    def _may_ask(self, check: PolicyCheck) -> bool:
        """Whether the change, as far as it is known, may be put to a check: by the rule of its step, or by the form of
        a body that no step leads to. Until that much is known any check may be asked."""
        entry = self.entry
        given = [self._form_of(f"resulting-{row}") for row in range(entry.new_bodies)]
        new = [form for form in given if form is not None]
        origins = {slot.chosen.form for slot in entry.originals if slot.chosen}
        if check.applies == Applies.ALWAYS or not (new or origins):
            return True
        steps = [
            rule
            for slug in origins
            for rule in self.offer.graph.steps_from(slug, on=entry.on)
            if rule.route in entry.shape.routes
        ]
        forms_possible = {form.slug for form in new} | (
            {entry.step[1]} if entry.shape.asks_a_step and entry.step else set()
        )
        declared = [rule.checks for rule in steps if not forms_possible or rule.to_form in forms_possible]
        declared += [form.checks for form in new if form.slug not in {rule.to_form for rule in steps}]
        return any(check.code in codes for codes in declared)
