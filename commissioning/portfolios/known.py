"""What the database knows that a document of commissioning may name: reference records, and things loaded before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commissioning.domain.kinds import KIND_OF
from commissioning.domain.vocabulary import HoldingKind
from commissioning.models import (
    HOLDINGS,
    MODELS,
    Approach,
    ArmHolding,
    ArmOption,
    Contract,
    ContractHolding,
    ContractType,
    PmsPilot,
    PortfolioGroup,
    Recommendation,
    Service,
    StaffGroup,
)
from commissioning.models.holding import Thing
from organisations.portfolios.sections import DocumentSection
from pcorg.core.batches import batches


@dataclass(frozen=True)
class Reference:
    """The slugs of reference records; services with their labels, contract types with whether they are agreements."""

    services: Mapping[str, str]
    contract_types: Mapping[str, bool]
    staff_groups: frozenset[str]
    approaches: frozenset[str]
    recommendations: frozenset[str]
    arm_forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownContract:
    """What is known of a contract that a pilot may rest upon; `end` is the day it was due to end."""

    type: str
    provider: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group of services of an arm, with the services and the period in which it is held."""

    code: str
    services: frozenset[str]
    start: date
    end: date | None


def reference() -> Reference:
    """The reference records that a document may name: six queries."""

    def slugs(model: Any) -> frozenset[str]:
        return frozenset(model.objects.values_list("pk", flat=True))

    return Reference(
        services=dict(Service.objects.values_list("slug", "label")),
        contract_types=dict(ContractType.objects.values_list("slug", "agreement")),
        staff_groups=slugs(StaffGroup),
        approaches=slugs(Approach),
        recommendations=slugs(Recommendation),
        arm_forms=slugs(ArmOption),
    )


def table_of(section: DocumentSection) -> type[Thing]:
    """The table of the things that a section states."""
    return MODELS[KIND_OF[section.name]].thing()


def things(codes: Iterable[str]) -> dict[str, tuple[HoldingKind, str]]:
    """Those of the codes that stand for a thing already: its kind and its portfolio."""
    codes_requested = sorted(codes)
    return {
        code: (holding.kind, portfolio)
        for holding in HOLDINGS
        for batch in batches(codes_requested)
        for code, portfolio in holding.thing()._default_manager.filter(pk__in=batch).values_list("pk", "portfolio")
    }


def contracts(codes: Iterable[str]) -> dict[str, KnownContract]:
    """Contracts loaded before, as they were when they began."""
    found: dict[str, KnownContract] = {}
    for batch in batches(sorted(codes)):
        first = {
            row.item_id: row
            for row in ContractHolding.objects.filter(item__in=batch, begun_by=None).order_by("item", "-start")
        }
        for contract in Contract.objects.filter(pk__in=batch):
            row = first.get(contract.pk)
            found[contract.pk] = KnownContract(
                contract.type_id,
                row.provider_id if row else "",
                row.start if row else None,
                (row.due_end if row.ended_by_id else row.end) if row else None,
            )
    return found


def arm_starts(codes: Iterable[str]) -> dict[str, date]:
    """The day on which each of the arms loaded before began."""
    return {
        code: start
        for batch in batches(sorted(codes))
        for code, start in ArmHolding.objects.filter(item__in=batch)
        .order_by("item", "-start")
        .values_list("item", "start")
    }


def groups_of(arms: Iterable[str]) -> dict[str, list[KnownGroup]]:
    """By arm, the groups of services loaded before and the periods in which they are held."""
    found: dict[str, list[KnownGroup]] = {}
    for batch in batches(sorted(arms)):
        rows = PortfolioGroup.objects.filter(arm__in=batch).prefetch_related("services", "holdings")
        for group in rows:
            services = frozenset(service.pk for service in group.services.all())
            found.setdefault(group.arm_id, []).extend(
                KnownGroup(group.pk, services, holding.start, holding.end) for holding in group.holdings.all()
            )
    return found


def pilots_of(contracts: Iterable[str]) -> dict[str, str]:
    """By contract, the pilot loaded before that it belongs to."""
    return {
        contract: pilot
        for batch in batches(sorted(contracts))
        for contract, pilot in PmsPilot.objects.filter(contract__in=batch).values_list("contract", "organisation")
    }
