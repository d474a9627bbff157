"""The forms on the page of a proposal: steps with their reasons, evidence, the consultation, comments, people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import QueryDict

from organisations.domain.lifecycle import Step
from organisations.domain.vocabulary import SettledBy
from organisations.models import Change, Consultation, PolicyCheck
from organisations.services.amendments import ConsultationNews
from organisations.web.presenters.proposing.preview import FindingRow
from organisations.web.presenters.proposing.rows import NotANumber, whole_typed
from pcorg.core.forms.base import summary_of
from pcorg.core.forms.stated import CollaboratorsField, DayField, NumberField, ProseField, StatedForm
from pcorg.core.refusals import Problem
from pcorg.core.values import day_typed, steps_of

LONGEST = 5000
REASONED = {Step.REJECT: "Say why it is rejected", Step.WITHDRAW: "Say why it is withdrawn"}
"""Steps that want a reason, and the message where it is missing."""

DESCRIPTIONS = {
    Step.PROPOSE: "The draft is put to the checks and, unless one stands in the way, waits for a decision.",
    Step.CONSULT: "The public is asked. Dates, responses and what came of them are recorded on this page.",
    Step.APPROVE: "It may then be carried out. No check may stand in the way.",
    Step.EFFECT: "The record is changed as of the date. What has been carried out is history: it is never edited, only "
    "corrected by another change.",
    Step.REJECT: "It ends here. Say why: the proposer and the public read it.",
    Step.WITHDRAW: "It ends here, on the wish of those who propose it.",
}


class PlainDayField(DayField):
    """A day as people write it; None where none is given."""

    def clean(self, value: Any) -> Any:
        """The day. Raises ValidationError."""
        text = super().clean(value)
        found = day_typed(text)
        if text and found is None:
            raise ValidationError("Enter a date, like 2010-04-01")
        return found


class CountField(NumberField):
    """A whole number as people write it; None where none is given."""

    def clean(self, value: Any) -> Any:
        """The number. Raises ValidationError."""
        text = super().clean(value)
        try:
            return whole_typed(text) if text else None
        except NotANumber:
            raise ValidationError("Enter a whole number, like 240") from None


class ChangeForm(StatedForm):
    """A form on the page of a change. `blocks` are errors that lead to the finding of a check."""

    whole = "how-it-stands"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blocks: list[tuple[str, str]] = []

    def clean(self) -> None:
        """Refuse texts that are too long."""
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and len(value) > LONGEST:
                self.add_error(name, f"Use at most {LONGEST:,} letters")

    def refuse(self, problems: Iterable[Problem], checks: Collection[str]) -> None:
        """Put the problems of a service on the fields, the findings or the form that they are about."""
        for problem in problems:
            name = next((str(step) for step in steps_of(problem.pointer) if step in self.fields), None)
            if name is None and problem.code in checks:
                self.blocks.append((f"finding-{problem.code}", problem.message))
            else:
                self.add_error(name, problem.message)

    @property
    def summary(self) -> list[dict[str, str]]:
        """The error summary, findings first."""
        return [*summary_of(self.blocks), *super().summary]

    def _take_sent(self, prefix: str) -> None:
        """Take the texts by check that were sent under a prefix."""
        names = [name for name in self.data if name.startswith(prefix)]
        self.fields = {name.removeprefix(prefix): ProseField(rows=2, sent_as=name) for name in names} | self.fields

    def _ask(self, prefix: str, asked: Mapping[str, tuple[str, str]]) -> None:
        """Ask for a text by label and hint for each of these checks, and no other."""
        declared = {name: self.fields[name] for name in self.base_fields}
        texts = {code: self.fields.get(code) or ProseField(rows=2, sent_as=f"{prefix}{code}") for code in asked}
        self.fields = texts | declared
        for code, (label, hint) in asked.items():
            self[code].label, self[code].help_text = label, hint


class StepForm(ChangeForm):
    """A step with its comment. An approval takes reasons for going on in spite of checks that advise against it."""

    comment = ProseField()

    def __init__(self, data: QueryDict | None = None, *, step: Step) -> None:
        super().__init__(data)
        self.step, self.description, self.harmful = step, DESCRIPTIONS[step], step in REASONED
        label = "Reason" if self.harmful else "Comment, if any"
        self.fields["comment"] = ProseField(label, rows=2, sent_as=f"{step}-comment")
        if step is Step.APPROVE:
            self._take_sent("override-")

    def clean_comment(self) -> str:
        """The comment. Raises ValidationError where a reason is missing."""
        comment: str = self.cleaned_data["comment"]
        if self.step in REASONED and not comment:
            raise ValidationError(REASONED[self.step])
        return comment

    def ask_overrides(self, findings: Iterable[FindingRow]) -> None:
        """Ask for a reason at each check that advises."""
        label = "Why go on in spite of “{}”, if you wish to say so"
        advised = [finding for finding in findings if finding.outcome == "Advises"]
        self._ask("override-", {each.code: (label.format(each.title), each.message) for each in advised})

    @property
    def overrides(self) -> dict[str, str] | None:
        """An approver's reasons by check; None where the step is another."""
        if self.step is not Step.APPROVE:
            return None
        return {code: text for code, text in self.cleaned_data.items() if text and code != "comment"}


class EvidenceForm(ChangeForm):
    """Evidence in words by check; an emptied field takes the evidence back."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._take_sent("evidence-")

    def ask_evidence(self, change: Change, checks: Mapping[str, PolicyCheck], asked: Collection[str]) -> None:
        """Ask for evidence for each check that it can settle, of those the change is put to; what was given for another
        stays."""
        self.initial = change.evidence
        wanted = {each.code: each for each in checks.values() if each.settled_by != SettledBy.DATA}
        self._ask("evidence-", {code: (check.title, check.question) for code, check in wanted.items()})
        self.fields = {code: field for code, field in self.fields.items() if code in asked or self[code].value()}


class ConsultationForm(ChangeForm):
    """News of the consultation; an empty field leaves what is known as it was."""

    opens = PlainDayField("Opens on")
    closes = PlainDayField("Closes on", hint="The last day on which answers are taken.")
    responses_for = CountField("Responses for it", width="5")
    responses_against = CountField("Responses against it", width="5")

    def __init__(self, data: QueryDict | None = None, *, held: Consultation | None = None) -> None:
        super().__init__(data, prefix="consultation", initial=None if held is None else model_to_dict(held))
        hint = "It counts as evidence that a consultation was held."
        self.fields["summary"] = ProseField("What came of it", hint=hint)

    def clean(self) -> None:
        """Refuse a consultation that closes before it opens, and texts that are too long."""
        super().clean()
        opens, closes = self.cleaned_data.get("opens"), self.cleaned_data.get("closes")
        if opens and closes and closes < opens:
            self.add_error("closes", "The consultation cannot close before it opens")

    @property
    def news(self) -> ConsultationNews:
        """What was sent, as the service takes it."""
        return ConsultationNews(**{name: value for name, value in self.cleaned_data.items() if value != ""})


class CommentForm(ChangeForm):
    """A comment on a proposal."""

    text = ProseField("Comment", sent_as="comment")

    def clean_text(self) -> str:
        """The comment. Raises ValidationError where there is none."""
        text: str = self.cleaned_data["text"]
        if not text:
            raise ValidationError("Enter a comment")
        return text


class CollaboratorsForm(ChangeForm):
    """Who works on a change beside its owner."""

    collaborators = CollaboratorsField(
        hint="They read it while it is a draft, and may add to it, put it forward and withdraw it.",
    )
