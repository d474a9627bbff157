"""What can be told wrong from the records of commissioning beside each other and beside what the database knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from commissioning.domain.kinds import KIND_OF
from commissioning.domain.vocabulary import AnswerState, HoldingKind
from commissioning.portfolios import known
from commissioning.portfolios import sections as our
from commissioning.portfolios.known import KnownContract, KnownGroup, Reference
from commissioning.specs import portfolio as schema
from organisations.portfolios.lives import Lives
from organisations.portfolios.reading import DocumentFault, Place, Refers
from organisations.portfolios.sections import DocumentSection, start_of
from organisations.portfolios.stated import Stated
from organisations.portfolios.validation import repeated

PMS = "pms"
"""The type of contract that a personal medical services pilot has."""


class Faults:
    """The faults of a document's sections of commissioning. What rests on a record that cannot be read is not told of
    again."""

    def __init__(self, stated: Stated, lives: Lives, reference: Reference) -> None:
        self.stated = stated
        self.text = stated.text
        self.lives = lives
        self.reference = reference

    def all(self) -> Iterator[DocumentFault]:
        """Every fault, section by section."""
        yield from self._codes()
        yield from self._slugs()
        yield from self._periods()
        yield from self._provisions()
        yield from self._contracts()
        yield from self._pools()
        yield from self._arms()
        yield from self._groups()
        yield from self._pilots()
        yield from self._answers()

    def _each(self, section: DocumentSection) -> Iterator[tuple[Any, Place]]:
        return self.stated.each(section.name)

    def _unknown(self, code: str, kind: HoldingKind, place: Place) -> Iterator[DocumentFault]:
        if code not in self.stated.tainted:
            words = f"There is no {kind.label.lower()} with the code {code}; state it first."
            yield self.text.fault(
                f"{words}{self.text.near(code, self._stated_codes[kind])}", place, refers=Refers.RECORD
            )

    def _named_twice(self, codes: Iterable[str], place: Place) -> Iterator[DocumentFault]:
        for number, code in repeated(codes):
            yield self.text.fault(f"{code} is named twice.", (*place, number))

    @cached_property
    def _stated_codes(self) -> dict[HoldingKind, set[str]]:
        """The codes that the document states, by the kind of thing."""
        return {kind: {record.code for record, _ in self.stated.each(name)} for name, kind in KIND_OF.items()}

    # --- codes and slugs ---------------------------------------------------------------------------------------------

    def _codes(self) -> Iterator[DocumentFault]:
        header = self.stated.document.portfolio
        seen: dict[str, tuple[HoldingKind, Place]] = {}
        stated = [(section, record, place) for section in our.THINGS for record, place in self._each(section)]
        recorded = known.things({record.code for _, record, _ in stated})
        for section, record, place in stated:
            kind, at = KIND_OF[section.name], (*place, "code")
            if record.code.startswith("X-") != header.illustrative:
                rule = "begin with X-" if header.illustrative else "do not begin with X-, which marks what is invented"
                words = f"Codes of {'an illustrative' if header.illustrative else 'a real'} portfolio {rule}."
                yield self.text.fault(words, at)
            if record.code in seen:
                other, where = seen[record.code]
                words = f"The code {record.code} already stands for the {other.label.lower()} on "
                remedy = "give each its own" + (". Where it passes to another body, a change says so" * (other is kind))
                yield self.text.fault(f"{words}{self.text.spot_of(where)}; {remedy}.", at, "code-in-use")
            elif recorded.get(record.code, (kind, header.slug)) != (kind, header.slug):
                other, portfolio = recorded[record.code]
                words = f"The code {record.code} already stands for a {other.label.lower()} of the portfolio "
                yield self.text.fault(f"{words}{portfolio}; give each its own.", at, "code-in-use")
            seen.setdefault(record.code, (kind, place))

    def _slugs(self) -> Iterator[DocumentFault]:
        reference = self.reference
        service, form = ("service", "services"), ("form for a provider arm", "forms for a provider arm")
        for section, name, known_slugs, (what, plural) in (
            (our.PROVISIONS, "service", reference.services, service),
            (our.CONTRACTS, "type", reference.contract_types, ("type of contract", "types of contract")),
            (our.CONTRACTS, "services", reference.services, service),
            (our.STAFFING, "staff_group", reference.staff_groups, ("staff group", "staff groups")),
            (our.STAFFING, "service", reference.services, service),
            (our.ARMS, "approaches", reference.approaches, ("approach", "approaches")),
            (our.GROUPS, "services", reference.services, service),
            (our.GROUPS, "chosen_form", reference.arm_forms, form),
            (our.ANSWERS, "recommendation", reference.recommendations, ("recommendation", "recommendations")),
        ):
            for record, place in self._each(section):
                value = getattr(record, name)
                several = isinstance(value, list)
                for number, slug in enumerate(value if several else [value]):
                    at = (*place, name, number) if several else (*place, name)
                    if slug is not None and slug not in known_slugs:
                        yield self.text.unknown(what, plural, slug, known_slugs, at)
                if several:
                    yield from self._named_twice(value, (*place, name))

    # --- periods -----------------------------------------------------------------------------------------------------

    def _periods(self) -> Iterator[DocumentFault]:
        for section in our.THINGS:
            for record, place in self._each(section):
                if record.end is not None and record.end <= self._start(section, record):
                    yield self.text.fault("It ends before it begins.", (*place, "end"))

    def _start(self, section: DocumentSection, record: Any) -> date:
        if section is our.ARMS:
            first: date = record.separations[0].start
            return first
        if section is our.GROUPS:
            return group_start(record, self.arm_starts)
        return start_of(record, section, self.lives)

    @cached_property
    def arm_starts(self) -> dict[str, date]:
        """The day on which each arm begins that the document states or names."""
        named = {record.arm for record, _ in self._each(our.GROUPS)}
        return arm_starts(self.stated, named)

    # --- one section after the other ---------------------------------------------------------------------------------

    def _provisions(self) -> Iterator[DocumentFault]:
        stated = {record.code for record, _ in self._each(our.PREMISES)}
        named = {code for record, _ in self._each(our.PROVISIONS) for code in record.premises}
        recorded = {code for code, (kind, _) in known.things(named - stated).items() if kind is HoldingKind.PREMISES}
        for record, place in self._each(our.PROVISIONS):
            for number, code in enumerate(record.premises):
                if code not in stated | recorded:
                    yield from self._unknown(code, HoldingKind.PREMISES, (*place, "premises", number))
            yield from self._named_twice(record.premises, (*place, "premises"))

    def _contracts(self) -> Iterator[DocumentFault]:
        for record, place in self._each(our.CONTRACTS):
            agreement = self.reference.contract_types.get(record.type, True)
            if record.commissioner == record.provider and not agreement:
                words = (
                    "A body has no contract with itself: name another provider, or make it a service-level agreement."
                )
                yield self.text.fault(words, (*place, "provider"))

    def _pools(self) -> Iterator[DocumentFault]:
        for record, place in self._each(our.POOLS):
            hosts = sum(each.hosts for each in record.contributions)
            if hosts != 1:
                words = f"{'No partner hosts' if hosts == 0 else f'{hosts} partners host'} the pool: exactly one does."
                yield self.text.fault(words, (*place, "contributions"))
            for number, code in repeated(each.partner for each in record.contributions):
                words = f"{code} contributes twice: add the amounts up."
                yield self.text.fault(words, (*place, "contributions", number, "partner"))

    def _arms(self) -> Iterator[DocumentFault]:
        for record, place in self._each(our.ARMS):
            days = [step.start for step in record.separations]
            for number, day in enumerate(days[1:], start=1):
                if day <= days[number - 1]:
                    words = f"Steps of separation stand in order of their dates; this is not after {days[number - 1]}."
                    yield self.text.fault(words, (*place, "separations", number, "start"))
            if record.end is not None and days[-1] >= record.end > days[0]:
                words = f"The arm has ended by then, on {record.end}."
                yield self.text.fault(words, (*place, "separations", len(days) - 1, "start"))
            for number, _ in repeated(milestone.title for milestone in record.milestones):
                words = "Another milestone of this arm has that title."
                yield self.text.fault(words, (*place, "milestones", number, "title"))

    def _groups(self) -> Iterator[DocumentFault]:
        starts = self.arm_starts
        stated = {record.code for record, _ in self._each(our.GROUPS)}
        recorded = known.groups_of({record.arm for record, _ in self._each(our.GROUPS)})
        beside: dict[str, list[KnownGroup]] = defaultdict(list)
        for arm, groups in recorded.items():
            beside[arm] += [group for group in groups if group.code not in stated]
        for record, place in self._each(our.GROUPS):
            if record.arm not in starts:
                yield from self._unknown(record.arm, HoldingKind.ARM, (*place, "arm"))
                continue
            group = KnownGroup(record.code, frozenset(record.services), group_start(record, starts), record.end)
            yield from self._twice_grouped(record, group, beside[record.arm], place)
            beside[record.arm].append(group)
            if (record.chosen_form is None) != (record.chosen_on is None):
                missing = "chosen_on" if record.chosen_on is None else "chosen_form"
                words = "A form is chosen on a day: give chosen_form and chosen_on, or neither."
                yield self.text.fault(words, (*place, missing))
            elif record.chosen_on is not None and record.chosen_on < group.start:
                yield self.text.fault(f"Nobody holds the group before {group.start}.", (*place, "chosen_on"))

    def _twice_grouped(
        self, record: schema.StatedGroup, group: KnownGroup, others: list[KnownGroup], place: Place
    ) -> Iterator[DocumentFault]:
        for other in others:
            together = (other.end is None or group.start < other.end) and (group.end is None or other.start < group.end)
            for number, service in enumerate(record.services):
                if together and service in other.services:
                    words = f"{service} is in the group {other.code} of this arm already; a service is in one group."
                    yield self.text.fault(words, (*place, "services", number))

    def _pilots(self) -> Iterator[DocumentFault]:
        named = {record.contract for record, _ in self._each(our.PILOTS)}
        contracts = known_contracts(self.stated, self.lives, named)
        taken = known.pilots_of(named)
        for record, place in self._each(our.PILOTS):
            at = (*place, "contract")
            contract = contracts.get(record.contract)
            if contract is None:
                yield from self._unknown(record.contract, HoldingKind.CONTRACT, at)
                continue
            if contract.type != PMS:
                words = f"The contract of a pilot is of type {PMS}; {record.contract} is of type {contract.type}."
                yield self.text.fault(words, at)
            elif contract.provider != record.organisation:
                words = f"The contract {record.contract} is with {contract.provider}, not with this pilot."
                yield self.text.fault(words, at)
            elif contract.end != record.term_ends:
                due = f"ends on {contract.end}" if contract.end else "has no end"
                words = f"A pilot's contract ends with its term; {record.contract} {due}."
                yield self.text.fault(words, (*place, "term_ends"))
            if taken.get(record.contract, record.organisation) != record.organisation:
                words = f"The contract {record.contract} is that of the pilot {taken[record.contract]} already."
                yield self.text.fault(words, at)
            taken.setdefault(record.contract, record.organisation)
            yield from self._named_twice(record.practices, (*place, "practices"))

    def _answers(self) -> Iterator[DocumentFault]:
        today = timezone.localdate()
        for record, place in self._each(our.ANSWERS):
            if record.state is AnswerState.MET and not record.evidence:
                yield self.text.fault("Say by what evidence it is met.", (*place, "evidence"))
            if record.answered_on > today:
                yield self.text.fault("The day of an answer cannot lie ahead.", (*place, "answered_on"))


def arm_starts(stated: Stated, named: set[str]) -> dict[str, date]:
    """The day on which each arm begins that the document states, or that is named and was loaded before."""
    starts = {record.code: record.separations[0].start for record, _ in stated.each(our.ARMS.name)}
    return known.arm_starts(named - starts.keys()) | starts


def group_start(record: schema.StatedGroup, starts: dict[str, date]) -> date:
    """The day on which a group begins: as stated, else with its arm."""
    return record.start or starts.get(record.arm, date.min)


def known_contracts(stated: Stated, lives: Lives, named: set[str]) -> dict[str, KnownContract]:
    """The contracts that the document states, and those named that were loaded before."""
    found = {
        record.code: KnownContract(record.type, record.provider, start_of(record, our.CONTRACTS, lives), record.end)
        for record, _ in stated.each(our.CONTRACTS.name)
    }
    return known.contracts(named - found.keys()) | found
