"""From the records of commissioning to dated facts: each kind of record in the domain's terms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from commissioning.domain.holdings import HOSTS, Holding, Item
from commissioning.domain.kinds import KIND_OF, KINDS
from commissioning.domain.vocabulary import HoldingKind, PartyRole
from commissioning.portfolios import known, rules
from commissioning.portfolios import sections as our
from commissioning.portfolios.facts import (
    DatedRecord,
    GroupBegins,
    PilotKnown,
    SeparationChanges,
    ThingBegins,
)
from commissioning.portfolios.faults import PMS, arm_starts, group_start, known_contracts
from commissioning.portfolios.known import Reference
from commissioning.specs import portfolio as schema
from organisations.domain.forms import PMS_PILOT
from organisations.domain.snapshot import Provenance
from organisations.portfolios.lives import Lives
from organisations.portfolios.sections import DocumentSection, start_of
from organisations.portfolios.stated import Stated
from organisations.specs.document import StatedProvenance
from organisations.specs.requests import provenance
from pcorg.core.periods import Period


@dataclass(frozen=True)
class Translation:
    """Translates the records of a document that are new. Records that end before they begin have a fault already and
    are passed over."""

    stated: Stated
    lives: Lives
    reference: Reference
    fresh: Collection[str]

    def facts(self) -> Iterator[DatedRecord]:
        """The facts, in the order in which they rest on each other."""
        portfolio = self.stated.document.portfolio.slug
        for section in our.THINGS:
            if section in {our.ARMS, our.GROUPS}:
                continue
            make = THINGS.get(section) or _whole(KIND_OF[section.name])
            for record in self._new(section):
                start = start_of(record, section, self.lives)
                if record.end is None or record.end > start:
                    yield make(self, section, record, start, portfolio)
        yield from self._arms(portfolio)
        yield from self._groups(portfolio)
        yield from self._pilots()
        for record in self._new(our.ANSWERS):
            answered: date = record.answered_on
            key = our.ANSWERS.key_of(record)
            yield DatedRecord(key, answered, answered + timedelta(days=1), _parties(our.ANSWERS, record))

    def _new(self, section: DocumentSection) -> Iterator[Any]:
        return (record for record, _ in self.stated.each(section.name) if section.key_of(record) in self.fresh)

    def _arms(self, portfolio: str) -> Iterator[DatedRecord]:
        for record in self._new(our.ARMS):
            first, *later = record.separations
            if record.end is not None and record.end <= first.start:
                continue
            yield ARM(self, our.ARMS, record, first.start, portfolio)
            for step in later:
                yield SeparationChanges(
                    our.ARMS.key_of(record),
                    step.start,
                    record.end,
                    {},
                    record.code,
                    frozenset({record.code, record.organisation}),
                    arm=record.code,
                    separation=step.separation,
                )

    def _groups(self, portfolio: str) -> Iterator[DatedRecord]:
        starts = arm_starts(self.stated, {record.arm for record in self._new(our.GROUPS)})
        for record in self._new(our.GROUPS):
            start = group_start(record, starts)
            if record.end is not None and record.end <= start:
                continue
            item = Item(
                HoldingKind.GROUP,
                record.code,
                record.title,
                frozenset(record.services),
                part_of=record.arm,
                chosen_form=record.chosen_form or "",
            )
            yield GroupBegins(
                our.GROUPS.key_of(record),
                start,
                record.end,
                {},
                record.code,
                frozenset({record.arm}),
                item=item,
                portfolio=portfolio,
                columns=columns(our.GROUPS, record),
            )

    def _pilots(self) -> Iterator[DatedRecord]:
        contracts = known_contracts(self.stated, self.lives, {record.contract for record in self._new(our.PILOTS)})
        for record in self._new(our.PILOTS):
            contract = contracts.get(record.contract)
            opening = start_of(record, our.PILOTS, self.lives)
            start = max(opening, contract.start) if contract and contract.start else opening
            yield PilotKnown(
                our.PILOTS.key_of(record),
                start,
                start + timedelta(days=1),
                _parties(our.PILOTS, record),
                upon=frozenset({record.contract}),
                rules=(rules.of_form(record.organisation, start, PMS_PILOT, "/organisation"),),
                pilot=record.organisation,
                term_ends=record.term_ends,
            )


def columns(section: DocumentSection, record: Any) -> dict[str, Any]:
    """The columns of a record's own row that a plan or a later description sets, but for its code and title: those that
    are called as fields of the record, and `ends`, the day on which it is due to end."""
    stated = {
        field.attname: getattr(record, "end" if field.name == "ends" else field.name)
        for field in known.table_of(section)._meta.concrete_fields
        if field.name not in OTHERWISE and (field.name == "ends" or field.name in section.record.model_fields)
    }
    return stated | _cited(provenance(record, record))


def _cited(how: Provenance) -> dict[str, Any]:
    return {"basis": how.basis, "source_id": how.source or None, "locator": how.locator, "note": how.note}


def cited(record: StatedProvenance, around: StatedProvenance) -> dict[str, Any]:
    """The columns that say how a record is known; what it leaves out is as the record around it."""
    return _cited(provenance(record, around))


OTHERWISE = frozenset({"code", "title", "portfolio", "basis", "source", "locator", "note"})
"""Columns of every thing that are set otherwise: what it is, and how it is known."""


def _parties(section: DocumentSection, record: Any) -> dict[str, str]:
    return {"".join(f"/{step}" for step in below): code for code, below in section.bodies(record)}


Make = Callable[[Translation, DocumentSection, Any, date, str], DatedRecord]


def _thing(
    item: Callable[[Translation, Any], Item], holdings_of: Callable[[Any, Period], tuple[Holding, ...]], *more: Any
) -> Make:
    """How a kind of thing is stated: the thing, who holds it from its day on, and the rules about them."""

    def make(
        translation: Translation, section: DocumentSection, record: Any, start: date, portfolio: str
    ) -> DatedRecord:
        return ThingBegins(
            section.key_of(record),
            start,
            record.end,
            _parties(section, record),
            record.code,
            frozenset(getattr(record, "premises", ())),
            tuple(rule for rules_of in more for rule in rules_of(record, start)),
            item=item(translation, record),
            portfolio=portfolio,
            columns=columns(section, record),
            holdings=holdings_of(record, Period(start, record.end)),
        )

    return make


def _held(kind: HoldingKind) -> Callable[[Any, Period], tuple[Holding, ...]]:
    """Who holds a thing that is stated with all its parts; a part that is left out is the first one's too."""
    first, *_ = KINDS[kind].parties

    def held(record: Any, period: Period) -> tuple[Holding, ...]:
        parties = tuple(
            (role, getattr(record, role.value) or getattr(record, first.value)) for role in KINDS[kind].parties
        )
        stated = ((name, getattr(record, name)) for name in KINDS[kind].amounts)
        amounts = tuple((name, None if amount is None else Decimal(amount)) for name, amount in stated)
        return (Holding(kind, record.code, parties, period, amounts),)

    return held


def _provision(translation: Translation, record: schema.StatedProvision) -> Item:
    return Item(
        HoldingKind.PROVISION, record.code, title_of(record, translation.reference), frozenset({record.service})
    )


def _contract(translation: Translation, record: schema.StatedContract) -> Item:
    return Item(
        HoldingKind.CONTRACT,
        record.code,
        record.title,
        frozenset(record.services),
        agreement=translation.reference.contract_types.get(record.type, False),
        type=record.type,
        sector=record.sector,
    )


def _contract_rules(record: schema.StatedContract, start: date) -> tuple[Any, ...]:
    if record.type != PMS:
        return ()
    return (rules.with_a_health_authority(record.commissioner, record.provider, start),)


def _pooled(record: schema.StatedPool, period: Period) -> tuple[Holding, ...]:
    return tuple(
        Holding(
            HoldingKind.POOL,
            record.code,
            ((PartyRole.PARTNER, each.partner),),
            period,
            (("amount", each.amount),),
            HOSTS if each.hosts else "",
        )
        for each in record.contributions
    )


def _staffing(translation: Translation, record: schema.StatedStaffing) -> Item:
    services = frozenset({record.service} if record.service else ())
    return Item(HoldingKind.STAFFING, record.code, record.title, services)


def _arm(record: schema.StatedArm, period: Period) -> tuple[Holding, ...]:
    (held,) = _held(HoldingKind.ARM)(record, period)
    return (replace(held, state=record.separations[0].separation.value),)


def _plain(kind: HoldingKind) -> Callable[[Translation, Any], Item]:
    return lambda translation, record: Item(kind, record.code, record.title)


def _whole(kind: HoldingKind) -> Make:
    """A thing that a record states with the one body that holds it."""
    return _thing(_plain(kind), _held(kind))


THINGS: dict[DocumentSection, Make] = {
    our.PROVISIONS: _thing(_provision, _held(HoldingKind.PROVISION)),
    our.CONTRACTS: _thing(_contract, _held(HoldingKind.CONTRACT), _contract_rules),
    our.BUDGETS: _thing(
        _plain(HoldingKind.BUDGET),
        _held(HoldingKind.BUDGET),
        lambda record, start: (rules.holds_a_budget(record.organisation, start),),
    ),
    our.POOLS: _thing(
        _plain(HoldingKind.POOL),
        _pooled,
        lambda record, start: (rules.pooled_with_a_council([each.partner for each in record.contributions], start),),
    ),
    our.STAFFING: _thing(_staffing, _held(HoldingKind.STAFFING)),
}
"""How things are stated that are more than held by one body, or have rules about who may hold them."""

ARM = _thing(
    _plain(HoldingKind.ARM), _arm, lambda record, start: (rules.has_a_provider_arm(record.organisation, start),)
)
"""A provider arm, as it is when it begins."""


def title_of(record: Any, reference: Reference) -> str:
    """The title of a thing; a provision without one is called as its service."""
    if isinstance(record, schema.StatedProvision):
        return record.title or reference.services.get(record.service, record.service)
    title: str = record.title
    return title
