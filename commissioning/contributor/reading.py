"""What bodies hold, read from the database: one query for each kind of holding and batch of bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from commissioning.domain.holdings import HOSTS, Amounts, Holding, Holdings, Item, Parties
from commissioning.domain.kinds import KINDS
from commissioning.domain.pilots import Pilot
from commissioning.domain.vocabulary import HoldingKind, Sector
from commissioning.models import (
    HOLDINGS,
    MODELS,
    Contract,
    ContractHolding,
    GroupHolding,
    PmsPilot,
    PortfolioGroup,
    ProvisionHolding,
)
from commissioning.models.holding import HoldingModel as HoldingRow
from organisations.domain.forms import PMS_PILOT
from organisations.domain.vocabulary import RelationshipKind
from organisations.models import FormPeriod, Organisation, Portfolio, Relationship
from pcorg.core.batches import batches
from pcorg.core.periods import Period


def state_columns(kind: HoldingKind) -> list[str]:
    """The column that tells what else holds of a holding, where a kind has one."""
    return [column] if (column := KINDS[kind].state) else []


def about(model: type[HoldingRow], codes: Iterable[str]) -> Q:
    """The condition that one of the bodies has a part in a holding."""
    condition = Q()
    for role in model.parties:
        condition |= Q(**{f"{role.value}__in": codes})
    return condition


def parties_from(model: type[HoldingRow], row: Mapping[str, Any]) -> Parties:
    """Who has which part, from the columns of a row."""
    return tuple((role, row[role.value]) for role in model.parties)


def state_from(kind: HoldingKind, row: Mapping[str, Any]) -> str:
    """What else holds of a holding, from the columns of a row; empty where the kind knows nothing."""
    stated = row[KINDS[kind].state] if KINDS[kind].state else ""
    return (HOSTS if stated else "") if kind is HoldingKind.POOL else stated


def columns_of(holding: Holding) -> dict[str, Any]:
    """The columns of a holding, but for its period and the changes that began and ended it."""
    columns: dict[str, Any] = {"item_id": holding.item}
    columns |= {f"{role.value}_id": code for role, code in holding.parties}
    columns |= dict(holding.amounts)
    for column in state_columns(holding.kind):
        columns[column] = holding.state == HOSTS if holding.kind is HoldingKind.POOL else holding.state
    return columns


def amounts_from(model: type[HoldingRow], row: Mapping[str, Any]) -> Amounts:
    """The quantities, from the columns of a row."""
    return tuple((name, None if row[name] is None else Decimal(row[name])) for name in model.amounts)


def pilots_near(codes: Sequence[str]) -> Iterator[Pilot]:
    """Pilots that lie in a council with one of the bodies, are its members, or have its members take part; each with
    all practices that take part in it."""
    councils: dict[str, set[str]] = defaultdict(set)
    members: dict[str, set[str]] = defaultdict(set)
    shared = Relationship.objects.filter(kind=RelationshipKind.LOCATED_IN, subject__in=codes).values("object")
    pilots = FormPeriod.objects.filter(form=PMS_PILOT).values("organisation")
    near = Relationship.objects.filter(subject__in=pilots).filter(
        Q(kind__in=[RelationshipKind.LOCATED_IN, RelationshipKind.MEMBER_OF], object__in=codes)
        | Q(kind=RelationshipKind.LOCATED_IN, object__in=shared)
    )
    for kind, pilot, other in near.values_list("kind", "subject", "object").distinct():
        (councils if kind == RelationshipKind.LOCATED_IN else members)[pilot].add(
            other if kind == RelationshipKind.LOCATED_IN else pilot
        )
    through = PmsPilot.practices.through.objects
    belonging = Relationship.objects.filter(kind=RelationshipKind.MEMBER_OF, object__in=codes).values("subject")
    joined = through.filter(organisation__in=belonging)
    all_of_them = through.filter(Q(pmspilot__in=[*councils, *members]) | Q(pmspilot__in=joined.values("pmspilot")))
    for pilot, practice in all_of_them.values_list("pmspilot", "organisation"):
        members[pilot].add(practice)
    for batch in batches(sorted({*councils, *members})):
        bodies: Any = Organisation.objects.filter(pk__in=batch).as_of(None)
        for code, name, opened, closed, ends in bodies.values_list(
            "code", "name", "opened", "closed", "pms_pilot__term_ends"
        ):
            life = Period(opened, closed)
            yield Pilot(code, name, life, ends, frozenset(councils[code]), frozenset(members[code]))


ITEM_COLUMNS: Mapping[HoldingKind, tuple[str, ...]] = {
    HoldingKind.CONTRACT: ("item__type", "item__type__agreement", "item__sector"),
    HoldingKind.PROVISION: ("item__service",),
    HoldingKind.STAFFING: ("item__service",),
    HoldingKind.GROUP: ("item__arm", "item__chosen_form"),
}
"""What of a thing the rules need to know beside its code and title."""

SERVICES: Mapping[type[HoldingRow], tuple[type[models.Model], str]] = {
    ContractHolding: (Contract.services.through, "contract"),
    GroupHolding: (PortfolioGroup.services.through, "portfoliogroup"),
}
"""Kinds of thing that concern several services: the table that lists them, and how it names the thing."""


def held_by(codes: Sequence[str]) -> Holdings:
    """Everything that the bodies hold, held or are to hold, with everybody else who has a part in the same things, and
    whatever is provided for the people whom they serve: whether a provider is the only one depends on it."""
    rows: dict[tuple[HoldingKind, int], dict[str, Any]] = {}
    services: dict[tuple[HoldingKind, str], set[str]] = defaultdict(set)
    pilots: dict[str, Pilot] = {}
    for batch in batches(codes):
        for model in HOLDINGS:
            manager: Any = model.with_struck_out
            own_rows = manager.filter(about(model, batch))
            if model is ProvisionHolding:  # whatever else is provided for the same people
                own_rows = manager.filter(population_of__in=own_rows.values("population_of"))
            things = own_rows.values("item")
            for row in _rows(model, things):
                rows[model.kind, row["pk"]] = row
            for thing, service in _services(model, things):
                services[model.kind, thing].add(service)
        pilots.update({pilot.code: pilot for pilot in pilots_near(batch)})
    items = {(kind, row["item"]): _item(kind, row, services) for (kind, _), row in rows.items()}
    return Holdings(
        items.values(),
        [_holding(kind, row, row["end"]) for (kind, _), row in rows.items() if row["end"] != row["start"]],
        pilots.values(),
        [
            _holding(kind, row, row["due_end"])
            for (kind, _), row in rows.items()
            if row["end"] == row["start"] != row["due_end"] and row["ended_by"] is not None
        ],
        recorded(),
    )


def recorded() -> Iterator[tuple[str, HoldingKind]]:
    """Which portfolios record which kinds of thing: each that holds any thing of the kind. One query."""
    things = {
        f"has_{number}": Exists(model.thing()._default_manager.filter(portfolio=OuterRef("pk")))
        for number, model in enumerate(HOLDINGS)
    }
    for slug, *counts in Portfolio.objects.annotate(**things).values_list("pk", *things):
        yield from ((slug, model.kind) for model, any_held in zip(HOLDINGS, counts, strict=True) if any_held)


def _rows(model: type[HoldingRow], things: models.QuerySet) -> Iterator[dict[str, Any]]:
    columns = ["pk", "item", "item__title", "start", "end", "due_end", "begun_by", "ended_by", *model.amounts]
    columns += [role.value for role in model.parties]
    columns += state_columns(model.kind)
    columns += ITEM_COLUMNS.get(model.kind, ())
    manager: Any = model.with_struck_out
    found: Iterator[dict[str, Any]] = (
        manager.filter(item__in=things).order_by("item", "start", "pk").values(*columns).iterator()
    )
    return found


def _services(model: type[HoldingRow], things: models.QuerySet) -> Iterator[tuple[str, str]]:
    if model in SERVICES:
        listed, thing = SERVICES[model]
        yield from listed._default_manager.filter(**{f"{thing}__in": things}).values_list(thing, "service")


def _item(kind: HoldingKind, row: Mapping[str, Any], services: Mapping[tuple[HoldingKind, str], set[str]]) -> Item:
    code = row["item"]
    one = row.get("item__service")
    return Item(
        kind,
        code,
        row["item__title"],
        frozenset({one} if one else services.get((kind, code), ())),
        agreement=row.get("item__type__agreement", False),
        type=row.get("item__type", ""),
        sector=Sector.stored(row["item__sector"]) if kind is HoldingKind.CONTRACT else None,
        part_of=row.get("item__arm", ""),
        chosen_form=row.get("item__chosen_form") or "",
    )


def _holding(kind: HoldingKind, row: Mapping[str, Any], end: Any) -> Holding:
    model = MODELS[kind]
    return Holding(
        kind,
        row["item"],
        parties_from(model, row),
        Period(row["start"], end),
        amounts_from(model, row),
        state_from(kind, row),
        row["begun_by"],
        row["ended_by"],
        row["due_end"],
    )
