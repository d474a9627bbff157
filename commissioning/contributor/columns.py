"""Where the parts of a holding stand in the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q

from commissioning.domain.holdings import HOSTS, Amounts, Holding, Parties
from commissioning.domain.vocabulary import HoldingKind
from commissioning.models import HOLDINGS
from commissioning.models.holding import HoldingModel as HoldingRow

MODELS: Mapping[HoldingKind, type[HoldingRow]] = {model.kind: model for model in HOLDINGS}

STATES: Mapping[HoldingKind, str] = {HoldingKind.ARM: "separation", HoldingKind.POOL: "hosts"}
"""The column that tells what else holds of a holding, where a kind has one."""


def about(model: type[HoldingRow], codes: Iterable[str]) -> Q:
    """The condition that one of the bodies has a part in a holding."""
    condition = Q()
    for role in model.parties:
        condition |= Q(**{f"{role.value}__in": codes})
    return condition


def parties_from(model: type[HoldingRow], row: Mapping[str, Any]) -> Parties:
    """Who has which part, from the columns of a row."""
    return tuple((role, row[role.value]) for role in model.parties)


def state_of(kind: HoldingKind, stated: Any) -> str:
    """The state of a holding, from its column."""
    return (HOSTS if stated else "") if kind is HoldingKind.POOL else stated


def columns_of(holding: Holding) -> dict[str, Any]:
    """The columns of a holding, but for its period and the changes that began and ended it."""
    columns: dict[str, Any] = {"item_id": holding.item}
    columns |= {f"{role.value}_id": code for role, code in holding.parties}
    columns |= dict(holding.amounts)
    if holding.kind is HoldingKind.POOL:
        columns["hosts"] = holding.state == HOSTS
    elif holding.kind in STATES:
        columns[STATES[holding.kind]] = holding.state
    return columns


def amounts_from(model: type[HoldingRow], row: Mapping[str, Any]) -> Amounts:
    """The quantities, from the columns of a row."""
    return tuple((name, None if row[name] is None else Decimal(row[name])) for name in model.amounts)
